/**
 * Carried documents: what somebody needs who seals in a place without a network, as one text.
 *
 * Source: docs/spec/carried.md
 */

import * as c from '../constants.js';
import { Reader, concat, equal, lp, u16, u32, u64, u8 } from '../encoding.js';
import { Malformed, TooLong, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import { read as readArmour, write as writeArmour } from '../public/armour.js';

const WHAT = 'CARRIED';

/**
 * @typedef {object} Organisation One listing as it is carried.
 * @property {Uint8Array} statement
 * @property {Uint8Array} profile
 * @property {bigint} index
 * @property {Uint8Array[]} hashes 32 bytes each.
 * @property {number} capacity An id, 0 where it is not said.
 * @property {Uint8Array[]} weekly_keys 1,321 bytes each.
 *
 * @typedef {object} Carried What is carried; nothing in it is believed yet.
 * @property {Uint8Array} network_id 32 bytes.
 * @property {number} work_bits
 * @property {Uint8Array[]} policies
 * @property {Uint8Array} checkpoint
 * @property {Uint8Array} suspensions
 * @property {Organisation[]} organisations
 * @property {Uint8Array} [record] 4,096 bytes.
 */

/**
 * Write the form of a carried document; refuses as Malformed what no reader would take.
 *
 * Source: docs/spec/carried.md, 1
 * @param {Carried} carried
 */
export function encode(carried) {
  const form = joined(carried);
  if (!equal(joined(decode(form)), form)) throw new Malformed();
  return form;
}

/**
 * Read the form; refuses as Unsupported or Malformed. Source: docs/spec/carried.md, 1
 * @param {Uint8Array} form
 * @returns {Carried}
 */
export function decode(form) {
  const reader = new Reader(form);
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const found = {
    network_id: reader.take(c.NETWORK_ID_BYTES),
    work_bits: reader.u8(),
    policies: several(reader.u16(), () => reader.lp()),
    checkpoint: reader.lp(c.CHECKPOINT_BYTES),
    suspensions: reader.take(atMost(reader.u32(), c.CARRIED_SUSPENSIONS_BYTES)),
    organisations: several(reader.u16(), () => readOrganisation(reader)),
  };
  const record = atMost(reader.u8(), 1) ? reader.take(c.RECORD_BYTES) : undefined;
  reader.end();
  return record ? { ...found, record } : found;
}

/**
 * Write a carried document as text: lines of ASCII between two marks.
 *
 * Refuses as TooLong beyond 2,000,000 characters, and as `encode`. Source: docs/spec/carried.md, 2
 * @param {Carried} carried
 */
export function write(carried) {
  const text = writeArmour(WHAT, encode(carried));
  if (text.length > c.CARRIED_CHARACTERS) throw new TooLong();
  return text;
}

/**
 * Read the one carried document in a text; refuses as Unsupported or Malformed.
 *
 * Source: docs/spec/carried.md, 2
 * @param {string} text
 */
export const read = (text) => decode(readArmour(WHAT, text, c.CARRIED_CHARACTERS));

/** @param {Carried} carried */
const joined = (carried) =>
  concat(
    u8(c.FORMAT_VERSION),
    fixed(carried.network_id, c.NETWORK_ID_BYTES),
    u8(carried.work_bits),
    u16(carried.policies.length),
    ...carried.policies.map(lp),
    lp(carried.checkpoint),
    u32(carried.suspensions.length),
    carried.suspensions,
    u16(carried.organisations.length),
    ...carried.organisations.map(organisation),
    carried.record ? concat(u8(1), fixed(carried.record, c.RECORD_BYTES)) : u8(0),
  );

/** @param {Organisation} one */
const organisation = (one) =>
  concat(
    lp(one.statement),
    lp(one.profile),
    u64(one.index),
    u8(one.hashes.length),
    ...one.hashes.map((hash) => fixed(hash, c.HASH_BYTES)),
    u16(one.capacity),
    u8(one.weekly_keys.length),
    ...one.weekly_keys.map((key) => fixed(key, c.WEEKLY_KEY_BYTES)),
  );

/**
 * @param {Reader} reader
 * @returns {Organisation}
 */
function readOrganisation(reader) {
  return {
    statement: reader.lp(c.STATEMENT_BYTES),
    profile: reader.lp(c.PROFILE_BYTES),
    index: reader.u64(),
    hashes: several(atMost(reader.u8(), c.PROOF_HASHES), () => reader.take(c.HASH_BYTES)),
    capacity: reader.u16(),
    weekly_keys: several(reader.u8(), () => reader.take(c.WEEKLY_KEY_BYTES)),
  };
}

/**
 * @template T
 * @param {number} count
 * @param {() => T} next
 * @returns {T[]}
 */
const several = (count, next) => Array.from({ length: count }, next);

/**
 * @param {number} value
 * @param {number} most
 */
function atMost(value, most) {
  if (value > most) throw new Malformed();
  return value;
}
