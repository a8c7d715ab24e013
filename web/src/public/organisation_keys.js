/**
 * Keys that an organisation signs: the weekly key for walk-ins, the one-time key of a code.
 *
 * Source: docs/spec/walk-in.md, 1; docs/spec/record.md, 1
 */

import {
  ED25519_PUBLIC_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  LABEL_ONE_TIME_KEY,
  LABEL_WEEKLY_KEY,
  SUITE,
  WEEKLY_KEY_BYTES,
  WEEKLY_KEY_DAYS,
  XWING_PUBLIC_KEY_BYTES,
} from '../constants.js';
import { Reader, concat, equal, frame, monday, u32, u8 } from '../encoding.js';
import { BadSignature, Expired, Malformed, NotYetValid, Unsupported } from '../errors.js';
import * as ed25519 from './ed25519.js';
import { loadPublic } from './sealing.js';

/** @typedef {import('./statements.js').Statement} Statement */

/**
 * @typedef {object} WeeklyKey The key of an organisation for the epochs `first` to `last`.
 * @property {Uint8Array} organisation Its Ed25519 key, 32 bytes.
 * @property {number} first
 * @property {number} last
 * @property {Uint8Array} public_key X-Wing, 1,216 bytes.
 * @property {Uint8Array} signature 64 bytes.
 *
 * @typedef {object} OneTimeKey The key behind a code.
 * @property {Uint8Array} network_id 32 bytes.
 * @property {Uint8Array} locator 16 bytes.
 * @property {number} last_epoch
 * @property {Uint8Array} public_key X-Wing, 1,216 bytes.
 */

/**
 * Write a weekly key as 1,321 bytes.
 * @param {WeeklyKey} key
 */
export function formatWeeklyKey({ organisation, first, last, public_key, signature }) {
  return concat(u8(SUITE), organisation, u32(first), u32(last), public_key, signature);
}

/**
 * Say whether these epochs are the first and last day of one week, from Monday on.
 * @param {number} first
 * @param {number} last
 */
export function isWeek(first, last) {
  return first === monday(first) && last === first + WEEKLY_KEY_DAYS - 1;
}

/**
 * Read the parts of a weekly key, of which nothing is checked yet.
 *
 * Refuses as Malformed unless it has 1,321 bytes, as Unsupported another suite.
 *
 * Source: docs/spec/walk-in.md, 1
 * @param {Uint8Array} data
 * @returns {WeeklyKey}
 */
export function parseWeeklyKey(data) {
  if (data.length !== WEEKLY_KEY_BYTES) throw new Malformed();
  const reader = new Reader(data);
  if (reader.u8() !== SUITE) throw new Unsupported();
  return {
    organisation: reader.take(ED25519_PUBLIC_KEY_BYTES),
    first: reader.u32(),
    last: reader.u32(),
    public_key: reader.take(XWING_PUBLIC_KEY_BYTES),
    signature: reader.take(ED25519_SIGNATURE_BYTES),
  };
}

/**
 * Return a weekly key that holds at epoch `today` for the organisation of a checked statement.
 *
 * Refuses as Malformed, Unsupported, BadSignature, NotYetValid or Expired.
 *
 * Source: docs/spec/walk-in.md, 1
 * @param {Uint8Array} data
 * @param {Statement} statement
 * @param {number} today
 * @returns {Promise<WeeklyKey>}
 */
export async function checkWeeklyKey(data, statement, today) {
  const key = parseWeeklyKey(data);
  if (!equal(key.organisation, statement.organisation)) throw new BadSignature();
  if (!isWeek(key.first, key.last)) throw new Malformed();
  const message = weeklyKeyMessage(key, statement.network_id);
  await ed25519.verify(key.organisation, message, key.signature);
  loadPublic(key.public_key);
  if (today < key.first) throw new NotYetValid();
  if (today > key.last) throw new Expired();
  return key;
}

/**
 * Return what an organisation signs to make this key its weekly one.
 *
 * Source: docs/spec/walk-in.md, 1
 * @param {Omit<WeeklyKey, 'signature'>} key
 * @param {Uint8Array} network_id
 */
export function weeklyKeyMessage({ organisation, first, last, public_key }, network_id) {
  const days = [u32(first), u32(last)];
  return frame(LABEL_WEEKLY_KEY, u8(SUITE), network_id, organisation, ...days, public_key);
}

/**
 * Return what an organisation signs to make a key the one behind a code.
 *
 * Source: docs/spec/record.md, 1
 * @param {OneTimeKey} key
 */
export function oneTimeKeyMessage({ network_id, locator, last_epoch, public_key }) {
  const epoch = u32(last_epoch);
  return frame(LABEL_ONE_TIME_KEY, u8(SUITE), network_id, locator, epoch, public_key);
}

/**
 * Return the one-time key behind a code, if the organisation's signature (64 bytes) on it holds.
 *
 * Refuses as BadSignature where it does not hold.
 *
 * Source: docs/spec/record.md, 1
 * @param {Uint8Array} signature
 * @param {Uint8Array} organisation Its public key, 32 bytes.
 * @param {OneTimeKey} key
 * @returns {Promise<OneTimeKey>}
 */
export async function verifyOneTimeKey(signature, organisation, key) {
  await ed25519.verify(organisation, oneTimeKeyMessage(key), signature);
  return key;
}
