/**
 * The stock of one device: tokens in hand, and codes that wait for their day.
 *
 * A code is an entry of its own from the moment it is made; what is here is only what publishing
 * needs, and gone when that is done.
 *
 * Source: docs/spec/store.md, sections 8 and 9.7.
 */

import { bytesToHex } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { compare, concat, equal, lp, Reader, u16, u32, u64 } from '../encoding.js';
import { settled } from './merge_sides.js';

/**
 * A token (96 bytes) and the last epoch on which the server takes it.
 * @typedef {{until: number, value: Uint8Array}} Token
 */

/**
 * A code that is to be published at a moment (POSIX seconds), with its token.
 *
 * `record` is empty until the first try, and from then on what is sent again byte for byte.
 * @typedef {{locator: Uint8Array, due: bigint, token: Token, record: Uint8Array}} Waiting
 */

/**
 * Of one device: the last week (Monday) it drew, unspent tokens, codes that wait.
 * @typedef {{week: number, tokens: Token[], waiting: Waiting[]}} Stock
 */

/** @type {Stock} */
export const NOTHING = { week: 0, tokens: [], waiting: [] };

/**
 * Return it as the store keeps it.
 * @param {Stock} stock
 * @returns {Uint8Array}
 */
export function encode({ week, tokens, waiting }) {
  const held = concat(u16(tokens.length), ...tokens.map(encodeToken));
  return concat(u32(week), held, u16(waiting.length), ...waiting.map(encodeWaiting));
}

/**
 * Read what `encode` wrote; Malformed.
 * @param {Uint8Array} value
 * @returns {Stock}
 */
export function decode(value) {
  const reader = new Reader(value);
  const week = reader.u32();
  const tokens = Array.from({ length: reader.u16() }, () => readToken(reader));
  const waiting = Array.from({ length: reader.u16() }, () => readWaiting(reader));
  reader.end();
  return { week, tokens, waiting };
}

/**
 * Return what two clients made of one stock: what one of them spent is spent.
 *
 * Source: docs/spec/store.md, section 9.7.
 * @param {Stock} base
 * @param {Stock} mine
 * @param {Stock} theirs
 * @returns {Stock}
 */
export function merged(base, mine, theirs) {
  const bound = named([...mine.waiting, ...theirs.waiting].map(({ token }) => token));
  const [drawn, here, there] = [named(base.tokens), named(mine.tokens), named(theirs.tokens)];
  const tokens = [...new Map([...here, ...there])].flatMap(([name, one]) => {
    const is_spent = drawn.has(name) && !(here.has(name) && there.has(name));
    return is_spent || bound.has(name) ? [] : [one];
  });
  return {
    week: Math.max(mine.week, theirs.week),
    tokens: tokens.sort((one, other) => compare(encodeToken(one), encodeToken(other))),
    waiting: waitingOf(base, mine, theirs).sort(byMoment),
  };
}

/**
 * @param {Stock} base
 * @param {Stock} mine
 * @param {Stock} theirs
 */
function waitingOf(base, mine, theirs) {
  const [before, ours, others] = [byLocator(base), byLocator(mine), byLocator(theirs)];
  return [...new Set([...ours.keys(), ...others.keys()])].flatMap((name) => {
    const one = chosen(before.get(name), ours.get(name), others.get(name));
    return one ? [one] : [];
  });
}

/**
 * @param {Waiting | undefined} base
 * @param {Waiting | undefined} mine
 * @param {Waiting | undefined} theirs
 */
function chosen(base, mine, theirs) {
  if (!mine || !theirs) return base ? undefined : (mine ?? theirs);
  const same = (/** @type {Waiting | undefined} */ one, /** @type {Waiting | undefined} */ other) =>
    one && other ? equal(encodeWaiting(one), encodeWaiting(other)) : one === other;
  const { alone, value } = settled(base, mine, theirs, same);
  if (alone) return value;
  return mine.record.length && !theirs.record.length ? mine : theirs;
}

/** @param {Stock} stock */
function byLocator({ waiting }) {
  return new Map(waiting.map((one) => [bytesToHex(one.locator), one]));
}

/** @param {readonly Token[]} tokens */
function named(tokens) {
  return new Map(tokens.map((one) => [bytesToHex(encodeToken(one)), one]));
}

/**
 * @param {Waiting} one
 * @param {Waiting} other
 */
function byMoment(one, other) {
  return compare(u64(one.due), u64(other.due)) || compare(one.locator, other.locator);
}

/** @param {Token} token */
function encodeToken({ until, value }) {
  return concat(u32(until), value);
}

/** @param {Reader} reader */
function readToken(reader) {
  return { until: reader.u32(), value: reader.take(c.TOKEN_BYTES) };
}

/** @param {Waiting} one */
function encodeWaiting({ locator, due, token, record }) {
  return concat(locator, u64(due), encodeToken(token), lp(record));
}

/** @param {Reader} reader */
function readWaiting(reader) {
  const [locator, due] = [reader.take(c.LOCATOR_BYTES), reader.u64()];
  return { locator, due, token: readToken(reader), record: reader.lp() };
}
