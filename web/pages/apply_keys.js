// The organisation's keys: made in the page, and kept as two files before anything is handed in.

import * as applying from '../flows/apply.js';
import { MEMBER_NAME_BYTES } from '../src/constants.js';
import { bytes, button, field, p, status } from './dom.js';
import { hand } from './file.js';
import { sent } from './apply_sent.js';
import { passphrases } from './key_file.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./apply.js').State} State */

// Names that say nothing and are the same for everybody.
const KEY_NAME = 'notes.key';
const STORE_NAME = 'notes.copy';

/**
 * Ask for a name among the members and a passphrase, and make the keys.
 * @param {State} state
 * @param {applying.Said} said
 */
export function keys(state, said) {
  const { flow, words, session, admins } = state;
  if (!admins) return;
  let member_name = '';
  const now = status();
  const name = field({
    label: words.t('apply.keys.name'),
    hint: words.t('apply.keys.name.hint'),
    on: (value) => (member_name = value.trim()),
  });
  flow.show(
    'keys',
    words.t('apply.keys.title'),
    p('', words.t('apply.keys.what')),
    name.box,
    passphrases(state, troubleOf, (passphrase, notice) => {
      if (!member_name || bytes(member_name) > MEMBER_NAME_BYTES) {
        name.fail(words.t('apply.keys.name.wrong'));
        return;
      }
      const onProgress = (/** @type {number} */ done) =>
        (now.textContent = words.t('inbox.opening.key', { done: Math.floor(done * 100) }));
      void notice.during(
        () => applying.found(session, admins, said, { member_name, passphrase, onProgress }),
        ({ desk, key_file, store_file }) => {
          state.desk = desk;
          flow.anew(() => filesToKeep(state, { key_file, store_file }));
        },
      );
    }),
    now,
  );
}

/**
 * Give the files out, and hand in when they were kept.
 * @param {State} state
 * @param {{key_file?: Uint8Array, store_file?: Uint8Array, before?: applying.Ends}} [files] without a
 *   key file it is kept already; `before` takes the application back that this one replaces
 */
export function filesToKeep(state, files = {}) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const { key_file, store_file = applying.storeFile(desk), before } = files;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const left = new Set(key_file ? ['key', 'store'] : ['store']);
  const go = button(words.t('apply.keep.go'), () =>
    void notice.during(
      () => applying.post(desk, before),
      () => flow.anew(() => sent(state)),
    ),
  );
  go.hidden = true;
  /** @param {'key' | 'store'} which @param {Uint8Array} file @param {string} name */
  const keep = (which, file, name) => () => {
    hand(new Blob([new Uint8Array(file)], { type: 'application/octet-stream' }), name);
    left.delete(which);
    go.hidden = left.size > 0;
  };
  flow.show(
    'keep',
    words.t('apply.keep.title'),
    p('', words.t('apply.keep.what')),
    key_file && [
      p('', words.t('apply.keep.key')),
      button(words.t('apply.keep.key.go'), keep('key', key_file, KEY_NAME), { kind: 'more' }),
    ],
    p('', words.t('apply.keep.store')),
    button(words.t('apply.keep.store.go'), keep('store', store_file, STORE_NAME), { kind: 'more' }),
    p('note', words.t('apply.keep.nobody')),
    notice.box,
    go,
  );
}

