/**
 * Asking in a place without a network: what is saved for it, and sealing from what was saved.
 *
 * Nothing here posts anything. What was saved is checked as if a server had just said it, at the
 * later of its own day and the device's.
 *
 * Source: docs/spec/carried.md
 */

import { read as readCarried, write as writeCarried } from '../src/client/carried.js';
import { codeKeys } from '../src/client/codes.js';
import * as record from '../src/client/record.js';
import * as record_check from '../src/client/record_check.js';
import { equal } from '../src/encoding.js';
import { Expired, NotYetValid, Refused, Suspended } from '../src/errors.js';
import { checkWeeklyKey, parseWeeklyKey } from '../src/public/organisation_keys.js';
import { checkCurrent } from '../src/public/policy_chain.js';
import * as ask from './ask.js';
import * as choosing from './choosing.js';
import * as network_view from './network_view.js';
import { Trouble, ofListing, ofNetwork } from './troubles.js';
import * as walk_in from './walk_in.js';
import { Way } from './ways.js';
import { Fields } from './wire.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('./choosing.js').Organisation} Organisation */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('./walk_in.js').Progress} Progress */
/** @typedef {import('../src/client/carried.js').Carried} Carried */
/** @typedef {import('../src/public/statements.js').Statement} Statement */

/**
 * What was saved, as it holds today.
 * @typedef {object} Saved
 * @property {Carried} carried
 * @property {View} view
 * @property {Organisation[]} organisations those that can be chosen
 * @property {number} last the last epoch of the latest weekly key, passed or not; 0 without any
 */

/**
 * Returns the text that holds the directory and its weekly keys, and the keys' last epoch.
 *
 * Throws Trouble, `closed` where no organisation takes walk-ins now. Source: docs/spec/carried.md, 1.
 * @param {Session} session
 */
export async function saveDirectory(session) {
  const { view, organisations } = await choosing.fetch(session);
  const able = organisations.filter((one) => one.weekly_key);
  if (!able.length) throw new Trouble('closed');
  const last = Math.max(...able.map((one) => one.weekly_key?.last ?? 0));
  return { text: textOf(view, able.map((one) => one.listed)), last, view };
}

/**
 * Returns the text that holds the record of a code (10 bytes), and what it leads to, or null where
 * the server refuses the code. The code itself is not in it, and the server keeps the record.
 *
 * Throws Trouble. Source: docs/spec/carried.md, 1.
 * @param {Session} session
 * @param {Uint8Array} code
 */
export async function saveRecord(session, code) {
  const view = await network_view.fetch(session);
  const keys = await codeKeys(code, view.policy.network_id);
  const stored = await session.api.openCode(keys.locator);
  if (!stored) return null;
  const { recipient } = await opened(view, keys, stored);
  return { text: textOf(view, [], stored), last: recipient.last_epoch, view, recipient };
}

/**
 * Reads a carried text; throws Trouble `not_readable` or `newer`.
 * @param {string} text
 */
export function read(text) {
  try {
    return readCarried(text);
  } catch (refused) {
    throw ofNetwork(refused);
  }
}

/**
 * Checks what was carried at the device's day.
 *
 * Throws Trouble: whatever does not hold refuses the whole text; what has only passed its day, or
 * was suspended, is left out. Source: docs/spec/carried.md, 3.
 * @param {Session} session
 * @param {Carried} found
 * @returns {Promise<Saved>}
 */
export async function check(session, found) {
  const view = await viewOf(session, found);
  const organisations = [];
  let last = 0;
  for (const one of found.organisations) {
    await session.pause(0);
    const listing = await unlessPast(async () => await choosing.checkListed(one, view));
    for (const given of listing ? one.weekly_keys : []) {
      const { statement, profile } = /** @type {NonNullable<typeof listing>} */ (listing);
      const key = await unlessPast(async () => await checkWeeklyKey(given, statement, view.today));
      last = Math.max(last, parseWeeklyKey(given).last);
      if (!key) continue;
      const listed = { ...one, walk_ins: true };
      organisations.push({ statement, profile, capacity: one.capacity, weekly_key: key, listed });
      break;
    }
  }
  return { carried: found, view, organisations, last };
}

/**
 * Returns the way that a code (10 bytes) opens with the record that was carried.
 *
 * Throws Trouble, `not_readable` where the record is another code's.
 * @param {Session} session
 * @param {Saved} saved
 * @param {Uint8Array} code
 */
export async function byRecord(session, saved, code) {
  const stored = saved.carried.record;
  if (!stored) throw new Trouble('not_readable');
  const keys = await codeKeys(code, saved.view.policy.network_id);
  let now = await opened(saved.view, keys, stored);
  return new Way(session, {
    known: () => ({ view: now.view, ...now.recipient }),
    look: async () => {
      now = await opened(await viewOf(session, saved.carried), keys, stored);
    },
    seal: (draft, receipt) => ask.seal(now, draft, receipt, session.random),
    send: notHere,
  });
}

/**
 * Returns the way to an organisation whose weekly key was carried; sealing takes the work of a
 * walk-in, and `progress` is told of it. Its last epoch is the key's.
 * @param {Session} session
 * @param {Saved} saved
 * @param {Organisation} organisation one of `saved`
 * @param {Progress} progress
 */
export function byKey(session, saved, organisation, progress) {
  let now = { view: saved.view, chosen: organisation };
  return new Way(session, {
    known: () => ({
      view: now.view,
      statement: now.chosen.statement,
      profile: now.chosen.profile,
      last_epoch: 0,
    }),
    look: async () => {
      const again = await check(session, saved.carried);
      const chosen = choosing.named(again.organisations, now.chosen.statement.organisation);
      if (!chosen) throw new Trouble('expired');
      now = { view: again.view, chosen };
    },
    seal: async (draft, receipt) => {
      const sealed = walk_in.seal(session, now.view, now.chosen, draft, receipt);
      return await walk_in.withWork(session, now.view, sealed, progress);
    },
    send: notHere,
  });
}

/** @returns {Promise<never>} */
const notHere = () => Promise.reject(new Trouble('unreachable'));

/**
 * @param {View} view
 * @param {import('../src/client/carried.js').Organisation[]} organisations
 * @param {Uint8Array} [stored]
 */
function textOf({ document }, organisations, stored) {
  const { network_id, work_bits, policies, checkpoint, suspensions } = document;
  const network = { network_id, work_bits, policies, checkpoint, suspensions, organisations };
  return writeCarried(stored ? { ...network, record: stored } : network);
}

/**
 * @param {Session} session
 * @param {Carried} found
 * @returns {Promise<View>}
 */
async function viewOf(session, found) {
  const device_day = session.today();
  // A text is older on purpose: an older log is no reason to refuse it, an older policy is.
  const { seen } = session;
  const mine = seen && equal(seen.network_id, found.network_id);
  const before = mine ? { ...seen, size: 0n } : undefined;
  const said = await network_view.viewOf({ ...found, said: new Fields({}) }, device_day, before);
  session.seen = said.seen;
  const today = Math.max(said.today, device_day);
  try {
    checkCurrent(said.policy, today);
  } catch (refused) {
    throw ofListing(refused);
  }
  return { ...said, today, network: { ...said.network, today } };
}

/**
 * @param {View} view
 * @param {import('../src/client/codes.js').CodeKeys} keys
 * @param {Uint8Array} stored
 */
async function opened(view, keys, stored) {
  try {
    const contents = record.open(stored, keys, view.policy.network_id);
    const recipient = await record_check.check(contents, keys.locator, view.network);
    return { view, keys, contents, recipient };
  } catch (refused) {
    throw ofListing(refused);
  }
}

/**
 * @template T
 * @param {() => Promise<T>} look
 * @returns {Promise<T | undefined>}
 */
async function unlessPast(look) {
  try {
    return await look();
  } catch (refused) {
    if ([Expired, NotYetValid, Suspended].some((kind) => refused instanceof kind)) return undefined;
    throw refused instanceof Refused ? ofListing(refused) : refused;
  }
}
