/**
 * An admin's reading key: to what applications are sealed, under her signature.
 *
 * Source: docs/spec/vetting.md, 1.
 */

import * as c from '../constants.js';
import { Reader, compare, concat, equal, frame, u8 } from '../encoding.js';
import { BadSignature, Refused, Unsupported, WrongNetwork } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import * as ed25519 from './ed25519.js';
import { sha256 } from './keys.js';
import * as note_signing from './note_signing.js';
import * as sealing from './sealing.js';

/** @typedef {import('./policy.js').Policy} Policy */

/**
 * @typedef {object} AdminKey Whose key it is, what to seal to, and the name of that.
 * @property {Uint8Array} admin Ed25519, 32 bytes.
 * @property {Uint8Array} public_key X-Wing, 1,216 bytes.
 * @property {Uint8Array} reader The 16 bytes by which an application names this key.
 */

/**
 * Derive the X-Wing seed (32 bytes) with which an admin reads, from her Ed25519 seed (32).
 *
 * Malformed for another length. Source: docs/spec/vetting.md, 1
 * @param {Uint8Array} admin_seed
 * @param {Uint8Array} network_id
 */
export function readingSeed(admin_seed, network_id) {
  fixed(admin_seed, c.ED25519_SEED_BYTES);
  const info = frame(c.LABEL_ADMIN_READING, fixed(network_id, c.NETWORK_ID_BYTES));
  return hkdf(admin_seed, { info, length: c.XWING_SEED_BYTES });
}

/**
 * Make an admin's key for a network (id of 32 bytes) from her Ed25519 seed: 1,345 bytes.
 *
 * Malformed for another length. Source: docs/spec/vetting.md, 1
 * @param {Uint8Array} admin_seed
 * @param {Uint8Array} network_id
 */
export function make(admin_seed, network_id) {
  const said = concat(
    u8(c.FORMAT_VERSION),
    fixed(network_id, c.NETWORK_ID_BYTES),
    note_signing.publicOf(admin_seed),
    sealing.publicKey(readingSeed(admin_seed, network_id)),
  );
  return concat(said, note_signing.sign(admin_seed, frame(c.LABEL_ADMIN_KEY, said)));
}

/**
 * Read the key of a current admin of a policy, and check it.
 *
 * Malformed, Unsupported, WrongNetwork or BadSignature. Source: docs/spec/vetting.md, 1
 * @param {Uint8Array} data 1,345 bytes
 * @param {Policy} policy
 * @returns {Promise<AdminKey>}
 */
export async function check(data, policy) {
  const reader = new Reader(fixed(data, c.ADMIN_KEY_BYTES));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  if (!equal(reader.take(c.NETWORK_ID_BYTES), policy.network_id)) throw new WrongNetwork();
  const admin = reader.take(c.ED25519_PUBLIC_KEY_BYTES);
  const public_key = reader.take(c.XWING_PUBLIC_KEY_BYTES);
  if (!policy.admins.some((one) => equal(one.public_key, admin))) throw new BadSignature();
  const said = data.slice(0, -c.ED25519_SIGNATURE_BYTES);
  await ed25519.verify(admin, frame(c.LABEL_ADMIN_KEY, said), reader.take(reader.left));
  sealing.loadPublic(public_key);
  return { admin, public_key, reader: readerOf(public_key) };
}

/**
 * Return those of some keys that hold, one for each admin, ascending by reader.
 *
 * The first of an admin's stands. Source: docs/spec/vetting.md, 3
 * @param {Iterable<Uint8Array>} keys
 * @param {Policy} policy
 * @returns {Promise<AdminKey[]>}
 */
export async function holding(keys, policy) {
  /** @type {AdminKey[]} */
  const found = [];
  for (const data of keys) {
    try {
      const key = await check(data, policy);
      if (!found.some(({ admin }) => equal(admin, key.admin))) found.push(key);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
    }
  }
  return found.sort(ascending);
}

/**
 * Return what is sealed to: one of the keys for each reader, ascending by reader.
 *
 * An admin who signed another's X-Wing key as her own adds no reader, and takes none away.
 * Source: docs/spec/vetting.md, 3
 * @template {Pick<AdminKey, 'reader'>} T
 * @param {T[]} keys
 * @returns {T[]}
 */
export function distinct(keys) {
  const sorted = [...keys].sort(ascending);
  return sorted.filter((one, at) => sorted.findIndex(({ reader }) => equal(reader, one.reader)) === at);
}

/**
 * Return the 16 bytes that stand for an X-Wing public key (1,216 bytes).
 *
 * Malformed for another length. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} public_key
 */
export function readerOf(public_key) {
  return sha256(fixed(public_key, c.XWING_PUBLIC_KEY_BYTES)).slice(0, c.READER_BYTES);
}

/**
 * @param {Pick<AdminKey, 'reader'>} one
 * @param {Pick<AdminKey, 'reader'>} other
 */
function ascending({ reader: one }, { reader: other }) {
  return compare(one, other);
}
