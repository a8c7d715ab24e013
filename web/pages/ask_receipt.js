// Whose eyes, the receipt, and its first four signs: all before anything is sealed or sent.

import { makeReceipt } from '../flows/ask.js';
import { digits, symbols } from '../src/client/code_text.js';
import { CONSENT_PERSON, EYES_NOBODY, EYES_RECEIPT, EYES_WORD } from '../src/constants.js';
import { written } from './ask_code.js';
import { isCopied } from './ask_rules.js';
import { send } from './ask_send.js';
import { button, field, h, p } from './dom.js';
import { opening } from './later.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/ask.js').Receipt} Receipt */

/**
 * Show the receipt, to be copied by hand, and send once it was.
 * @param {State} state
 */
export function receipt(state) {
  const { flow, words, way, draft } = state;
  if (!way) return;
  draft.eyes ||= EYES_RECEIPT;
  void way.again().catch(() => {}); // sealing looks again where this did not work
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const place = h('div', {}, notice.box);
  flow.show(
    'receipt',
    words.t('ask.receipt.title'),
    draft.consent === CONSENT_PERSON && p('lead', words.t('ask.receipt.hand')),
    place,
  );
  if (draft.eyes === EYES_NOBODY) {
    place.replaceChildren(
      p('warn', words.t('ask.receipt.none')),
      eyesLine(state),
      button(words.t('ask.receipt.send'), () => flow.go(send), { picture: 'next' }),
    );
  } else {
    void notice.during(
      async () => (state.receipt ??= await make(state)),
      (made) => place.replaceChildren(...copied(state, made)),
    );
  }
}

/** @param {State} state @param {Receipt} made */
function copied(state, { secret }) {
  const { flow, words, typed, draft } = state;
  const forms = formsOf(secret);
  const next = () =>
    isCopied(typed.first, forms) ? flow.go(send) : input.fail(words.t('ask.receipt.wrong'));
  const input = field({
    label: words.t('ask.receipt.first'),
    value: typed.first,
    on: (value) => {
      typed.first = value;
    },
    enter: next,
  });
  return [
    p('note', words.t('ask.receipt.what')),
    shown(forms),
    draft.eyes === EYES_WORD ? p('note', words.t('ask.receipt.word')) : '',
    eyesLine(state),
    input.box,
    button(words.t('ask.receipt.send'), next, { picture: 'next' }),
  ];
}

/** Return the two written forms of a receipt. @param {Uint8Array} secret 10 bytes */
export const formsOf = (secret) => [symbols(secret, 'receipt'), digits(secret, 'receipt')];

/** Show a receipt large. @param {string[]} forms */
export const shown = ([letters = '', numbers = '']) =>
  h('div', { class: 'receipt', translate: 'no' }, p('', letters), written(numbers));

/** Who may read the answers, and the way to another choice. @param {State} state */
function eyesLine(state) {
  const said = `${state.words.t('ask.receipt.eyes')}: ${state.words.textOf('eyes', state.draft.eyes)}`;
  return opening(state, said, (rest) => rest.eyes);
}

/**
 * Make the receipt, with the word where she chose one.
 * @param {State} state
 * @param {(size: number) => Uint8Array} [random]
 */
export function make({ way, draft, typed, session }, random = session.random) {
  if (!way) throw new Error();
  return makeReceipt(way.view.policy.network_id, draft.eyes === EYES_WORD ? typed.word : '', random);
}
