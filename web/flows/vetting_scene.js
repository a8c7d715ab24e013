/**
 * What holds in a network on this day, as an admin's page has checked it: the policy, who is listed,
 * whose listing was ended, and what an application should make an admin look at twice.
 *
 * Source: docs/spec/statements.md, 5 and 8; docs/spec/vetting.md, 6.
 */

import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { checkListed } from './choosing.js';
import { directory } from './directory.js';
import * as look_alikes from './look_alikes.js';
import * as network_view from './network_view.js';
import * as profiles from '../src/public/profile.js';
import * as suspensions from '../src/public/suspensions.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/statements.js').Statement} Statement */
/** @typedef {import('../src/public/applications.js').Application} Application */

/**
 * An organisation whose listing holds today.
 * @typedef {{statement: Statement, profile: import('../src/public/profile.js').Profile,
 *   encoded: Uint8Array}} Listed
 */

/**
 * What holds. `broken` counts listings that the server shows and that do not hold.
 * @typedef {object} Scene
 * @property {network_view.View} view
 * @property {import('../src/public/policy.js').Policy} policy
 * @property {number} today
 * @property {Listed[]} listed
 * @property {Map<string, number>} ended by the start of an organisation's key in base64, as the list
 *   names it: the serial below which its statements have ended
 * @property {number} broken
 */

/**
 * One thing to look at: a key of its words, and the name that stands in them.
 * @typedef {{kind: 'name' | 'profile' | 'nearly' | 'scripts' | 'ended' | 'later', name: string}} Flag
 */

/**
 * Fetches network and directory and checks both. Throws Trouble.
 * @param {Session} session
 * @returns {Promise<Scene>}
 */
export async function see(session) {
  const found = await once(session);
  // Between the two calls the log may have grown; once more sees both alike.
  return found.broken ? await once(session) : found;
}

/**
 * Returns the listing of an organisation (key of 32 bytes), if it has one.
 * @param {Scene} scene
 * @param {Uint8Array} organisation
 */
export const listedOf = ({ listed }, organisation) =>
  listed.find(({ statement }) => equal(statement.organisation, organisation));

/**
 * Returns the highest serial that the network shows for an organisation; 0 for none.
 * @param {Scene} scene
 * @param {Uint8Array} organisation
 */
export function lastSerial(scene, organisation) {
  const listed = listedOf(scene, organisation)?.statement.serial ?? 0;
  return Math.max(listed, (scene.ended.get(suspensions.startOf(organisation)) ?? 0) - 1);
}

/**
 * Returns the highest serial that a draft may have: so many stay free that nobody's draft uses up the
 * numbers of an organisation, unless they are used up already.
 *
 * Source: docs/spec/vetting.md, 4.
 * @param {Scene} scene
 * @param {Uint8Array} organisation
 */
export const highestSerial = (scene, organisation) =>
  Math.max(c.SERIAL_MOST - c.SERIALS_LEFT, lastSerial(scene, organisation) + 1);

/**
 * Returns the listings that admins should look at again, the first to end first: those with 56 days
 * left or fewer.
 *
 * Source: docs/spec/vetting.md, 6.
 * @param {Scene} scene
 */
export const due = ({ listed, today }) =>
  listed
    .filter(({ statement }) => statement.until - today <= c.RENEW_DAYS)
    .sort((one, other) => one.statement.until - other.statement.until);

/**
 * Returns what an admin should look at twice before she signs what was applied for.
 * @param {Application} listing
 * @param {Scene} scene
 * @param {Application[]} others the other applications that are open
 * @returns {Flag[]}
 */
export function flagsOf(listing, scene, others) {
  const listed = scene.listed.map(({ statement, encoded }) => ({ ...statement, encoded }));
  const known = [...listed, ...others.map((one) => ({ ...one, encoded: one.profile }))];
  const strangers = known.filter((one) => !equal(one.organisation, listing.organisation));
  const alike = look_alikes.alike(listing.name, strangers.map(({ name }) => name));
  const own_profile = profiles.decode(listing.profile);
  const copies = strangers.flatMap(({ name, encoded }) => {
    const kind = look_alikes.howAlike(own_profile, profiles.decode(encoded));
    return kind ? [{ kind, name }] : [];
  });
  const is_ended = scene.ended.has(suspensions.startOf(listing.organisation));
  /** @type {[boolean, Flag['kind']][]} */
  const own = [
    [look_alikes.mixesScripts(listing.name), 'scripts'],
    [is_ended && !listedOf(scene, listing.organisation), 'ended'],
    [listing.epoch > scene.today, 'later'],
  ];
  return [
    ...[...new Set(alike)].map((name) => ({ kind: /** @type {const} */ ('name'), name })),
    ...copies,
    ...own.flatMap(([holds, kind]) => (holds ? [{ kind, name: '' }] : [])),
  ];
}

/**
 * @param {Session} session
 * @returns {Promise<Scene>}
 */
async function once(session) {
  const view = await network_view.fetch(session);
  const shown = await directory(session.api);
  const listed = [];
  let broken = 0;
  for (const one of shown) {
    await session.pause(0);
    try {
      const { statement, profile } = await checkListed(one, view);
      listed.push({ statement, profile, encoded: one.profile });
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      broken += 1;
    }
  }
  const { ended } = suspensions.parse(view.network.suspensions);
  return {
    view,
    policy: view.policy,
    today: view.today,
    listed: listed.sort((one, other) => (one.statement.name < other.statement.name ? -1 : 1)),
    ended: new Map(ended.map(({ start, serial }) => [start, serial])),
    broken,
  };
}
