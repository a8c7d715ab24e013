// Whose eyes the answers are for: whoever holds the receipt, her own word besides, or nobody.

import { normalWord } from '../src/client/codes.js';
import { EYES_NOBODY, EYES_RECEIPT, EYES_WORD } from '../src/constants.js';
import { Refused } from '../src/errors.js';
import { make } from './ask_receipt.js';
import { choices, field, h } from './dom.js';
import { options } from './options.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */

/**
 * Ask who may read the answers. The receipt stays the same, so that a copy of it stays good.
 * @param {State} state
 */
export function eyes(state) {
  const { flow, words, draft, typed } = state;
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const title = words.t('ask.receipt.eyes');
  const place = h('div');
  let chosen = draft.eyes;
  const draw = () => place.replaceChildren(...(chosen === EYES_WORD ? [word.box] : []));
  const done = () => {
    const wrong = chosen === EYES_WORD ? wordFault(typed.word) : undefined;
    if (wrong) return word.fail(words.t(wrong));
    draft.eyes = chosen;
    return notice.during(() => remake(state), () => flow.back());
  };
  const word = field({
    label: words.t('ask.word.label'),
    value: typed.word,
    on: (value) => {
      typed.word = value;
    },
    enter: done,
  });
  draw();
  flow.show(
    'eyes',
    title,
    choices({
      name: title,
      options: options(words, 'eyes'),
      chosen: [chosen],
      on: ([one = EYES_RECEIPT]) => {
        chosen = one;
        draw();
      },
    }),
    place,
    notice.box,
    flow.done(done),
  );
}

/** Return the text that says why this can't be the word, if it can't. @param {string} typed */
function wordFault(typed) {
  try {
    return normalWord(typed) ? undefined : 'ask.word.empty';
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return refused.category === 'TooLong' ? 'shared.too_long' : 'ask.word.empty';
  }
}

/** Derive what the same receipt gives with another word, or with none. @param {State} state */
async function remake(state) {
  const { receipt: before, draft } = state;
  if (draft.eyes === EYES_NOBODY) state.receipt = undefined;
  else state.receipt = await make(state, before && (() => before.secret));
}
