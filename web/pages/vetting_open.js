// Opening the page for admins: the key file, the passphrase, and what is going on meanwhile.

import { look, unlock } from '../flows/vetting_desk.js';
import { alarm, button, p } from './dom.js';
import { lockWhenIdle } from './idle.js';
import { fileField, progressBar, veiled } from './key_file.js';
import { drop } from './vetting.js';
import { list } from './vetting_list.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./vetting.js').State} State */

/**
 * Ask for the key file and its passphrase.
 * @param {State} state
 */
export function open(state) {
  const { flow, words } = state;
  /** @type {File | undefined} */
  let file;
  let phrase = '';
  const wrong = alarm();
  const chosen = fileField(words.t('vetting.open.file'), (given) => {
    file = given;
    wrong.fail('');
    chosen.say(words.t('vetting.open.chosen'));
  });
  const go = () => {
    if (!file) wrong.fail(words.t('vetting.open.no_file'));
    else if (!phrase) passphrase.fail(words.t('vetting.open.no_passphrase'));
    else void opening(state, file, phrase);
  };
  const passphrase = veiled(words.t('vetting.open.passphrase'), (value) => (phrase = value), go);
  flow.show(
    'open',
    words.t('vetting.open.title'),
    p('', words.t('vetting.open.what')),
    words.unreviewed && p('note', words.t('shared.unreviewed')),
    chosen.box,
    passphrase.box,
    wrong.box,
    button(words.t('vetting.open.go'), go),
  );
}

/**
 * Work out the key, check the network, read what is open, and show it.
 * @param {State} state
 * @param {File} file
 * @param {string} passphrase
 */
async function opening(state, file, passphrase) {
  const { flow, words, session } = state;
  flow.go(() => undefined);
  const title = words.t('vetting.opening.title');
  const bar = progressBar(title, words.t('shared.wait'));
  flow.show('opening', title, ...bar.parts);
  const here = flow.here();
  const onProgress = (/** @type {number} */ done) => {
    const percent = Math.floor(done * 100);
    bar.part(percent, words.t('vetting.opening.key', { done: percent }));
  };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const desk = await unlock({ file: bytes, passphrase, session, onProgress });
    if (!here()) return desk.lock();
    state.desk = desk;
    bar.going(words.t('vetting.opening.read'));
    await look(desk);
    if (!here()) return drop(state);
    watched(state);
    flow.anew(() => list(state));
  } catch (trouble) {
    if (!here()) return;
    drop(state);
    bar.fail(troubleOf(words, trouble));
  }
}

/** Lock when nobody uses the page. @param {State} state */
function watched(state) {
  const { session } = state;
  const ends = new AbortController();
  state.watch = ends;
  lockWhenIdle({ now: session.now, lock: () => lock(state), signal: ends.signal });
  const typed = () => [...state.drafts.values()].some((text) => text.trim());
  const { signal } = ends;
  // Closing asks first where something would be lost.
  addEventListener('beforeunload', (event) => typed() && event.preventDefault(), { signal });
}

/** Forget everything and show the way in. @param {State} state */
export function lock(state) {
  drop(state);
  state.flow.anew(() => open(state));
}
