// What the network's public log says of the organisation: what nobody here asked for, and when its
// listing ends.

import * as watch from '../flows/watch.js';
import { button, h, p } from './dom.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/watch.js').News} News */

/** What is to be done, beside what is said; and whether the admins are to hear of it. */
const THEN = {
  renewed: [],
  other: ['inbox.log.other.then', 'inbox.log.admins'],
  suspended: ['inbox.log.suspended.then', 'inbox.log.admins'],
  key: ['inbox.log.key.then', 'inbox.log.admins'],
  due: ['inbox.log.due.then'],
  over: ['inbox.log.due.then'],
};

/**
 * Return what the log said that nobody put away yet; a tap puts it away for all members.
 * @param {State} state
 * @returns {HTMLElement[]}
 */
export function logNews(state) {
  const { words, desk } = state;
  const said = desk?.log?.news ?? [];
  if (!desk || !said.length) return [];
  const away = () => {
    watch.putAway(desk);
    box.remove();
  };
  const is_known = said.every(({ kind }) => kind === 'renewed');
  const box = h(
    'div',
    { class: is_known ? 'note' : 'warn', role: 'status' },
    h('h2', {}, words.t('inbox.log.title')),
    said.map((one) => p('', told(words, one))),
    button(words.t('shared.done'), away, { kind: 'more' }),
  );
  return [box];
}

/**
 * Return that the listing ends soon, or has ended; nothing where neither.
 * @param {State} state
 * @returns {HTMLElement[]}
 */
export function listing({ words, desk }) {
  const found = desk && !desk.locked && watch.due(desk);
  return found ? [p('warn', told(words, found))] : [];
}

/**
 * @param {import('./words.js').Words} words
 * @param {News} news
 */
function told(words, { kind, day, name }) {
  // The first day on which it is not listed any more.
  const date = words.date(kind === 'over' ? day + 1 : day);
  const said = words.t(`inbox.log.${kind}`, kind === 'other' ? { name } : { date });
  return [said, ...THEN[kind].map((key) => words.t(key))].join(' ');
}
