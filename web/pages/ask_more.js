// Everything that can be said and can be left out, and the way to each.

import { label, said } from './ask_said.js';
import { TOPICS, exactly, narrowed } from './ask_topics.js';
import { h, p } from './dom.js';

export { TOPICS };

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('./ask_topics.js').Topic} Topic */

/**
 * Offer everything that can be added or changed.
 * @param {State} state
 */
export function more(state) {
  const { flow, words } = state;
  const offered = TOPICS.filter((topic) => topic !== exactly || narrowed(state).length);
  flow.show(
    'more',
    words.t('ask.more.title'),
    p('', words.t('ask.more.hint')),
    h('div', { class: 'choices' }, offered.map((topic) => opener(state, topic))),
    flow.done(),
  );
}

/** @param {State} state @param {Topic} topic */
export function opener(state, topic) {
  const so_far = said(state, topic.name).join('; ');
  return h(
    'button',
    { type: 'button', class: 'choice', click: () => state.flow.go(topic.ask) },
    h(
      'span',
      {},
      h('span', { class: 'choice-text' }, label(state, topic.name)),
      so_far && h('span', { class: 'choice-hint', dir: 'auto' }, so_far),
    ),
  );
}
