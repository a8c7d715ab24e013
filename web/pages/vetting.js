// The page for admins: opening with a key file and a passphrase, the applications, the checklist,
// notes, signing, suspending. The key and what it opens live in the memory of this page alone; it is
// locked when it is left, closed, or used by nobody for a while.

import { breathe, session as own } from '../flows/ambient.js';
import { addSprite } from './dom.js';
import { Flow } from './flow.js';
import { SPRITE } from './sprite.js';
import { open } from './vetting_open.js';

/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/vetting_desk.js').Desk} Desk */
/** @typedef {import('./words.js').Words} Words */

/**
 * Everything that this page knows, in one place, so that it can be let go of at once.
 * @typedef {object} State
 * @property {HTMLElement} main
 * @property {Words} words
 * @property {Session} session
 * @property {Flow<State>} flow
 * @property {() => void} forget
 * @property {Desk} [desk]
 * @property {AbortController} [watch] ends what waits to lock
 * @property {Map<string, string>} drafts what was typed and not sent yet, by what it is for
 */

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
    drafts: new Map(),
    forget: () => {
      state.flow.end();
      drop(state);
      main.replaceChildren();
    },
  }));
  state.flow = new Flow(state);
  addSprite(SPRITE);
  state.flow.go(() => open(state));
  return state;
}

/**
 * Forget the key and everything that it opened; the words stay.
 * @param {State} state
 */
export function drop(state) {
  state.watch?.abort();
  state.desk?.lock();
  state.watch = state.desk = undefined;
  state.drafts.clear();
}
