// Where an application stands: what the admins said, whether the organisation is listed, and what can
// be done: keeping the store on the server, applying again, taking it back.

import * as applying from '../flows/apply.js';
import { QUESTION, standingKey } from './apply_rules.js';
import { bdi, button, h, p } from './dom.js';
import { blank } from './apply.js';
import { leave } from './apply_begin.js';
import { ask } from './apply_form.js';
import { check } from './apply_check.js';
import { isoDay, straight } from './vetting_rules.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./apply.js').State} State */
/** @typedef {import('../flows/apply.js').Standing} Standing */

/**
 * Look where it stands.
 * @param {State} state
 */
export function standing(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const place = h('div', {});
  const look = () =>
    void notice.during(
      async () => (applying.has(desk) ? await applying.look(desk) : undefined),
      (found) => place.replaceChildren(...shown(state, found)),
    );
  flow.show(
    'standing',
    words.t('apply.standing.title'),
    place,
    notice.box,
    button(words.t('apply.standing.again'), look, { kind: 'more' }),
    button(words.t('apply.standing.anew'), () => anew(state, notice), { kind: 'more' }),
    button(words.t('apply.sent.leave'), () => leave(state), { kind: 'more' }),
  );
  look();
}

/** @param {State} state @param {Standing | undefined} found @returns {Node[]} */
function shown(state, found) {
  const { flow, words, desk } = state;
  if (!found || !desk) return [p('', words.t('apply.standing.none'))];
  const { listing, reply, listed, last_day, is_due } = found;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const keep = () => void notice.during(() => applying.keep(desk), () => flow.draw());
  const parts = [
    p('lead', bdi(listing.name)),
    listed && p('done', words.t('apply.standing.listed', { date: words.date(listed.statement.until) })),
    is_due && p('warn', words.t('apply.standing.due')),
    reply && h('h2', {}, words.t(standingKey(reply.kind))),
    reply?.text && h('p', { class: 'answer', dir: 'auto', translate: 'no' }, straight(reply.text)),
    reply?.kind === QUESTION && p('', words.t('apply.standing.question.then')),
    !reply && !listed && p('', words.t('apply.standing.nothing', { date: words.date(last_day) })),
    listed && !applying.isOnServer(desk) && [
      p('', words.t('apply.standing.keep.what')),
      button(words.t('apply.standing.keep'), keep),
    ],
    listed && applying.isOnServer(desk) && p('', words.t('apply.standing.open')),
    !listed &&
      button(words.t('apply.standing.withdraw'), () => flow.go(() => withdraw(state)), { kind: 'more' }),
    notice.box,
  ];
  return parts.flat().filter((one) => one instanceof Node);
}

/**
 * Begin a new application with what the last one said.
 * @param {State} state
 * @param {ReturnType<import('./flow.js').Flow<State>['notice']>} notice
 */
function anew(state, notice) {
  const { flow, session, desk } = state;
  if (!desk) return;
  void notice.during(
    async () => ({
      admins: await applying.admins(session),
      said: applying.has(desk) ? await applying.said(desk) : undefined,
    }),
    ({ admins, said }) => {
      state.admins = admins;
      state.draft = said ? draftOf(said) : blank();
      if (said) flow.go(() => check(state));
      else ask(state);
    },
  );
}

/** @param {applying.Said} said */
function draftOf({ name, profile, contact, answers }) {
  const given = answers.map(({ criterion, kind, epoch, text }) => [
    criterion,
    { kind, text, day: epoch ? isoDay(epoch) : '' },
  ]);
  return { name, profile: { ...profile, unknown: [] }, contact, answers: Object.fromEntries(given) };
}

/**
 * Take it back, after a yes.
 * @param {State} state
 */
function withdraw(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const yes = () =>
    void notice.during(
      () => applying.withdraw(desk),
      () => flow.swap(() => taken(state)),
    );
  flow.show(
    'withdraw',
    words.t('apply.withdraw.title'),
    p('', words.t('apply.withdraw.what')),
    notice.box,
    button(words.t('apply.standing.withdraw'), yes),
  );
}

/** @param {State} state */
function taken(state) {
  const { flow, words } = state;
  flow.show(
    'taken',
    words.t('apply.taken.title'),
    p('done', words.t('apply.taken.then')),
    button(words.t('apply.sent.leave'), () => leave(state), { kind: 'more' }),
  );
}
