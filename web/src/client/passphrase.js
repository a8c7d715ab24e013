/** A member's passphrase stretched with Argon2id; only a provider's own devices do this. */

import { argon2id } from '@noble/hashes/argon2.js';

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
  if (!passphrase) throw new Malformed();
  return argon2id(utf8(passphrase.normalize('NFKC')), fixed(salt, ARGON2_SALT_BYTES), {
    t: ARGON2_PASSES,
    m: ARGON2_MEMORY_KIB,
    p: ARGON2_LANES,
    dkLen: KEY_BYTES,
  });
}
