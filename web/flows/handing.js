/**
 * Handing out codes from the stock, and cancelling a batch of them.
 *
 * What is handed out is marked before anybody sees it, and saved with the next sync: until then
 * `desk.unsaved` is true, and the page says so before it is closed. Which codes those are is a matter
 * of the page's turn (page_turns.js).
 *
 * Source: docs/spec/codes.md, 2, 3, 8 and 10; docs/spec/http.md, 4.
 */

import * as code_text from '../src/client/code_text.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { utf8 } from '../src/encoding.js';
import * as cancelling from './cancelling.js';
import * as kept from './kept.js';
import * as page_turns from './page_turns.js';
import * as stock_data from './stock_data.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/store.js').Store} Store */

/**
 * A code to give away in its two forms, the last day that is printed with it, its locator, and the
 * batch that it is of.
 * @typedef {{symbols: string, digits: string, last_day: number, locator: Uint8Array,
 *   batch: string}} Handed
 */

/**
 * A batch: its name for the members ('' for none), and how many of it are with people, used, and
 * cancelled.
 * @typedef {{batch: string, name: string, out: number, used: number, cancelled: number}} Batch
 */

const DEVICE_SIGNS = 8; // 4 bytes in hexadecimal
/** @type {Map<number, 'out' | 'used' | 'cancelled'>} */
const COUNTED = new Map([
  [c.SEED_HANDED_OUT, 'out'],
  [c.SEED_ARRIVED, 'used'],
  [c.SEED_CANCELLED, 'cancelled'],
]);

/**
 * Takes `count` codes from the stock as one batch, with a name for the members or ''; throws Trouble
 * `input` below 1 and for a name that is too long, `not_entered` where the server does not know yet
 * that this page is open, `stock` where there are too few: then none is handed out.
 * @param {Desk} desk
 * @param {number} count
 * @param {string} [name] at most 64 bytes
 * @returns {Handed[]}
 */
export function handOut(desk, count, name = '') {
  if (!(Number.isInteger(count) && count >= 1)) throw new Trouble('input');
  if (utf8(name).length > c.MEMBER_NAME_BYTES) throw new Trouble('too_long');
  if (desk.turn === undefined) throw new Trouble('not_entered');
  const ready = page_turns.ready(desk);
  if (ready.length < count) throw new Trouble('stock');
  const taken = ready.slice(0, count);
  const locators = taken.map(({ locator }) => locator);
  const batch = desk.session.random(c.BATCH_ID_BYTES);
  desk.edit((store) => {
    const left = withState(store, locators, [c.SEED_PUBLISHED, c.SEED_HANDED_OUT], batch);
    return name ? kept.put(left, nameOf(kept.hex(batch)), utf8(name)) : left;
  });
  return taken.map(handed).map((one) => ({ ...one, batch: kept.hex(batch) }));
}

/**
 * Returns the batches that were handed out and are not over, those that live longest first: how
 * many of each are with people, used, and cancelled.
 * @param {Desk} desk
 * @returns {Batch[]}
 */
export function batches(desk) {
  const [store, today] = [desk.read(), desk.session.today()];
  /** @type {Map<string, Batch>} */
  const found = new Map();
  const all = stock_data.codes(store).filter(({ code }) => code.last_epoch > today);
  all.sort((one, other) => other.code.last_epoch - one.code.last_epoch);
  const stocks = new Set(kept.devices(store).map((device) => kept.hex(device)));
  for (const { code } of all) {
    const counts = COUNTED.get(code.state);
    const batch = kept.hex(code.batch);
    // What was cancelled before it was handed out is of no batch that anybody was given.
    if (!counts || stocks.has(batch.slice(0, DEVICE_SIGNS))) continue;
    const one = found.get(batch) ?? { batch, name: nameIn(store, batch), out: 0, used: 0, cancelled: 0 };
    one[counts] += 1;
    found.set(batch, one);
  }
  return [...found.values()];
}

/**
 * Returns a store without the names of batches of which no code is left.
 * @param {Store} before
 * @param {Store} after the same when what was over had gone
 */
export function withoutOldNames(before, after) {
  const left = new Set(stock_data.codes(after).map(({ code }) => kept.hex(code.batch)));
  const gone = stock_data.codes(before).map(({ code }) => kept.hex(code.batch));
  return [...new Set(gone)]
    .filter((batch) => !left.has(batch))
    .reduce((store, batch) => kept.drop(store, nameOf(batch)), after);
}

/**
 * Cancels all outstanding codes of a batch (as `handedOut` names it), spread over a day; returns how
 * many. They are not handed out any more from now on, and end at the server while a page is open.
 * @param {Desk} desk
 * @param {string} batch
 * @returns {number}
 */
export function cancelBatch(desk, batch) {
  const all = stock_data.codes(desk.read()).filter(({ code }) => kept.hex(code.batch) === batch);
  return cancelling.cancelOverADay(desk, all.map(({ locator }) => locator));
}

/**
 * Cancels all outstanding codes of a batch at once, one call after another: the server can see that
 * they belong together. Returns how many; throws Trouble: those that are left stay as they were.
 * @param {Desk} desk
 * @param {string} batch
 * @param {(done: number) => void} [onProgress]
 */
export async function cancelBatchNow(desk, batch, onProgress = () => undefined) {
  const all = stock_data
    .codes(desk.read())
    .filter(({ code }) => kept.hex(code.batch) === batch && code.state === c.SEED_HANDED_OUT);
  return await cancelNow(desk, all, onProgress);
}

/**
 * Returns how many codes are set aside, since somebody may have them, and how many of them are of this
 * member's stock: those she can put back.
 * @param {Desk} desk
 */
export function aside(desk) {
  const all = asideNow(desk);
  return { all: all.length, own: all.filter(({ code }) => stock_data.isOf(code, desk.device)).length };
}

/**
 * Puts the codes of this member that were set aside back into the stock: she knows that nobody has one.
 * @param {Desk} desk
 */
export function putAsideBack(desk) {
  desk.edit((store) => page_turns.withAsideBack(store, desk.device));
}

/**
 * Cancels all codes that were set aside, spread over a day, as `cancelBatch`.
 * @param {Desk} desk
 * @returns {number}
 */
export const cancelAside = (desk) =>
  cancelling.cancelOverADay(desk, asideNow(desk).map(({ locator }) => locator));

/**
 * Cancels all codes that were set aside at once, as `cancelBatchNow`.
 * @param {Desk} desk
 */
export async function cancelAsideNow(desk) {
  return await cancelNow(desk, asideNow(desk));
}

/** @param {Desk} desk */
const asideNow = (desk) =>
  page_turns.aside(desk.read()).filter(({ code }) => code.last_epoch > desk.session.today());

/**
 * @param {Desk} desk
 * @param {{code: stock_data.Seed}[]} codes
 * @param {(done: number) => void} [onProgress]
 */
async function cancelNow(desk, codes, onProgress = () => undefined) {
  let done = 0;
  for (const { code } of codes) {
    await cancelling.cancel(desk, code_text.symbols(code.code, 'code'));
    onProgress((done += 1));
  }
  return done;
}

/**
 * @param {Store} store
 * @param {Uint8Array[]} locators
 * @param {[before: number, after: number]} states
 * @param {Uint8Array} batch which they are of then
 */
const withState = (store, locators, [before, after], batch) =>
  locators.reduce((left, locator) => {
    const value = left.get(c.ENTRY_SEED, locator);
    const code = value && SeedEntry.decode(value);
    if (!code || code.state !== before) return left;
    return left.withEntry(c.ENTRY_SEED, locator, SeedEntry.encode({ ...code, state: after, batch }));
  }, store);

/** @param {{locator: Uint8Array, code: stock_data.Seed}} one */
const handed = ({ locator, code }) => ({
  symbols: code_text.symbols(code.code, 'code'),
  digits: code_text.digits(code.code, 'code'),
  last_day: code.last_epoch - 1,
  locator,
  batch: kept.hex(code.batch),
});

/** @param {string} batch */
const nameOf = (batch) => `batch ${batch}`;

/** @param {Store} store @param {string} batch */
function nameIn(store, batch) {
  const value = kept.get(store, nameOf(batch));
  return value ? new TextDecoder().decode(value) : '';
}

export { cancel, cancelDue } from './cancelling.js';
