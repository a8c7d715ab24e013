// Without a code: the list of organisations, and what makes it shorter.

import { fetch, matching } from '../flows/choosing.js';
import { byChoice } from '../flows/by_choice.js';
import { pick, regionOptions } from './ask_pick.js';
import { reader } from './ask_reader.js';
import { withNeeds } from './ask_rules.js';
import { bdi, button, h, p } from './dom.js';
import { options } from './options.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/choosing.js').Organisation} Organisation */

/** So many names are looked through faster than filters are understood: then those come last. */
const FEW = 5;

/**
 * Load the list of organisations and show it.
 * @param {State} state
 */
export async function choose(state) {
  const directory = await fetch(state.session);
  return () => {
    state.directory = directory;
    state.corrected = '';
    state.flow.go(list);
  };
}

/**
 * Offer the organisations that take a request without a code.
 * @param {State} state
 */
export function list(state) {
  const { flow, words, draft, filter } = state;
  const all = state.directory?.organisations ?? [];
  const able = matching(all, {});
  const fitting = matching(all, { ...filter, needs: draft.needs, region: draft.region });
  const shown = fitting.length ? fitting : able;
  if (!able.length) {
    flow.show('list', words.t('ask.list.title'), p('warn', words.t('ask.list.nobody')));
    return;
  }
  flow.show(
    'list',
    words.t('ask.list.title'),
    p('lead', words.t('ask.list.what')),
    able.length > FEW && filters(state),
    !fitting.length && h('p', { class: 'warn', role: 'status' }, words.t('ask.list.empty')),
    h('div', { class: 'choices' }, shown.map((one) => organisation(words, one, () => wayTo(state, one)))),
    able.length <= FEW && filters(state),
  );
}

/**
 * The button that chooses an organisation.
 * @param {import('./words.js').Words} words
 * @param {Organisation} one
 * @param {() => void} click
 */
export function organisation(words, one, click) {
  const hints = [
    ...one.profile.kind.map((id) => words.textOf('kind', id)),
    ...(one.capacity ? [words.textOf('capacity', one.capacity)] : []),
  ];
  return h(
    'button',
    { type: 'button', class: 'choice', click },
    h(
      'span',
      {},
      h('span', { class: 'choice-text' }, bdi(one.statement.name)),
      hints.map((hint) => h('span', { class: 'choice-hint' }, hint)),
    ),
  );
}

/** @param {State} state @param {Organisation} one */
function wayTo(state, one) {
  const { flow, session, directory } = state;
  if (!directory) return;
  const progress = (/** @type {[number, number]} */ ...made) => state.progress(...made);
  state.way = byChoice(session, directory.view, one, progress);
  flow.go(reader);
}

/** What is wanted of an organisation; what is said here is not asked again. @param {State} state */
function filters(state) {
  const { words, draft, filter } = state;
  const needs = draft.needs.filter((id) => words.list('needs').some((one) => one.id === id));
  return h(
    'div',
    { role: 'group', 'aria-label': words.t('ask.list.filter') },
    p('note', words.t('ask.list.filter')),
    narrow(state, 'needs', words.t('ask.topic.needs'), needs, (chosen) => {
      draft.needs = withNeeds(draft.needs, chosen);
    }),
    narrow(state, 'languages', words.t('ask.reader.languages'), filter.languages, (chosen) => {
      filter.languages = chosen;
    }),
    narrow(state, 'regions', words.t('ask.topic.region'), draft.region ? [draft.region] : [], ([chosen = 0]) => {
      draft.region = chosen;
    }),
    narrow(state, 'accepts', words.t('ask.list.accepts'), filter.accepts, (chosen) => {
      filter.accepts = chosen;
    }),
  );
}

/**
 * @param {State} state
 * @param {string} name a list of the words
 * @param {string} title
 * @param {number[]} chosen
 * @param {(chosen: number[]) => void} on
 */
function narrow(state, name, title, chosen, on) {
  const offered = name === 'regions' ? regionOptions(state) : options(state.words, name);
  const said = offered.filter((one) => chosen.includes(one.value)).map((one) => one.text);
  const many = name !== 'regions';
  const open = () =>
    state.flow.go(() => pick(state, { name: 'filter', title, options: offered, chosen, many, on: keep }));
  const keep = (/** @type {number[]} */ now) => {
    chosen = now;
    on(now);
  };
  return button(said.length ? `${title}: ${said.join(', ')}` : title, open, { kind: 'more', picture: 'more' });
}
