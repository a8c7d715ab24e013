// The least that is asked: what would help, and a safe way to answer.

import { CONTACT_BYTES, NEEDS } from '../src/constants.js';
import { check } from './ask_check.js';
import { contactAsked, contactOf, needOf, withNeeds } from './ask_rules.js';
import { alarm, button, bytes, choices, field, h, p } from './dom.js';
import { options } from './options.js';

/** @typedef {import('./ask.js').State} State */

/**
 * Ask what would help.
 * @param {State} state
 */
export function needs(state) {
  const { flow, words, draft } = state;
  const notice = alarm();
  flow.show(
    'needs',
    words.t('ask.needs.title'),
    p('', words.t('ask.needs.hint')),
    choices({
      name: words.t('ask.needs.title'),
      options: options(words, 'needs'),
      chosen: draft.needs.filter((id) => id === needOf(id)),
      many: true,
      on: (chosen) => {
        draft.needs = withNeeds(draft.needs, chosen).slice(0, NEEDS);
        notice.fail('');
      },
    }),
    notice.box,
    button(words.t('shared.next'), () => {
      if (draft.needs.length) flow.go(safe);
      else notice.fail(words.t('ask.choose'));
    }),
  );
}

/**
 * Ask for a safe way to answer, and for no more of where than that way needs.
 *
 * One tap goes on, where it is the first and asks for nothing.
 * @param {State} state
 */
export function safe(state) {
  askSafe(state, () => state.flow.go(check), !state.typed.channels.length);
}

/**
 * Ask for the safe way once more, from where it can be changed.
 * @param {State} state
 */
export function safeAgain(state) {
  askSafe(state, () => state.flow.back(), false);
}

/**
 * @param {State} state
 * @param {() => void} on where it goes on
 * @param {boolean} at_once whether one tap may go on
 */
function askSafe(state, on, at_once) {
  const { flow, words, draft, typed } = state;
  const list = words.list('channel');
  const notice = alarm();
  const fields = h('div');
  /** @type {Record<string, import('./dom.js').Field>} */
  const open = {};
  const asked = () => contactAsked(list, typed.channels);
  const draw = () => {
    for (const one of asked()) open[one] ??= contactField(state, one);
    fields.replaceChildren(...asked().flatMap((one) => open[one]?.box ?? []));
  };
  const next = () => {
    const { contact, missing, long } = contactOf(asked(), typed.contact);
    if (!typed.channels.length) return notice.fail(words.t('ask.choose'));
    if (missing) return open[missing]?.fail(words.t('ask.contact.empty'));
    if (long) return open[long]?.fail(words.t('ask.contact.long'));
    draft.channels = typed.channels;
    draft.contact = contact;
    on();
  };
  draw();
  flow.show(
    'safe',
    words.t('ask.safe.title'),
    p('', words.t('ask.safe.hint')),
    choices({
      name: words.t('ask.safe.title'),
      options: options(words, 'channel'),
      chosen: typed.channels,
      many: true,
      on: (chosen) => {
        typed.channels = chosen;
        notice.fail('');
        if (at_once && chosen.length === 1 && !asked().length) next();
        else draw();
      },
    }),
    fields,
    notice.box,
    button(words.t('shared.next'), next),
  );
}

/** What is asked for each way to answer. @type {Record<string, string>} */
const LABELS = {
  number: 'ask.contact.number',
  app: 'ask.contact.app',
  email: 'ask.contact.email',
  meet: 'ask.contact.meet',
  post: 'ask.contact.post',
};

/** @param {State} state @param {string} asked */
function contactField({ words, typed }, asked) {
  return field({
    label: words.t(LABELS[asked] ?? ''),
    value: typed.contact[asked],
    inputmode: asked === 'number' ? 'tel' : undefined,
    max: CONTACT_BYTES,
    left: (room, text) => leftText(words, room, text),
    on: (value) => {
      typed.contact[asked] = value;
    },
  });
}

/**
 * Say how many more letters there is room for, of the kind that was written so far.
 * @param {import('./words.js').Words} words
 * @param {number} room bytes of UTF-8, negative where it is too long
 * @param {string} text
 */
export function leftText(words, room, text) {
  const each = text ? bytes(text) / [...text].length : 1;
  const n = Math.floor(Math.abs(room) / each);
  return room < 0 ? words.t('shared.over', { n: Math.max(n, 1) }) : words.t('shared.left', { n });
}
