// A page for asking that stands at one of its screens, with a way and a server of our own.

import { begin } from '../pages/ask.js';
import { Words } from '../pages/words.js';
import { freshDocument } from './fake_document.js';
import { wordsFile } from './words_files.js';

/** @typedef {import('./fake_document.js').FakeElement} FakeElement */

/** @param {string} part of the words in English */
const file = (part) => wordsFile(part, 'en');

/**
 * The English words of a page, and what it loads later.
 * @param {string} [page]
 * @param {string} [code] as if they were another language's
 */
export const words = (page = 'ask', code = 'en') =>
  new Words({ ...file(page), code }, async (part) => file(part));

export const PROFILE = {
  kind: [3],
  services: [1, 3],
  languages: [1, 2],
  accepts: [1],
  police_ties: [1],
  funding: [5],
  reporting: [1],
  privilege: [2],
  housing: [],
  regions: [101],
  pledge: [2],
  unknown: [],
};

/**
 * A way to an organisation that notes what is sealed and sent.
 * @param {object} [other] replaces parts of it
 */
export function fakeWay(other = {}) {
  const policy = {
    network_id: new Uint8Array(32),
    threshold: 2,
    admins: [{}, {}, {}],
    regions: [{ number: 1000, name: 'The valley' }],
  };
  return {
    view: { policy, witnessed: true, may_be_withheld: false },
    statement: { name: 'Harbour', until: 21000, organisation: new Uint8Array(32) },
    profile: PROFILE,
    last_epoch: 20800,
    /** @type {any[]} */
    sealed: [],
    /** @type {any[]} */
    sent: [],
    async again() {},
    /** @param {any} draft @param {any} receipt */
    async seal(draft, receipt) {
      this.sealed.push([structuredClone(draft), receipt]);
      return { envelope: this.sealed.length };
    },
    /** @param {any} request @returns {Promise<any>} */
    async send(request) {
      this.sent.push(request);
      return { request, last_epoch: 20900 };
    },
    ...other,
  };
}

/**
 * Begin, and stand at the screen that says who will read it.
 * @param {any} way
 */
export async function page(way = fakeWay()) {
  const { main, document } = freshDocument();
  let drawn = 0;
  const session = {
    api: {},
    random: (/** @type {number} */ size) => new Uint8Array(size).fill((drawn += 1)),
    pause: async () => {},
  };
  const state = begin({ main, words: words(), session: /** @type {any} */ (session) });
  const { reader } = await import('../pages/ask_reader.js');
  state.way = way;
  state.flow.anew(reader);
  return { state, main, document, ...hands(main) };
}

/**
 * What somebody can do with a screen: each tap is counted.
 * @param {FakeElement} main
 */
export function hands(main) {
  const counted = { taps: 0 };
  const named = (/** @type {string} */ name) =>
    main.all.filter((one) => ['button', 'a'].includes(one.tag) && one.textContent.startsWith(name));
  return {
    counted,
    has: (/** @type {string} */ name) => named(name).length > 0,
    says: (/** @type {string} */ text) => main.textContent.includes(text),
    screen: () => main.dataset['screen'],
    /** @param {string} name the beginning of what stands on the button */
    tap(name) {
      const [found] = named(name);
      if (!found) throw new Error(`no button ${name} on ${main.dataset['screen']}`);
      counted.taps += 1;
      found.fire('click');
    },
    /** @param {string} text @param {number} [which] */
    type(text, which = 0) {
      const field = main.all.filter((one) => ['input', 'textarea'].includes(one.tag))[which];
      if (!field) throw new Error('no field');
      field.value = text;
      field.fire('input');
    },
    errors: () =>
      main.all
        .filter((one) => one.getAttribute('role') === 'alert')
        .map((one) => one.textContent)
        .join(''),
    /** Wait until a screen is there. @param {string} name @param {() => boolean} [also] */
    async until(name, also = () => true) {
      for (let n = 0; n < 500; n += 1) {
        if (main.dataset['screen'] === name && also()) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`still on ${main.dataset['screen']}, not on ${name}`);
    },
  };
}
