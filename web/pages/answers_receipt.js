// The receipt, read in the page before anything is asked of the server, and the word.

import { fetch as fetchDirectory } from '../flows/choosing.js';
import * as flows from '../flows/answers.js';
import { Trouble } from '../flows/troubles.js';
import { symbols } from '../src/client/code_text.js';
import { b64 } from '../src/encoding.js';
import { box, nothing } from './answers_box.js';
import { isWord, readReceipt } from './answers_rules.js';
import { written } from './ask_code.js';
import { button, field, h } from './dom.js';
import { troubleText } from './trouble.js';

/** Why what was typed is no receipt. */
const WRONG = {
  empty: 'answers.receipt.empty',
  mistyped: 'answers.receipt.mistyped',
  code: 'answers.receipt.code',
};

/** @typedef {import('./answers.js').State} State */
/** @typedef {import('../flows/ambient.js').Session} Session */
/** @typedef {import('../flows/answers.js').Holder} Holder */
/** @typedef {Pick<State, 'box' | 'names'>} Read */
/** @typedef {Read & {holder: Holder}} Opened */

/**
 * Ask for the receipt.
 * @param {State} state
 */
export function receipt(state) {
  const { flow, words } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const meant = h('div', { role: 'alert' });
  const input = field({
    label: t('answers.receipt.label'),
    hint: t('ask.code.hint'),
    value: state.written,
    on: (value) => {
      state.written = value;
      meant.replaceChildren();
    },
    enter: () => look(),
  });
  /** @param {Uint8Array} secret @param {string} [corrected] */
  const on = (secret, corrected = '') => {
    Object.assign(state, { secret, corrected, word: '' });
    flow.go(() => word(state));
  };
  /** @param {Uint8Array} secret */
  const suggest = (secret) => {
    const yes = button(t('shared.yes'), () => on(secret));
    const no = button(t('shared.no'), () => {
      meant.replaceChildren();
      input.fail(t('answers.receipt.mistyped'));
    });
    const signs = written(symbols(secret, 'receipt'));
    const question = [h('p', {}, t('answers.receipt.suggested')), signs];
    meant.append(h('div', { class: 'warn' }, question, h('div', { class: 'two' }, yes, no)));
    yes.focus();
  };
  const look = () => {
    meant.replaceChildren();
    const found = readReceipt(state.written);
    if (!('secret' in found)) return input.fail(t(WRONG[found.how]));
    if (found.how === 'suggested') return suggest(found.secret);
    on(found.secret, found.how === 'corrected' ? symbols(found.secret, 'receipt') : '');
  };
  flow.show(
    'receipt',
    t('answers.receipt.title'),
    words.unreviewed && h('p', { class: 'warn' }, t('shared.unreviewed')),
    h('p', { class: 'lead' }, t('answers.receipt.what')),
    input.box,
    meant,
    button(t('shared.next'), look),
    h('a', { class: 'more', href: '/' }, t('answers.receipt.ask')),
    h('p', { class: 'note' }, t('ask.code.exit')),
  );
}

/**
 * Ask for the word that belongs to the receipt, if there is one, and open what lies there.
 * @param {State} state
 */
function word(state) {
  const { flow, words, corrected } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  const next = () => {
    if (!state.word.trim()) input.fail(t('ask.word.empty'));
    else if (!isWord(state.word)) input.fail(t('answers.word.bad'));
    else open();
  };
  const open = () => void notice.during(() => openBox(state), (opened) => found(state, opened));
  const input = field({
    label: t('answers.word.label'),
    value: state.word,
    on: (value) => {
      state.word = value;
    },
    enter: next,
  });
  const none = () => {
    state.word = input.input.value = '';
    open();
  };
  flow.show(
    'word',
    t('answers.word.title'),
    corrected && h('div', { class: 'note' }, h('p', {}, t('ask.code.corrected')), written(corrected)),
    h('p', { class: 'lead' }, t('answers.word.what')),
    button(t('answers.word.none'), none),
    input.box,
    notice.box,
    button(t('shared.next'), next),
  );
}

/** @param {State} state @param {Opened | undefined} opened */
function found(state, opened) {
  Object.assign(state, opened);
  if (state.box) state.flow.anew(() => box(state));
  else state.flow.go(() => nothing(state));
}

/**
 * Derive what the receipt and the word give here, and read the whole box.
 * @param {State} state
 * @returns {Promise<Opened | undefined>}
 */
async function openBox({ session, secret, word: typed }) {
  if (!secret) return undefined;
  const { network_id } = await session.api.network();
  const holder = await flows.holder(secret, typed, network_id);
  return { holder, ...(await readBox(session, holder)) };
}

/**
 * Read the whole box, and look up whom the answers name. The page takes over what comes of it, if
 * it is still there.
 * @param {Session} session
 * @param {Holder} holder
 * @returns {Promise<Read>}
 */
export async function readBox(session, holder) {
  const box = (await flows.read(session.api, holder)) ?? undefined;
  const is_named = box?.answers.some(({ answer }) => answer.try_another.length);
  return { box, names: is_named ? await namesOf(session) : new Map() };
}

/**
 * Return the names of organisations from the directory that was checked; none where it can't be.
 * @param {Session} session
 * @returns {Promise<Map<string, string>>}
 */
async function namesOf(session) {
  try {
    const { organisations } = await fetchDirectory(session);
    return new Map(organisations.map(({ statement }) => [b64(statement.organisation), statement.name]));
  } catch (trouble) {
    if (trouble instanceof Trouble) return new Map();
    throw trouble;
  }
}
