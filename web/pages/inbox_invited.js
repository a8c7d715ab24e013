// Becoming a member: an invitation code, a passphrase of one's own, a key file, and a number that is
// read to whoever invited.

import * as joining from '../flows/joining.js';
import { button, field, h, p, status } from './dom.js';
import { handKey } from './inbox_close.js';
import { open } from './inbox_open.js';
import { troubleOf } from './inbox_trouble.js';
import { passphrases } from './key_file.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/joining.js').Invitation} Invitation */
/** @typedef {import('../flows/joining.js').Joined} Joined */

/**
 * Ask for the invitation code.
 * @param {State} state
 */
export function invited(state) {
  const { flow, words, session } = state;
  let typed = '';
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const go = () =>
    void notice.during(
      () => joining.open(session, typed),
      (invitation) => flow.swap(() => choosing(state, invitation)),
    );
  const code = field({ label: words.t('inbox.invited.code'), on: (value) => (typed = value), enter: go });
  code.box.classList.add('digits');
  flow.show('invited', words.t('inbox.invited.title'), code.box, button(words.t('shared.next'), go), notice.box);
}

/** @param {State} state @param {Invitation} invitation */
function choosing(state, invitation) {
  const { flow, words, session } = state;
  const now = status();
  const { organisation, name } = invitation;
  flow.show(
    'passphrase',
    words.t('inbox.invited.title'),
    p('lead', words.t('inbox.invited.to', { organisation, name })),
    passphrases(state, troubleOf, (passphrase, notice) => {
      const onProgress = (/** @type {number} */ done) =>
        (now.textContent = words.t('inbox.opening.key', { done: Math.floor(done * 100) }));
      void notice.during(
        () => joining.accept(session, invitation, { passphrase, onProgress }),
        (joined) => flow.anew(() => made(state, joined)),
      );
    }),
    now,
  );
}

/**
 * Give the key file out, and show the number to read out.
 * @param {State} state
 * @param {Joined} joined
 */
export function made(state, { number, key_file }) {
  const { flow, words } = state;
  const keep = () => handKey(key_file);
  flow.show(
    'made',
    words.t('inbox.invited.title'),
    p('', words.t('inbox.invited.keep')),
    button(words.t('inbox.invited.save'), keep),
    p('', words.t('inbox.invited.check')),
    h('div', { class: 'receipt' }, h('p', { dir: 'ltr' }, number)),
    p('', words.t('inbox.invited.then')),
    button(words.t('inbox.invited.open'), () => flow.anew(() => open(state)), { kind: 'more' }),
  );
}
