/**
 * Handing out codes from the stock, and cancelling a batch of them.
 *
 * What is handed out is marked before anybody sees it, and saved with the next sync: until then
 * `desk.unsaved` is true, and the page says so before it is closed.
 *
 * Source: docs/spec/codes.md, 2, 3 and 8; docs/spec/http.md, 4.
 */

import * as code_text from '../src/client/code_text.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { compare } from '../src/encoding.js';
import * as cancelling from './cancelling.js';
import * as kept from './kept.js';
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

const DRAW_BYTES = 8;

/**
 * Takes `count` codes from the stock; throws Trouble `input` below 1, `stock` where it is too small:
 * then none is handed out.
 * @param {Desk} desk
 * @param {number} count
 * @returns {Handed[]}
 */
export function handOut(desk, count) {
  if (!(Number.isInteger(count) && count >= 1)) throw new Trouble('input');
  const { random, today } = desk.session;
  const ready = stock_data.ready(desk.read(), desk.device, today());
  if (ready.length < count) throw new Trouble('stock');
  // Those that live longest, and among them any: their order says nothing to anybody.
  const drawn = ready.map((one) => ({ ...one, drawn: random(DRAW_BYTES) }));
  drawn.sort((a, b) => b.code.last_epoch - a.code.last_epoch || compare(a.drawn, b.drawn));
  const taken = drawn.slice(0, count);
  const locators = taken.map(({ locator }) => locator);
  desk.edit((store) => withState(store, locators, [c.SEED_PUBLISHED, c.SEED_HANDED_OUT]));
  return taken.map(handed);
}

/**
 * Puts codes back into the stock that nobody has seen: a sheet that was not printed.
 * @param {Desk} desk
 * @param {Handed[]} unseen
 */
export function putBack(desk, unseen) {
  const locators = unseen.map(({ locator }) => locator);
  desk.edit((store) => withState(store, locators, [c.SEED_HANDED_OUT, c.SEED_PUBLISHED]));
}

/**
 * Returns the codes that were handed out and have not ended, those that live longest first.
 * @param {Desk} desk
 * @returns {Handed[]}
 */
export function handedOut(desk) {
  const today = desk.session.today();
  return stock_data
    .codes(desk.read())
    .filter(({ code }) => code.state === c.SEED_HANDED_OUT && code.last_epoch > today)
    .sort((one, other) => other.code.last_epoch - one.code.last_epoch)
    .map(handed);
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
 * @param {Store} store
 * @param {Uint8Array[]} locators
 * @param {[before: number, after: number]} states
 */
const withState = (store, locators, [before, after]) =>
  locators.reduce((left, locator) => {
    const value = left.get(c.ENTRY_SEED, locator);
    const code = value && SeedEntry.decode(value);
    if (!code || code.state !== before) return left;
    return left.withEntry(c.ENTRY_SEED, locator, SeedEntry.encode({ ...code, state: after }));
  }, store);

/** @param {{locator: Uint8Array, code: stock_data.Seed}} one */
const handed = ({ locator, code }) => ({
  symbols: code_text.symbols(code.code, 'code'),
  digits: code_text.digits(code.code, 'code'),
  last_day: code.last_epoch - 1,
  locator,
  batch: kept.hex(code.batch),
});

export { cancel, cancelDue } from './cancelling.js';
