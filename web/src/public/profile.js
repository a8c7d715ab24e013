/**
 * An organisation's coded profile: what a person is shown before she chooses.
 *
 * Source: docs/spec/record.md, section 4.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import * as c from '../constants.js';
import { Malformed, TooLong } from '../errors.js';
import * as fields from '../fields.js';

/** @typedef {'kind' | 'services' | 'languages' | 'accepts' | 'police_ties' | 'funding' |
 *   'reporting' | 'privilege' | 'housing' | 'regions' | 'pledge'} Name */

/**
 * Field id, attribute, most ids, and whether it must be there.
 * @type {[number, Name, number, boolean][]}
 */
const RULES = [
  [c.PROFILE_KIND, 'kind', 1, true],
  [c.PROFILE_SERVICES, 'services', c.PROFILE_SERVICES_MOST, true],
  [c.PROFILE_LANGUAGES, 'languages', c.PROFILE_LANGUAGES_MOST, false],
  [c.PROFILE_ACCEPTS, 'accepts', c.PROFILE_ACCEPTS_MOST, false],
  [c.PROFILE_POLICE_TIES, 'police_ties', c.PROFILE_POLICE_TIES_MOST, true],
  [c.PROFILE_FUNDING, 'funding', c.PROFILE_FUNDING_MOST, true],
  [c.PROFILE_REPORTING, 'reporting', c.PROFILE_REPORTING_MOST, true],
  [c.PROFILE_PRIVILEGE, 'privilege', c.PROFILE_PRIVILEGE_MOST, false],
  [c.PROFILE_HOUSING, 'housing', c.PROFILE_HOUSING_MOST, false],
  [c.PROFILE_REGIONS, 'regions', c.PROFILE_REGIONS_MOST, false],
  [c.PROFILE_PLEDGE, 'pledge', 1, false],
];

/**
 * Ids of `words`, by field; an empty list means that the field is not there.
 * @typedef {Record<Name, number[]> & {unknown: fields.Numbered[]}} Profile
 */

/**
 * Return a profile with these parts; the others are not there.
 * @param {Partial<Profile>} parts
 * @returns {Profile}
 */
export function make(parts) {
  const none = Object.fromEntries(RULES.map(([, name]) => [name, []]));
  return /** @type {Profile} */ ({ ...none, unknown: [], ...parts });
}

/**
 * Encode a profile to at most 248 bytes.
 *
 * Refuses as Malformed when a field that must be there is empty or an id is repeated or 0, as
 * TooLong beyond a limit.
 * @param {Profile} profile
 * @returns {Uint8Array}
 */
export function encode(profile) {
  const run = new Map();
  for (const [number, name, at_most, required] of RULES) {
    const ids = profile[name];
    if (ids.length || required) run.set(number, fields.fromIds(ids, at_most));
  }
  const encoded = fields.encode(fields.withUnknown(run, profile.unknown, known()));
  if (encoded.length > c.PROFILE_BYTES) throw new TooLong();
  return encoded;
}

/**
 * Decode a profile of at most 248 bytes; refuses as Malformed.
 * @param {Uint8Array} encoded
 * @returns {Profile}
 */
export function decode(encoded) {
  if (encoded.length > c.PROFILE_BYTES) throw new Malformed();
  const run = fields.decode(encoded);
  const profile = make({ unknown: fields.unknown(run, known()) });
  for (const [number, name, at_most, required] of RULES) {
    const value = run.get(number);
    if (required && !value) throw new Malformed();
    if (value) profile[name] = fields.toIds(value, at_most);
  }
  return profile;
}

/**
 * Return the 32-byte hash of an encoded profile that a statement names.
 * @param {Uint8Array} encoded
 */
export function profileHash(encoded) {
  return sha256(encoded);
}

function known() {
  return new Set(RULES.map(([number]) => number));
}
