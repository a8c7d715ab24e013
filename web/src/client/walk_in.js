/**
 * Walk-ins: sealing without a code, to an organisation's weekly key.
 *
 * Source: docs/spec/walk-in.md, section 2.
 */

import { KEY_BYTES, KIND_WALK_IN, LABEL_WALK_IN_KEY } from '../constants.js';
import { frame } from '../encoding.js';
import { CannotOpen, Refused } from '../errors.js';
import { hkdf } from '../kdf.js';
import { weeklyKeyId } from '../public/keys.js';
import * as envelope from './envelope.js';
import { loadPrivate, loadQuick } from './hpke.js';

/** @typedef {import('./hpke.js').PrivateKey} PrivateKey */

/**
 * Return the context of a walk-in to a weekly public key (1,216 bytes).
 *
 * Its inner key comes from the public key: it keeps the one shape and protects nothing. Malformed
 * for a key of another length.
 * @param {Uint8Array} network_id
 * @param {Uint8Array} public_key
 * @returns {envelope.Context}
 */
export function context(network_id, public_key) {
  const info = frame(LABEL_WALK_IN_KEY, network_id);
  const inner_key = hkdf(public_key, { info, length: KEY_BYTES });
  return envelope.makeContext(network_id, KIND_WALK_IN, weeklyKeyId(public_key), inner_key);
}

/**
 * Try the live weekly keys on an envelope; return the key that opens it and the message.
 *
 * CannotOpen when none does, which for an envelope of another provider is the rule; Malformed or
 * Unsupported as `envelope.open`.
 * @param {Uint8Array} sealed
 * @param {Iterable<PrivateKey>} keys
 * @param {Uint8Array} network_id
 * @returns {{key: PrivateKey, message: Uint8Array}}
 */
export function openWithAny(sealed, keys, network_id) {
  for (const key of keys) {
    try {
      const message = envelope.open(sealed, key, context(network_id, key.public));
      return { key, message };
    } catch (refused) {
      if (!(refused instanceof CannotOpen)) throw refused;
    }
  }
  throw new CannotOpen();
}

/**
 * A weekly key with what trying it takes.
 * @typedef {{key: import('./hpke.js').QuickKey, context: envelope.Context}} Trial
 */

/**
 * Work out once what trying the keys of these seeds (32 bytes each) takes.
 * @param {Iterable<Uint8Array>} seeds
 * @param {Uint8Array} network_id
 * @returns {Promise<Trial[]>}
 */
export async function trials(seeds, network_id) {
  const made = [];
  for (const seed of seeds) {
    const bound = context(network_id, loadPrivate(seed).public);
    made.push({ key: await loadQuick(seed, bound.info), context: bound });
  }
  return made;
}

/**
 * Return the message of a walk-in (5,273 bytes) that one of these keys opens, or undefined where it
 * is not for them, the rule for an envelope of another provider.
 * @param {Uint8Array} sealed
 * @param {Trial[]} given
 * @returns {Promise<Uint8Array | undefined>}
 */
export async function openWithTrials(sealed, given) {
  try {
    const tried = await envelope.loadTried(sealed);
    for (const trial of given) {
      const opened = await openOrNot(tried, trial);
      if (opened) return opened;
    }
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
  }
  return undefined;
}

/**
 * Return what a key opens, or undefined where it was sealed to another one.
 * @param {import('./hpke.js').Tried} tried
 * @param {Trial} trial
 */
async function openOrNot(tried, { key, context: bound }) {
  try {
    return await envelope.openQuickly(tried, key, bound);
  } catch (refused) {
    if (!(refused instanceof CannotOpen)) throw refused;
    return undefined;
  }
}
