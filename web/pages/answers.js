// The page for answers: the receipt and its word, what became of the request, and what whoever
// holds the receipt can do: add, keep for longer, take everything back, choose somebody else.

import { session as own } from '../flows/ambient.js';
import { make } from '../src/client/message.js';
import { receipt } from './answers_receipt.js';
import { addSprite } from './dom.js';
import { Flow } from './flow.js';
import { SPRITE } from './sprite.js';
import { tellLater } from './later_words.js';
import { tell } from './trouble.js';
import { KEYS } from './words.js';

/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/answers.js').Adding} Adding */
/** @typedef {import('../flows/answers.js').Box} Box */
/** @typedef {import('../flows/answers.js').Holder} Holder */
/** @typedef {import('./words.js').Words} Words */

/**
 * What this page knows beside what the questions of the page for asking draw from.
 * @typedef {object} Own
 * @property {string} written the receipt and the word as they stand in their fields
 * @property {string} word
 * @property {Uint8Array} [secret] the receipt, 10 bytes
 * @property {Holder} [holder]
 * @property {Box} [box]
 * @property {number} kept the last epoch that the server said, 0 before it did
 * @property {Map<string, string>} names of organisations, by their keys in base64
 * @property {string[]} added own words that were added since this page was opened
 * @property {Adding} [adding] what was sealed: the very same is posted again
 */

/**
 * Everything that this page knows, in one place, so that it can be let go of at once.
 * @typedef {import('./ask.js').State & Own} State
 */

/**
 * Begin at the first screen, in a language.
 * @param {{main: HTMLElement, words: Words, session?: Session}} given
 * @returns {State} its `forget()` lets go of everything
 */
export function begin({ main, words, session = own() }) {
  if (words.keys !== KEYS) throw new Error('words: keys');
  tellLater();
  tell({ newer: ['trouble.newer', 'trouble.newer.then'] });
  const state = /** @type {State} */ (/** @type {unknown} */ ({
    main,
    words,
    session,
    forget: () => {
      state.flow.end();
      drop(state);
      main.replaceChildren();
    },
  }));
  drop(state);
  state.flow = new Flow(/** @type {import('./ask.js').State} */ (state));
  addSprite(SPRITE);
  state.flow.go(() => receipt(state));
  return state;
}

/**
 * Let go of what was typed, read and made; the words stay.
 * @param {State} state
 */
export function drop(state) {
  Object.assign(state, { written: '', word: '', corrected: '', kept: 0, names: new Map(), added: [] });
  state.secret = state.holder = state.box = undefined;
  dropAddition(state);
}

/**
 * Let go of what was to be added.
 * @param {State} state
 */
export function dropAddition(state) {
  state.draft = make();
  state.typed = { code: '', channels: [], contact: {}, word: '', first: '' };
  state.adding = undefined;
}
