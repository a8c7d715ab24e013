// What the last looks brought, and what others did in place of what was done here.

import * as cases from '../flows/cases.js';
import { decodeBody } from '../src/client/answers.js';
import { symbols } from '../src/client/code_text.js';
import { SeedEntry } from '../src/client/store_entries.js';
import { CASE_ANSWER, CASE_NOTE, CASE_TAKEN_BY, ENTRY_CASE, ENTRY_SEED, SEED_HANDED_OUT } from '../src/constants.js';
import { Malformed } from '../src/errors.js';
import { b64 } from '../src/encoding.js';
import { button, h, p } from './dom.js';
import { logNews } from './inbox_log.js';
import { straight } from './answers_rules.js';

/** @typedef {import('./inbox.js').State} State */

/** What is said of the parts of a request that another member changed as well. */
const SAID = new Map([
  [CASE_TAKEN_BY, 'inbox.overruled.taken_by'],
  [CASE_NOTE, 'inbox.overruled.note'],
]);

/**
 * Return what there is to say, most important first; a tap puts it away.
 * @param {State} state
 * @returns {HTMLElement[]}
 */
export const news = (state) => [...logNews(state), ...looks(state)];

/**
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function looks(state) {
  const { words, watch } = state;
  const found = watch?.found ?? [];
  if (!watch || !found.length) return [];
  /** @param {(one: import('../flows/sync.js').Synced) => number} of */
  const sum = (of) => found.reduce((all, one) => all + of(one), 0);
  /** @param {string} key @param {number} count */
  const line = (key, count) => count > 0 && h('li', {}, words.n(key, count));
  const lines = [
    line('inbox.list.new', sum((one) => one.filed.requests)),
    line('inbox.list.added', sum((one) => one.filed.follow_ups)),
    line('inbox.list.sent', sum((one) => one.sent)),
    line('inbox.list.unreadable', sum((one) => one.filed.unreadable)),
    line('inbox.codes.aside', sum((one) => one.aside)),
    found.at(-1)?.may_be_withheld && h('li', {}, words.t('inbox.list.withheld')),
  ].filter((one) => one !== false && one !== undefined);
  const lost = found.flatMap((one) => overruled(state, one));
  if (!lines.length && !lost.length) {
    watch.found = [];
    return [];
  }
  const away = () => {
    watch.found = [];
    box.remove();
  };
  const box = h(
    'div',
    { class: lost.length ? 'warn' : 'note', role: 'status' },
    lost.length > 0 && h('h2', {}, words.t('inbox.overruled.title')),
    lost.length > 0 && p('', words.t('inbox.overruled.what')),
    lost,
    lines.length > 0 && h('ul', {}, /** @type {HTMLElement[]} */ (lines)),
    button(words.t('shared.done'), away, { kind: 'more' }),
  );
  return [box];
}

/**
 * Return what another member's work took the place of: nothing that was written gets lost.
 * @param {State} state
 * @param {import('../flows/sync.js').Synced} synced
 * @returns {HTMLElement[]}
 */
function overruled({ words, desk }, { overruled: changed, taken }) {
  if (!desk) return [];
  const names = new Map(
    [...cases.listed(desk.read()), ...cases.listed(desk.read(), { closed: true })].map((one) => [
      b64(one.case_id),
      one.name,
    ]),
  );
  /** @param {Uint8Array} case_id */
  const nameOf = (case_id) => names.get(b64(case_id)) ?? '–';
  const answers = taken.map(({ case_id, answer }) => unsent(words, nameOf(case_id), answer.text));
  const others = changed
    .filter(({ kind }) => kind === ENTRY_CASE)
    .map(({ id, field, lost }) => {
      const name = nameOf(id);
      const answer = field === CASE_ANSWER && lost.length ? answerOf(lost) : undefined;
      if (answer) return unsent(words, name, answer.text);
      const is_removal = field === CASE_NOTE && !lost.length;
      const said = is_removal ? undefined : SAID.get(field);
      return p('', words.t(said ?? 'inbox.overruled.other', { name }));
    });
  const twice = changed
    .filter(({ kind, lost }) => kind === ENTRY_SEED && lost.length)
    .map(({ lost }) => SeedEntry.decode(lost))
    .filter(({ state }) => state === SEED_HANDED_OUT)
    .map(({ code }) => p('', words.t('inbox.overruled.code', { code: symbols(code, 'code') })));
  return [...twice, ...answers, ...others];
}

/**
 * Return an answer that was not sent, or undefined: another member's may be no answer.
 * @param {Uint8Array} lost
 */
function answerOf(lost) {
  try {
    return decodeBody(lost.slice(1), lost[0] ?? 0);
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return undefined;
  }
}

/**
 * Show what was written and not sent, so that it can be read again.
 * @param {import('./words.js').Words} words
 * @param {string} name
 * @param {string} text
 */
const unsent = (words, name, text) =>
  h(
    'div',
    {},
    p('', words.t('inbox.overruled.answer', { name })),
    h('p', { dir: 'auto', translate: 'no', class: 'answer' }, straight(text)),
  );
