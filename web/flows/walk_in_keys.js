/**
 * Walk-ins as a provider has them: opening and closing, and each week's key.
 *
 * The seed is in the store, and the store on the server, before the key is published. Another device
 * of the organisation may have published its own for the week: then this one's seed is forgotten,
 * since nobody seals to it. Where a listing ended and began anew, its keys went with it: a key that the
 * directory does not show is published again.
 *
 * Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 7.
 */

import * as hpke from '../src/client/hpke.js';
import * as signing from '../src/client/signing.js';
import { WeeklyEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { compare, concat, equal, monday, Reader, u32 } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { weeklyKeyId } from '../src/public/keys.js';
import { hashOfWeeklyKey } from '../src/public/log_entries.js';
import { formatWeeklyKey, parseWeeklyKey } from '../src/public/organisation_keys.js';
import { directory } from './directory.js';
import * as kept from './kept.js';
import { keyOf } from './listing.js';
import { problemOf } from './member_troubles.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('./desk.js').Desk} Desk */

/** @typedef {import('../src/public/organisation_keys.js').WeeklyKey} WeeklyKey */

/** The name under which the store keeps which keys are to take another's place. */
const REPLACING = 'weekly keys to replace';
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
 * Returns the weeks (Mondays) whose key was published, and which the directory does not show.
 *
 * None while walk-ins are closed, and of an organisation that the directory does not show: whose
 * listing waits may still have its keys. What a server says here can only make this page publish again
 * what it has published. Throws Trouble.
 * @param {Desk} desk
 * @returns {Promise<number[]>}
 */
export async function lost(desk) {
  const done = kept.weeklyDone(desk.read(), desk.device);
  const published = wanted(desk).filter((week) => done.has(week));
  if (!published.length) return [];
  const listed = await directory(desk.session.api);
  const mine = listed.find((one) => equal(keyOf(one), desk.member.organisation_key));
  if (!mine) return [];
  const shown = new Set(mine.weekly_keys.map(weekOf));
  return published.filter((week) => !shown.has(week));
}

/**
 * Draws the keys of this week, and from Saturday on of the next, that are missing in the store.
 *
 * `again` are the weeks whose key was `lost`: where the store has several seeds of one, a former member
 * may have one of them, so that a new one is to be published in its place.
 * @param {Desk} desk
 * @param {number[]} [again]
 */
export function prepare(desk, again = []) {
  const { random } = desk.session;
  const waiting = replacing(desk.read()).map(({ week }) => week);
  for (const week of missing(desk, again)) {
    const { length } = seedsOf(desk.read(), week);
    if (!length) {
      const { id, value } = drawn(week, random);
      desk.edit((store) => store.withEntry(c.ENTRY_WEEKLY, id, value));
    } else if (length > 1 && again.includes(week) && !waiting.includes(week)) {
      desk.edit((store) => anew(store, [week], random));
    }
  }
}

/**
 * Returns a store with new keys for this week and the next, where they had any, that are to take the
 * place of those that lie on the server: a member has left who had their seeds.
 *
 * The old seeds stay as long as walk-ins may come that are sealed to them.
 * @param {Store} store
 * @param {number} today
 * @param {import('../src/encoding.js').Random} random
 */
export function renewed(store, today, random) {
  const weeks = [monday(today), monday(today) + c.WEEKLY_KEY_DAYS];
  return anew(store, weeks.filter((week) => seedsOf(store, week).length), random);
}

/**
 * Publishes the missing keys whose seeds lie on the server, and puts the new ones in the place of
 * those that a former member had; returns how many were published.
 *
 * Also those of the weeks `again`, for which `prepare` came first. Throws Trouble: then they wait for
 * the next sync.
 * @param {Desk} desk
 * @param {number[]} [again]
 */
export async function publish(desk, again = []) {
  let published = await replace(desk);
  for (const week of missing(desk, again)) {
    const seeds = seedsOf(desk.base.store, week);
    if (seeds.length && (await publishOne(desk, week, seeds))) published += 1;
  }
  return published;
}

/**
 * Returns the SHA-256 (32 bytes) of each weekly key of the store, as the organisation signed it.
 * @param {Desk} desk
 */
export function hashes(desk) {
  const weekly = desk.read().ofKind(c.ENTRY_WEEKLY).map(({ value }) => WeeklyEntry.decode(value));
  return weekly.map(({ first, xwing_seed }) => hashOfWeeklyKey(signed(desk, first, xwing_seed)));
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
 * Returns a store with a new key for each of these weeks, to be put in the other's place.
 * @param {Store} store
 * @param {number[]} weeks
 * @param {import('../src/encoding.js').Random} random
 */
function anew(store, weeks, random) {
  if (!weeks.length) return store;
  const fresh = weeks.map((week) => drawn(week, random));
  const others = replacing(store).filter(({ week }) => !weeks.includes(week));
  const added = fresh.reduce((left, { id, value }) => left.withEntry(c.ENTRY_WEEKLY, id, value), store);
  return withReplacing(added, [...others, ...fresh].sort((one, other) => one.week - other.week));
}

/**
 * @param {Desk} desk
 */
async function replace(desk) {
  const wanted = replacing(desk.read());
  if (!wanted.length) return 0;
  const there = await directory(desk.session.api);
  const listed = there.flatMap((one) => one.weekly_keys.map(parseWeeklyKey));
  let published = 0;
  for (const { week, id } of wanted) {
    const value = desk.base.store.get(c.ENTRY_WEEKLY, id);
    const is_over = week < monday(desk.session.today());
    if (!value && !is_over) continue; // not saved yet
    if (value && !is_over) {
      const own = (/** @type {WeeklyKey} */ one) =>
        equal(one.organisation, desk.member.organisation_key) && one.first === week;
      const before = listed.find(own);
      const replaced = before ? weeklyKeyId(before.public_key) : null;
      const { xwing_seed } = WeeklyEntry.decode(value);
      await desk.signed.putWeeklyKey(signed(desk, week, xwing_seed), replaced);
      published += 1;
    }
    desk.edit((store) => {
      const left = replacing(store).filter((one) => one.week !== week);
      return kept.withWeeklyDone(withReplacing(store, left), desk.device, week, true);
    });
  }
  return published;
}

/**
 * Returns the keys that are to take another's place, with their weeks.
 * @param {Store} store
 */
function replacing(store) {
  const reader = new Reader(kept.get(store, REPLACING) ?? new Uint8Array());
  const found = [];
  while (reader.left) found.push({ week: reader.u32(), id: reader.take(c.ENTRY_ID_BYTES) });
  return found;
}

/**
 * @param {Store} store
 * @param {{week: number, id: Uint8Array}[]} wanted
 */
const withReplacing = (store, wanted) =>
  wanted.length
    ? kept.put(store, REPLACING, concat(...wanted.flatMap(({ week, id }) => [u32(week), id])))
    : kept.drop(store, REPLACING);

/**
 * @param {number} week
 * @param {import('../src/encoding.js').Random} random
 */
function drawn(week, random) {
  const xwing_seed = random(c.XWING_SEED_BYTES);
  const value = WeeklyEntry.encode({ first: week, last: week + c.WEEKLY_KEY_DAYS - 1, xwing_seed });
  return { week, id: weeklyKeyId(hpke.publicKey(xwing_seed)), value };
}

/**
 * @param {Desk} desk
 * @param {number} week
 * @param {Uint8Array} seed
 */
function signed(desk, week, seed) {
  const { network_id, organisation_seed } = desk.read();
  const public_key = hpke.publicKey(seed);
  const key = signing.signWeeklyKey(organisation_seed, { network_id, first: week, public_key });
  return formatWeeklyKey(key);
}

/**
 * Returns the weeks (Mondays) for which there should be a key now.
 * @param {Desk} desk
 */
function wanted(desk) {
  const today = desk.session.today();
  const week = monday(today);
  if (!kept.room(desk.read()).walk_ins) return [];
  return today - week < NEXT_WEEK_FROM ? [week] : [week, week + c.WEEKLY_KEY_DAYS];
}

/**
 * Returns the weeks (Mondays) for which no key is published yet, or to be published again.
 * @param {Desk} desk
 * @param {number[]} again
 */
function missing(desk, again) {
  const done = kept.weeklyDone(desk.read(), desk.device);
  return wanted(desk).filter((week) => !done.has(week) || again.includes(week));
}

/**
 * Returns the week that a key of the directory says it is of; undefined for what is no key.
 * @param {Uint8Array} key
 */
function weekOf(key) {
  try {
    return parseWeeklyKey(key).first;
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}

/**
 * Publishes one week's key: that of the first of these seeds that the server takes or has already.
 *
 * A single seed that nobody can have sealed to is forgotten; of several, any may be the one before.
 * @param {Desk} desk
 * @param {number} week
 * @param {Uint8Array[]} seeds
 */
async function publishOne(desk, week, seeds) {
  let own = false;
  for (const seed of seeds) {
    own ||= await wasTaken(desk, signed(desk, week, seed));
  }
  const [only, ...more] = seeds;
  desk.edit((store) => {
    const gone = !own && only && !more.length && weeklyKeyId(hpke.publicKey(only));
    const left = gone ? store.withoutEntry(c.ENTRY_WEEKLY, gone) : store;
    return kept.withWeeklyDone(left, desk.device, week, own);
  });
  return own;
}

/**
 * Says whether the server took a key, or has it already; false where another is in its place.
 * @param {Desk} desk
 * @param {Uint8Array} key
 */
async function wasTaken(desk, key) {
  try {
    await desk.signed.putWeeklyKey(key);
    return true;
  } catch (trouble) {
    if (problemOf(trouble) === 'taken') return false;
    throw trouble;
  }
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
