// Writing under an application: a mark, a note, what the applicant is told, declining. What was typed
// stays until it was sent; where somebody wrote meanwhile, that is shown first.

import * as vetting from '../flows/vetting.js';
import { entriesOf } from '../flows/vetting_desk.js';
import { Trouble } from '../flows/troubles.js';
import * as c from '../src/constants.js';
import { lastMarks, markOf } from '../src/client/vetting_rules.js';
import { alarm, button, bytes, choices, field, h, p } from './dom.js';
import { heading, said } from './vetting_checklist.js';
import { written } from './vetting_entries.js';
import { found } from './vetting_item.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting_desk.js').Item} Item */

const STATES = [c.MARK_MET, c.MARK_NOT_MET, c.MARK_UNCLEAR, c.MARK_TAKEN_BACK];

/**
 * Write a note to the other admins.
 * @param {State} state
 * @param {string} key
 */
export function note(state, key) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item } = there;
  const typed = texts(state, `note ${key}`, 'vetting.note.label', c.VETTING_NOTE_BYTES);
  const send = () => vetting.add(desk, item, { kind: c.VETTING_NOTE, text: typed.value() });
  const sending = sender(state, item, [typed]);
  flow.show(
    'note',
    words.t('vetting.note.title'),
    p('', words.t('vetting.note.what')),
    typed.box,
    sending.box,
    button(words.t('vetting.note.send'), () => typed.needed() && sending.during(send)),
  );
}

/**
 * Mark a criterion.
 * @param {State} state
 * @param {string} key
 * @param {number} criterion
 */
export function mark(state, key, criterion) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item, opened } = there;
  const mine = markOf(lastMarks(entriesOf(item)), desk.self.public_key, criterion);
  let chosen = mine?.state ?? 0;
  const place = `mark ${criterion} ${key}`;
  const typed = texts(state, place, 'vetting.mark.label', c.VETTING_MARK_BYTES, mine?.text);
  const answer = opened.answers.find((one) => one.criterion === criterion);
  const sending = sender(state, item, [typed]);
  const send = () => {
    const what = { kind: c.VETTING_MARK, criterion, state: chosen, text: typed.value() };
    if (!chosen) sending.fail(words.t('vetting.mark.none'));
    else sending.during(() => vetting.add(desk, item, what));
  };
  flow.show(
    'mark',
    words.t('vetting.mark.title', { criterion: `V${criterion}` }),
    heading(state, criterion, 'h2'),
    answer ? said(state, answer) : p('', words.t('vetting.item.unanswered')),
    choices({
      name: words.t('vetting.mark.found'),
      shown: true,
      options: STATES.map((value) => ({ value, text: words.t(`vetting.mark.${value}`) })),
      chosen: chosen ? [chosen] : [],
      on: ([one]) => (chosen = one ?? 0),
    }),
    typed.box,
    sending.box,
    button(words.t('vetting.mark.send'), send),
  );
}

/**
 * Ask the applicant something: the one reply that there is room for.
 * @param {State} state
 * @param {string} key
 */
export function question(state, key) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item } = there;
  const typed = texts(state, `question ${key}`, 'vetting.question.label', c.VETTING_REPLY_TEXT_BYTES);
  const sending = sender(state, item, [typed]);
  const send = () => vetting.tell(desk, item, { kind: vetting.REPLIES.question, text: typed.value() });
  flow.show(
    'question',
    words.t('vetting.question.title'),
    p('', words.t('vetting.question.what')),
    typed.box,
    sending.box,
    button(words.t('vetting.question.send'), () => typed.needed() && sending.during(send)),
  );
}

/**
 * Decline: the reason for the other admins, and what the applicant is told.
 * @param {State} state
 * @param {string} key
 */
export function decline(state, key) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item } = there;
  const reason = texts(state, `reason ${key}`, 'vetting.decline.reason', c.VETTING_NOTE_BYTES);
  const told = texts(state, `told ${key}`, 'vetting.decline.told', c.VETTING_REPLY_TEXT_BYTES);
  const sending = sender(state, item, [reason, told]);
  const send = () => vetting.decline(desk, item, { reason: reason.value(), told: told.value() });
  flow.show(
    'decline',
    words.t('vetting.decline.title'),
    p('', words.t('vetting.decline.what')),
    reason.box,
    told.box,
    sending.box,
    button(words.t('vetting.decline.send'), () => reason.needed() && sending.during(send)),
  );
}

/** @typedef {ReturnType<typeof texts>} Typed */

/**
 * Ask for a text that stays until it was sent.
 * @param {State} state
 * @param {string} place in the drafts
 * @param {string} key of its label
 * @param {number} max in bytes
 * @param {string} [before]
 */
function texts({ words, drafts }, place, key, max, before = '') {
  const made = field({
    label: words.t(key),
    value: drafts.get(place) ?? before,
    multiline: true,
    max,
    left: (left) => (left < 0 ? words.t('shared.over', { n: -left }) : words.t('shared.left', { n: left })),
    on: (value) => drafts.set(place, value),
  });
  const value = () => made.input.value.trim();
  return {
    box: made.box,
    value,
    needed: () => {
      if (!value()) made.fail(words.t('vetting.write.empty'));
      else if (bytes(value()) > max) made.fail(words.t('shared.too_long'));
      else return true;
      return false;
    },
    sent: () => drafts.delete(place),
  };
}

/**
 * Return a place that says what is going on, and what sends something and goes back; where somebody
 * wrote meanwhile it shows that, and what was typed stays.
 * @param {State} state
 * @param {Item} item
 * @param {Typed[]} typed
 */
export function sender(state, item, typed) {
  const { flow, words } = state;
  const news = h('div', { class: 'news' });
  const notice = flow.notice((trouble) => {
    if (trouble instanceof Trouble && trouble.kind === 'stale') {
      news.replaceChildren(h('h2', {}, words.t('vetting.write.news')), written(state, item, seen));
      seen = item.lines.length;
    }
    return troubleOf(words, trouble);
  });
  let seen = item.lines.length;
  const wrong = alarm();
  return {
    box: h('div', {}, news, wrong.box, notice.box),
    fail: wrong.fail,
    /** @param {() => Promise<unknown>} work */
    during: (work) =>
      void notice.during(work, () => {
        for (const one of typed) one.sent();
        flow.back();
      }),
    /**
     * @template T
     * @param {() => Promise<T>} work
     * @param {(done: T) => void} then
     */
    finish: (work, then) => void notice.during(work, then),
  };
}
