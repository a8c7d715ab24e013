// Keeping it longer, taking everything back, and choosing somebody else.

import * as flows from '../flows/answers.js';
import { drop } from './answers.js';
import { box } from './answers_box.js';
import { button, h } from './dom.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./answers.js').State} State */

/**
 * Say until when it is kept now.
 * @param {State} state
 */
export function renewed(state) {
  const { flow, words, kept } = state;
  flow.show(
    'renewed',
    words.t('answers.renewed.title'),
    h('p', { class: 'lead' }, words.t('ask.done.kept', { date: words.date(kept - 1) })),
    h('p', { class: 'note' }, words.t('answers.renewed.most')),
    backToAnswers(state),
  );
}

/**
 * Say that there is no room for more.
 * @param {State} state
 */
export function full(state) {
  const { flow, words } = state;
  flow.show(
    'full',
    words.t('answers.full.title'),
    h('p', { class: 'lead' }, words.t('answers.full.what')),
    toWithdraw(state),
    toOther(state),
    backToAnswers(state),
  );
}

/**
 * Ask once more before everything is taken back.
 * @param {State} state
 */
export function withdraw(state) {
  const { flow, words, session, holder, box: found } = state;
  if (!holder || !found) return;
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const yes = () =>
    void notice.during(
      () => flows.withdraw(session.api, holder),
      (is_gone) => flow.anew(() => (is_gone ? gone(state) : still(state))),
    );
  flow.show(
    'withdraw',
    words.t('answers.withdraw.title'),
    h('p', { class: 'lead' }, words.t('answers.withdraw.what', { name: found.delivered.name })),
    h('p', { class: 'note' }, words.t('answers.withdraw.read')),
    notice.box,
    button(words.t('answers.withdraw.yes'), yes),
    button(words.t('answers.withdraw.no'), () => flow.anew(() => box(state)), { kind: 'more' }),
  );
}

/**
 * Say that it is gone, as the server was just asked; nothing of it is kept here either.
 * @param {State} state
 */
function gone(state) {
  const { flow, words } = state;
  drop(state);
  flow.show(
    'gone',
    words.t('answers.gone.title'),
    h('p', { class: 'lead' }, words.t('answers.gone.what')),
    askAnew(state),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}

/** @param {State} state */
function still(state) {
  const { flow, words } = state;
  flow.show(
    'still',
    words.t('answers.still.title'),
    h('p', { class: 'lead' }, words.t('answers.still.what')),
    button(words.t('shared.again'), () => flow.swap(() => withdraw(state))),
    backToAnswers(state),
  );
}

/**
 * Lead to asking somebody else, and say that nothing goes along.
 * @param {State} state
 */
export function other(state) {
  const { flow, words, box: found } = state;
  const name = found?.delivered.name;
  flow.show(
    'other',
    words.t('answers.do.other'),
    h('p', { class: 'lead' }, words.t('answers.other.what')),
    h('p', { class: 'note' }, words.t('answers.other.nothing')),
    name && h('p', { class: 'note' }, words.t('answers.other.kept', { name })),
    name && toWithdraw(state),
    askAnew(state),
  );
}

/** The way to the page for asking; this page lets go of everything then. @param {State} state */
const askAnew = ({ words }) => h('a', { class: 'next', href: '/' }, words.t('answers.other.go'));

/** @param {State} state */
const toWithdraw = (state) =>
  button(state.words.t('answers.do.withdraw'), () => state.flow.go(() => withdraw(state)), {
    kind: 'more',
  });

/** @param {State} state */
const toOther = (state) =>
  button(state.words.t('answers.do.other'), () => state.flow.go(() => other(state)), {
    kind: 'more',
  });

/** @param {State} state */
const backToAnswers = (state) =>
  button(state.words.t('answers.do.answers'), () => state.flow.anew(() => box(state)));
