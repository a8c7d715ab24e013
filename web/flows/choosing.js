/**
 * Choosing an organisation without a code, from the directory as this page has checked it.
 *
 * What does not hold is left out, as if it were not listed (statement, log, suspension list). An
 * organisation can be chosen when it takes walk-ins and its weekly key holds today.
 *
 * Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 2.
 */

import { checkListing } from '../src/client/record_check.js';
import { equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { checkWeeklyKey } from '../src/public/organisation_keys.js';
import { directory } from './directory.js';
import * as network_view from './network_view.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('./directory.js').Listed} Listed */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('../src/public/statements.js').Statement} Statement */
/** @typedef {import('../src/public/profile.js').Profile} Profile */
/** @typedef {import('../src/public/organisation_keys.js').WeeklyKey} WeeklyKey */

/**
 * A listing that holds today; without `weekly_key` no walk-in can be sealed to it.
 * @typedef {object} Organisation
 * @property {Statement} statement `name`, `organisation` (its public key), `until` and others
 * @property {Profile} profile lists of ids of `words`
 * @property {number} capacity an id of that list, or 0
 * @property {WeeklyKey} [weekly_key]
 * @property {Listed} listed as the server gave it
 */

/**
 * The network, and every organisation whose listing holds in it, by name.
 * @typedef {object} Directory
 * @property {View} view
 * @property {Organisation[]} organisations
 */

const ANYWHERE = 1; // of the list "regions"
const NOT_SAID = 2; // of the same
const EVERYONE = 1; // of the list "accepts"

/**
 * Fetches network and directory and keeps the organisations whose listing holds today.
 *
 * Throws Trouble. Source: docs/spec/walk-in.md, 1.
 * @param {Session} session
 * @returns {Promise<Directory>}
 */
export async function fetch(session) {
  const found = await once(session);
  // Between the two calls the log may have grown; once more sees both alike.
  const { view, organisations } = found.whole ? found : await once(session);
  const name = (/** @type {Organisation} */ one) => one.statement.name;
  organisations.sort((one, other) => (name(one) < name(other) ? -1 : 1));
  return { view, organisations };
}

/**
 * Returns those that can be chosen and offer one of the needs, one of the languages and the region,
 * and welcome all who are named in `accepts`.
 *
 * Ids are those of `words`; an empty filter takes all, and so does a profile that says nothing of
 * languages, regions or whom it accepts. "Everyone" is welcome whoever is asked for.
 * @param {Organisation[]} organisations
 * @param {{needs?: number[], languages?: number[], region?: number, accepts?: number[]}} [wanted]
 */
export const matching = (organisations, wanted) =>
  offering(organisations, wanted).filter(({ weekly_key }) => weekly_key);

/**
 * As `matching`, with those that take no walk-ins now.
 * @param {Organisation[]} organisations
 * @param {{needs?: number[], languages?: number[], region?: number, accepts?: number[]}} [wanted]
 */
export function offering(organisations, { needs, languages, region = 0, accepts } = {}) {
  return organisations.filter(
    ({ profile }) =>
      meets(profile.services, needs) &&
      (meets(profile.languages, languages) || !profile.languages.length) &&
      covers(profile.regions, region) &&
      welcomes(profile.accepts, accepts),
  );
}

/**
 * Returns the organisation with this public key (32 bytes), if there is one.
 * @param {Organisation[]} organisations
 * @param {Uint8Array} key
 */
export const named = (organisations, key) =>
  organisations.find((one) => equal(one.statement.organisation, key));

/**
 * @param {Session} session
 */
async function once(session) {
  // Both are the same for everybody: nothing is told by asking for them together.
  const [view, listed] = await Promise.all([
    network_view.fetch(session),
    directory(session.api),
  ]);
  const organisations = [];
  for (const one of listed) {
    await session.pause(0);
    const found = await check(one, view);
    if (found) organisations.push(found);
  }
  return { view, organisations, whole: organisations.length === listed.length };
}

/**
 * @param {Listed} one
 * @param {View} view
 * @returns {Promise<Organisation | undefined>}
 */
async function check(one, view) {
  return await orNothing(async () => {
    const { statement, profile } = await checkListed(one, view);
    const weekly_key = one.walk_ins ? await weeklyKey(one, statement, view.today) : undefined;
    return { statement, profile, capacity: one.capacity, weekly_key, listed: one };
  });
}

/**
 * Checks one listing of a directory; refuses as record.md, 3, steps 7 to 12.
 * @param {Pick<Listed, 'profile' | 'statement' | 'index' | 'hashes'>} one
 * @param {View} view
 */
export const checkListed = async (one, view) =>
  await checkListing(
    {
      profile: one.profile,
      statement: one.statement,
      inclusion: { index: one.index, hashes: one.hashes },
      checkpoint: view.network.newest,
    },
    view.network,
  );

/**
 * @param {Listed} one
 * @param {Statement} statement
 * @param {number} today
 */
async function weeklyKey(one, statement, today) {
  for (const given of one.weekly_keys) {
    const key = await orNothing(async () => await checkWeeklyKey(given, statement, today));
    if (key) return key;
  }
  return undefined;
}

/**
 * @template T
 * @param {() => Promise<T>} make
 * @returns {Promise<T | undefined>}
 */
async function orNothing(make) {
  try {
    return await make();
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}

/**
 * @param {number[]} offered
 * @param {number[]} [wanted]
 */
const meets = (offered, wanted = []) =>
  !wanted.length || wanted.some((one) => offered.includes(one));

/**
 * @param {number[]} offered
 * @param {number} region
 */
const covers = (offered, region) =>
  [0, ANYWHERE, NOT_SAID].includes(region) || !offered.length || meets(offered, [region, ANYWHERE]);

/**
 * @param {number[]} accepted
 * @param {number[]} [wanted]
 */
const welcomes = (accepted, wanted = []) =>
  !accepted.length ||
  accepted.includes(EVERYONE) ||
  wanted.every((one) => accepted.includes(one) || one === EVERYONE);
