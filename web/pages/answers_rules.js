// What holds on the page for answers, whatever it looks like: how a receipt is read, what became
// of a request, for how long nobody answered it, and how answers are written into a file.
//
// Source: docs/spec/codes.md, 4; docs/spec/box.md, 2; R14.

import { BUILD_EPOCH } from '../flows/build.js';
import { read } from '../src/client/code_text.js';
import { normalWord } from '../src/client/codes.js';
import { STATE_DELIVERED } from '../src/constants.js';
import { CodeMistyped, Refused, WrongKind } from '../src/errors.js';

/** @typedef {import('../flows/answers.js').Box} Box */
/** @typedef {import('../src/client/answers.js').Answer} Answer */

const LINE_BREAK = /[\n\u2028\u2029]/;
const READ = 2; // of the list "state", as those below
const CLOSED = 6;
const TITLES = new Map([
  [4, 'cannot_help'],
  [5, 'try_another'],
  [CLOSED, 'closed'],
]);

/**
 * Read a receipt as it was typed.
 * @param {string} typed
 * @returns {{how: 'exact' | 'corrected' | 'suggested', secret: Uint8Array} | {how: 'empty' | 'mistyped' | 'code'}}
 */
export function readReceipt(typed) {
  if (!typed.trim()) return { how: 'empty' };
  try {
    return read(typed, 'receipt');
  } catch (refused) {
    if (refused instanceof WrongKind) return { how: 'code' };
    if (refused instanceof CodeMistyped) return { how: 'mistyped' };
    throw refused;
  }
}

/**
 * Say whether this can be somebody's word.
 * @param {string} typed
 */
export function isWord(typed) {
  try {
    return normalWord(typed) !== '';
  } catch (refused) {
    if (refused instanceof Refused) return false;
    throw refused;
  }
}

/**
 * Say what became of a request: the last that they said counts, closing only where it is all.
 *
 * A mark that it was read is no answer (R14). What a newer version calls otherwise is one.
 * @param {Box} box
 * @returns {string} the last part of a key below `answers.box`
 */
export function statusOf({ answers }) {
  const said = answers.map(({ answer }) => answer).filter(isAnswer);
  const last = [...said].reverse().find(({ state }) => state !== CLOSED) ?? said.at(-1);
  if (last) return TITLES.get(last.state) ?? 'answered';
  return answers.length ? 'read' : 'delivered';
}

/**
 * Return for how many days nobody answered: 0 where somebody did, and on the day of sending.
 * @param {Box} box
 * @param {number} device_day the device's epoch
 */
export function unansweredDays({ delivered, answers }, device_day) {
  if (answers.some(({ answer }) => isAnswer(answer))) return 0;
  return Math.max(0, Math.max(device_day, BUILD_EPOCH) - delivered.epoch);
}

/**
 * Take out the signs that turn the direction of a text or of parts of it: none is needed to read
 * an answer, and with them it can look like another one.
 * @param {string} text
 */
export const straight = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

/**
 * Return the answers that say something to be kept: a text, or names.
 * @param {Box} box
 */
export const keepable = ({ answers }) =>
  answers.map(({ answer }) => answer).filter(({ text, try_another }) => text || try_another.length);

/** @typedef {[heading: string, texts: string[]]} Part a part of a file */

/**
 * Write parts as a plain text, without what turns it. All but headings is set in, so that nothing
 * that somebody wrote passes for a heading: not for another day, and not for her own words.
 * @param {Part[]} parts
 */
export const written = (parts) =>
  parts.map(([heading, texts]) => [heading, ...texts.flatMap(linesOf), ''].join('\n')).join('\n');

/** @param {string} text */
const linesOf = (text) => straight(text).split(LINE_BREAK).map((line) => line && `  ${line}`);

/** @param {Answer} answer */
const isAnswer = ({ state, text }) => text !== '' || (state !== STATE_DELIVERED && state !== READ);
