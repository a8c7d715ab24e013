// It was handed in: what happens next.

import { APPLICATION_DAYS } from '../src/constants.js';
import { button, h, p } from './dom.js';
import { leave } from './apply_begin.js';
import { standing } from './apply_status.js';
import { written } from './vetting_rules.js';

/** @typedef {import('./apply.js').State} State */

/**
 * Say that it was handed in, and what happens next.
 * @param {State} state
 */
export function sent(state) {
  const { flow, words, desk, admins } = state;
  if (!desk) return;
  const k = admins?.view.policy.threshold ?? 0;
  flow.show(
    'sent',
    words.t('apply.sent.title'),
    p('done', words.t('apply.sent.done')),
    p('', words.t('apply.sent.key')),
    h('p', { dir: 'ltr', class: 'key' }, written(desk.member.organisation_key)),
    p('', words.t('apply.sent.then', { k, days: APPLICATION_DAYS })),
    p('', words.t('apply.sent.back')),
    button(words.t('apply.sent.look'), () => flow.go(() => standing(state)), { kind: 'more' }),
    button(words.t('apply.sent.leave'), () => leave(state), { kind: 'more' }),
  );
}
