// The requests: what the page is doing, what is new, and each request with how to reach them first.

import * as cases from '../flows/cases.js';
import { button, choices, h, p } from './dom.js';
import { IDLE_MINUTES } from './idle.js';
import { drop } from './inbox.js';
import { request } from './inbox_case.js';
import { codes } from './inbox_codes.js';
import { people } from './inbox_members.js';
import { news } from './inbox_news.js';
import { open } from './inbox_open.js';
import { room } from './inbox_room.js';
import { inView } from './inbox_rules.js';
import { briefly, rule } from './inbox_said.js';
import { standing, written } from './inbox_standing.js';
import { work } from './inbox_work.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/cases.js').Opened} Opened */

const VIEWS = /** @type {const} */ (['open', 'mine', 'closed']);
/** So many are drawn at once; a tap shows as many more. */
const AT_ONCE = 50;

/**
 * Show the requests.
 * @param {State} state
 */
export function list(state) {
  const { flow, words, desk, watch } = state;
  if (!desk || !watch) return;
  const rows = h('ul', { class: 'requests' });
  const draw = () => rows.replaceChildren(...shown(state));
  const options = VIEWS.map((name, at) => ({ value: at + 1, text: words.t(`inbox.list.${name}`) }));
  const view = choices({
    name: words.t('inbox.list.show'),
    options,
    chosen: [VIEWS.indexOf(state.shown) + 1],
    on: ([chosen]) => {
      state.shown = VIEWS[(chosen ?? 1) - 1] ?? 'open';
      draw();
    },
  });
  const told = h('div', { class: 'news' });
  flow.show(
    'list',
    words.t('inbox.list.title'),
    standing(state, () => {
      draw();
      told.replaceChildren(...news(state));
    }),
    written(state),
    h('nav', { class: 'also', 'aria-label': words.t('inbox.list.also') }, also(state)),
    told,
    view,
    rows,
    p('note', words.t('inbox.list.last', { minutes: IDLE_MINUTES })),
  );
  told.replaceChildren(...news(state));
  draw();
}

/**
 * What leads elsewhere, and the lock.
 * @param {State} state
 */
function also(state) {
  const { flow, words } = state;
  /** @type {[string, (state: State) => void][]} */
  const ways = [
    ['inbox.list.codes', codes],
    ['inbox.list.room', room],
    ['inbox.list.members', people],
    ['inbox.list.work', work],
  ];
  return [
    ...ways.map(([key, screen]) =>
      button(words.t(key), () => flow.go(() => screen(state)), { kind: 'more' }),
    ),
    button(words.t('inbox.list.lock'), () => void lock(state), { kind: 'more' }),
  ];
}

/**
 * Put everything back on the server, then lock. Where that fails, say so and stay.
 * @param {State} state
 */
async function lock(state) {
  const { flow, watch } = state;
  if (!watch) return;
  await watch.leave();
  // What was done during that look is not written yet.
  if (watch.unsaved && !watch.trouble) await watch.leave();
  if (state.watch !== watch || (watch.trouble && watch.unsaved)) return;
  drop(state);
  flow.anew(() => open(state));
}

/** @param {State} state @returns {HTMLElement[]} */
function shown(state) {
  const { words, desk } = state;
  if (!desk || desk.locked) return [];
  const closed = state.shown === 'closed';
  const all = cases.listed(desk.read(), { closed });
  const found = inView(all, state.shown, desk.member.member_id);
  if (!found.length) return [h('li', {}, words.t('inbox.list.none'))];
  const drawn = found.slice(0, AT_ONCE).map((one) => row(state, one));
  return found.length > AT_ONCE ? [...drawn, more(state, found, AT_ONCE)] : drawn;
}

/** @param {State} state @param {Opened[]} found @param {number} from @returns {HTMLElement} */
function more(state, found, from) {
  const rest = () => {
    const next = found.slice(from, from + AT_ONCE).map((one) => row(state, one));
    if (from + AT_ONCE < found.length) next.push(more(state, found, from + AT_ONCE));
    place.replaceWith(...next);
    next[0]?.querySelector('button')?.focus();
  };
  const place = h('li', {}, button(state.words.t('inbox.list.more'), rest, { kind: 'more' }));
  return place;
}

/** @param {State} state @param {Opened} one */
function row(state, one) {
  const { flow, words } = state;
  const on = () => flow.go(() => request(state, one.case_id));
  return h(
    'li',
    { class: 'request' },
    h('h2', {}, button(words.t('inbox.case.title', { name: one.name }), on, { kind: 'more' })),
    rule(state, one, true),
    briefly(state, one),
    p('', holder(state, one)),
  );
}

/**
 * Say who has taken a request.
 * @param {State} state
 * @param {Opened} one
 */
export function holder({ words }, { taken_by, taker }) {
  if (!taken_by) return words.t('inbox.case.nobody');
  const name = taker || words.t('inbox.case.removed');
  return words.t('inbox.case.taken', { name });
}
