// Keeping answers as a file on this device: only where somebody asks for it, and after saying who
// finds it there. What they added in their own words goes in only by another tap (R37).

import { box, namedBy } from './answers_box.js';
import { keepable, written } from './answers_rules.js';
import { button, choices, h, p } from './dom.js';
import { MARK, TEXT_NAME, handText } from './file.js';

/** @typedef {import('./answers.js').State} State */
/** @typedef {import('./answers_rules.js').Part} Part */

const [ANSWERS, OWN_TOO] = [1, 2];

/**
 * Say what it means to keep a file here, and keep one only after a yes.
 * @param {State} state
 */
export function keep(state) {
  const { flow, words, added } = state;
  let chosen = ANSWERS;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const save = () => {
    handText(MARK + written(partsOf(state, chosen === OWN_TOO)));
    flow.anew(() => kept(state));
  };
  const what = choices({
    name: t('answers.keep.choice'),
    shown: true,
    options: [
      { value: ANSWERS, text: t('answers.keep.answers') },
      { value: OWN_TOO, text: t('answers.keep.own') },
    ],
    chosen: [chosen],
    on: ([one]) => {
      chosen = one ?? ANSWERS;
    },
  });
  flow.show(
    'keep',
    t('answers.keep.title'),
    p('lead', t('answers.keep.what')),
    p('warn', t('answers.keep.finder')),
    p('', t('answers.keep.shared')),
    p('note', t('answers.keep.holds')),
    added.length > 0 && what,
    button(t('answers.keep.yes'), save),
    button(t('answers.keep.no'), () => flow.back(), { kind: 'more' }),
  );
}

/**
 * Say what it is called, and how to be rid of it. No page is told whether it was really kept.
 * @param {State} state
 */
function kept(state) {
  const { flow, words } = state;
  flow.show(
    'kept',
    words.t('answers.kept.title'),
    p('lead', words.t('answers.kept.name', { file: TEXT_NAME })),
    p('note', words.t('answers.kept.where')),
    h('h2', {}, words.t('answers.kept.delete')),
    h(
      'ul',
      {},
      h('li', {}, words.t('answers.kept.delete.file')),
      h('li', {}, words.t('answers.kept.delete.list')),
    ),
    button(words.t('answers.do.answers'), () => flow.anew(() => box(state))),
  );
}

/**
 * Return what goes into the file: each answer under its day; no name, receipt or code but what an
 * answer says itself.
 * @param {State} state
 * @param {boolean} own_too whether what they added goes in
 * @returns {Part[]}
 */
function partsOf(state, own_too) {
  const { words, box: found, added } = state;
  const answers = found ? keepable(found) : [];
  /** @type {Part[]} */
  const theirs = answers.map((answer) => {
    const named = namedBy(state, answer);
    const others = named.length ? [words.t('answers.box.names'), ...named] : [];
    return [words.date(answer.epoch), [...(answer.text ? [answer.text] : []), ...others]];
  });
  return own_too ? [...theirs, [words.t('ask.topic.text'), added]] : theirs;
}
