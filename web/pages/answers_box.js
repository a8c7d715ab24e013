// What lies in the box, in plain words, and what can be done with it.

import { renew } from '../flows/answers.js';
import { b64 } from '../src/encoding.js';
import { dropAddition } from './answers.js';
import { add } from './answers_add.js';
import { other, renewed, withdraw } from './answers_end.js';
import { keep } from './answers_keep.js';
import { readBox, receipt } from './answers_receipt.js';
import { keepable, statusOf, straight, unansweredDays } from './answers_rules.js';
import { bdi, button, h } from './dom.js';
import { troubleText } from './trouble.js';

/** What became of it, as its own heading. @type {Record<string, string>} */
const TITLES = {
  answered: 'answers.box.answered',
  cannot_help: 'answers.box.cannot_help',
  try_another: 'answers.box.try_another',
  closed: 'answers.box.closed',
  read: 'answers.box.read',
  delivered: 'answers.box.delivered',
};

/** @typedef {import('./answers.js').State} State */
/** @typedef {import('../src/client/answers.js').Answer} Answer */

/**
 * Show what became of the request, every answer, and what can be done now.
 * @param {State} state
 */
export function box(state) {
  const { flow, words, session, box: found } = state;
  if (!found) return;
  const { delivered, answers, newer, unsigned } = found;
  const days = unansweredDays(found, session.today());
  const until = (state.kept || delivered.last_epoch) - 1;
  const to = { name: delivered.name, date: words.date(delivered.epoch) };
  flow.show(
    'box',
    words.t(TITLES[statusOf(found)] ?? ''),
    h('p', { class: 'lead' }, words.t('answers.box.to', to)),
    days > 0 && h('p', { class: 'warn' }, words.n('answers.box.unanswered', days)),
    answers.length > 0 && h('h2', {}, words.t('answers.box.answers')),
    answers.map(({ answer }) => shown(state, answer)),
    newer > 0 && h('p', { class: 'warn' }, words.t('answers.box.newer')),
    unsigned > 0 && h('p', { class: 'warn' }, words.t('answers.box.unsigned')),
    until >= session.today() &&
      h('p', { class: 'note' }, words.t('answers.box.kept', { date: words.date(until) })),
    h('h2', {}, words.t('answers.do.title')),
    doing(state, days > 0),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}

/**
 * Say that nothing opens, and every reason that there can be.
 * @param {State} state
 */
export function nothing(state) {
  const { flow, words } = state;
  /** @param {string} key */
  const cause = (key) => h('li', {}, words.t(key));
  flow.show(
    'nothing',
    words.t('answers.nothing.title'),
    h('p', { class: 'lead' }, words.t('answers.nothing.why')),
    h(
      'ul',
      {},
      cause('answers.nothing.typed'),
      !state.word && cause('answers.nothing.word'),
      cause('answers.nothing.sent'),
      cause('answers.nothing.back'),
      cause('answers.nothing.ended'),
      cause('answers.nothing.elsewhere'),
    ),
    button(words.t('answers.nothing.retype'), () => flow.anew(() => receipt(state))),
    button(words.t('answers.do.other'), () => flow.go(() => other(state)), { kind: 'more' }),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}

/**
 * One answer: its text stands as it was written, apart from everything around it.
 * @param {State} page
 * @param {Answer} answer
 */
function shown(page, answer) {
  const { words } = page;
  const { state, epoch, text } = answer;
  const named = namedBy(page, answer);
  return h(
    'article',
    { class: 'answer' },
    h('h3', {}, words.textOf('state', state)),
    h('p', {}, words.date(epoch)),
    text && h('p', { dir: 'auto', translate: 'no' }, straight(text)),
    named.length > 0 && h('p', {}, words.t('answers.box.names')),
    named.length > 0 && h('ul', {}, named.map((name) => h('li', {}, bdi(name)))),
    named.length > 0 && h('p', { class: 'note' }, words.t('answers.box.choose')),
  );
}

/**
 * Return whom an answer names, by names that were checked.
 * @param {State} state
 * @param {Answer} answer
 */
export const namedBy = ({ words, names }, { try_another }) =>
  try_another.map((key) => names.get(b64(key)) ?? words.t('answers.box.unlisted'));

/** @param {State} state @param {boolean} late whether somebody else is the first thing to offer */
function doing(state, late) {
  const { flow, words, session, holder, box: found } = state;
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  /** @param {string} key @param {() => void} on */
  const offer = (key, on) => button(words.t(key), on, { kind: 'more' });
  const again = () =>
    void notice.during(
      async () => holder && (await readBox(session, holder)),
      (read) => {
        Object.assign(state, read);
        flow.anew(() => (state.box ? box(state) : nothing(state)));
      },
    );
  const longer = () =>
    void notice.during(
      async () => holder && (await renew(session.api, holder)),
      (last_epoch) => {
        state.kept = last_epoch ?? 0;
        flow.go(() => (state.kept ? renewed(state) : nothing(state)));
      },
    );
  const anew = () => {
    dropAddition(state);
    flow.go(() => add(state));
  };
  const choose = offer('answers.do.other', () => flow.go(() => other(state)));
  return [
    late && choose,
    offer('answers.do.look', again),
    offer('answers.do.add', anew),
    offer('answers.do.renew', longer),
    !late && choose,
    offer('answers.do.withdraw', () => flow.go(() => withdraw(state))),
    found && keepable(found).length > 0 && offer('answers.do.keep', () => flow.go(() => keep(state))),
    notice.box,
  ];
}
