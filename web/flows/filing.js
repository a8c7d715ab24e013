/**
 * Filing what came into the store, so that doing it again changes nothing.
 *
 * Source: docs/spec/store.md, 3 to 5.
 */

import * as cases from '../src/client/case.js';
import { Case, SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import * as kept from './kept.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('./picking.js').Picked} Picked */

/**
 * How much is new: requests, additions to them, and what does not open.
 * @typedef {{requests: number, follow_ups: number, unreadable: number}} Filed
 */

/**
 * Returns a store with what was found and the cursor up to which it was, and what is new.
 *
 * What is filed already stays as it is, and what was closed stays closed.
 * @param {Store} store
 * @param {Picked[]} found
 * @param {{cursor: bigint, today: number}} given
 * @returns {{store: Store, filed: Filed}}
 */
export function file(store, found, { cursor, today }) {
  const filed = { requests: 0, follow_ups: 0, unreadable: 0 };
  for (const { referrals, follow_ups, unreadable } of found) {
    for (const { case_id, body } of referrals) {
      const before = store;
      store = withCase(store, case_id, body, today);
      filed.requests += Number(store !== before);
    }
    for (const { case_id, number, body } of follow_ups) {
      const before = store;
      store = withFollowUp(store, case_id, number, body);
      filed.follow_ups += Number(store !== before);
    }
    const known = new Set(kept.unreadable(store).map(({ tag }) => kept.keyOf(tag)));
    const fresh = unreadable.filter((tag) => !known.has(kept.keyOf(tag)));
    store = kept.withUnreadable(store, fresh, today);
    filed.unreadable += fresh.length;
  }
  return { store: kept.withCursor(store, cursor), filed };
}

/**
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {Uint8Array} body
 * @param {number} today
 */
function withCase(store, case_id, body, today) {
  if (store.get(c.ENTRY_CASE, case_id) || store.get(c.ENTRY_ERASED, case_id)) return store;
  const arrived = cases.make({
    arrived: today,
    state: c.STATE_DELIVERED,
    message: body,
    last_epoch: today + c.REFERRAL_DAYS,
  });
  const filed = store.withEntry(c.ENTRY_CASE, case_id, Case.encode(arrived));
  const seed = filed.get(c.ENTRY_SEED, case_id);
  if (!seed) return filed;
  const code = { ...SeedEntry.decode(seed), state: c.SEED_ARRIVED };
  return filed.withEntry(c.ENTRY_SEED, case_id, SeedEntry.encode(code));
}

/**
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {number} number
 * @param {Uint8Array} body
 */
function withFollowUp(store, case_id, number, body) {
  const value = store.get(c.ENTRY_CASE, case_id);
  if (!value) return store;
  const one = Case.decode(value);
  if (one.state === c.STATE_CLOSED || one.follow_ups.some(([n]) => n === number)) return store;
  /** @type {import('../src/fields.js').Numbered[]} */
  const follow_ups = [...one.follow_ups, [number, body]];
  follow_ups.sort(([a], [b]) => a - b);
  return store.withEntry(c.ENTRY_CASE, case_id, Case.encode({ ...one, follow_ups }));
}
