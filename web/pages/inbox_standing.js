// Where the list stands: who last wrote what came, when the next look is, and what went wrong.

import { RECOVERY } from '../flows/recovery.js';
import { equal } from '../src/encoding.js';
import { button, h, p, status } from './dom.js';
import { listing } from './inbox_log.js';

/** @typedef {import('./inbox.js').State} State */

/**
 * Say when the next look is, whether something is on this page only, what went wrong, and that the
 * listing ends soon.
 * @param {State} state
 * @param {() => void} drawn after each look
 */
export function standing(state, drawn) {
  const { words, watch } = state;
  const now = status();
  const wrong = h('p', { class: 'error', role: 'alert' });
  const go_on = button(words.t('inbox.list.date_right'), () => void watch?.goOn(), { kind: 'more' });
  const ends = h('div', {}, listing(state));
  const say = () => {
    if (!watch) return;
    ends.replaceChildren(...listing(state));
    const kept = words.t(watch.unsaved ? 'inbox.list.unsaved' : 'inbox.list.saved');
    const next = words.t('inbox.list.next', { time: watch.next });
    now.textContent = watch.looking ? words.t('inbox.list.saving') : `${kept} ${next}`;
    const trouble = watch.trouble && `${words.t('inbox.list.failed')} ${watch.trouble}`;
    // The same again is not said again.
    if (wrong.textContent !== trouble) wrong.textContent = trouble;
    go_on.hidden = !watch.date_ahead || watch.looking;
  };
  watch?.tell(() => {
    say();
    if (!watch.looking && now.isConnected) drawn();
  });
  say();
  return h('div', {}, now, wrong, go_on, ends);
}

/**
 * Say who had last written what the server gave at this opening, and on which day: this page keeps
 * nothing, and people know when they worked.
 *
 * Source: docs/spec/store.md, 7.
 * @param {State} state
 */
export function written({ words, desk }) {
  const said = desk?.opened;
  if (!desk || !said) return p('warn', words.t('inbox.list.written.unknown'));
  const date = words.date(said.day);
  const name = said.role === RECOVERY ? words.textOf('role', RECOVERY) : said.name;
  const is_own = equal(said.member_id, desk.member.member_id);
  const head = is_own
    ? words.t('inbox.list.written.you', { date })
    : name === undefined
      ? words.t('inbox.list.written.nobody', { date })
      : words.t('inbox.list.written', { name, date });
  return p(name === undefined ? 'warn' : 'note', head, ' ', words.t('inbox.list.written.then'));
}
