// Answering: what is said to whoever holds the receipt, and naming others where one cannot help.
// The person is shown the names and chooses; nothing is passed on (R36).

import * as answering from '../flows/answering.js';
import { TRY_ANOTHER } from '../src/constants.js';
import { b64 } from '../src/encoding.js';
import { button, choices, field, h, p } from './dom.js';
import { found as caseOf, request } from './inbox_case.js';
import { rule, texts } from './inbox_said.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/answering.js').Wanted} Wanted */

/**
 * Write an answer, with how to reach them in sight.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function answer(state, case_id) {
  const { flow, words } = state;
  const one = caseOf(state, case_id);
  if (!one) return;
  const written = text(state, case_id);
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const send = () => {
    const said = written.value();
    if (!said) written.fail(words.t('inbox.answer.empty'));
    else say(state, case_id, { state: 'answered', text: said }, notice);
  };
  flow.show(
    'answer',
    words.t('inbox.answer.title'),
    rule(state, one, true),
    written.box,
    button(words.t('inbox.answer.send'), send),
    notice.box,
  );
}

/**
 * Say that one cannot help, and name others that may, by what they do and which languages they have.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function cannot(state, case_id) {
  const { flow, words } = state;
  const one = caseOf(state, case_id);
  if (!one) return;
  const written = text(state, case_id);
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const others = h('div', {});
  /** @type {Uint8Array[]} */
  let named = [];
  const send = () => {
    const said = { text: written.value(), try_another: named };
    say(state, case_id, { state: named.length ? 'try_another' : 'cannot_help', ...said }, notice);
  };
  flow.show(
    'cannot',
    words.t('inbox.cannot.title'),
    p('', words.t('inbox.cannot.what')),
    rule(state, one, true),
    written.box,
    others,
    button(words.t('inbox.cannot.send'), send),
    notice.box,
  );
  const here = flow.here();
  void offered(state, one).then(
    (found) => here() && others.replaceChildren(pick(state, found, (keys) => (named = keys))),
    (trouble) => here() && others.replaceChildren(p('warn', troubleOf(words, trouble))),
  );
}

/**
 * Return the other organisations that are listed, those first that do most of what would help, and
 * speak a language that was asked for.
 * @param {State} state
 * @param {import('../flows/cases.js').Opened} one
 */
async function offered({ desk }, { said }) {
  const listed = desk ? await answering.others(desk, {}) : [];
  /** @param {import('../flows/choosing.js').Organisation} it */
  const fits = ({ profile }) =>
    said.needs.filter((need) => profile.services.includes(need)).length * 2 +
    Number(said.languages.some((language) => profile.languages.includes(language)));
  return listed
    .sort((a, b) => fits(b) - fits(a))
    .map((it) => ({ it, helps: said.needs.filter((need) => it.profile.services.includes(need)) }));
}

/**
 * @param {State} state
 * @param {Awaited<ReturnType<typeof offered>>} found
 * @param {(keys: Uint8Array[]) => void} on
 */
function pick(state, found, on) {
  const { words } = state;
  if (!found.length) return p('note', words.t('inbox.cannot.none'));
  const options = found.map(({ it, helps }, at) => {
    const needs = texts(state, 'needs', helps).join(', ');
    const hint = needs ? { hint: words.t('inbox.cannot.needs', { needs }) } : {};
    return { value: at + 1, text: it.statement.name, ...hint };
  });
  return choices({
    name: words.t('inbox.cannot.pick'),
    shown: true,
    many: true,
    most: () => TRY_ANOTHER,
    options,
    on: (chosen) =>
      on(chosen.flatMap((value) => found[value - 1]?.it.statement.organisation ?? [])),
  });
}

/**
 * Ask for the text; what was begun is there again until it was sent or the page is locked.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
function text({ words, drafts }, case_id) {
  const key = b64(case_id);
  const made = field({
    label: words.t('inbox.answer.label'),
    hint: words.t('inbox.answer.hint'),
    value: drafts.get(key) ?? '',
    multiline: true,
    on: (value) => drafts.set(key, value),
  });
  return { ...made, value: () => (drafts.get(key) ?? '').trim() };
}

/**
 * @param {State} state
 * @param {Uint8Array} case_id
 * @param {Wanted} wanted
 * @param {ReturnType<import('./flow.js').Flow<State>['notice']>} notice
 */
function say(state, case_id, wanted, notice) {
  const { desk, drafts } = state;
  void notice.during(
    async () => desk && (await answering.answer(desk, case_id, wanted)),
    (became) => {
      if (became === 'sent') drafts.delete(b64(case_id));
      told(state, case_id, became ?? 'ended');
    },
  );
}

/** What is said of what became of an answer. @type {Record<string, string>} */
const TOLD = {
  sent: 'inbox.answer.sent',
  taken: 'inbox.answer.taken',
  ended: 'inbox.answer.gone',
  none: 'inbox.answer.gone',
};

/** @param {State} state @param {Uint8Array} case_id @param {string} became */
function told(state, case_id, became) {
  const { flow, words } = state;
  const good = became === 'sent';
  const back = () => {
    flow.screens.splice(-2);
    flow.go(() => request(state, case_id));
  };
  flow.swap(() =>
    flow.show(
      'told',
      words.t('inbox.answer.title'),
      h('p', { class: good ? 'done' : 'warn', role: 'status' }, words.t(TOLD[became] ?? 'inbox.answer.gone')),
      flow.done(back),
    ),
  );
}

