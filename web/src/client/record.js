/**
 * The record: what a sender needs to seal to one provider, encrypted under the code.
 *
 * `seal` and `open` are the encrypted layer; `record_check.js` holds what a sender must check
 * before she is shown who will read her request.
 *
 * Source: docs/spec/record.md, sections 1 to 3.
 */

import { equalBytes } from '@noble/ciphers/utils.js';

import * as c from '../constants.js';
import { Reader, concat, frame, lp, pad, u32, u64, u8 } from '../encoding.js';
import { CannotOpen, Malformed, TooLong, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import * as aead from './aead.js';

/** @typedef {import('../public/log.js').Inclusion} Inclusion */

const PLAINTEXT_BYTES = c.RECORD_BYTES - c.RECORD_OVERHEAD_BYTES;

/**
 * @typedef {object} Contents The parts of a record in their order; all of them are public to
 *   whoever has the code.
 * @property {number} last_epoch
 * @property {Uint8Array} public_key X-Wing, 1,216 bytes.
 * @property {Uint8Array} signature 64 bytes.
 * @property {Uint8Array} profile Encoded.
 * @property {Uint8Array} statement A note.
 * @property {Inclusion} inclusion
 * @property {Uint8Array} checkpoint A note.
 *
 * @typedef {object} Keys What a code gives (`codes.js`), as far as a record needs it.
 * @property {Uint8Array} locator 16 bytes.
 * @property {Uint8Array} record_key 32 bytes.
 * @property {Uint8Array} record_commitment 32 bytes.
 */

/**
 * Seal the parts under a code's record key: 4,096 bytes.
 *
 * Refuses as TooLong when they do not fit, as Malformed parts of another length.
 * Source: docs/spec/record.md, section 2.
 * @param {Contents} contents
 * @param {Keys} keys
 * @param {Uint8Array} network_id
 * @param {{random: import('../encoding.js').Random}} given
 */
export function seal(contents, keys, network_id, { random }) {
  const plaintext = pad(encode(contents), PLAINTEXT_BYTES);
  const aad = aadOf(keys, network_id);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const sealed = aead.seal(keys.record_key, { nonce, aad, plaintext });
  return concat(u8(c.SUITE), keys.record_commitment, nonce, sealed);
}

/**
 * Open a record (4,096 bytes) with what its code gives; nothing in it is checked yet.
 *
 * Refuses as Malformed, Unsupported or CannotOpen. Source: docs/spec/record.md, section 3, 1 to 5.
 * @param {Uint8Array} record
 * @param {Keys} keys
 * @param {Uint8Array} network_id
 * @returns {Contents}
 */
export function open(record, keys, network_id) {
  const reader = new Reader(fixed(record, c.RECORD_BYTES));
  if (reader.u8() !== c.SUITE) throw new Unsupported();
  const commitment = reader.take(c.RECORD_COMMITMENT_BYTES);
  if (!equalBytes(commitment, keys.record_commitment)) throw new CannotOpen();
  const nonce = reader.take(c.XCHACHA_NONCE_BYTES);
  const aad = aadOf(keys, network_id);
  const ciphertext = reader.take(reader.left);
  return decode(aead.open(keys.record_key, { nonce, aad, ciphertext }));
}

/**
 * Encode the parts, without padding; refuses as TooLong or Malformed parts out of bounds.
 * @param {Contents} contents
 */
export function encode(contents) {
  checkSizes(contents);
  return concat(
    u8(c.FORMAT_VERSION),
    u32(contents.last_epoch),
    contents.public_key,
    contents.signature,
    lp(contents.profile),
    lp(contents.statement),
    u64(contents.inclusion.index),
    u8(contents.inclusion.hashes.length),
    ...contents.inclusion.hashes,
    lp(contents.checkpoint),
  );
}

/**
 * Decode the padded parts; refuses as Unsupported or Malformed.
 * @param {Uint8Array} plaintext
 * @returns {Contents}
 */
export function decode(plaintext) {
  const reader = new Reader(plaintext);
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const contents = {
    last_epoch: reader.u32(),
    public_key: reader.take(c.XWING_PUBLIC_KEY_BYTES),
    signature: reader.take(c.ED25519_SIGNATURE_BYTES),
    profile: reader.lp(c.PROFILE_BYTES),
    statement: reader.lp(c.STATEMENT_BYTES),
    inclusion: { index: reader.u64(), hashes: decodeHashes(reader) },
    checkpoint: reader.lp(c.CHECKPOINT_BYTES),
  };
  reader.zerosToEnd();
  return contents;
}

/** @param {Reader} reader */
function decodeHashes(reader) {
  const length = reader.u8();
  if (length > c.PROOF_HASHES) throw new Malformed();
  return Array.from({ length }, () => reader.take(c.HASH_BYTES));
}

/** @param {Contents} contents */
function checkSizes({ public_key, signature, profile, statement, inclusion, checkpoint }) {
  fixed(public_key, c.XWING_PUBLIC_KEY_BYTES);
  fixed(signature, c.ED25519_SIGNATURE_BYTES);
  for (const one of inclusion.hashes) fixed(one, c.HASH_BYTES);
  if (
    profile.length > c.PROFILE_BYTES ||
    statement.length > c.STATEMENT_BYTES ||
    checkpoint.length > c.CHECKPOINT_BYTES ||
    inclusion.hashes.length > c.PROOF_HASHES
  ) {
    throw new TooLong();
  }
}

/**
 * @param {Keys} keys
 * @param {Uint8Array} network_id
 */
function aadOf({ locator, record_commitment }, network_id) {
  return frame(
    c.LABEL_RECORD,
    u8(c.SUITE),
    fixed(network_id, c.NETWORK_ID_BYTES),
    fixed(locator, c.LOCATOR_BYTES),
    fixed(record_commitment, c.RECORD_COMMITMENT_BYTES),
  );
}
