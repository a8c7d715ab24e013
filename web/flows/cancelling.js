/**
 * Cancelling codes: one at once, or many at moments spread over a day, so that the server does not
 * see that they belong together.
 *
 * A code that is to be cancelled is marked in the store at once, so that nobody hands it out; its
 * moment stands there too, and whichever member's page is open then makes the call.
 *
 * Source: docs/spec/http.md, 4; docs/spec/codes.md, 8.
 */

import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal, Reader, u64 } from '../src/encoding.js';
import * as kept from './kept.js';
import * as schedule from './schedule.js';
import * as stock_data from './stock_data.js';
import { Trouble } from './troubles.js';
import { typedCode } from './typed_code.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/store.js').Store} Store */

const OUTSTANDING = [c.SEED_MADE, c.SEED_PUBLISHED, c.SEED_HANDED_OUT, c.SEED_SET_ASIDE];
// Clocks are set and devices sleep: never wait longer without looking.
const LOOK_AGAIN_MS = 900_000;

/**
 * Ends one code, as it was typed; nobody can use it any more.
 *
 * Throws Trouble `input` for what is no code, `no_code` for one that is not in the store,
 * `used_code` for one with which a request has come, and those of the call.
 * @param {Desk} desk
 * @param {string} typed
 */
export async function cancel(desk, typed) {
  const code = typedCode(typed);
  const found = stock_data.codes(desk.read()).find((one) => equal(one.code.code, code));
  if (!found) throw new Trouble('no_code');
  if (found.code.state === c.SEED_ARRIVED) throw new Trouble('used_code');
  await desk.api.cancelCode(found.locator, found.code.write_key);
  desk.edit((store) => kept.drop(marked(store, found.locator), nameOf(found.locator)));
}

/**
 * Marks the outstanding codes among these to be cancelled at moments spread over the next day;
 * returns how many there are.
 * @param {Desk} desk
 * @param {Uint8Array[]} locators
 * @returns {number}
 */
export function cancelOverADay(desk, locators) {
  const { now, random } = desk.session;
  const start = Math.floor(now() / 1000);
  let count = 0;
  desk.edit((store) => {
    count = 0;
    return locators.reduce((left, locator) => {
      const value = left.get(c.ENTRY_SEED, locator);
      const code = value && SeedEntry.decode(value);
      if (!code || !OUTSTANDING.includes(code.state)) return left;
      count += 1;
      const after = marked(left, locator);
      // What was never published has nothing to be cancelled; but its last try may have arrived.
      const due = schedule.moment(start, start + schedule.DAY_S, random);
      return kept.put(after, nameOf(locator), u64(BigInt(due)));
    }, store);
  });
  return count;
}

/**
 * Cancels over the next day what lay on the server for a member whom the merge took away: codes that
 * her device, or another one, made before anybody there knew that she left. She could open them too.
 * @param {Desk} desk merged with `theirs`
 * @param {Store} theirs as it lay there
 */
export function cancelForLeavers(desk, theirs) {
  const now = desk.read();
  const somebody_left = theirs.ofKind(c.ENTRY_MEMBER).some(({ id }) => !now.get(c.ENTRY_MEMBER, id));
  if (somebody_left) cancelOverADay(desk, stock_data.codes(theirs).map(({ locator }) => locator));
}

/**
 * Cancels one code that is due, if there is one; where several are, because no page was open, the
 * others get new moments. Returns how many wait, and when to look again.
 *
 * Throws Trouble: then it waits.
 * @param {Desk} desk
 * @returns {Promise<{left: number, next_ms: number}>}
 */
export async function cancelDue(desk) {
  const now = desk.session.now();
  const all = waiting(desk);
  const [first, ...late] = all.filter(({ due }) => due <= now / 1000);
  if (first) {
    await desk.api.cancelCode(first.locator, first.write_key);
    desk.edit((store) => spreadAnew(kept.drop(store, nameOf(first.locator)), late, desk));
  }
  const next = Math.min(now + LOOK_AGAIN_MS, ...waiting(desk).map(({ due }) => due * 1000));
  return { left: all.length - Number(Boolean(first)), next_ms: Math.max(next - now, 1000) };
}

/**
 * Returns what is marked and not cancelled at the server yet, the earliest first.
 * @param {Desk} desk
 */
function waiting(desk) {
  const store = desk.read();
  return stock_data
    .codes(store)
    .flatMap(({ locator, code }) => {
      const value = code.state === c.SEED_CANCELLED && kept.get(store, nameOf(locator));
      if (!value) return [];
      return [{ locator, write_key: code.write_key, due: Number(new Reader(value).u64()) }];
    })
    .sort((one, other) => one.due - other.due);
}

/**
 * @param {Store} store
 * @param {{locator: Uint8Array}[]} late
 * @param {Desk} desk
 */
function spreadAnew(store, late, { session }) {
  const start = Math.floor(session.now() / 1000);
  return late.reduce((left, { locator }) => {
    const due = schedule.moment(start, start + schedule.DAY_S, session.random);
    return kept.put(left, nameOf(locator), u64(BigInt(due)));
  }, store);
}

/**
 * Returns a store in which a code that nobody used is cancelled, and waits to be published no more.
 * @param {Store} store
 * @param {Uint8Array} locator
 */
function marked(store, locator) {
  const value = store.get(c.ENTRY_SEED, locator);
  const code = value && SeedEntry.decode(value);
  if (!code || !OUTSTANDING.includes(code.state)) return store;
  const cancelled = SeedEntry.encode({ ...code, state: c.SEED_CANCELLED });
  return kept.devices(store).reduce((left, device) => {
    const stock = stock_data.of(left, device);
    if (!stock.waiting.some((one) => equal(one.locator, locator))) return left;
    return stock_data.put(left, device, stock_data.without(stock, locator));
  }, store.withEntry(c.ENTRY_SEED, locator, cancelled));
}

/** @param {Uint8Array} locator */
const nameOf = (locator) => `cancel ${kept.hex(locator)}`;
