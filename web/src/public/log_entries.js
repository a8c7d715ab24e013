/**
 * What stands in the log beside policies and statements: profiles, weekly keys, issuing keys.
 *
 * Source: docs/spec/log.md, 1
 */

import { sha256 } from '@noble/hashes/sha2.js';

import {
  LABEL_POLICY,
  LABEL_PROFILE,
  LABEL_STATEMENT,
  LABEL_TOKEN_KEY_ENTRY,
  LABEL_WEEKLY_KEY_ENTRY,
  NOTE_BYTES,
  PROFILE_BYTES,
  TOKEN_PERIOD_DAYS,
} from '../constants.js';
import { b64, monday, text, unb64, utf8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { Lines, checkReadsBack } from './lines.js';
import * as policy from './policy.js';
import * as statements from './statements.js';

/**
 * @typedef {object} ProfileEntry The coded profile that statements of this organisation name.
 * @property {Uint8Array} network_id
 * @property {Uint8Array} organisation
 * @property {Uint8Array} profile 1 to 248 bytes.
 *
 * @typedef {object} WeeklyKeyEntry An organisation's weekly key.
 * @property {Uint8Array} network_id
 * @property {Uint8Array} organisation
 * @property {number} first A Monday.
 * @property {Uint8Array} key SHA-256 of the signed weekly key.
 *
 * @typedef {object} TokenKeyEntry The public key that issues tokens in a period.
 * @property {Uint8Array} network_id
 * @property {number} period Its first epoch.
 * @property {Uint8Array} key 32 bytes.
 */

/**
 * An entry, by the label that says what it is.
 * @typedef {{label: typeof LABEL_POLICY, said: policy.Policy}
 *   | {label: typeof LABEL_STATEMENT, said: statements.Statement}
 *   | {label: typeof LABEL_PROFILE, said: ProfileEntry}
 *   | {label: typeof LABEL_WEEKLY_KEY_ENTRY, said: WeeklyKeyEntry}
 *   | {label: typeof LABEL_TOKEN_KEY_ENTRY, said: TokenKeyEntry}} Entry
 */

const FIRST_PERIOD = 4; // tokens.md, 1

/**
 * Read an entry of the log, of at most 16,384 bytes, by what its first line says it is.
 *
 * Refuses as Malformed anything else; whether it is signed stands beside the log.
 *
 * Source: docs/spec/log.md, 1
 * @param {Uint8Array} entry
 * @returns {Entry}
 */
export function parse(entry) {
  if (entry.length > NOTE_BYTES) throw new Malformed();
  const body = text(entry);
  const reader = new Lines(body);
  const label = reader.line();
  if (label === LABEL_POLICY) return { label, said: policy.parse(body) };
  if (label === LABEL_STATEMENT) return { label, said: statements.parse(body) };
  const found = others(label, reader);
  reader.end();
  return found;
}

/**
 * Write an entry that is no note; refuses as Malformed where `parse` would refuse it.
 * @param {Exclude<Entry, {label: typeof LABEL_POLICY | typeof LABEL_STATEMENT}>} entry
 * @returns {Uint8Array}
 */
export function formatEntry(entry) {
  const body = utf8(
    [entry.label, `network ${b64(entry.said.network_id)}`, ...rest(entry), ''].join('\n'),
  );
  checkReadsBack(entry, parse(body));
  return body;
}

/**
 * Return the 32 bytes by which an entry names a signed weekly key (1,321 bytes).
 * @param {Uint8Array} signed_key
 */
export function hashOfWeeklyKey(signed_key) {
  return sha256(signed_key);
}

/**
 * @param {Exclude<Entry, {label: typeof LABEL_POLICY | typeof LABEL_STATEMENT}>} entry
 * @returns {string[]}
 */
function rest({ label, said }) {
  if (label === LABEL_TOKEN_KEY_ENTRY) return [`period ${said.period}`, `key ${b64(said.key)}`];
  const organisation = `organisation ${b64(said.organisation)}`;
  if (label === LABEL_PROFILE) return [organisation, `profile ${b64(said.profile)}`];
  return [organisation, `from ${said.first}`, `key ${b64(said.key)}`];
}

/**
 * @param {string} label
 * @param {Lines} reader
 * @returns {Entry}
 */
function others(label, reader) {
  switch (label) {
    case LABEL_PROFILE:
      return { label, said: profile(reader) };
    case LABEL_WEEKLY_KEY_ENTRY:
      return { label, said: weeklyKey(reader) };
    case LABEL_TOKEN_KEY_ENTRY:
      return { label, said: tokenKey(reader) };
    default:
      throw new Malformed();
  }
}

/** @param {Lines} reader */
function profile(reader) {
  const said = {
    network_id: reader.hash('network'),
    organisation: reader.hash('organisation'),
    profile: unb64(reader.value('profile')),
  };
  if (!said.profile.length || said.profile.length > PROFILE_BYTES) throw new Malformed();
  return said;
}

/** @param {Lines} reader */
function weeklyKey(reader) {
  const said = {
    network_id: reader.hash('network'),
    organisation: reader.hash('organisation'),
    first: reader.number('from'),
    key: reader.hash('key'),
  };
  if (said.first !== monday(said.first)) throw new Malformed();
  return said;
}

/** @param {Lines} reader */
function tokenKey(reader) {
  const said = {
    network_id: reader.hash('network'),
    period: reader.number('period'),
    key: reader.hash('key'),
  };
  const since = said.period - FIRST_PERIOD;
  if (since < 0 || since % TOKEN_PERIOD_DAYS) throw new Malformed();
  return said;
}
