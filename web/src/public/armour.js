/**
 * Armour: bytes as text that is carried through hands and machines without a network.
 *
 * Source: docs/spec/http.md, 5; docs/spec/carried.md, 2
 */

import { sha256 } from '@noble/hashes/sha2.js';

import * as c from '../constants.js';
import { b64, concat, equal, ranges, unb64 } from '../encoding.js';
import { Malformed } from '../errors.js';

/**
 * Write bytes as lines of ASCII between two marks that say what it is, in capitals.
 *
 * Source: docs/spec/http.md, 5
 * @param {string} what
 * @param {Uint8Array} form
 */
export function write(what, form) {
  const text = b64(concat(form, checkOf(form)));
  const lines = [];
  for (let at = 0; at < text.length; at += c.ARMOUR_LINE_CHARACTERS) {
    lines.push(text.slice(at, at + c.ARMOUR_LINE_CHARACTERS));
  }
  return [mark('BEGIN', what), ...lines, mark('END', what), ''].join('\n');
}

/**
 * Read the bytes of a text of at most so many characters that has them in it once.
 *
 * Forgives white space, `>` at the start of lines, and text before and after. Refuses as Malformed
 * anything else. Source: docs/spec/http.md, 5
 * @param {string} what
 * @param {string} text
 * @param {number} at_most
 */
export function read(what, text, at_most) {
  if (text.length > 2 * at_most || Array.from(text).length > at_most) throw new Malformed();
  const white = String.fromCharCode(...ranges(c.TYPING_WHITE_SPACE));
  const quotes = new RegExp(`(?:^|[\n\r])[${white}>]+`, 'g');
  const bare = text.replace(quotes, '').replace(new RegExp(`[${white}]`, 'g'), '');
  const data = unb64(between(what, bare));
  const form = data.slice(0, -c.ARMOUR_CHECK_BYTES);
  // Guards against slips, not against people.
  if (!equal(data.slice(-c.ARMOUR_CHECK_BYTES), checkOf(form))) throw new Malformed();
  return form;
}

/**
 * @param {string} what
 * @param {string} bare
 */
function between(what, bare) {
  const [begin, end] = ['BEGIN', 'END'].map((word) => mark(word, what).replaceAll(' ', ''));
  const [, after, ...more] = bare.split(/** @type {string} */ (begin));
  const parts = bare.split(/** @type {string} */ (end));
  if (after === undefined || more.length || parts.length !== 2) throw new Malformed();
  if (!after.includes(/** @type {string} */ (end))) throw new Malformed();
  return after.slice(0, after.indexOf(/** @type {string} */ (end)));
}

/**
 * @param {string} word
 * @param {string} what
 */
const mark = (word, what) => `-----${word} TOWPATH ${what}-----`;

/** @param {Uint8Array} form */
const checkOf = (form) => sha256(form).slice(0, c.ARMOUR_CHECK_BYTES);
