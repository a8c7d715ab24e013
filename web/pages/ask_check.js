// The read-back of everything that was said, and the yes to sending it.

import { CONSENT_PERSON, CONSENT_SELF } from '../src/constants.js';
import { row } from './ask_reader.js';
import { receipt } from './ask_receipt.js';
import { saysMinors } from './ask_rules.js';
import { NAMES, label, said } from './ask_said.js';
import { button, h, newId, p } from './dom.js';
import { opening } from './later.js';

/** @typedef {import('./ask.js').State} State */

/**
 * Read everything back, and ask for the yes. A yes is for what is shown here: it is asked anew
 * each time.
 * @param {State} state
 */
export function check(state) {
  const { flow, words, way, draft } = state;
  if (!way) return;
  const { name } = way.statement;
  const question = newId();
  draft.consent = 0;
  /** @param {number} consent */
  const yes = (consent) =>
    button(words.textOf('consent', consent), () => {
      draft.consent = consent;
      flow.go(receipt);
    });
  flow.show(
    'check',
    words.t('ask.check.title'),
    h('dl', { class: 'summary' }, row(words.t('ask.check.to'), [name]), summary(state)),
    opening(state, words.t('ask.check.more'), (rest) => rest.more, 'more'),
    saysMinors(way.profile, draft) && p('warn', words.t('ask.reader.minors')),
    h('h2', { id: question }, words.t('ask.check.question', { name })),
    h(
      'div',
      { role: 'group', 'aria-labelledby': question },
      yes(CONSENT_SELF),
      yes(CONSENT_PERSON),
      button(words.t('ask.check.no'), () => flow.go(no), { kind: 'more' }),
    ),
  );
}

/** Return what was said, as rows of a description list. @param {State} state */
const summary = (state) =>
  NAMES.map((name) => {
    const values = said(state, name);
    return values.length > 0 && row(label(state, name), values);
  });

/**
 * Say that nothing was sent.
 * @param {State} state
 */
function no({ flow, words }) {
  flow.show(
    'no',
    words.t('ask.no.title'),
    p('lead', words.t('ask.no.what')),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}
