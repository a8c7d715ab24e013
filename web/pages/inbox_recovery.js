// The recovery sheet: a key on paper, for when all members lost theirs.

import * as recovery from '../flows/recovery.js';
import { button, field, h, p, status } from './dom.js';
import { handKey } from './inbox_close.js';
import { enter, progress } from './inbox_open.js';
import { passphrases } from './key_file.js';
import { bareAddress } from './sheet.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */

/**
 * Make a recovery sheet, and print it.
 * @param {State} state
 */
export function recoverySheet(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const make = () =>
    void notice.during(
      async () => recovery.make(desk),
      (secret) => flow.swap(() => printed(state, secret)),
    );
  flow.show(
    'recovery',
    words.t('inbox.recovery.title'),
    p('', words.t('inbox.recovery.what')),
    button(words.t('inbox.recovery.make'), make),
    notice.box,
  );
}

/** @param {State} state @param {string} secret */
function printed({ flow, words }, secret) {
  const shown = [
    h('p', {}, words.t('inbox.recovery.secret')),
    h('p', { class: 'symbols', dir: 'ltr' }, secret),
    h('p', { dir: 'ltr' }, bareAddress()),
  ];
  flow.show(
    'recovery made',
    words.t('inbox.recovery.title'),
    p('warn', words.t('inbox.recovery.what')),
    button(words.t('inbox.recovery.print'), () => print()),
    h('div', { class: 'receipt' }, h('p', { dir: 'ltr' }, secret)),
    flow.done(),
    h('div', { class: 'sheet a4' }, h('div', { class: 'page paper-key' }, shown)),
  );
}

/**
 * Open the inbox with the sheet: a name and a passphrase make a new member of whoever has it.
 * @param {State} state
 */
export function recover(state) {
  const { flow, words, session } = state;
  const asked = { typed: '', name: '' };
  const now = status();
  const secret = field({ label: words.t('inbox.recovery.typed'), on: (value) => (asked.typed = value) });
  const name = field({ label: words.t('inbox.recovery.name'), on: (value) => (asked.name = value.trim()) });
  secret.box.classList.add('digits');
  flow.show(
    'recover',
    words.t('inbox.open.recovery'),
    secret.box,
    name.box,
    passphrases(state, troubleOf, (passphrase, notice) => {
      if (!recovery.isSecret(asked.typed)) {
        secret.fail(words.t('inbox.recovery.wrong'));
        return;
      }
      const onProgress = (/** @type {number} */ done) =>
        (now.textContent = words.t('inbox.opening.key', { done: Math.floor(done * 100) }));
      void notice.during(
        () => recovery.recover(session, { ...asked, passphrase, onProgress }),
        ({ desk, key_file }) => flow.anew(() => recovered(state, desk, key_file)),
      );
    }),
    now,
  );
}

/** @param {State} state @param {import('../flows/desk.js').Desk} desk @param {Uint8Array} key_file */
function recovered(state, desk, key_file) {
  const { flow, words } = state;
  const keep = () => {
    handKey(key_file);
    on.hidden = false;
  };
  const go = () => {
    flow.go(() => undefined);
    void enter(state, desk, progress(state));
  };
  // With the first look the sheet opens nothing any more: not before the key file was given out.
  const on = button(words.t('inbox.open.go'), go, { kind: 'more' });
  on.hidden = true;
  flow.show(
    'recovered',
    words.t('inbox.recovery.title'),
    p('', words.t('inbox.recovery.then')),
    button(words.t('inbox.invited.save'), keep),
    p('', words.t('inbox.invited.keep')),
    on,
  );
}
