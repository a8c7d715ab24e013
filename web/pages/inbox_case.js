// One request: how to reach them first, then what was said, then what can be done.

import * as answering from '../flows/answering.js';
import * as cases from '../flows/cases.js';
import { STATE_CLOSED } from '../src/constants.js';
import { b64, equal } from '../src/encoding.js';
import { straight } from './answers_rules.js';
import { button, field, h, p } from './dom.js';
import { answer, cannot } from './inbox_answer.js';
import { close, copy, give } from './inbox_close.js';
import { holder } from './inbox_list.js';
import { reaching, rule, whole } from './inbox_said.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/cases.js').Opened} Opened */

/**
 * Show a request.
 * @param {State} state
 * @param {Uint8Array} case_id 16 bytes
 */
export function request(state, case_id) {
  const { flow, words } = state;
  const one = found(state, case_id);
  if (!one) return;
  const is_closed = one.state === STATE_CLOSED;
  const kept = is_closed ? 'inbox.case.closed' : 'inbox.case.until';
  flow.show(
    'request',
    words.t('inbox.case.title', { name: one.name }),
    rule(state, one, false),
    p('', words.textOf('state', one.state), ' · ', holder(state, one)),
    whole(state, one.said),
    one.follow_ups.map(({ number, said }) => addition(state, number, said)),
    answers(state, one),
    p('note', words.t(kept, { date: words.date(one.last_epoch) })),
    !is_closed && doing(state, one),
    note(state, one),
    button(words.t('inbox.case.export'), () => flow.go(() => copy(state, case_id)), { kind: 'more' }),
  );
}

/**
 * Return a request; where it is not there any more, say so and return nothing.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function found(state, case_id) {
  const { flow, words, desk } = state;
  if (!desk || desk.locked) return undefined;
  try {
    return cases.find(desk.read(), case_id);
  } catch (trouble) {
    flow.show('gone', words.t('inbox.list.title'), p('warn', troubleOf(words, trouble)));
    return undefined;
  }
}

/** @param {State} state @param {number} number @param {import('../src/client/message.js').Message} said */
const addition = (state, number, said) =>
  h(
    'section',
    {},
    h('h2', {}, state.words.t('inbox.case.addition', { number })),
    reaching(state, said),
    whole(state, said),
  );

/** @param {State} state @param {Opened} one */
function answers({ words }, one) {
  if (!one.answers.length && !one.waiting) return [];
  /** @param {import('../src/client/answers.js').Answer} made @param {boolean} waits */
  const shown = (made, waits) =>
    h(
      'article',
      { class: 'answer' },
      h('h3', {}, words.textOf('state', made.state)),
      h('p', {}, waits ? words.t('inbox.case.waiting') : words.date(made.epoch)),
      made.text && h('p', { dir: 'auto', translate: 'no' }, straight(made.text)),
    );
  return [
    h('h2', {}, words.t('inbox.case.answers')),
    one.answers.map((said) => shown(said.answer, false)),
    one.waiting && shown(one.waiting, true),
  ].flat();
}

/** @param {State} state @param {Opened} one */
function doing(state, one) {
  const { flow, words, desk } = state;
  if (!desk) return false;
  const id = one.case_id;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const mine = one.taken_by && equal(one.taken_by, desk.member.member_id);
  /** @param {string} key @param {() => void} on @param {string} [kind] */
  const way = (key, on, kind = 'more') => button(words.t(key), on, { kind });
  /** @param {() => unknown} work */
  const then = (work) => () => void notice.during(async () => await work(), () => flow.draw());
  const writing = [
    way('inbox.case.answer', () => flow.go(() => answer(state, id)), 'next'),
    !one.answers.length &&
      way('inbox.case.read', then(() => answering.answer(desk, id, { state: 'read' }))),
    way('inbox.case.cannot', () => flow.go(() => cannot(state, id))),
  ];
  return h(
    'div',
    {},
    !mine && way('inbox.case.take', then(() => cases.take(desk, id)), 'next'),
    one.wants_answers ? writing : p('warn', words.t('inbox.case.no_box')),
    mine && way('inbox.case.back', then(() => cases.give(desk, id, undefined))),
    way('inbox.case.give', () => flow.go(() => give(state, id))),
    way('inbox.case.close', () => flow.go(() => close(state, id))),
    notice.box,
  );
}

/** @param {State} state @param {Opened} one */
function note({ flow, words, desk, drafts }, one) {
  const key = `note ${b64(one.case_id)}`;
  let text = drafts.get(key) ?? one.note;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const label = words.t('inbox.case.note');
  const hint = words.t('inbox.case.note.hint');
  const on = (/** @type {string} */ value) => drafts.set(key, (text = value));
  const written = field({ label, hint, value: text, multiline: true, on });
  const keep = () => {
    void notice.during(
      async () => {
        if (desk) cases.note(desk, one.case_id, text.trim());
        drafts.delete(key);
      },
      () => flow.draw(),
    );
  };
  return h('div', {}, written.box, button(words.t('inbox.case.note.save'), keep, { kind: 'more' }), notice.box);
}
