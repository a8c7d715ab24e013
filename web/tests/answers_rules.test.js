// What became of a request, in one word, and for how long nobody answered it (R14).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BUILD_EPOCH } from '../flows/build.js';
import { isWord, readReceipt, statusOf, unansweredDays, written } from '../pages/answers_rules.js';
import { digits, symbols } from '../src/client/code_text.js';

const [DELIVERED, READ, ANSWERED, CANNOT_HELP, TRY_ANOTHER, CLOSED, NEWER] = [1, 2, 3, 4, 5, 6, 99];
const SENT = BUILD_EPOCH + 10;

/** @typedef {number | [number, string]} Said a state, or a state with a text */

/**
 * A box with these answers.
 * @param {...Said} said
 * @returns {any}
 */
const box = (...said) => ({
  delivered: { epoch: SENT },
  answers: said.map((one, at) => {
    const [state, text] = typeof one === 'number' ? [one, ''] : one;
    return { slot: at + 1, answer: { state, text } };
  }),
});

test('the last that they said counts, and a mark that it was read is no answer', () => {
  /** @type {[Said[], string][]} */
  const cases = [
    [[], 'delivered'],
    [[READ], 'read'],
    [[READ, READ], 'read'],
    [[ANSWERED, READ], 'answered'],
    [[[READ, 'a text']], 'answered'],
    [[[DELIVERED, 'a text']], 'answered'],
    [[NEWER], 'answered'],
    [[CANNOT_HELP], 'cannot_help'],
    [[CANNOT_HELP, ANSWERED], 'answered'],
    [[ANSWERED, CANNOT_HELP], 'cannot_help'],
    [[TRY_ANOTHER, READ], 'try_another'],
    [[CLOSED], 'closed'],
    [[READ, CLOSED], 'closed'],
    [[ANSWERED, CLOSED], 'answered'],
    [[CANNOT_HELP, CLOSED], 'cannot_help'],
  ];
  for (const [said, word] of cases) assert.equal(statusOf(box(...said)), word, String(said));
});

test('the days without an answer count from the day of sending', () => {
  assert.equal(unansweredDays(box(), SENT), 0);
  assert.equal(unansweredDays(box(), SENT + 1), 1);
  assert.equal(unansweredDays(box(READ), SENT + 9), 9);
  /** @type {Said[]} */
  const answers = [ANSWERED, CANNOT_HELP, TRY_ANOTHER, CLOSED, NEWER, [READ, 'a text']];
  for (const said of answers) {
    assert.equal(unansweredDays(box(said), SENT + 9), 0);
  }
});

test('a device whose date is wrong never counts below nothing', () => {
  assert.equal(unansweredDays(box(), SENT - 1), 0);
  assert.equal(unansweredDays(box(), 0), 0);
  assert.equal(unansweredDays({ ...box(), delivered: { epoch: BUILD_EPOCH - 2 } }, 0), 2);
});

test('a receipt is read in both forms, and what is near one is only suggested', () => {
  const secret = Uint8Array.from({ length: 10 }, (_, at) => at * 25);
  const letters = symbols(secret, 'receipt');
  assert.deepEqual(readReceipt(letters), { secret, how: 'exact' });
  assert.deepEqual(readReceipt(digits(secret, 'receipt')), { secret, how: 'exact' });
  const other = (/** @type {number} */ at) => (letters[at] === '0' ? '1' : '0');
  const one = other(0) + letters.slice(1);
  assert.equal(readReceipt(one).how, 'corrected');
  assert.equal(readReceipt(one.slice(0, -1) + other(letters.length - 1)).how, 'suggested');
});

test('what is no receipt is told apart from a code, and from nothing', () => {
  const secret = new Uint8Array(10);
  assert.deepEqual(readReceipt(' \n'), { how: 'empty' });
  assert.deepEqual(readReceipt(symbols(secret, 'code')), { how: 'code' });
  assert.deepEqual(readReceipt(digits(secret, 'code')), { how: 'code' });
  for (const typed of ['x', 'U'.repeat(20), '1'.repeat(27), 'A'.repeat(5000), '<b>']) {
    assert.deepEqual(readReceipt(typed), { how: 'mistyped' }, typed.slice(0, 30));
  }
});

test('a word is a line of at most 64 bytes, and more than spaces', () => {
  for (const good of ['rain', ' Rain ', '비', 'x'.repeat(64)]) assert.equal(isWord(good), true);
  for (const bad of ['', ' ', '\u3000', '\u200b', 'x'.repeat(65), 'a\u0000', '가'.repeat(22)]) {
    assert.equal(isWord(bad), false, JSON.stringify(bad));
  }
});

test('R37: in a file nothing that somebody wrote begins a line as a heading does', () => {
  const hostile = ['a\nToday', 'b\u2028Today', 'c\u2029\n\n Today', '\u202eyadoT\u2066\n\u2069Today'];
  const lines = written([['Today', hostile], ['My words', ['x']]]).split('\n');
  assert.deepEqual(lines.filter((line) => /^\S/.test(line)), ['Today', 'My words']);
  assert.ok(!/[\u2028-\u202e\u2066-\u2069]/.test(lines.join('')));
  assert.equal(written([]), '');
});
