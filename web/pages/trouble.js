// What a trouble is called, and what to do then.

import { Trouble } from '../flows/troubles.js';

/** Kinds for which the same words do. @type {Record<string, string>} */
const SAME = { answer: 'unreachable', limited: 'busy', broken: 'other' };
const WITH_WORDS = new Set(
  'unreachable busy not_readable newer not_vetted not_witnessed suspended expired not_yet changed closed date'.split(
    ' ',
  ),
);

/**
 * Return two sentences: what went wrong, and what to do.
 * @param {import('./words.js').Words} words
 * @param {unknown} trouble anything that was thrown
 * @returns {string}
 */
export function troubleText(words, trouble) {
  const said = trouble instanceof Trouble ? (SAME[trouble.kind] ?? trouble.kind) : 'other';
  const kind = WITH_WORDS.has(said) ? said : 'other';
  return `${words.t(`trouble.${kind}`)} ${words.t(`trouble.${kind}.then`)}`;
}
