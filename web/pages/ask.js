// The page for asking: a code or a choice, who will read it, what would help, a safe way to
// answer, the yes, the receipt, and only then sending.

import { session as own } from '../flows/ambient.js';
import { make } from '../src/client/message.js';
import { code } from './ask_code.js';
import { addSprite } from './dom.js';
import { Flow } from './flow.js';
import { learn } from './later.js';
import { SPRITE } from './sprite.js';
import { KEYS } from './words.js';

/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/ask.js').Receipt} Receipt */
/** @typedef {import('../flows/ways.js').Request} Request */
/** @typedef {import('../flows/ways.js').Way} Way */
/** @typedef {import('../flows/choosing.js').Directory} Directory */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('./words.js').Words} Words */

/**
 * Everything that this page knows, in one place, so that it can be let go of at once.
 * @typedef {object} State
 * @property {HTMLElement} main
 * @property {Words} words
 * @property {Session} session
 * @property {Flow<State>} flow
 * @property {Message} draft what will be sealed
 * @property {Typed} typed what stands in the fields
 * @property {Filter} filter which organisations of the list are shown
 * @property {string} corrected a code as it was put right, '' where nothing was
 * @property {Directory} [directory]
 * @property {Way} [way]
 * @property {Receipt} [receipt]
 * @property {import('./later.js').Rest} [rest] what was loaded later
 * @property {Request} [request] what was sealed: the very same is posted again
 * @property {number} [until] where there is no network: the last epoch for handing it in
 * @property {(tried: number, expected: number) => void} progress told of the work of sealing
 * @property {(trouble: unknown) => Promise<void>} learn fetches words for a trouble with the network
 * @property {() => void} forget
 */

/**
 * What stands in the fields of a screen, before it is taken over.
 * @typedef {{code: string, channels: number[], contact: Record<string, string>, word: string,
 *   first: string}} Typed
 */
/** @typedef {{languages: number[], accepts: number[]}} Filter */

/** @returns {Typed} */
const nothing = () => ({ code: '', channels: [], contact: {}, word: '', first: '' });

/**
 * Begin at the first screen, in a language.
 * @param {{main: HTMLElement, words: Words, session?: Session}} given
 * @returns {State} its `forget()` lets go of everything
 */
export function begin({ main, words, session = own() }) {
  if (words.keys !== KEYS) throw new Error('words: keys');
  const state = /** @type {State} */ (/** @type {unknown} */ ({
    main,
    words,
    session,
    draft: make({ languages: words.language ? [words.language] : [] }),
    typed: nothing(),
    filter: { languages: [], accepts: [] },
    corrected: '',
    progress: () => {},
    learn: (/** @type {unknown} */ trouble) => learn(state, trouble),
    forget: () => {
      state.flow.end();
      drop(state);
      main.replaceChildren();
    },
  }));
  state.flow = new Flow(state);
  addSprite(SPRITE);
  state.flow.go(code);
  return state;
}

/**
 * Let go of what was typed, chosen and made; the words stay.
 * @param {State} state
 */
export function drop(state) {
  state.draft = make();
  state.typed = nothing();
  state.corrected = '';
  state.directory = state.way = state.receipt = state.request = undefined;
}
