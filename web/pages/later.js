// What only some people need: asking without a code, saying more, other eyes.
//
// It is a request of its own, made when it is asked for and not before. On a slow line everything
// that is loaded ahead stands in the way of the answer that somebody waits for, and on a paid one
// it costs money; most people never need this. Nothing that was filled in is lost where it can't
// be had: the screen stays, says so, and the same tap tries again.

import { Trouble } from '../flows/troubles.js';
import { button, h } from './dom.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {typeof import('./rest.js')} Rest */

let tries = 0;

/**
 * Load it with its words, once; throws Trouble `unreachable` where that fails.
 * @param {State} state
 * @returns {Promise<Rest>}
 */
export async function load(state) {
  try {
    state.rest ??= await fetchRest(state);
  } catch {
    tries += 1;
    throw new Trouble('unreachable');
  }
  return state.rest;
}

/**
 * Have the words for a trouble with the network, which come later; without them there are shorter ones.
 * @param {State} state
 * @param {unknown} trouble
 */
export async function learn(state, trouble) {
  if (trouble instanceof Trouble && trouble.why) await load(state).catch(() => undefined);
}

/** @param {State} state @returns {Promise<Rest>} */
async function fetchRest({ words }) {
  // A browser may remember that a module failed: another address is another try. After "#" stands
  // what stands after this module's own, by which rest.js finds it again; after "~" which try it is.
  // The server takes no "?".
  const address = `./rest.js${new URL(import.meta.url).hash || '#'}~${tries}`;
  const [rest] = await Promise.all([import(address), words.more('rest')]);
  rest.begin();
  return rest;
}

/**
 * Make a button that opens one of its screens.
 * @param {State} state
 * @param {string} text
 * @param {(rest: Rest) => import('./flow.js').Screen<State>} which
 * @param {string} [picture]
 */
export function opening(state, text, which, picture) {
  const { flow, words } = state;
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const open = () => void notice.during(() => load(state), (rest) => flow.go(which(rest)));
  return h('div', {}, button(text, open, { kind: 'more', picture }), notice.box);
}
