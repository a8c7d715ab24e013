// A key file and its passphrase, as every page asks for them that opens with one, and what is going
// on while the key is worked out.

import { alarm, button, field, h, newId, status } from './dom.js';

/** A passphrase has so many letters or more. */
const SHORTEST = 16;

/**
 * Ask for a file of this device. Its name is not shown: it may say more than it should.
 * @param {string} text
 * @param {(file: File) => void} on
 */
export function fileField(text, on) {
  const id = newId();
  const label = h('label', { for: id, class: 'file' }, text);
  const input = /** @type {HTMLInputElement} */ (
    h('input', { id, type: 'file', autocomplete: 'off', class: 'file-input' })
  );
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) on(file);
  });
  const say = (/** @type {string} */ now) => (label.textContent = now);
  return { box: h('div', { class: 'field' }, input, label), say };
}

/**
 * Ask for a passphrase. It is a text whose signs are covered: browsers offer to keep what is typed
 * into a field for passwords, and these pages keep nothing.
 * @param {string} label
 * @param {(value: string) => void} on
 * @param {() => void} [enter]
 * @param {string} [hint]
 */
export function veiled(label, on, enter, hint) {
  const made = field({ label, on, ...(enter ? { enter } : {}), ...(hint ? { hint } : {}) });
  made.input.classList.add('veiled');
  return made;
}

/**
 * Ask for a new passphrase, twice, and go on when it is long enough and the same.
 * @param {{flow: import('./flow.js').Flow<any>, words: import('./words.js').Words}} state
 * @param {(words: import('./words.js').Words, trouble: unknown) => string} troubleOf
 * @param {(passphrase: string, notice: ReturnType<import('./flow.js').Flow<any>['notice']>) => void} then
 */
export function passphrases({ flow, words }, troubleOf, then) {
  const typed = ['', ''];
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const go = () => {
    if ([...(typed[0] ?? '')].length < SHORTEST) {
      first.fail(words.t('inbox.invited.short', { least: SHORTEST }));
    } else if (typed[0] !== typed[1]) second.fail(words.t('inbox.invited.differ'));
    else then(typed[0] ?? '', notice);
  };
  const hint = words.t('inbox.invited.passphrase.hint');
  const first = veiled(words.t('inbox.invited.passphrase'), (value) => (typed[0] = value), undefined, hint);
  const second = veiled(words.t('inbox.invited.again'), (value) => (typed[1] = value), go);
  return h('div', {}, first.box, second.box, button(words.t('inbox.invited.make'), go), notice.box);
}

/**
 * Make what shows how far it is: a bar as long as the end is known, what is going on, what went wrong.
 * @param {string} label of the bar
 * @param {string} begin what is said first
 */
export function progressBar(label, begin) {
  const bar = /** @type {HTMLProgressElement} */ (h('progress', { max: 100, value: 0 }));
  const now = status(begin);
  const wrong = alarm();
  bar.setAttribute('aria-label', label);
  return {
    parts: [bar, now, wrong.box],
    /** @param {number} percent @param {string} text */
    part: (percent, text) => {
      bar.value = percent;
      now.textContent = text;
    },
    /** @param {string} text while nobody knows where the end is */
    going: (text) => {
      bar.removeAttribute('value');
      now.textContent = text;
    },
    /** @param {string} text what went wrong, and what to do */
    fail: (text) => {
      bar.remove();
      now.textContent = '';
      wrong.fail(text);
    },
  };
}
