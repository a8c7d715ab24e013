// Who has how much: numbers and nothing else, so that work can be shared.

import * as cases from '../flows/cases.js';
import { h, p } from './dom.js';

/** @typedef {import('./inbox.js').State} State */

/**
 * Show how many requests each member has.
 * @param {State} state
 */
export function work(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const lines = cases.workload(desk.read()).map(({ name, open, closed }) =>
    h(
      'li',
      {},
      name
        ? words.t('inbox.work.member', { name, open, closed })
        : words.t('inbox.work.nobody', { open }),
    ),
  );
  flow.show('work', words.t('inbox.work.title'), p('', words.t('inbox.work.what')), h('ul', {}, lines));
}
