/**
 * Which page hands out which codes, so that none gives away what another may have given: one that is
 * open elsewhere, or that ended without being locked and took with it what it did last.
 *
 * Each has a turn, and its own way through the stock. Who comes later sets aside what those before it
 * would have given next. It is written with the looks that come anyway.
 *
 * Source: docs/spec/codes.md, 10.
 */

import * as open_pages from '../src/client/open_pages.js';
import { pagesOf } from '../src/client/settings.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { compare, Reader } from '../src/encoding.js';
import { Malformed } from '../src/errors.js';
import * as kept from './kept.js';
import * as stock_data from './stock_data.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/open_pages.js').OpenPages} OpenPages */
/** @typedef {{locator: Uint8Array, code: stock_data.Seed}} Code */

const CIRCLE = 2 ** 32;

/**
 * Returns which pages of a device (number of 4 bytes) are open: none where another member's client
 * wrote what is no list, so that nobody is kept from looking by it.
 * @param {Store} store
 * @param {Uint8Array} device
 * @returns {OpenPages}
 */
export function of(store, device) {
  const value = kept.get(store, pagesOf(device));
  try {
    return value ? open_pages.decode(value) : open_pages.NOTHING;
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return open_pages.NOTHING;
  }
}

/**
 * Returns the turn that a page (id of 8 bytes) of a device has in a store, or undefined.
 * @param {Store} store
 * @param {{device: Uint8Array, page: Uint8Array}} whose
 */
export const turnIn = (store, { device, page }) => of(store, device).turns.get(kept.hex(page));

/**
 * Enters the desk's page among those that are open, before the store is written; returns how many
 * codes were set aside, since pages were found there that are not this one.
 * @param {Desk} desk
 * @returns {number}
 */
export function enter(desk) {
  const [there, page] = [of(desk.base.store, desk.device), kept.hex(desk.page)];
  if (desk.turn !== undefined) {
    // Another page that was opened since took the entry away: this one is here all the same.
    const here = of(desk.read(), desk.device);
    const turns = new Map(here.turns).set(page, desk.turn);
    desk.edit((store) => put(store, desk.device, { ...here, turns }));
    return 0;
  }
  const others = [...there.turns.values()];
  const doubtful = others.flatMap((turn) => next(desk, turn));
  const after = Math.max(there.turn, ...others) + Number(others.length > 0);
  const turn = Math.min(after, c.PAGE_TURN_MOST);
  const before = desk.read();
  const left = doubtful.reduce((store, { locator }) => setAside(store, locator), before);
  desk.edit(() => put(left, desk.device, { turn, turns: new Map([[page, turn]]) }));
  return aside(left).length - aside(before).length;
}

/**
 * Takes the desk's page from those that are open, before the store is written for the last time:
 * from now on it hands out nothing.
 * @param {Desk} desk
 */
export function leave(desk) {
  desk.turn = undefined;
  desk.edit((store) => {
    const { turn, turns } = of(store, desk.device);
    const left = new Map([...turns].filter(([page]) => page !== kept.hex(desk.page)));
    return put(store, desk.device, { turn, turns: left });
  });
}

/**
 * Returns what the desk's page may hand out, in its order: what lies on the server as published.
 * @param {Desk} desk
 * @returns {Code[]}
 */
export function ready(desk) {
  const here = stock_data.ready(desk.read(), desk.device, desk.session.today());
  const there = published(desk);
  return ordered(here.filter(({ locator }) => there.has(kept.keyOf(locator))), desk.turn ?? 0);
}

/**
 * Returns a store in which codes of a device that were set aside are in the stock again.
 * @param {Store} store
 * @param {Uint8Array} device
 */
export const withAsideBack = (store, device) =>
  aside(store)
    .filter(({ code }) => stock_data.isOf(code, device))
    .reduce((left, one) => withState(left, one, c.SEED_PUBLISHED), store);

/**
 * Returns the codes that were set aside, of all devices, over or not.
 * @param {Store} store
 */
export const aside = (store) =>
  stock_data.codes(store).filter(({ code }) => code.state === c.SEED_SET_ASIDE);

/**
 * Returns codes in the order in which a page of this turn hands them out.
 * @param {Code[]} codes
 * @param {number} turn
 * @returns {Code[]}
 */
export function ordered(codes, turn) {
  const start = reversed(turn >>> 1);
  /** @param {Uint8Array} locator */
  const place = (locator) => {
    const first = new Reader(locator.slice(0, 4)).u32();
    return (turn % 2 ? start - 1 - first + 2 * CIRCLE : first - start + CIRCLE) % CIRCLE;
  };
  return codes
    .map((one) => ({ one, place: place(one.locator) }))
    .sort(
      (a, b) =>
        b.one.code.last_epoch - a.one.code.last_epoch ||
        a.place - b.place ||
        compare(a.one.locator, b.one.locator),
    )
    .map(({ one }) => one);
}

/** @param {number} number whose 32 bits come back in reverse */
function reversed(number) {
  let found = 0;
  for (let bit = 0; bit < 32; bit++) found = found * 2 + ((number >>> bit) & 1);
  return found;
}

/**
 * What a page of this turn would hand out next, as the store on the server says.
 * @param {Desk} desk
 * @param {number} turn
 */
function next({ base, device, session }, turn) {
  const there = ordered(stock_data.ready(base.store, device, session.today()), turn);
  return there.slice(0, Math.min(c.SET_ASIDE_MOST, Math.ceil(there.length / 2)));
}

/** @param {Desk} desk */
const published = ({ base, device, session }) =>
  new Set(
    stock_data.ready(base.store, device, session.today()).map(({ locator }) => kept.keyOf(locator)),
  );

/** @param {Store} store @param {Uint8Array} locator */
function setAside(store, locator) {
  const value = store.get(c.ENTRY_SEED, locator);
  const code = value && SeedEntry.decode(value);
  return code?.state === c.SEED_PUBLISHED
    ? withState(store, { locator, code }, c.SEED_SET_ASIDE)
    : store;
}

/** @param {Store} store @param {Code} one @param {number} state */
const withState = (store, { locator, code }, state) =>
  store.withEntry(c.ENTRY_SEED, locator, SeedEntry.encode({ ...code, state }));

/** @param {Store} store @param {Uint8Array} device @param {OpenPages} pages */
const put = (store, device, pages) =>
  kept.put(kept.withDevice(store, device), pagesOf(device), open_pages.encode(pages));
