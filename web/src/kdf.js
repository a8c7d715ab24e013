/** Key derivation: HKDF-SHA256 (RFC 5869) and PBKDF2-HMAC-SHA256 (RFC 8018). */

import { hkdf as derive } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

const HASH_BYTES = 32;

/**
 * Extract and expand `length` bytes, 1 to 8,160, with an empty salt: the RFC's string of zeros.
 * @param {Uint8Array} ikm
 * @param {{info: Uint8Array, length: number}} given
 * @returns {Uint8Array}
 */
export function hkdf(ikm, { info, length }) {
  return derive(sha256, ikm, undefined, info, length);
}

/**
 * Stretch a typed code to 32 bytes, by the browser's own implementation.
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} rounds
 * @returns {Promise<Uint8Array>}
 */
export async function pbkdf2(password, salt, rounds) {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(password), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations: rounds };
  return new Uint8Array(await subtle.deriveBits(how, key, 8 * HASH_BYTES));
}
