// Adding something to what was sent: what, the yes, and the same again after a lost answer.

import * as flows from '../flows/answers.js';
import { Trouble } from '../flows/troubles.js';
import { CONSENT_PERSON, CONSENT_SELF, KIND_FOLLOW_UP } from '../src/constants.js';
import { dropAddition } from './answers.js';
import { box } from './answers_box.js';
import { full } from './answers_end.js';
import { TOPICS, opener } from './ask_more.js';
import { pick } from './ask_pick.js';
import { row } from './ask_reader.js';
import { needOf } from './ask_rules.js';
import { label, said } from './ask_said.js';
import { countDown } from './ask_send.js';
import { alarm, button, h, newId, status } from './dom.js';
import { options } from './options.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./answers.js').State} State */
/** @typedef {import('./ask_more.js').Topic} Topic */

const LOST = ['unreachable', 'answer']; // it may have arrived

/** What would help, all of which can be left out here. @type {Topic} */
const needs = {
  name: 'needs',
  ask: (state) =>
    pick(state, {
      name: 'needs',
      title: state.words.t('ask.topic.needs'),
      options: options(state.words, 'needs'),
      chosen: state.draft.needs.filter((id) => id === needOf(id)),
      many: true,
      on: (chosen) => {
        state.draft.needs = chosen;
      },
    }),
};

/** What can be added, the own words first. @type {Topic[]} */
const ADDED = ['text', 'needs', 'soon', 'safe', 'hours', 'never'].flatMap((name) =>
  name === 'needs' ? needs : TOPICS.filter((topic) => topic.name === name),
);

/**
 * Offer what can be added.
 * @param {State} state
 */
export function add(state) {
  const { flow, words, box: found } = state;
  if (!found) return;
  const notice = alarm();
  const next = () => {
    if (ADDED.some((topic) => said(state, topic.name).length)) flow.go(() => yes(state));
    else notice.fail(words.t('answers.add.empty'));
  };
  flow.show(
    'add',
    words.t('answers.do.add'),
    h('p', { class: 'lead' }, words.t('answers.add.what', { name: found.delivered.name })),
    h('ul', { class: 'choices' }, ADDED.map((topic) => h('li', {}, opener(state, topic)))),
    notice.box,
    button(words.t('shared.next'), next),
  );
}

/**
 * Read it back, and ask for the yes, anew each time.
 * @param {State} state
 */
function yes(state) {
  const { flow, words, draft, box: found } = state;
  if (!found) return;
  const { name } = found.delivered;
  const question = newId();
  /** @param {number} consent */
  const go = (consent) =>
    button(words.textOf('consent', consent), () => {
      state.draft = { ...draft, kind: KIND_FOLLOW_UP, consent };
      flow.go(() => send(state));
    });
  const rows = ADDED.map((topic) => row(label(state, topic.name), said(state, topic.name)));
  flow.show(
    'yes',
    words.t('ask.check.title'),
    h('dl', { class: 'summary' }, row(words.t('ask.check.to'), [name]), rows),
    h('h2', { id: question }, words.t('ask.check.question', { name })),
    h(
      'div',
      { role: 'group', 'aria-labelledby': question },
      go(CONSENT_SELF),
      go(CONSENT_PERSON),
      button(words.t('ask.check.no'), () => flow.go(() => no(state)), { kind: 'more' }),
    ),
  );
}

/** @param {State} state */
function no(state) {
  const { flow, words } = state;
  dropAddition(state);
  flow.screens = [() => no(state)];
  flow.show(
    'no',
    words.t('answers.no.title'),
    h('p', { class: 'lead' }, words.t('ask.no.what')),
    backToAnswers(state),
  );
}

/** @param {State} state */
function send(state) {
  const { flow, words, session, holder, box: found } = state;
  if (!holder || !found) return;
  const here = flow.here();
  const work = async () => {
    state.adding ??= flows.startAdding(holder, found.delivered, state.draft);
    return flows.add(session.api, state.adding, session.random);
  };
  flow.screens = [() => send(state)]; // what may have arrived is not changed any more
  flow.show('adding', words.t('ask.sending.title'), status(words.t('ask.sending.post')));
  work().then(
    (last_epoch) => here() && done(state, last_epoch),
    (trouble) => here() && flow.swap(() => failed(state, trouble)),
  );
}

/** @param {State} state @param {number | null} last_epoch */
function done(state, last_epoch) {
  const { flow, draft } = state;
  if (last_epoch && draft.text) state.added = [...state.added, draft.text];
  dropAddition(state);
  state.kept = last_epoch ?? state.kept;
  flow.anew(() => (last_epoch ? added(state) : full(state)));
}

/** @param {State} state */
function added(state) {
  const { flow, words, kept } = state;
  flow.show(
    'added',
    words.t('answers.added.title'),
    h('p', { class: 'lead' }, words.t('answers.added.what')),
    h('p', { class: 'note' }, words.t('ask.done.kept', { date: words.date(kept - 1) })),
    backToAnswers(state),
  );
}

/** @param {State} state @param {unknown} trouble */
function failed(state, trouble) {
  const { flow, words } = state;
  const { kind = '', retry_after = 0 } = trouble instanceof Trouble ? trouble : {};
  const lost = LOST.includes(kind);
  const again = button(words.t('shared.again'), () => flow.swap(() => send(state)));
  const left = status();
  flow.show(
    lost ? 'unknown' : 'failed',
    words.t(lost ? 'ask.unknown.title' : 'ask.failed.title'),
    h('p', { class: 'warn' }, troubleText(words, trouble)),
    lost && h('p', { class: 'lead' }, words.t('ask.unknown.what')),
    left,
    again,
    backToAnswers(state),
  );
  void countDown(state, retry_after, again, left);
}

/** @param {State} state */
const backToAnswers = (state) =>
  button(state.words.t('answers.do.answers'), () => state.flow.anew(() => box(state)), {
    kind: 'more',
  });
