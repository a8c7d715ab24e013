// One question with choices, and where its options come from.

import { choices, p } from './dom.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('./dom.js').Option} Option */

/**
 * Return what a list of the words offers, with the pictograms that there are.
 * @param {import('./words.js').Words} words
 * @param {string} name as in words/*.toml
 * @param {string} [parent] the code of a choice: what narrows it
 * @returns {Option[]}
 */
export const options = (words, name, parent) =>
  words.list(name, parent).map(({ id, code, text, hint }) => ({
    value: id,
    text,
    hint,
    picture: `${name}-${code}`,
    lang: name === 'languages' ? code : undefined,
  }));

/**
 * Return the regions that all networks share, then this network's own.
 * @param {State} state
 * @returns {Option[]}
 */
export function regionOptions({ words, way, directory }) {
  const own = (way?.view ?? directory?.view)?.policy.regions ?? [];
  return [...options(words, 'regions'), ...own.map((one) => ({ value: one.number, text: one.name }))];
}

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
