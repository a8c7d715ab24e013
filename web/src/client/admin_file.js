/**
 * An admin's signing key, in a file that her passphrase opens.
 *
 * Source: docs/spec/statements.md, 10
 */

import * as c from '../constants.js';
import { concat, frame, lp, pad, Reader, text, u8, utf8 } from '../encoding.js';
import { Malformed, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import { isKeyName } from '../public/notes.js';
import * as aead from './aead.js';
import * as passphrase from './passphrase.js';

/**
 * @typedef {import('../encoding.js').Random} Random
 * @typedef {import('../public/note_signing.js').Signer} Signer
 */

/**
 * Draw the Ed25519 seed of an admin who signs under this name (1 to 24 bytes).
 *
 * Malformed for what is no name of a key. Source: docs/spec/statements.md, 10
 * @param {string} name
 * @param {{random: Random}} given
 * @returns {Signer}
 */
export function newAdmin(name, { random }) {
  return checked({ name, seed: random(c.ED25519_SEED_BYTES) });
}

/**
 * Seal an admin's name and seed under her passphrase: 115 bytes.
 *
 * Malformed for a name or seed that is none, and for a passphrase that is empty or has no UTF-8.
 *
 * Source: docs/spec/statements.md, 10
 * @param {Signer} admin
 * @param {string} phrase
 * @param {{random: Random}} given
 * @returns {Uint8Array}
 */
export function sealAdminFile(admin, phrase, { random }) {
  const plaintext = encode(checked(admin));
  const salt = random(c.ARGON2_SALT_BYTES);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const key = passphrase.stretch(phrase, salt);
  const sealed = aead.seal(key, { nonce, aad: aadOf(salt), plaintext });
  return concat(u8(c.FORMAT_VERSION), salt, nonce, sealed);
}

/**
 * Open an admin's key file (115 bytes) with her passphrase.
 *
 * Malformed, Unsupported, or CannotOpen, also for a wrong passphrase.
 *
 * Source: docs/spec/statements.md, 10
 * @param {Uint8Array} sealed
 * @param {string} phrase
 * @returns {Signer}
 */
export function openAdminFile(sealed, phrase) {
  const { salt, nonce, ciphertext } = read(sealed);
  const key = passphrase.stretch(phrase, salt);
  return decode(aead.open(key, { nonce, aad: aadOf(salt), ciphertext }));
}

/**
 * As `openAdminFile`, without stopping the page; `onProgress` is told the part done, 0 to 1.
 * @param {Uint8Array} sealed
 * @param {string} phrase
 * @param {(done: number) => void} onProgress
 * @returns {Promise<Signer>}
 */
export async function openAdminFileSlowly(sealed, phrase, onProgress) {
  const { salt, nonce, ciphertext } = read(sealed);
  const key = await passphrase.stretchSlowly(phrase, salt, onProgress);
  return decode(aead.open(key, { nonce, aad: aadOf(salt), ciphertext }));
}

/** @param {Uint8Array} sealed */
function read(sealed) {
  const reader = new Reader(fixed(sealed, c.ADMIN_FILE_BYTES));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const [salt, nonce] = [reader.take(c.ARGON2_SALT_BYTES), reader.take(c.XCHACHA_NONCE_BYTES)];
  return { salt, nonce, ciphertext: reader.take(reader.left) };
}

/**
 * @param {Uint8Array} salt
 * @returns {Uint8Array}
 */
function aadOf(salt) {
  return frame(c.LABEL_ADMIN_FILE, u8(c.FORMAT_VERSION), salt);
}

/**
 * @param {Signer} admin
 * @returns {Uint8Array}
 */
function encode({ name, seed }) {
  return pad(concat(seed, lp(utf8(name))), c.ADMIN_SECRET_BYTES);
}

/**
 * @param {Uint8Array} plaintext
 * @returns {Signer}
 */
function decode(plaintext) {
  const reader = new Reader(plaintext);
  const seed = reader.take(c.ED25519_SEED_BYTES);
  const name = text(reader.lp(c.ADMIN_NAME_BYTES));
  reader.zerosToEnd();
  return checked({ name, seed });
}

/**
 * @param {Signer} admin
 * @returns {Signer}
 */
function checked({ name, seed }) {
  fixed(seed, c.ED25519_SEED_BYTES);
  if (utf8(name).length > c.ADMIN_NAME_BYTES || !isKeyName(name)) throw new Malformed();
  return { name, seed };
}
