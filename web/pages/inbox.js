// The page for members of an organisation: opening with a key file and a passphrase, the requests,
// answering, closing, codes to give away, who is a member. Keys and requests live in the memory of
// this page alone; it is locked when it is left, closed, or used by nobody for a while.

import { breathe, session as own } from '../flows/ambient.js';
import { addSprite } from './dom.js';
import { Flow } from './flow.js';
import { open } from './inbox_open.js';
import { tellNetwork } from './network_words.js';
import { SPRITE } from './sprite.js';
import { tell } from './trouble.js';

/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/desk.js').Desk} Desk */
/** @typedef {import('./inbox_clock.js').Watch} Watch */
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
 * @property {Watch} [watch] looks again at its times, and locks
 * @property {Uint8Array} [page] the id of this page, where it was locked with nothing unsaved
 * @property {'open' | 'mine' | 'closed'} shown which requests the list shows
 * @property {{code: string, name: string}[]} languages those of the pages, for cards
 * @property {Map<string, string>} drafts answers and notes that were begun, by request
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
    shown: 'open',
    drafts: new Map(),
    languages: [.../** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll('button[lang]'))].map(
      ({ lang, textContent }) => ({ code: lang, name: textContent ?? lang }),
    ),
    forget: () => {
      state.flow.end();
      drop(state);
      main.replaceChildren();
    },
  }));
  state.flow = new Flow(state);
  addSprite(SPRITE);
  tellNetwork();
  tell({
    changed: ['trouble.changed', 'trouble.changed.then'],
    closed: ['trouble.closed', 'trouble.closed.then'],
    date: ['trouble.date', 'trouble.date.then'],
  });
  state.flow.go(() => open(state));
  return state;
}

/**
 * Forget the keys and everything that they opened; the words stay.
 * @param {State} state
 */
export function drop(state) {
  const { desk } = state;
  state.watch?.end();
  // What it handed out stands on the server: opened again it is the same page (codes.md, 10).
  if (desk) state.page = desk.unsaved ? undefined : desk.page;
  desk?.lock();
  state.watch = state.desk = undefined;
  state.shown = 'open';
  state.drafts.clear();
}
