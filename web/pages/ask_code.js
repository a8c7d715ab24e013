// The code: read in the page before anything is sent, opened, or refused.

import { byCode } from '../flows/ways.js';
import { symbols } from '../src/client/code_text.js';
import { reader } from './ask_reader.js';
import { readCode } from './ask_rules.js';
import { button, field, h, p } from './dom.js';
import { load, opening } from './later.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {ReturnType<import('./flow.js').Flow<State>['notice']>} Notice */

/**
 * Ask for the code.
 * @param {State} state
 */
export function code(state) {
  const { flow, words } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const { box, look } = codeField(
    state,
    (secret) =>
      void notice.during(
        () => byCode(state.session, secret),
        (way) => {
          if (!way) return flow.go(refused);
          state.way = way;
          flow.go(reader);
        },
      ),
    () => answers(t('ask.done.look')),
  );
  flow.show(
    'code',
    t('ask.code.title'),
    words.unreviewed && p('warn', t('shared.unreviewed')),
    p('lead', t('ask.code.what')),
    box,
    notice.box,
    button(t('shared.next'), look),
    button(t('ask.code.none'), () => choose(state, notice), { kind: 'more' }),
    answers(t('ask.code.answers')),
    opening(state, t('ask.code.ways'), (rest) => rest.ways),
    p('note', t('ask.code.exit')),
  );
}

/**
 * Make the field for a code, and what reads it: a code that can't be one is said to be none.
 * @param {State} state
 * @param {(secret: Uint8Array) => void} openIt
 * @param {() => HTMLElement} [other] what stands beneath where a receipt was typed
 */
export function codeField(state, openIt, other) {
  const { words, typed } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const meant = h('div', { role: 'alert' });
  const look = () => {
    meant.replaceChildren();
    const found = readCode(typed.code);
    if (!('secret' in found)) {
      fail(found.how);
    } else if (found.how === 'suggested') {
      suggest(found.secret);
    } else {
      state.corrected = found.how === 'corrected' ? symbols(found.secret, 'code') : '';
      openIt(found.secret);
    }
  };
  const input = field({
    label: t('ask.code.label'),
    hint: t('ask.code.hint'),
    value: typed.code,
    on: (value) => {
      typed.code = value;
      meant.replaceChildren();
    },
    enter: look,
  });
  /** @param {'empty' | 'mistyped' | 'receipt'} how */
  const fail = (how) => {
    if (how === 'empty') input.fail(t('ask.code.empty'));
    if (how === 'mistyped') input.fail(t('ask.code.mistyped'));
    if (how === 'receipt') {
      input.fail(t('ask.code.receipt'));
      if (other) meant.append(other());
    }
  };
  /** @param {Uint8Array} secret */
  const suggest = (secret) => {
    const yes = button(t('shared.yes'), () => openIt(secret));
    const no = button(t('shared.no'), () => {
      meant.replaceChildren();
      input.fail(t('ask.code.mistyped'));
    });
    const question = [p('', t('ask.code.suggested')), written(symbols(secret, 'code'))];
    meant.append(h('div', { class: 'warn' }, question, h('div', { class: 'two' }, yes, no)));
    yes.focus();
  };
  return { box: [input.box, meant], look };
}

/**
 * Say that the server does not take the code; what was filled in is kept.
 * @param {State} state
 */
export function refused(state) {
  const { flow, words, draft, corrected } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  flow.show(
    'refused',
    t('ask.refused.title'),
    p('lead', t('ask.refused.what')),
    corrected && putRight(state),
    draft.needs.length > 0 && p('note', t('ask.refused.kept')),
    notice.box,
    others(state, notice),
  );
}

/**
 * The other ways: another code, or none. What was filled in is kept.
 * @param {State} state
 * @param {Notice} notice
 */
export function others(state, notice) {
  const { flow, words } = state;
  const another = button(words.t('ask.refused.another'), () => {
    state.typed.code = '';
    flow.anew(code);
  });
  const none = button(words.t('ask.refused.none'), () => choose(state, notice), { kind: 'more' });
  return [another, none];
}

/**
 * Say that one sign of the code was put right, and show the code.
 * @param {State} state
 */
export const putRight = ({ words, corrected }) =>
  h('div', { class: 'note' }, p('', words.t('ask.code.corrected')), written(corrected));

/** A code or a receipt as it stands on paper, from left to right. @param {string} signs */
export const written = (signs) => h('p', { class: 'digits', dir: 'ltr', translate: 'no' }, signs);

/** The way to the other page. @param {string} text */
export const answers = (text) => h('a', { class: 'more', href: '/answers' }, text);

/**
 * Load the list of organisations and show it.
 * @param {State} state
 * @param {Notice} notice
 */
const choose = (state, notice) =>
  void notice.during(
    async () => (await load(state)).choose(state),
    (show) => show(),
  );
