// How each thing that can be said is asked, one question a screen.

import {
  CHILDREN,
  HOURS,
  LANGUAGES,
  NEEDS,
  NEVER,
  PEOPLE,
  SAFE_WORD_BYTES,
  TEXT_BYTES,
  WHO,
  WISHES,
} from '../src/constants.js';
import { leftText, safeAgain } from './ask_form.js';
import { pick, regionOptions } from './ask_pick.js';
import { clean, line, needOf, withExact, withNeeds } from './ask_rules.js';
import { label } from './ask_said.js';
import { button, bytes, choices, field, p } from './dom.js';
import { options } from './options.js';

/** @typedef {import('./ask.js').State} State */

/**
 * One thing that can be said.
 * @typedef {object} Topic
 * @property {string} name as in ask_said.js
 * @property {(state: State) => void} ask
 */

/** Lists of which several may be chosen: label, field of the draft, list of the words, how many. */
const SEVERAL = /** @type {const} */ ({
  languages: ['languages', 'languages', LANGUAGES],
  who: ['who', 'who', WHO],
  children: ['children', 'children', CHILDREN],
  hours: ['hours', 'hours', HOURS],
  never: ['never', 'never', NEVER],
  wishes: ['wishes', 'wish', WISHES],
});

/** @param {keyof typeof SEVERAL} name @param {boolean} [needed] @returns {Topic} */
function several(name, needed = false) {
  const [of, list, most] = SEVERAL[name];
  return {
    name,
    ask: (state) =>
      pick(state, {
        name,
        title: label(state, name),
        hint: name === 'languages' ? state.words.t('ask.topic.languages.hint') : undefined,
        options: options(state.words, list),
        chosen: state.draft[of],
        many: true,
        most: () => most,
        on: (chosen) => {
          if (chosen.length || !needed) state.draft[of] = chosen;
        },
      }),
  };
}

/** @param {'soon' | 'region' | 'peer'} name @param {(state: State) => import('./dom.js').Option[]} offered @returns {Topic} */
const one = (name, offered) => ({
  name,
  ask: (state) =>
    pick(state, {
      name,
      title: label(state, name),
      options: offered(state),
      chosen: state.draft[name] ? [state.draft[name]] : [],
      many: false,
      on: ([chosen = 0]) => {
        state.draft[name] = chosen;
      },
    }),
});

/** @type {Topic} */
const needs = {
  name: 'needs',
  ask: (state) =>
    pick(state, {
      name: 'needs',
      title: label(state, 'needs'),
      options: options(state.words, 'needs'),
      chosen: state.draft.needs.filter((id) => id === needOf(id)),
      many: true,
      on: (chosen) => {
        if (chosen.length) state.draft.needs = withNeeds(state.draft.needs, chosen).slice(0, NEEDS);
      },
    }),
};

/** What narrows the needs that were chosen; it is read back with them. @type {Topic} */
export const exactly = {
  name: 'exactly',
  ask: (state) => {
    const { flow, draft } = state;
    const groups = narrowed(state).map(({ id, text, below }) => {
      const narrowing = () => draft.needs.filter((each) => each !== id && needOf(each) === id);
      return choices({
        name: text,
        shown: true,
        options: below,
        chosen: narrowing(),
        many: true,
        most: () => narrowing().length + NEEDS - draft.needs.length,
        on: (chosen) => {
          draft.needs = withExact(draft.needs, id, chosen);
        },
      });
    });
    flow.show('exactly', label(state, 'exactly'), groups, flow.done());
  },
};

/** Return the chosen needs that can be narrowed, and by what. @param {State} state */
export const narrowed = ({ words, draft }) =>
  words
    .list('needs')
    .filter(({ id }) => draft.needs.includes(id))
    .map(({ id, text }) => ({ id, text, below: options(words, 'needs', id) }))
    .filter(({ below }) => below.length > 0);

const TEN = 10;

/** @type {Topic} */
const people = {
  name: 'people',
  ask: (state) => askPeople(state, Math.max(TEN, Math.ceil(state.draft.people / TEN) * TEN)),
};

/** @param {State} state @param {number} most the highest number that is shown */
function askPeople(state, most) {
  const { flow, words, draft } = state;
  const title = label(state, 'people');
  const numbers = Array.from({ length: Math.min(most, PEOPLE) }, (_, at) => at + 1);
  flow.show(
    'people',
    title,
    choices({
      name: title,
      options: numbers.map((value) => ({ value, text: words.number(value) })),
      chosen: draft.people ? [draft.people] : [],
      on: ([chosen = 0]) => {
        draft.people = chosen;
      },
    }),
    most < PEOPLE &&
      button(words.t('ask.topic.people.more'), () => askPeople(state, most + TEN), { kind: 'more' }),
    flow.done(),
  );
}

/** @type {Topic} */
const safe = { name: 'safe', ask: safeAgain };

/** @type {Topic} */
const safeWord = {
  name: 'safe_word',
  ask: (state) => {
    const hint = state.words.t('ask.topic.safe_word.hint');
    write(state, { of: 'safe_word', hint, max: SAFE_WORD_BYTES, cleaned: line });
  },
};

/** @type {Topic} */
const text = {
  name: 'text',
  ask: (state) => {
    const { words } = state;
    const warning = p('warn', words.t('ask.topic.text.warn'));
    const hint = words.t('ask.topic.text.hint');
    write(state, { of: 'text', hint, max: TEXT_BYTES, cleaned: clean, multiline: true, warning });
  },
};

/**
 * Ask for a text. What fits is kept at each change; only "Done" insists that all of it fits.
 * @param {State} state
 * @param {object} asked
 * @param {'safe_word' | 'text'} asked.of
 * @param {string} asked.hint
 * @param {number} asked.max bytes of UTF-8
 * @param {(value: string) => string} asked.cleaned
 * @param {boolean} [asked.multiline]
 * @param {HTMLElement} [asked.warning] stands before the field
 */
function write(state, { of, hint, max, cleaned, multiline, warning }) {
  const { flow, words, draft } = state;
  let fits = true;
  const done = () => (fits ? flow.back() : input.fail(words.t('shared.too_long')));
  const input = field({
    label: label(state, of),
    hint,
    value: draft[of],
    multiline,
    max,
    left: (room, written) => leftText(words, room, written),
    on: (value) => {
      const kept = cleaned(value);
      fits = bytes(kept) <= max;
      if (fits) draft[of] = kept;
    },
    enter: multiline ? undefined : done,
  });
  flow.show(of, label(state, of), warning, input.box, flow.done(done));
}

/** All that can be said, in the order in which it is offered. @type {Topic[]} */
export const TOPICS = [
  needs,
  exactly,
  one('soon', ({ words }) => options(words, 'soon')),
  one('region', regionOptions),
  several('languages', true),
  people,
  several('who'),
  several('children'),
  safe,
  several('hours'),
  several('never'),
  safeWord,
  several('wishes'),
  one('peer', ({ words }) => options(words, 'peer')),
  text,
];
