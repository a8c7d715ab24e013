// A page to print and cut: codes, and nothing that says what they are for.
//
// Each card has the code in both forms, its last day and the server's bare address; a few neutral
// words in a language that was chosen, or none. A card that is found must look like nothing and
// prove nothing. The square holds the address alone, the same on every card, and never a code.

import encode from 'qr';

import { bdi, h } from './dom.js';

/** @typedef {import('./words.js').Words} Words */

/**
 * How a sheet is laid out.
 * @typedef {object} Layout
 * @property {'cards' | 'strips'} form
 * @property {'a4' | 'letter'} paper
 * @property {Words} [words] those of the cards; without them a card has no word
 * @property {string} [cover] what stands on a first page; without it there is none
 */

/** @typedef {{symbols: string, digits: string, last_day: number}} Card with its last day, an epoch */

const SVG = 'http://www.w3.org/2000/svg';
const SQUARE = 'sheet-square';
const DAY_MS = 86_400_000;
// As many modules of white around it as the standard asks for.
const QUIET = 4;
/** How many stand on one page. */
export const ON_A_PAGE = { cards: 10, strips: 12 };

/**
 * Return the pages of a sheet, for printing.
 * @param {Card[]} cards
 * @param {string} address scheme and host, with a slash at the end
 * @param {Layout} layout
 */
export function sheet(cards, address, layout) {
  const { form, paper, words, cover } = layout;
  const pages = [];
  for (let from = 0; from < cards.length; from += ON_A_PAGE[form]) {
    const some = cards.slice(from, from + ON_A_PAGE[form]).map((card) => one(card, address, words));
    pages.push(h('div', { class: `page ${form}` }, some));
  }
  const first = cover ? [h('div', { class: 'page cover' }, h('p', {}, bdi(cover)))] : [];
  return h(
    'div',
    { class: `sheet ${paper}`, lang: words?.code ?? 'und', dir: words?.dir ?? 'ltr', translate: 'no' },
    square(address),
    first,
    pages,
  );
}

/** @param {Card} card @param {string} address @param {Words | undefined} words */
function one({ symbols, digits, last_day }, address, words) {
  /** @param {string} key @param {string} text @param {string} look */
  const line = (key, text, look) =>
    h(
      'p',
      {},
      words && h('span', { class: 'label' }, words.t(key)),
      h('span', { class: look, dir: 'ltr' }, text),
    );
  const until = words ? words.t('sheet.until', { date: words.date(last_day) }) : `→ ${plainDay(last_day)}`;
  return h(
    'div',
    { class: 'card' },
    h(
      'div',
      { class: 'lines' },
      line('sheet.open', address, 'address'),
      line('sheet.type', symbols, 'symbols'),
      line('sheet.digits', digits, 'figures'),
      h('p', {}, h('span', { class: 'until' }, until)),
    ),
    use(),
  );
}

/** Return a day as no language in particular writes it. @param {number} epoch */
const plainDay = (epoch) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' }).format(epoch * DAY_MS);

/** Return the drawing that every card shows, once. @param {string} address */
function square(address) {
  const rows = encode(address, 'raw', { ecc: 'medium', border: QUIET });
  const size = rows.length;
  const d = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const symbol = svg('symbol', { id: SQUARE, viewBox: `0 0 ${size} ${size}` });
  symbol.append(svg('path', { d, fill: '#000' }));
  const drawn = svg('svg', { class: 'square-drawing', 'aria-hidden': 'true' });
  drawn.append(symbol);
  return drawn;
}

function use() {
  const drawn = svg('svg', { class: 'square', 'aria-hidden': 'true', focusable: 'false' });
  drawn.append(svg('use', { href: `#${SQUARE}` }));
  return drawn;
}

/** @param {string} tag @param {Record<string, string>} attributes */
function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Return the bare address of this page's server: scheme and host. */
export const bareAddress = () => `${location.origin}/`;
