/**
 * Walk-ins as a provider has them: opening and closing, and each week's key.
 *
 * The seed is in the store, and the store on the server, before the key is published. Another device
 * of the organisation may have published its own for the week: then this one's seed is forgotten,
 * since nobody seals to it.
 *
 * Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 7.
 */

import * as hpke from '../src/client/hpke.js';
import * as signing from '../src/client/signing.js';
import { WeeklyEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { compare, monday } from '../src/encoding.js';
import { weeklyKeyId } from '../src/public/keys.js';
import { formatWeeklyKey } from '../src/public/organisation_keys.js';
import * as kept from './kept.js';
import { problemOf } from './member_troubles.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('./desk.js').Desk} Desk */

// Saturday: so that Monday begins with a key even if nobody looks in then.
const NEXT_WEEK_FROM = 5;

/**
 * Opens or closes walk-ins and says how much room there is; the first key follows with the next
 * sync. Throws Trouble: then nothing is changed.
 * @param {Desk} desk
 * @param {kept.Room} said `capacity` is an id of that list, 0 not said
 */
export async function setRoom(desk, said) {
  await desk.signed.putCapacity(said.walk_ins, said.capacity);
  desk.edit((store) => kept.withRoom(store, said));
}

/**
 * Draws the keys of this week, and from Saturday on of the next, that are missing in the store.
 * @param {Desk} desk
 */
export function prepare(desk) {
  for (const week of missing(desk)) {
    if (seedsOf(desk.read(), week).length) continue;
    const xwing_seed = desk.session.random(c.XWING_SEED_BYTES);
    const value = WeeklyEntry.encode({ first: week, last: week + c.WEEKLY_KEY_DAYS - 1, xwing_seed });
    const id = weeklyKeyId(hpke.publicKey(xwing_seed));
    desk.edit((store) => store.withEntry(c.ENTRY_WEEKLY, id, value));
  }
}

/**
 * Publishes the missing keys whose seeds lie on the server; returns how many were published.
 *
 * Throws Trouble: then they wait for the next sync.
 * @param {Desk} desk
 */
export async function publish(desk) {
  let published = 0;
  for (const week of missing(desk)) {
    const seed = seedsOf(desk.base.store, week)[0];
    if (seed && (await publishOne(desk, week, seed))) published += 1;
  }
  return published;
}

/**
 * Returns the seeds (32 bytes) of the weekly keys that walk-ins may still be sealed to, the newest
 * first.
 * @param {Store} store
 * @param {number} today
 */
export function live(store, today) {
  const weekly = store.ofKind(c.ENTRY_WEEKLY).map(({ value }) => WeeklyEntry.decode(value));
  return weekly
    // A day ahead: the sender's date may be a little before this device's.
    .filter(({ first, last }) => first <= today + 1 && last + c.WEEKLY_KEY_GRACE_DAYS >= today)
    .sort((one, other) => other.first - one.first)
    .map(({ xwing_seed }) => xwing_seed);
}

/**
 * Returns the weeks (Mondays) for which no key is published yet.
 * @param {Desk} desk
 */
function missing(desk) {
  const [store, today] = [desk.read(), desk.session.today()];
  if (!kept.room(store).walk_ins) return [];
  const week = monday(today);
  const weeks = today - week < NEXT_WEEK_FROM ? [week] : [week, week + c.WEEKLY_KEY_DAYS];
  const done = kept.weeklyDone(store, desk.device);
  return weeks.filter((one) => !done.has(one));
}

/**
 * @param {Desk} desk
 * @param {number} week
 * @param {Uint8Array} seed
 */
async function publishOne(desk, week, seed) {
  const public_key = hpke.publicKey(seed);
  const { network_id, organisation_seed } = desk.read();
  const key = signing.signWeeklyKey(organisation_seed, { network_id, first: week, public_key });
  let own = true;
  try {
    await desk.signed.putWeeklyKey(formatWeeklyKey(key));
  } catch (trouble) {
    if (problemOf(trouble) !== 'taken') throw trouble;
    own = false;
  }
  const gone = weeklyKeyId(public_key);
  desk.edit((store) => {
    const left = own ? store : store.withoutEntry(c.ENTRY_WEEKLY, gone);
    return kept.withWeeklyDone(left, desk.device, week, own);
  });
  return own;
}

/**
 * @param {Store} store
 * @param {number} week
 */
function seedsOf(store, week) {
  // In the order of their ids, so that of two seeds every member publishes the same one.
  const entries = store.ofKind(c.ENTRY_WEEKLY).sort((one, other) => compare(one.id, other.id));
  const weekly = entries.map(({ value }) => WeeklyEntry.decode(value));
  return weekly.filter(({ first }) => first === week).map(({ xwing_seed }) => xwing_seed);
}
