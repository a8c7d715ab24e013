/**
 * Rows at rest: sealed once more under the wrap key of their last epoch, found by a keyed hash.
 *
 * When that key is destroyed, neither the row nor what it was found by means anything any more (P7).
 * What is wrapped is sealed for somebody else already; this opens no request.
 *
 * Source: docs/spec/rows.md
 */

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

import {
  HASH_BYTES,
  KEY_BYTES,
  LABEL_WRAP,
  LABEL_WRAP_KEY,
  LABEL_WRAP_LOOKUP,
  WRAP_OVERHEAD_BYTES,
  XCHACHA_NONCE_BYTES,
} from '../constants.js';
import { concat, frame, utf8 } from '../encoding.js';
import { CannotOpen } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';

/**
 * Return the 32 bytes by which a table's row is found, of its locator, tag or id.
 *
 * `wrap_key` has 32 bytes. Malformed for another length. Source: docs/spec/rows.md, 2
 * @param {Uint8Array} wrap_key
 * @param {string} table
 * @param {Uint8Array} id
 * @returns {Uint8Array}
 */
export function lookup(wrap_key, table, id) {
  const info = frame(LABEL_WRAP_LOOKUP, utf8(table), id);
  return hkdf(fixed(wrap_key, KEY_BYTES), { info, length: HASH_BYTES });
}

/**
 * Seal a row's bytes under a wrap key (32 bytes), for its table and look-up value (32 bytes).
 *
 * Returns a nonce (24 bytes) and the ciphertext: 40 bytes more than went in. Malformed for a key or
 * look-up value of another length. Source: docs/spec/rows.md, 3
 * @param {Uint8Array} wrap_key
 * @param {string} table
 * @param {Uint8Array} looked_up
 * @param {Uint8Array} plaintext
 * @param {{random: import('../encoding.js').Random}} given
 * @returns {Uint8Array}
 */
export function wrap(wrap_key, table, looked_up, plaintext, { random }) {
  const { key, aad } = context(wrap_key, table, looked_up);
  const nonce = random(XCHACHA_NONCE_BYTES);
  return concat(nonce, xchacha20poly1305(key, nonce, aad).encrypt(plaintext));
}

/**
 * Open what `wrap` sealed under the same key, table and look-up value.
 *
 * CannotOpen for whatever was changed, cut short or moved from another row, Malformed for a key or
 * look-up value of another length. Source: docs/spec/rows.md, 3
 * @param {Uint8Array} wrap_key
 * @param {string} table
 * @param {Uint8Array} looked_up
 * @param {Uint8Array} wrapped
 * @returns {Uint8Array}
 */
export function unwrap(wrap_key, table, looked_up, wrapped) {
  const { key, aad } = context(wrap_key, table, looked_up);
  if (wrapped.length < WRAP_OVERHEAD_BYTES) throw new CannotOpen();
  const nonce = wrapped.slice(0, XCHACHA_NONCE_BYTES);
  try {
    return xchacha20poly1305(key, nonce, aad).decrypt(wrapped.slice(XCHACHA_NONCE_BYTES));
  } catch {
    throw new CannotOpen();
  }
}

/**
 * @param {Uint8Array} wrap_key
 * @param {string} table
 * @param {Uint8Array} looked_up
 */
function context(wrap_key, table, looked_up) {
  const name = utf8(table);
  const key = hkdf(fixed(wrap_key, KEY_BYTES), { info: frame(LABEL_WRAP_KEY, name), length: KEY_BYTES });
  return { key, aad: frame(LABEL_WRAP, name, fixed(looked_up, HASH_BYTES)) };
}
