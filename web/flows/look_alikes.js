/**
 * Names of organisations that could be taken for another's, or that mix scripts.
 *
 * A first look and no more: that two names look alike to people, a program can only guess.
 */

import { b64 } from '../src/encoding.js';

/** @typedef {import('../src/public/profile.js').Profile} Profile */

const NO_LETTER_OR_DIGIT = /[^\p{L}\p{N}]/gu;
const SPACES = /\s+/u;
const LETTERS = /\p{L}/gu;
// Scripts that one word may hold together have one name here.
const SCRIPTS = /** @type {const} */ ([
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['CJK', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u],
]);

/**
 * Returns what is left of a name without case, forms of letters, accents, marks and spaces.
 * @param {string} name
 */
export const keyOf = (name) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(NO_LETTER_OR_DIGIT, '');

/**
 * Returns those of `others` that `name` could be taken for.
 * @param {string} name
 * @param {string[]} others
 */
export function alike(name, others) {
  const wanted = keyOf(name);
  return others.filter((other) => keyOf(other) === wanted);
}

/**
 * Says whether one word of a name holds letters of several scripts, as no language writes.
 * @param {string} name
 */
export const mixesScripts = (name) => name.split(SPACES).some((word) => scripts(word).size > 1);

/**
 * Says how alike two profiles are: 'profile' for the same, 'nearly' where of all that either says at
 * least four of five are said by both; undefined for not.
 * @param {Profile} profile
 * @param {Profile} other
 * @returns {'profile' | 'nearly' | undefined}
 */
export function howAlike(profile, other) {
  const [one, two] = [said(profile), said(other)];
  const both = [...one].filter((choice) => two.has(choice)).length;
  const either = new Set([...one, ...two]).size;
  if (both === either) return 'profile';
  return 5 * both >= 4 * either ? 'nearly' : undefined;
}

/** @param {Profile} profile */
const said = ({ unknown, ...fields }) =>
  new Set([
    ...Object.entries(fields).flatMap(([name, ids]) => ids.map((id) => `${name} ${id}`)),
    ...unknown.map(([number, value]) => `unknown ${number} ${b64(value)}`),
  ]);

/** @param {string} word */
function scripts(word) {
  const letters = word.match(LETTERS) ?? [];
  const scriptOf = (/** @type {string} */ letter) =>
    SCRIPTS.find(([, has]) => has.test(letter))?.[0] ?? 'another';
  return new Set(letters.map(scriptOf));
}
