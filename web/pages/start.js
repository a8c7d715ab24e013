// What every page begins with: the quick exit at once, then the choice of language. All else is
// loaded when a language was tapped.

import { h } from './dom.js';
import { guard } from './exit.js';
import { nearest } from './nearest.js';
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
if (main?.dataset['page']) offer(main, main.dataset['page']);

/**
 * Let the language buttons work, the browser's own language first; it is never chosen by itself.
 * @param {HTMLElement} main
 * @param {string} page 'ask' or 'answers'
 */
function offer(main, page) {
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll('button[lang]'))];
  for (const one of buttons) one.addEventListener('click', () => void choose(main, page, one));
  const likely = nearest(buttons.map((one) => one.lang), navigator.languages);
  const own = buttons.find((one) => one.lang === likely);
  own?.classList.add('likely');
  own?.parentElement?.prepend(own);
  const leave = document.querySelector('.leave');
  const word = [...(leave?.children ?? [])].find((one) => one.getAttribute('lang') === likely);
  if (word) leave?.prepend(word); // the bar has room for a few only
}

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

/**
 * Let the page be of one language, what leads out of it too.
 * @param {import('./words.js').Words} words
 */
function speak(words) {
  document.documentElement.lang = words.code;
  document.documentElement.dir = words.dir;
  document.querySelector('nav')?.setAttribute('aria-label', words.t('shared.leave'));
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.leave [lang]'))) {
    if (one.lang !== words.code) one.remove();
  }
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
