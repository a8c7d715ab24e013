// What admins wrote to one another about an application, in its order.

import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import * as notes from '../src/public/notes.js';
import { allAdmins } from '../src/public/policy.js';
import * as statements from '../src/public/statements.js';
import { bdi, h } from './dom.js';
import { straight } from './vetting_rules.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting_desk.js').Item} Item */
/** @typedef {import('../flows/vetting_desk.js').Line} Line */
/** @typedef {import('../src/client/vetting_entries.js').Entry} Entry */

/**
 * Show what was written, from a number on.
 * @param {State} state
 * @param {Item} item
 * @param {number} [from]
 */
export function written(state, item, from = 0) {
  const lines = item.lines.slice(from);
  if (!lines.length) return h('p', {}, state.words.t('vetting.entry.none'));
  return h('ol', { class: 'entries', start: from + 1 }, lines.map((line) => h('li', {}, one(state, line))));
}

/**
 * Return the name of an admin, now or before, by her key.
 * @param {State} state
 * @param {Uint8Array} admin
 */
export function nameOf({ words, desk }, admin) {
  const all = desk ? allAdmins(desk.scene.policy) : [];
  return all.find(({ public_key }) => equal(public_key, admin))?.name ?? words.t('shared.unknown');
}

/** @param {State} state @param {Line} line */
function one(state, { entry, handed }) {
  const { words } = state;
  if (handed) return words.t('vetting.entry.handed');
  if (!entry) return h('p', { class: 'warn' }, words.t('vetting.entry.broken'));
  const name = nameOf(state, entry.author);
  return [
    h('p', {}, words.t('vetting.entry.by', { name, date: words.date(entry.epoch) }), ' · ', kind(state, entry)),
    entry.text && h('p', { class: 'answer', dir: 'auto', translate: 'no' }, straight(entry.text)),
  ];
}

/** @param {State} state @param {Entry} entry */
function kind({ words }, { kind: number, criterion, state, note }) {
  if (number === c.VETTING_MARK) {
    return words.t('vetting.entry.mark', { criterion: `V${criterion}`, state: words.t(`vetting.mark.${state}`) });
  }
  if (number === c.VETTING_SIGNATURE) {
    const { until, name } = statements.parse(notes.parse(note, c.STATEMENT_BYTES).text);
    return [words.t('vetting.entry.signed', { date: words.date(until) }), ' ', bdi(name)];
  }
  return words.t(number === c.VETTING_DECLINE ? 'vetting.entry.decline' : 'vetting.entry.note');
}
