/** XChaCha20-Poly1305 (IETF), the cipher inside envelopes, records, boxes and the store. */

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

import { AEAD_TAG_BYTES, KEY_BYTES, XCHACHA_NONCE_BYTES } from '../constants.js';
import { CannotOpen, Malformed } from '../errors.js';
import { fixed } from '../fields.js';

/**
 * Encrypt under a 32-byte key and a 24-byte nonce; the ciphertext, then its 16-byte tag.
 * @param {Uint8Array} key
 * @param {{nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array}} given
 * @returns {Uint8Array}
 */
export function seal(key, { nonce, aad, plaintext }) {
  return cipher(key, nonce, aad).encrypt(plaintext);
}

/**
 * Decrypt and authenticate; CannotOpen for whatever does not authenticate.
 * @param {Uint8Array} key
 * @param {{nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array}} given
 * @returns {Uint8Array}
 */
export function open(key, { nonce, aad, ciphertext }) {
  const opening = cipher(key, nonce, aad);
  if (ciphertext.length < AEAD_TAG_BYTES) throw new Malformed();
  try {
    return opening.decrypt(ciphertext);
  } catch {
    throw new CannotOpen();
  }
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} aad
 */
function cipher(key, nonce, aad) {
  return xchacha20poly1305(fixed(key, KEY_BYTES), fixed(nonce, XCHACHA_NONCE_BYTES), aad);
}
