// What a trouble is called, and what to do then.

import { Trouble } from '../flows/troubles.js';

/** Kinds for which the same words do. @type {Record<string, string>} */
const SAME = { answer: 'unreachable', limited: 'busy' };
/** What is said of each other kind: what went wrong, and what to do. @type {Map<string, string[]>} */
const SAID = new Map(Object.entries({
  unreachable: ['trouble.unreachable', 'trouble.unreachable.then'],
  busy: ['trouble.busy', 'trouble.busy.then'],
  not_readable: ['trouble.not_readable', 'trouble.not_readable.then'],
  not_vetted: ['trouble.not_vetted', 'trouble.not_vetted.then'],
  suspended: ['trouble.suspended', 'trouble.suspended.then'],
  expired: ['trouble.expired', 'trouble.expired.then'],
}));
const OTHER = ['trouble.other', 'trouble.other.then'];

/**
 * Have words for more kinds: their texts are loaded later than this.
 * @param {Record<string, string[]>} more
 */
export function tell(more) {
  for (const [kind, keys] of Object.entries(more)) SAID.set(kind, keys);
}

/**
 * Return two sentences: what went wrong, and what to do.
 * @param {import('./words.js').Words} words
 * @param {unknown} trouble anything that was thrown
 * @returns {string}
 */
export function troubleText(words, trouble) {
  const { kind = '', why = '' } = trouble instanceof Trouble ? trouble : {};
  const said =
    SAID.get(why) ?? SAID.get(SAME[kind] ?? kind) ?? SAID.get(why && 'not_vetted') ?? OTHER;
  return said.map((key) => words.t(key)).join(' ');
}
