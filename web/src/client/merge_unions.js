/**
 * Two values of one setting made one, where both sides changed it.
 *
 * Each refuses a value that is not as the specification says, as Malformed.
 *
 * Source: docs/spec/store.md, section 8.
 */

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { compare, concat, Reader, u32, u8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import * as open_pages from './open_pages.js';
import * as settings from './settings.js';
import * as stock from './stock.js';

/**
 * Makes one of mine and theirs, given base, as of a day.
 * @typedef {(given: {base: Uint8Array | undefined, mine: Uint8Array, theirs: Uint8Array,
 *   today: number}) => Uint8Array | undefined} Union
 */

/** @type {Union} */
function laterWeek({ mine, theirs }) {
  const size = c.EPOCH_BYTES + c.DROP_KEY_BYTES;
  if (mine.length !== size || theirs.length !== size) throw new Malformed();
  return new Reader(mine).u32() > new Reader(theirs).u32() ? mine : theirs;
}

/** @type {Union} */
function unreadable({ mine, theirs, today }) {
  const run = [...pairs(mine, c.BINDING_BYTES, readU32), ...pairs(theirs, c.BINDING_BYTES, readU32)];
  const kept = [...joined(run, Math.min)]
    .filter(([, day]) => day + c.UNREADABLE_DAYS >= today)
    .map(([tag, day]) => ({ tag: hexToBytes(tag), day }))
    .sort((one, other) => one.day - other.day || compare(one.tag, other.tag));
  return concat(...kept.slice(-c.UNREADABLE_MOST).map(({ tag, day }) => concat(tag, u32(day))));
}

/** @type {Union} */
function devices({ mine, theirs }) {
  const both = new Set([...numbersOf(mine), ...numbersOf(theirs)].map(bytesToHex));
  return concat(...[...both].sort().map(hexToBytes));
}

/** @type {Union} */
function longerLog({ mine, theirs }) {
  return sizeOfEdge(mine) > sizeOfEdge(theirs) ? mine : theirs;
}

/**
 * Return what is known of weekly keys: own, where either says so.
 * @type {Union}
 */
export function weeks({ mine, theirs }) {
  const run = [...pairs(mine, c.EPOCH_BYTES, readU8), ...pairs(theirs, c.EPOCH_BYTES, readU8)];
  const known = [...joined(run, Math.max)].sort(([one], [other]) => (one < other ? -1 : 1));
  const latest = known.slice(-c.WEEKS_KNOWN_MOST);
  return concat(...latest.map(([week, own]) => concat(hexToBytes(week), u8(own))));
}

/**
 * Return one stock of two. Source: docs/spec/store.md, 9.7.
 * @type {Union}
 */
export function stocks({ base, mine, theirs }) {
  const before = base ? stock.decode(base) : stock.NOTHING;
  return stock.encode(stock.merged(before, stock.decode(mine), stock.decode(theirs)));
}

/**
 * Return the pages that are open as both know.
 * @type {Union}
 */
export function pages({ base, mine, theirs }) {
  const before = base ? open_pages.decode(base) : open_pages.NOTHING;
  const [ours, others] = [open_pages.decode(mine), open_pages.decode(theirs)];
  return open_pages.encode(open_pages.merged(before, ours, others));
}

/**
 * By the id of the setting, for those whose name is always the same.
 * @type {ReadonlyMap<string, Union>}
 */
export const NAMED = new Map([
  [bytesToHex(settings.settingId(settings.DROP_KEY)), laterWeek],
  [bytesToHex(settings.settingId(settings.UNREADABLE)), unreadable],
  [bytesToHex(settings.settingId(settings.DEVICES)), devices],
  [bytesToHex(settings.settingId(settings.MEMBERS)), () => undefined],
  // Whoever merges writes this anew: nothing is overruled.
  [bytesToHex(settings.settingId(settings.WRITTEN)), ({ theirs }) => theirs],
  [bytesToHex(settings.settingId(settings.LOG)), longerLog],
]);

/**
 * Return the numbers in a list of devices.
 * @param {Uint8Array} [value]
 */
export function numbersOf(value = new Uint8Array()) {
  return pairs(value, c.DEVICE_BYTES, () => 0).map(([number]) => number);
}

/**
 * Return a stock without the codes that wait in vain.
 * @param {Uint8Array} value
 * @param {(locator: Uint8Array) => boolean} is_made
 */
export function waitingOnly(value, is_made) {
  const there = stock.decode(value);
  const waiting = there.waiting.filter(({ locator }) => is_made(locator));
  return waiting.length === there.waiting.length ? value : stock.encode({ ...there, waiting });
}

/**
 * Return slot and body of an answer that waits to be sent.
 * @param {Uint8Array} value
 */
export function outgoing(value) {
  const reader = new Reader(value);
  const slot = reader.u8();
  reader.take(c.SLOT_BYTES);
  return { slot, body: reader.take(reader.left) };
}

/**
 * Return a cursor, or undefined for what is none.
 * @param {Uint8Array | undefined} value
 */
export function cursor(value) {
  return value?.length === c.CURSOR_BYTES ? value : undefined;
}

/**
 * Return how many entries the log has whose edge this is (docs/spec/log.md, 2).
 * @param {Uint8Array} edge
 */
function sizeOfEdge(edge) {
  const reader = new Reader(edge);
  const size = Number(reader.u64());
  if (size >= 2 ** c.EDGE_HASHES) throw new Malformed();
  for (let left = size; left; left &= left - 1) reader.take(c.HASH_BYTES);
  reader.end();
  return size;
}

/** @param {Reader} reader */
function readU32(reader) {
  return reader.u32();
}

/** @param {Reader} reader */
function readU8(reader) {
  return reader.u8();
}

/**
 * @param {Uint8Array} value
 * @param {number} size
 * @param {(reader: Reader) => number} read
 * @returns {[Uint8Array, number][]}
 */
function pairs(value, size, read) {
  const reader = new Reader(value);
  /** @type {[Uint8Array, number][]} */
  const run = [];
  while (reader.left) run.push([reader.take(size), read(reader)]);
  return run;
}

/**
 * @param {readonly [Uint8Array, number][]} run
 * @param {(...numbers: number[]) => number} choose
 * @returns {Map<string, number>}
 */
function joined(run, choose) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const [id, number] of run) {
    const name = bytesToHex(id);
    found.set(name, choose(number, found.get(name) ?? number));
  }
  return found;
}
