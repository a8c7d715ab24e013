/**
 * The stock of one device as the store keeps it: tokens in hand, and codes that wait for their day.
 *
 * A code is an entry of its own from the moment it is made (docs/spec/store.md, 3); what is here is
 * only what publishing needs, and gone when that is done.
 */

import { stockOf } from '../src/client/settings.js';
import * as stocks from '../src/client/stock.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { concat, equal, u32 } from '../src/encoding.js';
import * as kept from './kept.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/store_entries.js').SeedEntry} Seed */

/** @typedef {import('../src/client/stock.js').Stock} Stock */
/** @typedef {import('../src/client/stock.js').Token} Token */
/** @typedef {import('../src/client/stock.js').Waiting} Waiting */

const DEVICE_BYTES = 4;

/**
 * Returns the stock of a device (number of 4 bytes); an empty one where it has none.
 * @param {Store} store
 * @param {Uint8Array} device
 * @returns {Stock}
 */
export function of(store, device) {
  const value = kept.get(store, stockOf(device));
  return value ? stocks.decode(value) : stocks.NOTHING;
}

/**
 * Returns a store with this stock of a device.
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {Stock} stock
 */
export const put = (store, device, stock) =>
  kept.put(kept.withDevice(store, device), stockOf(device), stocks.encode(stock));

/**
 * Returns the 8-byte batch of codes that a device makes from the tokens of a week.
 * @param {Uint8Array} device
 * @param {number} week
 */
export const batch = (device, week) => concat(device, u32(week));

/**
 * Returns every code of the store with its locator.
 * @param {Store} store
 */
export const codes = (store) =>
  store
    .ofKind(c.ENTRY_SEED)
    .map(({ id, value }) => ({ locator: id, code: SeedEntry.decode(value) }));

/**
 * Says whether a code is of a device's stock.
 * @param {Seed} code
 * @param {Uint8Array} device
 */
export const isOf = (code, device) => equal(code.batch.slice(0, DEVICE_BYTES), device);

/**
 * Returns the codes that a device published, that nobody has and that live past today.
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {number} today
 */
export const ready = (store, device, today) =>
  codes(store).filter(
    ({ code }) =>
      code.state === c.SEED_PUBLISHED &&
      isOf(code, device) &&
      code.last_epoch > today,
  );

/**
 * Returns a stock with this in place of what waited under the same locator.
 * @param {Stock} stock
 * @param {Waiting} changed
 * @returns {Stock}
 */
export const withWaiting = (stock, changed) => ({
  ...stock,
  waiting: stock.waiting.map((one) => (equal(one.locator, changed.locator) ? changed : one)),
});

/**
 * Returns a stock in which this locator does not wait any more.
 * @param {Stock} stock
 * @param {Uint8Array} locator
 * @returns {Stock}
 */
export const without = (stock, locator) => ({
  ...stock,
  waiting: stock.waiting.filter((one) => !equal(one.locator, locator)),
});
