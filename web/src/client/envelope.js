/**
 * Envelopes: a message sealed twice, under the code and to the provider's key, to one size.
 *
 * Source: docs/spec/envelope.md, sections 1 to 3 and 6.
 */

import {
  BINDING_BYTES,
  ENVELOPE_BYTES,
  FOLLOW_UPS,
  KEY_BYTES,
  KIND_FOLLOW_UP,
  KIND_REFERRAL,
  KIND_WALK_IN,
  LABEL_ENVELOPE,
  LABEL_FOLLOW_UP_KEY,
  LABEL_FOLLOW_UP_TAG,
  LABEL_INNER,
  MESSAGE_BYTES,
  NETWORK_ID_BYTES,
  SUITE,
  SUITE_BYTES,
  XCHACHA_NONCE_BYTES,
} from '../constants.js';
import { concat, frame, u8 } from '../encoding.js';
import { Malformed, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import * as aead from './aead.js';
import * as hpke from './hpke.js';

/** @typedef {import('../encoding.js').Random} Random */

/**
 * What an envelope is bound to: network (32 bytes), kind, binding (16 bytes), inner key (32).
 *
 * `info` and `aad` are the frames that the outer and inner layer authenticate, `message_kind` the
 * kind of message that belongs into such an envelope, for `message.decode`.
 * @typedef {object} Context
 * @property {Uint8Array} network_id
 * @property {number} kind
 * @property {Uint8Array} binding
 * @property {Uint8Array} inner_key
 * @property {Uint8Array} info
 * @property {Uint8Array} aad
 * @property {number} message_kind
 */

/**
 * Return the context of these parts; Malformed for a part of another length or another kind.
 * @param {Uint8Array} network_id
 * @param {number} kind
 * @param {Uint8Array} binding
 * @param {Uint8Array} inner_key
 * @returns {Context}
 */
export function makeContext(network_id, kind, binding, inner_key) {
  fixed(network_id, NETWORK_ID_BYTES);
  fixed(binding, BINDING_BYTES);
  fixed(inner_key, KEY_BYTES);
  if (![KIND_REFERRAL, KIND_FOLLOW_UP, KIND_WALK_IN].includes(kind)) throw new Malformed();
  const bound = [u8(SUITE), network_id, u8(kind), binding];
  const [info, aad] = [frame(LABEL_ENVELOPE, ...bound), frame(LABEL_INNER, ...bound)];
  const message_kind = kind === KIND_WALK_IN ? KIND_REFERRAL : kind;
  return { network_id, kind, binding, inner_key, info, aad, message_kind };
}

/**
 * Return the context of a referral sent with a code, of its locator and psk.
 * @param {Uint8Array} network_id
 * @param {Uint8Array} locator
 * @param {Uint8Array} psk
 * @returns {Context}
 */
export function forCode(network_id, locator, psk) {
  return makeContext(network_id, KIND_REFERRAL, locator, psk);
}

/**
 * Return the context of follow-up 1 to 7; its binding is the tag that it is found by.
 *
 * Malformed for another number. Source: docs/spec/envelope.md, section 6.
 * @param {Uint8Array} network_id
 * @param {Uint8Array} tag_key
 * @param {number} number
 * @returns {Context}
 */
export function forFollowUp(network_id, tag_key, number) {
  const tag = followUpTag(tag_key, number);
  const key = hkdf(tag_key, { info: frame(LABEL_FOLLOW_UP_KEY, u8(number)), length: KEY_BYTES });
  return makeContext(network_id, KIND_FOLLOW_UP, tag, key);
}

/**
 * Return the 16 bytes that follow-up 1 to 7 is found by, for a provider's look-up.
 *
 * Malformed for another number and for a tag key that has not 32 bytes.
 * @param {Uint8Array} tag_key
 * @param {number} number
 * @returns {Uint8Array}
 */
export function followUpTag(tag_key, number) {
  if (!(number >= 1 && number <= FOLLOW_UPS)) throw new Malformed();
  const info = frame(LABEL_FOLLOW_UP_TAG, u8(number));
  return hkdf(fixed(tag_key, KEY_BYTES), { info, length: BINDING_BYTES });
}

/**
 * Seal an encoded message (4,096 bytes) to a public key (1,216 bytes): 5,273 bytes.
 *
 * `random` gives the nonce, then the encapsulation's bytes. Malformed for other lengths and for a
 * public key that is none.
 *
 * Source: docs/spec/envelope.md, section 2.
 * @param {Uint8Array} message
 * @param {Uint8Array | import('../public/sealing.js').PublicKey} recipient
 * @param {Context} context
 * @param {{random: Random}} given
 * @returns {Uint8Array}
 */
export function seal(message, recipient, { inner_key, aad, info }, { random }) {
  fixed(message, MESSAGE_BYTES);
  const nonce = random(XCHACHA_NONCE_BYTES);
  const sealed = aead.seal(inner_key, { nonce, aad, plaintext: message });
  const plaintext = concat(nonce, sealed);
  return concat(u8(SUITE), hpke.seal(recipient, { info, plaintext, random }));
}

/**
 * Open an envelope with a seed (32 bytes) or a loaded key: the 4,096 bytes of the message.
 *
 * Malformed, Unsupported or CannotOpen. Source: docs/spec/envelope.md, section 3.
 * @param {Uint8Array} envelope
 * @param {Uint8Array | hpke.PrivateKey} key
 * @param {Context} context
 * @returns {Uint8Array}
 */
export function open(envelope, key, context) {
  const inner = hpke.open(key, { info: context.info, sealed: outer(envelope) });
  return openInner(inner, context);
}

/**
 * Work out once what trying any number of keys on an envelope takes; Malformed or Unsupported.
 * @param {Uint8Array} envelope
 * @returns {Promise<hpke.Tried>}
 */
export async function loadTried(envelope) {
  return await hpke.loadTried(outer(envelope));
}

/**
 * As `open`, made for an envelope that is mostly somebody else's, with a key loaded for its `info`.
 * @param {hpke.Tried} tried
 * @param {hpke.QuickKey} key
 * @param {Context} context
 * @returns {Promise<Uint8Array>}
 */
export async function openQuickly(tried, key, context) {
  return openInner(await hpke.openQuickly(key, tried), context);
}

/**
 * @param {Uint8Array} envelope
 * @returns {Uint8Array}
 */
function outer(envelope) {
  fixed(envelope, ENVELOPE_BYTES);
  if (envelope[0] !== SUITE) throw new Unsupported();
  return envelope.slice(SUITE_BYTES);
}

/**
 * @param {Uint8Array} inner
 * @param {Context} context
 * @returns {Uint8Array}
 */
function openInner(inner, { inner_key, aad }) {
  const nonce = inner.slice(0, XCHACHA_NONCE_BYTES);
  return aead.open(inner_key, { nonce, aad, ciphertext: inner.slice(XCHACHA_NONCE_BYTES) });
}
