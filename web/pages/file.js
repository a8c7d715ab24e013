// Handing something to the browser as a file of the device: by a tap, and under a name that says
// nothing and is the same for everybody.

import { h } from './dom.js';

/** What a text is called, as the page's own title is. */
export const TEXT_NAME = 'notes.txt';
/** A text is read as UTF-8 wherever it begins so, by whatever opens it. */
export const MARK = '\ufeff';

const KEPT_MS = 60_000;

/**
 * Hand something to the browser. Whether it was kept, and where, no page is told.
 * @param {Blob} blob
 * @param {string} name
 */
export function hand(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = h('a', { href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read it only after the click; with the page it goes in any case.
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

/**
 * Hand over a text.
 * @param {string} text
 */
export const handText = (text) => hand(new Blob([text], { type: 'text/plain' }), TEXT_NAME);
