// What a list of the words offers.

/** @typedef {import('./dom.js').Option} Option */

/**
 * Return the choices of a list, with the pictograms that there are.
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
    lang: name === 'languages' ? words.textOf('language_codes', id) : undefined,
  }));
