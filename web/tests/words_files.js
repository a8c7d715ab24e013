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
  const { keys } = BUILT[part === 'answers' ? 'answers' : 'ask'];
  const named = Object.entries(told.texts).map(([number, text]) => [keys[Number(number)], text]);
  return { ...told, keys: KEYS, texts: Object.fromEntries(named) };
}
