// The checklist: each criterion, where it comes from, what the organisation says, what admins found.

import { entriesOf } from '../flows/vetting_desk.js';
import { objections, lastMarks, markOf } from '../src/client/vetting_rules.js';
import { button, h, p } from './dom.js';
import { CRITERIA, isBlocking, sourceOf, straight } from './vetting_rules.js';
import { mark } from './vetting_write.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting_desk.js').Item} Item */
/** @typedef {import('../src/client/application.js').Opened} Opened */

/**
 * Show all criteria; with `printed` there is nothing to tap.
 * @param {State} state
 * @param {Item} item
 * @param {Opened} opened
 * @param {boolean} [printed]
 */
export function checklist(state, item, { answers }, printed = false) {
  const { flow, words } = state;
  return h(
    'ol',
    { class: 'criteria' },
    CRITERIA.map((criterion) => {
      const answer = answers.find((one) => one.criterion === criterion);
      const on = () => flow.go(() => mark(state, item.key, criterion));
      const label = words.t('vetting.item.mark', { criterion: `V${criterion}` });
      return h(
        'li',
        {},
        heading(state, criterion, 'h3'),
        answer ? said(state, answer) : p('', words.t('vetting.item.unanswered')),
        marks(state, item, criterion),
        !printed && button(label, on, { kind: 'more' }),
      );
    }),
  );
}

/**
 * Name a criterion, say whether it blocks, and where it comes from.
 * @param {State} state
 * @param {number} criterion
 * @param {'h2' | 'h3'} level
 */
export function heading({ words }, criterion, level) {
  return [
    h(level, {}, `V${criterion}. `, words.t(`vetting.criterion.${criterion}`)),
    p('choice-hint', words.t('vetting.item.evidence', { evidence: words.t(`vetting.evidence.${criterion}`) })),
    isBlocking(criterion) && p('note', words.t('vetting.item.blocking')),
    p('choice-hint', words.t('vetting.item.source', { source: sourceOf(criterion) })),
  ];
}

/**
 * Show what an organisation says of a criterion.
 * @param {{words: import('./words.js').Words}} state
 * @param {import('../src/client/application.js').Answer} answer
 */
export function said({ words }, { kind, epoch, text }) {
  const day = epoch ? words.t('vetting.answer.day', { date: words.date(epoch) }) : '';
  return [
    h('p', {}, words.t('vetting.answer.says', { answer: words.t(`vetting.answer.${kind}`) }), ' ', day),
    text && h('p', { class: 'answer', dir: 'auto', translate: 'no' }, straight(text)),
  ];
}

/** @param {State} state @param {Item} item @param {number} criterion */
function marks({ words, desk }, item, criterion) {
  if (!desk) return false;
  const entries = entriesOf(item);
  const last = lastMarks(entries);
  const { admins } = desk.scene.policy;
  const blocked = isBlocking(criterion) && objections(entries, criterion, desk.scene.policy).length > 0;
  const rows = admins.flatMap(({ name, public_key }) => {
    const found = markOf(last, public_key, criterion);
    if (!found) return [];
    const state = words.t(`vetting.mark.${found.state}`);
    return h(
      'li',
      {},
      words.t('vetting.item.marked', { name, state, date: words.date(found.epoch) }),
      found.text && h('p', { class: 'answer', dir: 'auto', translate: 'no' }, straight(found.text)),
    );
  });
  return [
    rows.length > 0 ? h('ul', {}, rows) : p('', words.t('vetting.item.unmarked')),
    blocked && p('warn', words.t('vetting.item.blocked')),
  ];
}
