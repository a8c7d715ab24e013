/**
 * A member's keys, in a file that her passphrase opens.
 *
 * Source: docs/spec/store.md, section 1.
 */

import * as c from '../constants.js';
import { concat, frame, Reader, u8 } from '../encoding.js';
import { Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import * as aead from './aead.js';
import * as passphrase from './passphrase.js';

/**
 * What makes somebody a member: id (16 bytes), two seeds, network id and organisation key (32).
 * @typedef {object} MemberSecret
 * @property {Uint8Array} member_id
 * @property {Uint8Array} xwing_seed
 * @property {Uint8Array} ed25519_seed
 * @property {Uint8Array} network_id
 * @property {Uint8Array} organisation_key
 */

/** @typedef {import('../encoding.js').Random} Random */

/**
 * Return a secret of these parts; Malformed for a part of another length.
 * @param {MemberSecret} parts
 * @returns {MemberSecret}
 */
export function make({ member_id, xwing_seed, ed25519_seed, network_id, organisation_key }) {
  return {
    member_id: fixed(member_id, c.MEMBER_ID_BYTES),
    xwing_seed: fixed(xwing_seed, c.XWING_SEED_BYTES),
    ed25519_seed: fixed(ed25519_seed, c.ED25519_SEED_BYTES),
    network_id: fixed(network_id, c.NETWORK_ID_BYTES),
    organisation_key: fixed(organisation_key, c.ED25519_PUBLIC_KEY_BYTES),
  };
}

/**
 * Draw a new member's id and seeds, for a network and an organisation (32 bytes each).
 *
 * Malformed for another length. Source: docs/spec/store.md, section 1.
 * @param {{network_id: Uint8Array, organisation_key: Uint8Array, random: Random}} given
 * @returns {MemberSecret}
 */
export function newMember({ network_id, organisation_key, random }) {
  return make({
    member_id: random(c.MEMBER_ID_BYTES),
    xwing_seed: random(c.XWING_SEED_BYTES),
    ed25519_seed: random(c.ED25519_SEED_BYTES),
    network_id,
    organisation_key,
  });
}

/**
 * Seal a member's secret under her passphrase: 201 bytes.
 *
 * Malformed for a passphrase that is empty or has no UTF-8. Source: docs/spec/store.md, section 1.
 * @param {MemberSecret} secret
 * @param {string} phrase
 * @param {{random: Random}} given
 * @returns {Uint8Array}
 */
export function sealMemberFile(secret, phrase, { random }) {
  const salt = random(c.ARGON2_SALT_BYTES);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const key = passphrase.stretch(phrase, salt);
  const plaintext = encode(secret);
  const sealed = aead.seal(key, { nonce, aad: aadOf(salt), plaintext });
  return concat(u8(c.FORMAT_VERSION), salt, nonce, sealed);
}

/**
 * Open a member's key file with her passphrase.
 *
 * Malformed, Unsupported, or CannotOpen, also for a wrong passphrase.
 *
 * Source: docs/spec/store.md, section 1.
 * @param {Uint8Array} sealed
 * @param {string} phrase
 * @returns {MemberSecret}
 */
export function openMemberFile(sealed, phrase) {
  const { salt, nonce, ciphertext } = read(sealed);
  const key = passphrase.stretch(phrase, salt);
  return decode(aead.open(key, { nonce, aad: aadOf(salt), ciphertext }));
}

/**
 * As `openMemberFile`, without stopping the page; `onProgress` is told the part done, 0 to 1.
 * @param {Uint8Array} sealed
 * @param {string} phrase
 * @param {(done: number) => void} onProgress
 * @returns {Promise<MemberSecret>}
 */
export async function openMemberFileSlowly(sealed, phrase, onProgress) {
  const { salt, nonce, ciphertext } = read(sealed);
  const key = await passphrase.stretchSlowly(phrase, salt, onProgress);
  return decode(aead.open(key, { nonce, aad: aadOf(salt), ciphertext }));
}

/**
 * As `sealMemberFile`, without stopping the page; `onProgress` is told the part done, 0 to 1.
 * @param {MemberSecret} secret
 * @param {string} phrase
 * @param {{random: Random, onProgress: (done: number) => void}} given
 * @returns {Promise<Uint8Array>}
 */
export async function sealMemberFileSlowly(secret, phrase, { random, onProgress }) {
  const [salt, nonce] = [random(c.ARGON2_SALT_BYTES), random(c.XCHACHA_NONCE_BYTES)];
  const key = await passphrase.stretchSlowly(phrase, salt, onProgress);
  const sealed = aead.seal(key, { nonce, aad: aadOf(salt), plaintext: encode(secret) });
  return concat(u8(c.FORMAT_VERSION), salt, nonce, sealed);
}

/** @param {Uint8Array} sealed */
function read(sealed) {
  const reader = new Reader(fixed(sealed, c.MEMBER_FILE_BYTES));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const [salt, nonce] = [reader.take(c.ARGON2_SALT_BYTES), reader.take(c.XCHACHA_NONCE_BYTES)];
  return { salt, nonce, ciphertext: reader.take(reader.left) };
}

/**
 * @param {Uint8Array} salt
 * @returns {Uint8Array}
 */
function aadOf(salt) {
  return frame(c.LABEL_MEMBER_FILE, u8(c.FORMAT_VERSION), salt);
}

/**
 * @param {MemberSecret} secret
 * @returns {Uint8Array}
 */
function encode({ member_id, xwing_seed, ed25519_seed, network_id, organisation_key }) {
  return concat(member_id, xwing_seed, ed25519_seed, network_id, organisation_key);
}

/**
 * @param {Uint8Array} plaintext
 * @returns {MemberSecret}
 */
function decode(plaintext) {
  const reader = new Reader(plaintext);
  return {
    member_id: reader.take(c.MEMBER_ID_BYTES),
    xwing_seed: reader.take(c.XWING_SEED_BYTES),
    ed25519_seed: reader.take(c.ED25519_SEED_BYTES),
    network_id: reader.take(c.NETWORK_ID_BYTES),
    organisation_key: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
  };
}
