/**
 * The stock of one device: tokens in hand, and codes that wait for their day.
 *
 * A code is an entry of its own from the moment it is made; what is here is only what publishing
 * needs, and gone when that is done.
 *
 * Source: docs/spec/store.md, sections 8 and 9.7.
 */

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
  const bound = [...mine.waiting, ...theirs.waiting].map(({ token }) => token);
  const tokens = distinct([...mine.tokens, ...theirs.tokens]).filter((one) => {
    const gone = has(base.tokens, one) && !(has(mine.tokens, one) && has(theirs.tokens, one));
    return !gone && !has(bound, one);
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
  const theirs_only = theirs.waiting.filter(({ locator }) => !under(mine, locator));
  return [...mine.waiting, ...theirs_only].flatMap(({ locator }) => {
    const one = chosen(under(base, locator), under(mine, locator), under(theirs, locator));
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

/**
 * @param {Stock} stock
 * @param {Uint8Array} locator
 */
function under(stock, locator) {
  return stock.waiting.find((one) => equal(one.locator, locator));
}

/**
 * @param {readonly Token[]} tokens
 * @param {Token} token
 */
function has(tokens, token) {
  return tokens.some((one) => one.until === token.until && equal(one.value, token.value));
}

/** @param {readonly Token[]} tokens */
function distinct(tokens) {
  return tokens.filter((one, at) => !has(tokens.slice(0, at), one));
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
