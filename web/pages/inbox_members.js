// Who is a member: inviting somebody, confirming them by a number that both read, removing somebody,
// and the recovery sheet.

import { own } from '../flows/listing.js';
import * as members from '../flows/members.js';
import { RECOVERY } from '../flows/recovery.js';
import { bdi, button, choices, field, h, p } from './dom.js';
import { list } from './inbox_list.js';
import { recoverySheet } from './inbox_recovery.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/members.js').Member} Member */
/** @typedef {import('../flows/inviting.js').Invited} Invited */
/** @typedef {import('../flows/inviting.js').Accepted} Accepted */

/** Of the same list: those who may add and remove. */
const LEAD = 2;

/**
 * Show the members, and what can be done.
 * @param {State} state
 */
export function people(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const all = members.listed(desk);
  const persons = all.filter(({ role }) => role !== RECOVERY);
  const has_sheet = persons.length < all.length;
  const may = persons.some(({ self, role }) => self && role === LEAD);
  flow.show(
    'members',
    words.t('inbox.members.title'),
    h('ul', { class: 'requests' }, persons.map((one) => row(state, one, may))),
    may && button(words.t('inbox.members.invite'), () => flow.go(() => invite(state)), { kind: 'more' }),
    has_sheet && p('note', words.t('inbox.members.recovery.has')),
    may && button(words.t('inbox.members.recovery'), () => flow.go(() => recoverySheet(state)), { kind: 'more' }),
  );
}

/** @param {State} state @param {Member} one @param {boolean} may */
function row(state, one, may) {
  const { flow, words } = state;
  const { name } = one;
  return h(
    'li',
    { class: 'request' },
    h('h2', {}, one.self ? words.t('inbox.members.you', { name }) : bdi(name)),
    p('', words.textOf('role', one.role), ' · ', words.t('inbox.members.since', { date: words.date(one.since) })),
    may &&
      !one.self &&
      button(words.t('inbox.members.remove', { name }), () => flow.go(() => remove(state, one)), { kind: 'more' }),
  );
}

/** @param {State} state */
function invite(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const asked = { name: '', role: 1 };
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const named = field({ label: words.t('inbox.invite.name'), on: (value) => (asked.name = value.trim()) });
  const roles = words.list('role').filter(({ id }) => id !== RECOVERY);
  const make = () =>
    void notice.during(
      async () => {
        const organisation = (await own(desk)).statement.name;
        return members.invite(desk, { ...asked, organisation });
      },
      (invited) => flow.swap(() => waiting(state, invited)),
    );
  flow.show(
    'invite',
    words.t('inbox.invite.title'),
    named.box,
    choices({
      name: words.t('inbox.invite.role'),
      shown: true,
      options: roles.map(({ id, text, hint }) => ({ value: id, text, hint })),
      chosen: [1],
      on: ([chosen]) => (asked.role = chosen ?? 1),
    }),
    button(words.t('inbox.invite.make'), make),
    notice.box,
  );
}

/**
 * Show the invitation code, and look whether it was answered.
 * @param {State} state
 * @param {Invited} invited
 */
function waiting(state, invited) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const nothing = h('p', { role: 'status', class: 'status' });
  const look = () =>
    void notice.during(
      () => members.reply(desk, invited),
      (accepted) => {
        if (accepted) flow.swap(() => check(state, accepted));
        else nothing.textContent = words.t('inbox.invite.not_yet');
      },
    );
  flow.show(
    'invited',
    words.t('inbox.invite.title'),
    p('', words.t('inbox.invite.code')),
    h('div', { class: 'receipt' }, h('p', { dir: 'ltr' }, invited.symbols), h('p', { class: 'digits' }, invited.digits)),
    p('', words.t('inbox.invite.where')),
    button(words.t('inbox.invite.look'), look),
    nothing,
    notice.box,
  );
}

/** @param {State} state @param {Accepted} accepted */
function check(state, accepted) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  /** @param {string} text */
  const end = (text) =>
    flow.swap(() =>
      flow.show('told', words.t('inbox.invite.title'), p('done', text), flow.done(() => flow.anew(() => list(state)))),
    );
  const right = () =>
    void notice.during(
      async () => members.confirm(desk, accepted),
      () => end(words.t('inbox.invite.done', { name: accepted.invited.name })),
    );
  flow.show(
    'check',
    words.t('inbox.invite.title'),
    p('', words.t('inbox.invite.check')),
    h('div', { class: 'receipt' }, h('p', { dir: 'ltr' }, accepted.number)),
    button(words.t('inbox.invite.right'), right),
    button(words.t('inbox.invite.wrong'), () => end(words.t('inbox.invite.refused')), { kind: 'more' }),
    notice.box,
  );
}

/** @param {State} state @param {Member} one */
function remove(state, one) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const { name } = one;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const yes = () =>
    void notice.during(
      async () => members.remove(desk, one.member_id),
      () =>
        flow.swap(() =>
          flow.show('told', words.t('inbox.members.title'), p('done', words.t('inbox.members.removed')), flow.done()),
        ),
    );
  flow.show(
    'remove',
    words.t('inbox.members.remove.title', { name }),
    p('', words.t('inbox.members.remove.what')),
    button(words.t('inbox.members.remove.yes'), yes),
    button(words.t('shared.no'), () => flow.back(), { kind: 'more' }),
    notice.box,
  );
}
