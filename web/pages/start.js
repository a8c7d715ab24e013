// What every page begins with: the quick exit at once, then the choice of language. All else is
// loaded when a language was tapped.

import { h } from './dom.js';
import { guard } from './exit.js';
import { offer, speak } from './languages.js';
import { load } from './words.js';

/** @typedef {{forget: () => void}} State */

/** @type {State | undefined} */
let state;
let tries = 0;

guard(() => {
  state?.forget();
  state = undefined;
});
const main = document.getElementById('main');
const page = main?.dataset['page'];
if (main && page) offer(main, (one) => void choose(main, page, one));

/**
 * Load the words and the page's own code, side by side, and begin.
 * @param {HTMLElement} main
 * @param {string} page
 * @param {HTMLElement} chosen the button: lang, and and what its second try is called in data-again
 */
async function choose(main, page, chosen) {
  const lang = chosen.lang;
  main.setAttribute('aria-busy', 'true');
  try {
    // A browser may remember that a module failed: another address is another try.
    const address = `./${page}.js${tries ? `#${tries}` : ''}`;
    const [words, code] = await Promise.all([load(page, lang), import(address)]);
    speak(words);
    state = code.begin({ main, words });
  } catch {
    tries += 1;
    failed(main, page, chosen);
  }
  main.removeAttribute('aria-busy');
}

/** @param {HTMLElement} main @param {string} page @param {HTMLElement} chosen */
function failed(main, page, chosen) {
  const { again = '' } = chosen.dataset;
  const click = () => void choose(main, page, chosen);
  main.querySelector('.error')?.remove();
  main.append(
    h(
      'div',
      { class: 'error', role: 'alert', lang: chosen.lang, dir: 'auto' },
      h('button', { type: 'button', class: 'next', click }, again),
    ),
  );
}
