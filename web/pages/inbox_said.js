// What somebody said, as a member reads it: in the member's own language, as the choices are codes.
// How they may be reached stands first; their own words only after a tap.

import { bdi, button, h, p } from './dom.js';
import * as kept from '../flows/kept.js';
import { straight } from './answers_rules.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/cases.js').Opened} Opened */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {[label: string, texts: (string | Node)[]]} Row */

/**
 * Show how somebody may be reached, as it holds now.
 * @param {State} state
 * @param {Opened} one
 * @param {boolean} brief without number and word, for the list
 */
export function rule(state, one, brief) {
  const { words } = state;
  const said = one.contact_rule;
  /** @type {Row[]} */
  const rows = [
    [words.t('inbox.case.rule.only'), texts(state, 'channel', said.channels)],
    [words.t('ask.topic.never'), texts(state, 'never', said.never)],
    [words.t('ask.topic.hours'), texts(state, 'hours', said.hours)],
    [words.t('inbox.case.contact'), brief ? [] : own(said.contact)],
    [words.t('ask.topic.safe_word'), brief ? [] : own(said.safe_word)],
  ];
  if (!said.channels.length) rows[0] = [rows[0]?.[0] ?? '', [words.t('inbox.case.rule.here')]];
  return h(
    'div',
    { class: 'tie', role: 'group', 'aria-label': words.t('inbox.case.rule') },
    !brief && h('h2', {}, words.t('inbox.case.rule')),
    table(rows),
    said.changed > 0 && !brief && p('', words.n('inbox.case.rule.changed', said.changed)),
  );
}

/**
 * Show in few words what would help, how soon, for how many, and since when it is here.
 * @param {State} state
 * @param {Opened} one
 */
export function briefly(state, { said, arrived }) {
  const { words } = state;
  return h(
    'div',
    {},
    table([
      [words.t('ask.topic.needs'), texts(state, 'needs', said.needs)],
      [words.t('ask.topic.soon'), texts(state, 'soon', [said.soon])],
      [words.t('ask.topic.languages'), texts(state, 'languages', said.languages)],
      [words.t('ask.topic.people'), said.people ? [words.number(said.people)] : []],
      [words.t('ask.topic.children'), texts(state, 'children', said.children)],
    ]),
    p('choice-hint', words.t('inbox.case.came', { date: words.date(arrived) })),
  );
}

/**
 * Show every choice of a message but how to reach them, and their own words behind a tap.
 * @param {State} state
 * @param {Message} said
 */
export function whole(state, said) {
  const { words } = state;
  return [
    table([
      [words.t('ask.topic.needs'), texts(state, 'needs', said.needs)],
      [words.t('ask.topic.soon'), texts(state, 'soon', [said.soon])],
      [words.t('ask.topic.region'), said.region ? [regionOf(state, said.region)] : []],
      [words.t('ask.topic.languages'), texts(state, 'languages', said.languages)],
      [words.t('ask.topic.people'), said.people ? [words.number(said.people)] : []],
      [words.t('ask.topic.who'), texts(state, 'who', said.who)],
      [words.t('ask.topic.children'), texts(state, 'children', said.children)],
      [words.t('ask.topic.wishes'), texts(state, 'wish', said.wishes)],
      [words.t('ask.topic.peer'), texts(state, 'peer', [said.peer])],
    ]),
    said.unknown.length > 0 && p('warn', words.t('inbox.case.unknown')),
    said.text !== '' && narrative(state, said.text),
  ];
}

/**
 * Show how an addition changed what holds for reaching them.
 * @param {State} state
 * @param {Message} said
 */
export const reaching = (state, said) =>
  table([
    [state.words.t('inbox.case.rule.only'), texts(state, 'channel', said.channels)],
    [state.words.t('inbox.case.contact'), own(said.contact)],
    [state.words.t('ask.topic.never'), texts(state, 'never', said.never)],
    [state.words.t('ask.topic.hours'), texts(state, 'hours', said.hours)],
    [state.words.t('ask.topic.safe_word'), own(said.safe_word)],
  ]);

/** @param {State} state @param {string} text */
function narrative({ words }, text) {
  const show = () => {
    const shown = h('p', { class: 'answer', dir: 'auto', translate: 'no', tabindex: -1 }, straight(text));
    box.replaceChildren(shown);
    shown.focus();
  };
  const box = h(
    'div',
    {},
    button(words.t('inbox.case.text'), show, { kind: 'more' }),
    p('choice-hint', words.t('inbox.case.text.what')),
  );
  return box;
}

/** @param {Row[]} rows those without a text are left out */
export function table(rows) {
  const found = rows.filter(([, texts]) => texts.length);
  return h(
    'dl',
    {},
    found.map(([label, texts]) => h('div', {}, h('dt', {}, label), texts.map((text) => h('dd', {}, text)))),
  );
}

/** @param {State} state @param {string} list @param {number[]} ids */
export const texts = ({ words }, list, ids) =>
  ids.filter(Boolean).map((id) => words.textOf(list, id));

/** @param {string} text */
const own = (text) => text.split('\n').filter(Boolean).map((line) => bdi(line));

/** @param {State} state @param {number} id some regions are this network's own */
function regionOf({ words, desk }, id) {
  const all = desk ? kept.regions(desk.read()) : [];
  return all.find((one) => one.number === id)?.name ?? words.textOf('regions', id);
}
