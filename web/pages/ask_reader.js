// Who will read it: always shown in full, before anything is asked.

import { check } from './ask_check.js';
import { putRight } from './ask_code.js';
import { needs } from './ask_form.js';
import { reportsMinors } from './ask_rules.js';
import { textOf } from './ask_said.js';
import { bdi, button, h, p } from './dom.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/ways.js').Way} Way */

/**
 * Show who will read it: what they are, whom they answer to, what they must report.
 * @param {State} state
 */
export function reader(state) {
  const { flow, words, way, draft, corrected } = state;
  if (!way) return;
  const { view, profile, statement } = way;
  const filled = draft.needs.length > 0 && draft.channels.length > 0;
  flow.show(
    'reader',
    words.t('ask.reader.title'),
    corrected && putRight(state),
    p('lead', bdi(statement.name)),
    h('dl', { class: 'reader' }, rows(state, way)),
    p('note', words.t('ask.reader.only')),
    reportsMinors(profile) && p('warn', words.t('ask.reader.minors')),
    way.last_epoch > 0 &&
      p('note', words.t('ask.reader.last', { date: words.date(way.last_epoch - 1) })),
    !view.witnessed && p('warn', words.t('ask.reader.unwitnessed')),
    view.may_be_withheld && p('warn', words.t('ask.reader.withheld')),
    button(words.t('ask.reader.go'), () => flow.go(filled ? check : needs)),
  );
}

/** What an organisation says of itself: label, field of its profile, list of the words. */
export const SAID = /** @type {const} */ ([
  ['ask.reader.kind', 'kind', 'kind'],
  ['ask.reader.police', 'police_ties', 'police_tie'],
  ['ask.reader.funding', 'funding', 'funding'],
  ['ask.reader.reporting', 'reporting', 'reporting'],
  ['ask.reader.privilege', 'privilege', 'privilege'],
  ['ask.reader.services', 'services', 'needs'],
  ['ask.reader.languages', 'languages', 'languages'],
  ['ask.reader.regions', 'regions', 'regions'],
  ['ask.reader.accepts', 'accepts', 'accepts'],
  ['ask.reader.housing', 'housing', 'housing'],
  ['ask.reader.pledge', 'pledge', 'pledge'],
]);
export const TIES = ['police_ties', 'funding', 'reporting']; // what must not be overlooked

/** @param {State} state @param {Way} way */
function rows(state, { profile, statement, view }) {
  const { words } = state;
  const { threshold: k, admins } = view.policy;
  return [
    ...SAID.map(([label, field, list]) =>
      row(
        words.t(label),
        profile[field].map((id) => textOf(state, list, id)),
        TIES.includes(field) && 'tie',
      ),
    ),
    row(words.t('ask.reader.more'), profile.unknown.length ? [words.t('shared.unknown')] : []),
    row(words.t('ask.reader.until'), [words.date(statement.until)]),
    row(words.t('ask.reader.signed'), [words.t('ask.reader.signers', { k, n: admins.length })]),
  ];
}

/**
 * One label and what belongs to it; nothing where there is nothing.
 * @param {string} label
 * @param {string[]} values
 * @param {string | false} [kind] a class
 */
export const row = (label, values, kind) =>
  values.length > 0 &&
  h('div', { class: kind }, h('dt', {}, label), values.map((value) => h('dd', {}, bdi(value))));
