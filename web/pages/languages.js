// The choice of language, and the page in the one that was chosen.

import { nearest } from './nearest.js';

/**
 * Let the language buttons work, the browser's own language first; it is never chosen by itself.
 * @param {HTMLElement} main
 * @param {(chosen: HTMLElement) => void} choose
 */
export function offer(main, choose) {
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll('button[lang]'))];
  for (const one of buttons) one.addEventListener('click', () => choose(one));
  const likely = nearest(buttons.map((one) => one.lang), navigator.languages);
  const own = buttons.find((one) => one.lang === likely);
  own?.classList.add('likely');
  own?.parentElement?.prepend(own);
  const leave = document.querySelector('.leave');
  const word = [...(leave?.children ?? [])].find((one) => one.getAttribute('lang') === likely);
  if (word) leave?.prepend(word); // the bar has room for a few only
}

/**
 * Let the page be of one language, what leads out of it too.
 * @param {import('./words.js').Words} words
 */
export function speak(words) {
  document.documentElement.lang = words.code;
  document.documentElement.dir = words.dir;
  document.querySelector('nav')?.setAttribute('aria-label', words.t('shared.leave'));
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.leave [lang]'))) {
    if (one.lang !== words.code) one.remove();
  }
}
