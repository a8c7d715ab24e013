/**
 * An organisation watches the log itself: that it goes on, and says nothing that it does not know.
 *
 * `read` comes first, and stops where the log is not the one that was seen before; `tell` comes after
 * the store was merged with what others wrote, so that a key of a colleague's page is no stranger's.
 * The store learns how far the log was seen once nothing that it said waits to be read: a page that is
 * locked before anybody read it has told nobody.
 *
 * Source: docs/spec/log.md, 6.
 */

import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import * as edge from '../src/public/edge.js';
import * as log_entries from '../src/public/log_entries.js';
import { profileHash } from '../src/public/profile.js';
import { SUSPENDED, VETTED } from '../src/public/statements.js';
import * as applied from './applied.js';
import * as kept from './kept.js';
import { publishedEntries } from './log_fetch.js';
import { Trouble } from './troubles.js';
import * as walk_in_keys from './walk_in_keys.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('../src/public/statements.js').Statement} Statement */
/** @typedef {import('../src/public/log_entries.js').WeeklyKeyEntry} WeeklyKeyEntry */

/**
 * How far the log goes now, and the entries about this organisation since it was last seen.
 * @typedef {object} Seen
 * @property {edge.Edge} edge
 * @property {Statement[]} statements
 * @property {WeeklyKeyEntry[]} keys
 * @property {boolean} is_first whether nothing had been seen before
 */

/**
 * One thing that members should know: what the log says. `day` is the last of a listing (`renewed`,
 * `due`, `over`), the first of a key's week (`key`), or the one from which on a suspension counts.
 * @typedef {{kind: 'renewed' | 'other' | 'suspended' | 'key' | 'due' | 'over', day: number,
 *   name: string}} News
 */

/**
 * Reads the log behind what was seen of it, up to the checkpoint of a checked view.
 *
 * Throws Trouble `other_log` where it is not the log that was seen before: then nothing may be
 * published or answered. Throws those of the calls.
 * @param {Desk} desk
 * @param {View} view
 * @returns {Promise<Seen>}
 */
export async function read(desk, { seen }) {
  const before = edgeOf(desk);
  const size = Number(seen.size);
  /** @type {Seen} */
  const found = { edge: before, statements: [], keys: [], is_first: before.size === 0 };
  await publishedEntries(desk.session, before.size, size, (entries) => {
    found.edge = edge.extend(found.edge, entries);
    for (const entry of entries) sort(found, entry, desk.member.organisation_key);
  });
  desk.is_other_log = size < before.size || !equal(edge.root(found.edge), seen.root);
  desk.checkLog();
  return found;
}

/**
 * Notes what the log says of this organisation, for whoever sits at this page to read.
 *
 * With nothing to read, the store knows at once how far the log was seen.
 * @param {Desk} desk
 * @param {Seen} seen
 */
export async function tell(desk, seen) {
  const until = untilOf(seen.statements);
  const found = await news(desk, seen);
  if (until !== undefined) desk.edit((store) => kept.withListedUntil(store, until));
  desk.log = { edge: seen.edge, news: [...(desk.log?.news ?? []), ...found] };
  if (!desk.log.news.length) putAway(desk);
}

/**
 * Keeps in the store that all that the log said so far was read.
 * @param {Desk} desk
 */
export function putAway(desk) {
  const { edge: seen } = desk.log ?? { edge: edge.EMPTY };
  if (desk.log) desk.log.news = [];
  // Of two members the one who saw more counts.
  desk.edit((store) => (seen.size > kept.logEdge(store).size ? kept.withLogEdge(store, seen) : store));
}

/**
 * Returns what to throw in place of a refused signature: that an admin suspended the organisation,
 * where that is why.
 * @param {Seen} seen
 * @param {unknown} trouble
 */
export function whyNot({ statements }, trouble) {
  const is_refused = trouble instanceof Trouble && trouble.kind === 'unsigned';
  const is_suspended = statements.at(-1)?.kind === SUSPENDED;
  return is_refused && is_suspended ? new Trouble('stopped') : trouble;
}

/**
 * Returns that the listing ends soon, or has ended, where its last day is known; or nothing.
 *
 * Source: docs/spec/log.md, 6
 * @param {Desk} desk
 * @returns {News | undefined}
 */
export function due(desk) {
  const until = kept.listedUntil(desk.read());
  const today = desk.session.today();
  if (until === undefined || until - today > c.RENEW_DAYS) return undefined;
  return { kind: until < today ? 'over' : 'due', day: until, name: '' };
}

/**
 * Returns the edge that the log has to go on from: of what this page and the store saw the longer.
 * @param {Desk} desk
 */
function edgeOf(desk) {
  const kept_edge = kept.logEdge(desk.read());
  return desk.log && desk.log.edge.size > kept_edge.size ? desk.log.edge : kept_edge;
}

/**
 * Puts an entry to those about this organisation, where it is one.
 * @param {Seen} found
 * @param {Uint8Array} entry
 * @param {Uint8Array} organisation
 */
function sort(found, entry, organisation) {
  const read = entryOf(entry);
  if (read?.label === c.LABEL_STATEMENT && equal(read.said.organisation, organisation)) {
    found.statements.push(read.said);
  }
  if (read?.label === c.LABEL_WEEKLY_KEY_ENTRY && equal(read.said.organisation, organisation)) {
    found.keys.push(read.said);
  }
}

/**
 * Returns what an entry says; undefined for what no log may have, which is a witness's to tell.
 * @param {Uint8Array} entry
 */
function entryOf(entry) {
  try {
    return log_entries.parse(entry);
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}

/**
 * @param {Desk} desk
 * @param {Seen} seen
 * @returns {Promise<News[]>}
 */
async function news(desk, { statements, keys, is_first }) {
  const today = desk.session.today();
  const live = keys.filter(({ first }) => mayLive(first, today));
  const own = live.length ? walk_in_keys.hashes(desk) : [];
  const strange = live.filter(({ key }) => !own.some((one) => equal(one, key)));
  const listing = statements.length ? await applied.last(desk) : undefined;
  // Long ago the store knew other names and keys: of what is seen for the first time only the end.
  const said = is_first ? statements.slice(-1).filter(({ kind }) => kind === SUSPENDED) : statements;
  return [
    ...said.map((one) => ofStatement(one, listing)),
    ...strange.map(({ first }) => ({ kind: /** @type {const} */ ('key'), day: first, name: '' })),
  ];
}

/**
 * @param {Statement} said
 * @param {import('../src/public/applications.js').Application | undefined} listing applied with
 * @returns {News}
 */
function ofStatement({ kind, first, until, name, profile }, listing) {
  if (kind === SUSPENDED) return { kind: 'suspended', day: first, name };
  const is_own = listing?.name === name && equal(profileHash(listing.profile), profile);
  return { kind: is_own ? 'renewed' : 'other', day: until, name };
}

/**
 * Returns the last day that the newest statement gives; of a suspension, the day before it.
 * @param {Statement[]} statements
 */
function untilOf(statements) {
  const newest = statements.at(-1);
  if (!newest) return undefined;
  return newest.kind === VETTED ? newest.until : Math.max(0, newest.first - 1);
}

/**
 * Says whether the store would still have a key of this week, were it its own (store.md, 5).
 * @param {number} first
 * @param {number} today
 */
const mayLive = (first, today) => first + c.WEEKLY_KEY_DAYS - 1 + c.WEEKLY_KEY_GRACE_DAYS >= today;
