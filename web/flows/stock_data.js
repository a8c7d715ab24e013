/**
 * The stock of one device as the store keeps it: tokens in hand, and codes that wait for their day.
 *
 * A code is an entry of its own from the moment it is made (docs/spec/store.md, 3); what is here is
 * only what publishing needs, and gone when that is done.
 */

import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { concat, equal, lp, Reader, u16, u32, u64 } from '../src/encoding.js';
import * as kept from './kept.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/store_entries.js').SeedEntry} Seed */

/**
 * A token (96 bytes) and the last epoch on which the server takes it.
 * @typedef {{until: number, value: Uint8Array}} Token
 */

/**
 * A code that is to be published at a moment (POSIX seconds), with its token.
 *
 * `record` is empty until the first try, and from then on what is sent again byte for byte.
 * @typedef {{locator: Uint8Array, due: number, token: Token, record: Uint8Array}} Waiting
 */

/**
 * Of one device: the last week (Monday) it drew, unspent tokens, codes that wait.
 * @typedef {{week: number, tokens: Token[], waiting: Waiting[]}} Stock
 */

const DEVICE_BYTES = 4;

/**
 * Returns the stock of a device (number of 4 bytes); an empty one where it has none.
 * @param {Store} store
 * @param {Uint8Array} device
 * @returns {Stock}
 */
export function of(store, device) {
  const value = kept.get(store, nameOf(device));
  return value ? decode(value) : { week: 0, tokens: [], waiting: [] };
}

/**
 * Returns a store with this stock of a device.
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {Stock} stock
 */
export const put = (store, device, stock) =>
  kept.put(kept.withDevice(store, device), nameOf(device), encode(stock));

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
 * Returns the codes that a device published, that nobody has and that live past today.
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {number} today
 */
export const ready = (store, device, today) =>
  codes(store).filter(
    ({ code }) =>
      code.state === c.SEED_PUBLISHED &&
      equal(code.batch.slice(0, DEVICE_BYTES), device) &&
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

/**
 * Returns a stock as the store keeps it.
 * @param {Stock} stock
 */
export const encode = ({ week, tokens, waiting }) =>
  concat(
    u32(week),
    u16(tokens.length),
    ...tokens.map(encodeToken),
    u16(waiting.length),
    ...waiting.map(({ locator, due, token, record }) =>
      concat(locator, u64(BigInt(due)), encodeToken(token), lp(record)),
    ),
  );

/**
 * Reads what `encode` wrote; Malformed.
 * @param {Uint8Array} value
 * @returns {Stock}
 */
export function decode(value) {
  const reader = new Reader(value);
  const week = reader.u32();
  const tokens = Array.from({ length: reader.u16() }, () => readToken(reader));
  const waiting = Array.from({ length: reader.u16() }, () => ({
    locator: reader.take(c.LOCATOR_BYTES),
    due: Number(reader.u64()),
    token: readToken(reader),
    record: reader.lp(),
  }));
  reader.end();
  return { week, tokens, waiting };
}

/** @param {Token} token */
const encodeToken = ({ until, value }) => concat(u32(until), value);

/** @param {Reader} reader */
const readToken = (reader) => ({ until: reader.u32(), value: reader.take(c.TOKEN_BYTES) });

/** @param {Uint8Array} device */
const nameOf = (device) => `stock ${kept.hex(device)}`;
