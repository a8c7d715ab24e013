/**
 * Two versions of a case made one: nothing that was said in it is lost without being named.
 *
 * Source: docs/spec/store.md, section 9.5.
 */

import * as c from '../constants.js';
import { concat, equal, u8, utf8 } from '../encoding.js';
import { sameBytes, settled } from './merge_sides.js';

/**
 * @typedef {import('./case.js').Case} Case
 * @typedef {import('./case.js').Numbered} Numbered
 */

/**
 * Return one case of two that both sides changed since `base`, and by field what of mine is lost.
 * @param {Case | undefined} base
 * @param {Case} mine
 * @param {Case} theirs
 * @returns {{one: Case, lost: Numbered[]}}
 */
export function mergeCases(base, mine, theirs) {
  /** @type {Numbered[]} */
  const lost = [];
  if (!equal(mine.message, theirs.message)) lost.push([c.CASE_MESSAGE, mine.message]);
  const state = stateOf(base, mine, theirs);
  const one = {
    arrived: Math.min(mine.arrived, theirs.arrived),
    state,
    message: theirs.message,
    last_epoch: lastEpoch(state, mine, theirs),
    follow_ups: union(mine.follow_ups, theirs.follow_ups, c.CASE_FOLLOW_UP, lost),
    answers: union(mine.answers, theirs.answers, c.CASE_ANSWER, lost),
    taken_by: takenBy(base, mine, theirs, lost),
    note: noteOf(base?.note ?? '', mine.note, theirs.note, lost),
    unknown: unknownOf(base?.unknown ?? [], mine.unknown, theirs.unknown, lost),
  };
  return { one, lost };
}

/**
 * Return a case that another side closed, and no longer has, closed as well.
 * @param {Case} one
 * @param {number} today
 * @returns {Case}
 */
export function closedElsewhere(one, today) {
  if (one.state === c.STATE_CLOSED) return one;
  return { ...one, state: c.STATE_CLOSED, last_epoch: today + c.CASE_DAYS_AFTER_CLOSING };
}

/**
 * @template T
 * @param {T} one
 * @param {T} other
 */
function is(one, other) {
  return one === other;
}

/**
 * @param {Case | undefined} base
 * @param {Case} mine
 * @param {Case} theirs
 */
function stateOf(base, mine, theirs) {
  const higher = Math.max(mine.state, theirs.state);
  if (mine.state === c.STATE_CLOSED || theirs.state === c.STATE_CLOSED) return c.STATE_CLOSED;
  const { alone, value } = settled(base?.state, mine.state, theirs.state, is);
  return (alone && value) || higher;
}

/**
 * @param {number} state
 * @param {Case} mine
 * @param {Case} theirs
 */
function lastEpoch(state, mine, theirs) {
  if (state !== c.STATE_CLOSED) return Math.max(mine.last_epoch, theirs.last_epoch);
  const closed = [mine, theirs].filter((one) => one.state === c.STATE_CLOSED);
  return Math.min(...closed.map((one) => one.last_epoch));
}

/**
 * @param {readonly Numbered[]} mine
 * @param {readonly Numbered[]} theirs
 * @param {number} field
 * @param {Numbered[]} lost
 * @returns {Numbered[]}
 */
function union(mine, theirs, field, lost) {
  const stand = new Map([...mine, ...theirs]);
  for (const [number, body] of mine) {
    if (!sameBytes(stand.get(number), body)) lost.push([field, concat(u8(number), body)]);
  }
  return [...stand].sort(([one], [other]) => one - other);
}

/**
 * @param {Case | undefined} base
 * @param {Case} mine
 * @param {Case} theirs
 * @param {Numbered[]} lost
 */
function takenBy(base, mine, theirs, lost) {
  const { alone, value } = settled(base?.taken_by, mine.taken_by, theirs.taken_by, sameBytes);
  if (!alone) lost.push([c.CASE_TAKEN_BY, mine.taken_by ?? new Uint8Array()]);
  return value;
}

/**
 * @param {string} base
 * @param {string} mine
 * @param {string} theirs
 * @param {Numbered[]} lost
 */
function noteOf(base, mine, theirs, lost) {
  const { alone, value } = settled(base, mine, theirs, is);
  if (!alone && !mine) lost.push([c.CASE_NOTE, new Uint8Array()]);
  if (alone || theirs.includes(mine)) return value;
  if (mine.includes(theirs)) return mine;
  const added = mine.startsWith(base) ? mine.slice(base.length).replace(/^\n+/, '') : mine;
  const both = `${theirs}\n${added}`;
  if (utf8(both).length <= c.CASE_NOTE_BYTES) return both;
  lost.push([c.CASE_NOTE, utf8(mine)]);
  return theirs;
}

/**
 * @param {readonly Numbered[]} base
 * @param {readonly Numbered[]} mine
 * @param {readonly Numbered[]} theirs
 * @param {Numbered[]} lost
 * @returns {Numbered[]}
 */
function unknownOf(base, mine, theirs, lost) {
  const [before, ours, others] = [new Map(base), new Map(mine), new Map(theirs)];
  const numbers = [...new Set([...ours.keys(), ...others.keys()])].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const [one, other] = [ours.get(number), others.get(number)];
    const { alone, value } = settled(before.get(number), one, other, sameBytes);
    if (!alone) lost.push([number, one && other ? one : new Uint8Array()]);
    const stands = alone ? value : (other ?? one);
    return stands ? [/** @type {Numbered} */ ([number, stands])] : [];
  });
}
