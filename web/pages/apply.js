// The page for organisations that want to be listed: what people would see of them, answers to the
// admins' questions, keys, and handing it in; later, what the admins said.

import { breathe, session as own } from '../flows/ambient.js';
import { addSprite } from './dom.js';
import { Flow } from './flow.js';
import { SPRITE } from './sprite.js';
import { begin as first } from './apply_begin.js';
import { tell } from './trouble.js';

/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/apply.js').Admins} Admins */
/** @typedef {import('../flows/desk.js').Desk} Desk */
/** @typedef {import('./words.js').Words} Words */
/** @typedef {import('../src/client/application.js').Answer} Answer */

/**
 * What was said so far. `answers` are by criterion, with the day as it was typed.
 * @typedef {object} Draft
 * @property {string} name
 * @property {Record<string, number[]>} profile ids by field
 * @property {string} contact
 * @property {Record<number, {kind: number, text: string, day: string}>} answers
 */

/**
 * Everything that this page knows, in one place, so that it can be let go of at once.
 * @typedef {object} State
 * @property {HTMLElement} main
 * @property {Words} words
 * @property {Session} session
 * @property {Flow<State>} flow
 * @property {() => void} forget
 * @property {Draft} draft
 * @property {Admins} [admins]
 * @property {Desk} [desk] where the organisation has its keys
 * @property {AbortController} [watch]
 */

/** Return a draft that says nothing. @returns {Draft} */
export const blank = () => ({ name: '', profile: {}, contact: '', answers: {} });

/**
 * Begin at the first screen, in a language.
 * @param {{main: HTMLElement, words: Words, session?: Session}} given
 * @returns {State} its `forget()` lets go of everything
 */
export function begin({ main, words, session = { ...own(), pause: breathe } }) {
  const state = /** @type {State} */ (/** @type {unknown} */ ({
    main,
    words,
    session,
    draft: blank(),
    forget: () => {
      state.flow.end();
      drop(state);
      main.replaceChildren();
    },
  }));
  state.flow = new Flow(state);
  addSprite(SPRITE);
  tell({ date: ['trouble.date', 'trouble.date.then'] });
  state.flow.go(() => first(state));
  return state;
}

/**
 * Forget keys and everything that was said; the words stay.
 * @param {State} state
 */
export function drop(state) {
  state.watch?.abort();
  state.desk?.lock();
  state.watch = state.desk = state.admins = undefined;
  state.draft = blank();
}
