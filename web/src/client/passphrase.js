/** A member's passphrase stretched with Argon2id; only a provider's own devices do this. */

import { argon2id, argon2idAsync } from '@noble/hashes/argon2.js';

import {
  ARGON2_LANES,
  ARGON2_MEMORY_KIB,
  ARGON2_PASSES,
  ARGON2_SALT_BYTES,
  KEY_BYTES,
} from '../constants.js';
import { utf8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { fixed } from '../fields.js';

const SLICE_MS = 20;
const HARDNESS = {
  t: ARGON2_PASSES,
  m: ARGON2_MEMORY_KIB,
  p: ARGON2_LANES,
  dkLen: KEY_BYTES,
};

/**
 * Argon2id over the NFKC form in UTF-8, one lane, to 32 bytes.
 *
 * NFKC, since keyboards write the same passphrase in several Unicode forms. Malformed for an empty
 * one and a salt of another length.
 *
 * Source: docs/spec/store.md, section 1.
 * @param {string} passphrase
 * @param {Uint8Array} salt
 * @returns {Uint8Array}
 */
export function stretch(passphrase, salt) {
  return argon2id(normal(passphrase), fixed(salt, ARGON2_SALT_BYTES), HARDNESS);
}

/**
 * As `stretch`, in slices of a few hundredths of a second between which a page lives.
 *
 * `onProgress` is told the part that is done, 0 to 1, at each new hundredth: to show it costs more
 * than to work it out.
 * @param {string} passphrase
 * @param {Uint8Array} salt
 * @param {(done: number) => void} onProgress
 * @returns {Promise<Uint8Array>}
 */
export async function stretchSlowly(passphrase, salt, onProgress) {
  let told = -1;
  const atHundredths = (/** @type {number} */ done) => {
    const hundredths = Math.floor(done * 100);
    if (hundredths === told) return;
    told = hundredths;
    onProgress(done);
  };
  const sliced = { ...HARDNESS, asyncTick: SLICE_MS, onProgress: atHundredths };
  return await argon2idAsync(normal(passphrase), fixed(salt, ARGON2_SALT_BYTES), sliced);
}

/** @param {string} passphrase */
function normal(passphrase) {
  if (!passphrase) throw new Malformed();
  return utf8(passphrase.normalize('NFKC'));
}
