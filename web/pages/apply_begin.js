// What applying is, and the two ways in: anew, or with a key file.

import * as applying from '../flows/apply.js';
import { alarm, button, h, p } from './dom.js';
import { drop } from './apply.js';
import { ask } from './apply_form.js';
import { standing } from './apply_status.js';
import { IDLE_MINUTES, lockWhenIdle } from './idle.js';
import { fileField, progressBar, veiled } from './key_file.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./apply.js').State} State */

/**
 * Say what applying is.
 * @param {State} state
 */
export function begin(state) {
  const { flow, words, session } = state;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const go = () =>
    void notice.during(
      () => applying.admins(session),
      (admins) => {
        state.admins = admins;
        watched(state);
        ask(state);
      },
    );
  flow.show(
    'begin',
    words.t('apply.begin.title'),
    p('', words.t('apply.begin.what')),
    p('', words.t('apply.begin.who')),
    words.unreviewed && p('note', words.t('shared.unreviewed')),
    h(
      'ul',
      {},
      h('li', {}, words.t('apply.begin.public')),
      h('li', {}, words.t('apply.begin.sealed')),
      h('li', {}, words.t('apply.begin.time', { minutes: IDLE_MINUTES })),
    ),
    notice.box,
    button(words.t('apply.begin.go'), go),
    button(words.t('apply.begin.again'), () => flow.go(() => open(state)), { kind: 'more' }),
  );
}

/**
 * Ask for the key file, the file beside it, and the passphrase.
 * @param {State} state
 */
function open(state) {
  const { flow, words } = state;
  /** @type {{key?: File, store?: File}} */
  const files = {};
  let phrase = '';
  const wrong = alarm();
  const key = fileField(words.t('apply.open.key'), (given) => {
    files.key = given;
    wrong.fail('');
    key.say(words.t('apply.open.key.chosen'));
  });
  const store = fileField(words.t('apply.open.store'), (given) => {
    files.store = given;
    store.say(words.t('apply.open.store.chosen'));
  });
  const go = () => {
    if (!files.key) wrong.fail(words.t('apply.open.no_file'));
    else if (!phrase) passphrase.fail(words.t('apply.open.no_passphrase'));
    else void opening(state, files.key, files.store, phrase);
  };
  const passphrase = veiled(words.t('apply.open.passphrase'), (value) => (phrase = value), go);
  flow.show(
    'open',
    words.t('apply.open.title'),
    p('', words.t('apply.open.what')),
    key.box,
    p('', words.t('apply.open.store.what')),
    store.box,
    passphrase.box,
    wrong.box,
    button(words.t('apply.open.go'), go),
  );
}

/** @param {State} state @param {File} key @param {File | undefined} store @param {string} passphrase */
async function opening(state, key, store, passphrase) {
  const { flow, words, session } = state;
  flow.go(() => undefined);
  const title = words.t('apply.opening.title');
  const bar = progressBar(title, words.t('shared.wait'));
  flow.show('opening', title, ...bar.parts);
  const here = flow.here();
  const onProgress = (/** @type {number} */ done) => {
    const percent = Math.floor(done * 100);
    bar.part(percent, words.t('inbox.opening.key', { done: percent }));
  };
  /** @param {File} file */
  const read = async (file) => new Uint8Array(await file.arrayBuffer());
  try {
    const store_file = store && (await read(store));
    const given = { key_file: await read(key), store_file, passphrase, onProgress };
    const desk = await applying.open(session, given);
    if (!here()) return desk.lock();
    state.desk = desk;
    watched(state);
    flow.anew(() => standing(state));
  } catch (trouble) {
    if (!here()) return;
    drop(state);
    bar.fail(troubleOf(words, trouble));
  }
}

/** Let go of everything when nobody uses the page. @param {State} state */
function watched(state) {
  const { flow, session } = state;
  state.watch?.abort();
  const ends = new AbortController();
  state.watch = ends;
  const lock = () => {
    drop(state);
    flow.anew(() => begin(state));
  };
  const { signal } = ends;
  lockWhenIdle({ now: session.now, lock, signal });
  // Closing asks first where something would be lost.
  addEventListener('beforeunload', (event) => state.draft.name && event.preventDefault(), { signal });
}

/** Forget everything and show the first screen. @param {State} state */
export function leave(state) {
  drop(state);
  state.flow.anew(() => begin(state));
}
