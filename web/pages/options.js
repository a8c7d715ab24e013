// What a list of the words offers.

/** @typedef {import('./dom.js').Option} Option */

/**
 * Return the choices of a list, with the pictograms that there are.
 * @param {import('./words.js').Words} words
 * @param {string} name as in words/*.toml
 * @param {number} [parent] the number of a choice: what narrows it
 * @returns {Option[]}
 */
export const options = (words, name, parent) =>
  words.list(name, parent).map(({ id, text, hint }) => ({
    value: id,
    text,
    hint,
    picture: `${name}-${id}`,
    lang: name === 'languages' ? words.textOf('language_codes', id) : undefined,
  }));
