// One question with choices, and where its options come from.

import { ownRegions } from './ask_said.js';
import { choices, p } from './dom.js';
import { options } from './options.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('./dom.js').Option} Option */

/**
 * Return the regions that all networks share, then this network's own.
 * @param {State} state
 * @returns {Option[]}
 */
export const regionOptions = (state) => [
  ...options(state.words, 'regions'),
  ...ownRegions(state).map((one) => ({ value: one.number, text: one.name })),
];

/**
 * Ask one question with choices; all of it can be left out.
 * @param {State} state
 * @param {object} asked
 * @param {string} asked.name for `data-screen`
 * @param {string} asked.title
 * @param {string} [asked.hint]
 * @param {Option[]} asked.options
 * @param {number[]} asked.chosen
 * @param {boolean} asked.many
 * @param {() => number} [asked.most]
 * @param {(chosen: number[]) => void} asked.on
 */
export function pick({ flow }, { name, title, hint, ...asked }) {
  flow.show(
    name,
    title,
    hint && p('', hint),
    choices({ name: title, ...asked }),
    flow.done(),
  );
}
