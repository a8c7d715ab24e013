// A text that is carried by hand: shown whole, to be copied or kept as a file.

import { button, h } from './dom.js';
import { handText } from './file.js';

/**
 * Show a text of many lines that is marked whole when it is tapped, and the button that keeps it as
 * a file. Nothing is kept without that tap.
 * @param {{words: import('./words.js').Words}} state
 * @param {string} label
 * @param {string} text
 */
export function carriedText({ words }, label, text) {
  const shown = /** @type {HTMLTextAreaElement} */ (
    h('textarea', {
      readonly: true,
      rows: 6,
      dir: 'ltr',
      'aria-label': label,
      autocomplete: 'off',
      spellcheck: 'false',
      translate: 'no',
      click: () => shown.select(),
      focus: () => shown.select(),
    })
  );
  shown.value = text;
  const keep = button(words.t('ask.carry.file'), () => handText(text), { kind: 'more' });
  return h('div', { class: 'field' }, shown, keep);
}
