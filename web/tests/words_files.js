// The words' files as they are built, with the keys of the sources in place of numbers.

import { readFileSync } from 'node:fs';

import { KEYS } from '../pages/words.js';

/** @param {string} name @returns {any} */
const read = (name) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

const BUILT = read('words/built/keys.json');

/**
 * Return what one file holds.
 * @param {string} part
 * @param {string} code
 * @returns {any}
 */
export function wordsFile(part, code) {
  const told = read(`server/static/words.${part}.${code}.json`);
  const { keys } = BUILT[part] ?? BUILT.ask;
  // The texts of the inbox's own screens keep their keys.
  const named = Object.entries(told.texts).map(([key, text]) => [keys[Number(key)] ?? key, text]);
  return { ...told, keys: KEYS, texts: Object.fromEntries(named) };
}
