/**
 * The settings of a store (kind 6) merged, after all else stands.
 *
 * A value that is not as the specification says falls under the rule for every entry.
 *
 * Source: docs/spec/store.md, sections 8 and 9.6 to 9.8.
 */

import { bytesToHex } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { concat, equal, Reader, u8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { sameBytes, settled } from './merge_sides.js';
import * as merge_unions from './merge_unions.js';
import * as settings from './settings.js';
import { Case, SeedEntry } from './store_entries.js';

/**
 * @typedef {import('./merge_sides.js').Place} Place
 * @typedef {import('./merge_sides.js').Sides} Sides
 * @typedef {import('./merge_sides.js').Value} Value
 * @typedef {import('./merge_unions.js').Union} Union
 */

const DEVICES = { kind: c.ENTRY_SETTING, id: settings.settingId(settings.DEVICES) };
const CURSOR = { kind: c.ENTRY_SETTING, id: settings.settingId(settings.CURSOR) };
const FINDING = [c.ENTRY_SEED, c.ENTRY_WEEKLY, c.ENTRY_CASE];

/**
 * Let settings stand beside entries that stand already.
 * @param {Sides} sides
 */
export function mergeSettings(sides) {
  const devices = devicesOf(sides);
  const stocks = new Set(devices.map((one) => hexId(settings.stockOf(one))));
  const cases = new Map(
    sides
      .places((kind) => kind === c.ENTRY_CASE)
      .map(({ id }) => [hexId(settings.answerOf(id)), id]),
  );
  /** @type {Map<string, Union>} */
  const unions = new Map(merge_unions.NAMED);
  for (const one of devices) {
    unions.set(hexId(settings.weeklyOf(one)), merge_unions.weeks);
    unions.set(hexId(settings.pagesOf(one)), merge_unions.pages);
  }
  for (const place of sides.places((kind) => kind === c.ENTRY_SETTING)) {
    const id = bytesToHex(place.id);
    const case_id = cases.get(id);
    if (equal(place.id, CURSOR.id)) sides.put(place, cursorOf(sides));
    else if (stocks.has(id)) sides.put(place, stockOf(sides, place));
    else if (case_id) sides.put(place, answerOf(sides, place, case_id));
    else sides.put(place, united(sides, place, unions.get(id)));
  }
}

/** @param {string} name */
function hexId(name) {
  return bytesToHex(settings.settingId(name));
}

/** @param {Sides} sides */
function devicesOf(sides) {
  const values = Object.values(sides.three(DEVICES));
  return values.flatMap((value) => unlessMalformed(() => merge_unions.numbersOf(value)) ?? []);
}

/**
 * Return what comes out, or undefined where a value is not as it must be.
 * @template T
 * @param {() => T} read
 * @returns {T | undefined}
 */
function unlessMalformed(read) {
  try {
    return read();
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return undefined;
  }
}

/**
 * @param {Sides} sides
 * @param {Place} place
 * @param {Union | undefined} union
 * @returns {Value}
 */
function united(sides, place, union) {
  const { base, mine, theirs } = sides.three(place);
  if (union && mine && theirs && !settled(base, mine, theirs, sameBytes).alone) {
    const given = { base, mine, theirs, today: sides.today };
    const found = unlessMalformed(() => ({ value: union(given) }));
    if (found) return found.value;
  }
  return sides.plain(place);
}

/**
 * Source: docs/spec/store.md, 9.6.
 * @param {Sides} sides
 */
function cursorOf(sides) {
  const { mine, theirs } = sides.three(CURSOR);
  const mine_is_high = numberOf(mine) > numberOf(theirs);
  const [low, high] = mine_is_high ? [sides.theirs, sides.mine] : [sides.mine, sides.theirs];
  const finds_all = low.entries
    .filter((one) => FINDING.includes(one.kind) && sides.standing(one.kind, one.id))
    .filter(({ kind, value }) => !isMade(kind, value))
    .every((one) => high.has(one) || high.has({ kind: c.ENTRY_ERASED, id: one.id }));
  return merge_unions.cursor((finds_all ? high : low).get(CURSOR));
}

/** @param {Value} value */
function numberOf(value) {
  const there = merge_unions.cursor(value);
  return there ? new Reader(there).u64() : 0n;
}

/**
 * @param {number} kind
 * @param {Uint8Array} value
 */
function isMade(kind, value) {
  return kind === c.ENTRY_SEED && SeedEntry.decode(value).state === c.SEED_MADE;
}

/**
 * Source: docs/spec/store.md, 9.7.
 * @param {Sides} sides
 * @param {Place} place
 * @returns {Value}
 */
function stockOf(sides, place) {
  const value = united(sides, place, merge_unions.stocks);
  const isWaited = (/** @type {Uint8Array} */ locator) => {
    const seed = sides.standing(c.ENTRY_SEED, locator);
    return seed !== undefined && isMade(c.ENTRY_SEED, seed);
  };
  return value && (unlessMalformed(() => merge_unions.waitingOnly(value, isWaited)) ?? value);
}

/**
 * Source: docs/spec/store.md, 9.8.
 * @param {Sides} sides
 * @param {Place} place
 * @param {Uint8Array} case_id
 * @returns {Value}
 */
function answerOf(sides, place, case_id) {
  const { base, mine, theirs } = sides.three(place);
  const { alone, value } = settled(base, mine, theirs, sameBytes);
  const found = sides.standing(c.ENTRY_CASE, case_id);
  const case_ = found && Case.decode(found);
  const waiting = (alone ? [value] : [theirs, mine]).flatMap((one) => (one ? [one] : []));
  const said = unlessMalformed(() =>
    waiting.map((one) => ({ one, ...merge_unions.outgoing(one) })),
  );
  if (!said) return sides.plain(place);
  const left = said.filter((one) => !isSent(case_?.answers ?? [], one));
  const is_over = !case_ || case_.state === c.STATE_CLOSED;
  for (const { slot, body } of is_over ? left : left.slice(1)) {
    sides.tell({ kind: c.ENTRY_CASE, id: case_id }, concat(u8(slot), body), c.CASE_ANSWER);
  }
  return is_over ? undefined : left[0]?.one;
}

/**
 * @param {readonly import('./case.js').Numbered[]} answers
 * @param {{slot: number, body: Uint8Array}} waits
 */
function isSent(answers, waits) {
  return answers.some(([slot, body]) => slot === waits.slot && equal(body, waits.body));
}
