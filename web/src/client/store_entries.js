/**
 * What stands in a store: members, seeds, weekly keys, cases, what was erased and who left.
 *
 * Settings (kind 6) and kinds of a newer client are plain bytes.
 *
 * Source: docs/spec/store.md, section 3.
 */

import * as c from '../constants.js';
import { concat, lp, Reader, u32, u8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import * as fields from '../fields.js';
import * as case_ from './case.js';
import * as hpke from './hpke.js';

/**
 * How the values of a known kind are written and read; both refuse bad parts as Malformed, and
 * writing as TooLong.
 * @template T
 * @typedef {{KIND: number, encode: (entry: T) => Uint8Array, decode: (value: Uint8Array) => T}} Codec
 */

/**
 * A member: a role of `words`, her two public keys (1,216 and 32 bytes), since when, a name of 1
 * to 64 bytes of UTF-8.
 * @typedef {object} MemberEntry
 * @property {number} role
 * @property {Uint8Array} xwing_public_key
 * @property {Uint8Array} ed25519_public_key
 * @property {number} since
 * @property {string} name
 */

/**
 * A code and its one-time seed: batch 8 bytes, code 10, `psk`, write key and seed 32 each.
 *
 * `state` is one of the SEED_ constants.
 * @typedef {object} SeedEntry
 * @property {number} state
 * @property {Uint8Array} batch
 * @property {number} last_epoch
 * @property {Uint8Array} code
 * @property {Uint8Array} psk
 * @property {Uint8Array} write_key
 * @property {Uint8Array} xwing_seed
 */

/**
 * A weekly key: first and last epoch, and its seed (32 bytes).
 * @typedef {{first: number, last: number, xwing_seed: Uint8Array}} WeeklyEntry
 */

const LAST_DAY = 2 ** 32 - 1;

/** @type {Codec<MemberEntry>} */
export const MemberEntry = {
  KIND: c.ENTRY_MEMBER,
  encode: (entry) =>
    concat(
      fields.fromId(entry.role),
      hpke.loadPublic(entry.xwing_public_key).encoded,
      fields.fixed(entry.ed25519_public_key, c.ED25519_PUBLIC_KEY_BYTES),
      u32(entry.since),
      lp(fields.fromText(entry.name, c.MEMBER_NAME_BYTES)),
    ),
  decode: (value) =>
    whole(value, (reader) => ({
      role: fields.toId(reader.take(c.U16_BYTES)),
      xwing_public_key: hpke.loadPublic(reader.take(c.XWING_PUBLIC_KEY_BYTES)).encoded,
      ed25519_public_key: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
      since: reader.u32(),
      name: fields.toText(reader.lp(), c.MEMBER_NAME_BYTES),
    })),
};

/** @type {Codec<SeedEntry>} */
export const SeedEntry = {
  KIND: c.ENTRY_SEED,
  encode: (entry) =>
    concat(
      u8(seedState(entry.state)),
      fields.fixed(entry.batch, c.BATCH_ID_BYTES),
      u32(entry.last_epoch),
      fields.fixed(entry.code, c.CODE_BYTES),
      fields.fixed(entry.psk, c.KEY_BYTES),
      fields.fixed(entry.write_key, c.KEY_BYTES),
      fields.fixed(entry.xwing_seed, c.XWING_SEED_BYTES),
    ),
  decode: (value) =>
    whole(value, (reader) => ({
      state: seedState(reader.u8()),
      batch: reader.take(c.BATCH_ID_BYTES),
      last_epoch: reader.u32(),
      code: reader.take(c.CODE_BYTES),
      psk: reader.take(c.KEY_BYTES),
      write_key: reader.take(c.KEY_BYTES),
      xwing_seed: reader.take(c.XWING_SEED_BYTES),
    })),
};

/** @type {Codec<WeeklyEntry>} */
export const WeeklyEntry = {
  KIND: c.ENTRY_WEEKLY,
  encode: ({ first, last, xwing_seed }) =>
    concat(u32(first), u32(last), fields.fixed(xwing_seed, c.XWING_SEED_BYTES)),
  decode: (value) =>
    whole(value, (reader) => ({
      first: reader.u32(),
      last: reader.u32(),
      xwing_seed: reader.take(c.XWING_SEED_BYTES),
    })),
};

/** @type {Codec<case_.Case>} */
export const Case = { KIND: c.ENTRY_CASE, encode: case_.encode, decode: case_.decode };

/**
 * A locator whose seed was erased, and the last epoch on which to remember that.
 * @type {Codec<{forget_after: number}>}
 */
export const Erased = {
  KIND: c.ENTRY_ERASED,
  encode: ({ forget_after }) => u32(forget_after),
  decode: (value) => ({ forget_after: fields.toNumber(value, c.EPOCH_BYTES) }),
};

/**
 * A member id that is no member's any more, and the epoch since which.
 * @type {Codec<{since: number}>}
 */
export const Left = {
  KIND: c.ENTRY_LEFT,
  encode: ({ since }) => u32(since),
  decode: (value) => ({ since: fields.toNumber(value, c.EPOCH_BYTES) }),
};

/** @type {Map<number, Codec<any>>} */
const KNOWN = new Map(
  [MemberEntry, SeedEntry, WeeklyEntry, Case, Erased, Left].map((codec) => [codec.KIND, codec]),
);

/**
 * Return the last epoch on which a seed, or the note that it was erased, is kept.
 * @param {SeedEntry} seed
 * @returns {number}
 */
export function forgetAfter({ last_epoch }) {
  return Math.min(last_epoch + c.SEED_DAYS_AFTER_CODE, LAST_DAY);
}

/**
 * Refuse an id (16 bytes) or a value that cannot stand in a store, as Malformed.
 *
 * Values of a kind that is not known here are taken as they are.
 * @param {number} kind
 * @param {Uint8Array} entry_id
 * @param {Uint8Array} value
 */
export function check(kind, entry_id, value) {
  u8(kind);
  fields.fixed(entry_id, c.ENTRY_ID_BYTES);
  KNOWN.get(kind)?.decode(value);
}

/**
 * Say whether an entry's time was over before `today`, so that it is to be removed.
 *
 * A seed whose time is over needs no note that it was erased: that note's time would be over as
 * well. Malformed.
 *
 * Source: docs/spec/store.md, section 5.
 * @param {number} kind
 * @param {Uint8Array} value
 * @param {number} today
 * @returns {boolean}
 */
export function isOver(kind, value, today) {
  switch (kind) {
    case c.ENTRY_SEED:
      return forgetAfter(SeedEntry.decode(value)) < today;
    case c.ENTRY_WEEKLY:
      return WeeklyEntry.decode(value).last + c.WEEKLY_KEY_GRACE_DAYS < today;
    case c.ENTRY_ERASED:
      return Erased.decode(value).forget_after < today;
    case c.ENTRY_CASE: {
      const { state, last_epoch } = Case.decode(value);
      return state === c.STATE_CLOSED && last_epoch < today;
    }
    default:
      return false;
  }
}

/**
 * Read a value to its end.
 * @template T
 * @param {Uint8Array} value
 * @param {(reader: Reader) => T} read
 * @returns {T}
 */
function whole(value, read) {
  const reader = new Reader(value);
  const entry = read(reader);
  reader.end();
  return entry;
}

/** @param {number} state */
function seedState(state) {
  if (!(state >= c.SEED_MADE && state <= c.SEED_SET_ASIDE)) throw new Malformed();
  return state;
}
