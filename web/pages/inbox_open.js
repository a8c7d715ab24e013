// Opening the inbox: the key file, the passphrase, and what is going on meanwhile.

import { unlock } from '../flows/desk.js';
import { alarm, button, p } from './dom.js';
import { drop } from './inbox.js';
import { Watch } from './inbox_clock.js';
import { invited } from './inbox_invited.js';
import { list } from './inbox_list.js';
import { recover } from './inbox_recovery.js';
import { troubleOf } from './inbox_trouble.js';
import { fileField, progressBar, veiled } from './key_file.js';

/** @typedef {import('./inbox.js').State} State */

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
  const chosen = fileField(words.t('inbox.open.file'), (given) => {
    file = given;
    wrong.fail('');
    chosen.say(words.t('inbox.open.chosen'));
  });
  const go = () => {
    if (!file) wrong.fail(words.t('inbox.open.no_file'));
    else if (!phrase) passphrase.fail(words.t('inbox.open.no_passphrase'));
    else void opening(state, file, phrase);
  };
  const passphrase = veiled(words.t('inbox.open.passphrase'), (value) => (phrase = value), go);
  flow.show(
    'open',
    words.t('inbox.open.title'),
    p('', words.t('inbox.open.what')),
    words.unreviewed && p('note', words.t('shared.unreviewed')),
    chosen.box,
    passphrase.box,
    wrong.box,
    button(words.t('inbox.open.go'), go),
    button(words.t('inbox.open.invited'), () => flow.go(() => invited(state)), { kind: 'more' }),
    button(words.t('inbox.open.recovery'), () => flow.go(() => recover(state)), { kind: 'more' }),
    p('note', words.t('inbox.open.lost')),
  );
}

/**
 * Work out the key, fetch the store, look through what came, and show the requests.
 * @param {State} state
 * @param {File} file
 * @param {string} passphrase
 */
async function opening(state, file, passphrase) {
  const { flow, words, session } = state;
  flow.go(() => undefined);
  const said = progress(state);
  const here = flow.here();
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const onProgress = (/** @type {number} */ part) => said.part(part);
    const { page } = state;
    const desk = await unlock({ file: bytes, passphrase, session, onProgress, page });
    if (!here()) {
      desk.lock();
      return;
    }
    await enter(state, desk, said);
  } catch (trouble) {
    if (!here()) return;
    drop(state);
    said.fail(troubleOf(words, trouble));
  }
}

/**
 * Begin to work with an opened desk: the first look, then the requests.
 * @param {State} state
 * @param {import('../flows/desk.js').Desk} desk
 * @param {ReturnType<typeof progress>} said
 */
export async function enter(state, desk, said) {
  const { flow } = state;
  state.desk = desk;
  state.watch = new Watch(state, () => {
    drop(state);
    flow.anew(() => open(state));
  });
  const here = flow.here();
  await state.watch.look(said.rows);
  if (!here()) return;
  flow.anew(() => list(state));
  void state.watch?.keep();
}

/**
 * Show what is going on, with a bar as long as the end is known.
 * @param {State} state
 */
export function progress({ flow, words }) {
  const title = words.t('inbox.opening.title');
  const bar = progressBar(title, words.t('shared.wait'));
  flow.show('opening', title, ...bar.parts);
  return {
    /** @param {number} done the part of the key that is worked out, 0 to 1 */
    part: (done) => {
      const percent = Math.floor(done * 100);
      const key = words.t('inbox.opening.key', { done: percent });
      bar.part(percent, percent < 100 ? key : words.t('inbox.opening.store'));
    },
    /** @param {number} rows how many were looked through */
    rows: (rows) => bar.going(words.t('inbox.opening.drop', { done: rows })),
    /** @param {string} text what went wrong, and what to do */
    fail: (text) => bar.fail(text),
  };
}
