/**
 * When the codes of a stock are published, and when codes are cancelled that end together.
 *
 * The server sees who draws tokens, and later that somebody publishes codes. So that the one says
 * nothing about the other: what was drawn in a week is published in the next, each code at a moment
 * of its own, drawn evenly over the whole of it; one goes at a time, and what came due together gets
 * new moments. Moments are POSIX seconds. They stand in the sealed store, and nowhere else.
 *
 * Source: docs/spec/tokens.md, 6; docs/spec/http.md, 4.
 */

import { monday } from '../src/encoding.js';

/** @typedef {import('./stock_data.js').Waiting} Waiting */
/** @typedef {import('../src/encoding.js').Random} Random */

export const DAY_S = 86_400;
const WEEK_DAYS = 7;
const DRAW_BYTES = 8;

/**
 * Returns a moment from `first` to just before `last` (seconds), each as likely as any.
 * @param {number} first
 * @param {number} last
 * @param {Random} random
 */
export function moment(first, last, random) {
  const drawn = random(DRAW_BYTES).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return first + Number(drawn % BigInt(last - first));
}

/**
 * Returns the moment for a code whose token was drawn in the week of this Monday.
 * @param {number} week
 * @param {number} now POSIX seconds
 * @param {Random} random
 */
export function forDrawn(week, now, random) {
  const [start, end] = [(week + WEEK_DAYS) * DAY_S, (week + 2 * WEEK_DAYS) * DAY_S];
  return now >= end ? thisWeek(now, random) : between(start, end, now, random);
}

/**
 * Returns a moment of what is left of this week, or of the next day where that is less.
 * @param {number} now POSIX seconds
 * @param {Random} random
 */
export function thisWeek(now, random) {
  const week = monday(Math.floor(now / DAY_S));
  return between(now, (week + WEEK_DAYS) * DAY_S, now, random);
}

/**
 * Returns what has come due: what was tried before comes first, then the earliest.
 * @param {Waiting[]} waiting
 * @param {number} now POSIX seconds
 */
export const due = (waiting, now) =>
  waiting
    .filter((one) => one.due <= BigInt(now))
    .sort(
      (one, other) =>
        Number(!one.record.length) - Number(!other.record.length) || Number(one.due - other.due),
    );

/**
 * Returns what came due together with new moments of this week.
 * @param {Waiting[]} late
 * @param {number} now POSIX seconds
 * @param {Random} random
 */
export const spread = (late, now, random) =>
  late.map((one) => ({ ...one, due: BigInt(thisWeek(now, random)) }));

/**
 * @param {number} first
 * @param {number} last
 * @param {number} now
 * @param {Random} random
 */
function between(first, last, now, random) {
  const start = Math.max(first, now);
  return moment(start, Math.max(last, start + DAY_S), random);
}
