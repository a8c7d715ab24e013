// What holds on the page for asking, whatever it looks like: what is asked for a way to answer,
// how texts are cleaned, what has to be said of people under 18.
//
// Source: docs/spec/envelope.md, 5; docs/spec/codes.md, 4.

import { CONTACT_BYTES } from '../src/constants.js';
import { plain, read } from '../src/client/code_text.js';
import { CodeMistyped, WrongKind } from '../src/errors.js';
import { bytes, plainly } from './dom.js';

const MINOR = 2; // of the list 'who'
const NO_CHILDREN = new Set([5, 6]); // of the list 'children': pregnant, none
const REPORTS_MINORS = 2; // of the list 'reporting'
const SUB_CHOICES = 100; // an id below a need is a hundred times the need's, and more
const FIRST = 4; // signs that are asked back

/** Which text ways to answer ask for, by their ids; the others ask for none. @type {Record<number, string>} */
const CONTACT = { 2: 'number', 3: 'number', 4: 'app', 5: 'email', 7: 'meet', 8: 'post' };

/**
 * Return what has to be asked for the chosen ways to answer: each once, in the list's order.
 * @param {{id: number}[]} channels the list
 * @param {number[]} chosen ids
 * @returns {string[]}
 */
export function contactAsked(channels, chosen) {
  const asked = channels.filter((one) => chosen.includes(one.id)).map((one) => CONTACT[one.id]);
  return [...new Set(asked)].filter((one) => one !== undefined);
}

/**
 * Put what was said into the one text that is sent.
 * @param {string[]} asked
 * @param {Record<string, string>} said by what was asked
 * @returns {{contact: string, missing?: string, long?: string}} `missing` or `long` names the
 *   question that has no answer yet, or the last one, where all take more than 160 bytes
 */
export function contactOf(asked, said) {
  const lines = asked.map((one) => line(said[one] ?? ''));
  const missing = asked[lines.indexOf('')];
  const contact = lines.join('\n');
  if (missing) return { contact: '', missing };
  return bytes(contact) > CONTACT_BYTES ? { contact: '', long: asked.at(-1) } : { contact };
}

/**
 * Take out what a message may not hold: control characters but line feed, halves of characters;
 * and what would show it in another order than it is read back.
 * @param {string} text
 */
export const clean = (text) =>
  plainly(text)
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]|\p{Surrogate}/gu, '')
    .trim();

/** Clean a text of one line. @param {string} text */
export const line = (text) => clean(text).replace(/\s*\n\s*/g, ' ');

/**
 * Read a code as it was typed.
 * @param {string} typed
 * @returns {{how: 'exact' | 'corrected' | 'suggested', secret: Uint8Array} | {how: 'empty' | 'mistyped' | 'receipt'}}
 */
export function readCode(typed) {
  if (!typed.trim()) return { how: 'empty' };
  try {
    return read(typed, 'code');
  } catch (refused) {
    if (refused instanceof WrongKind) return { how: 'receipt' };
    if (refused instanceof CodeMistyped) return { how: 'mistyped' };
    throw refused;
  }
}

/**
 * Say whether the first four signs of one of the forms were typed, or more of it.
 * @param {string} typed
 * @param {string[]} forms
 */
export function isCopied(typed, forms) {
  const signs = plain(typed);
  return signs.length >= FIRST && forms.some((form) => plain(form).startsWith(signs));
}

/**
 * Say whether people under 18 were named to an organisation that must report about them.
 * @param {{reporting: readonly number[]}} profile
 * @param {{who: number[], children: number[]}} draft
 */
export function saysMinors(profile, draft) {
  const named = draft.who.includes(MINOR) || draft.children.some((one) => !NO_CHILDREN.has(one));
  return named && reportsMinors(profile);
}

/** @param {{reporting: readonly number[]}} profile */
export const reportsMinors = (profile) => profile.reporting.includes(REPORTS_MINORS);

/** Return the need that a choice narrows, itself for a need. @param {number} id */
export const needOf = (id) => (id < SUB_CHOICES ? id : Math.trunc(id / SUB_CHOICES));

/**
 * Return the needs after some of the list were chosen: what narrowed them stays with them.
 * @param {number[]} before
 * @param {number[]} chosen needs, none that narrows one
 */
export const withNeeds = (before, chosen) => [
  ...chosen,
  ...before.filter((id) => id !== needOf(id) && chosen.includes(needOf(id))),
];

/**
 * Return the needs after what narrows one of them was chosen.
 * @param {number[]} before
 * @param {number} need
 * @param {number[]} chosen
 */
export const withExact = (before, need, chosen) => [
  ...before.filter((id) => id === need || needOf(id) !== need),
  ...chosen,
];
