// The few ways in which a page is drawn: elements, buttons, choices, fields, screens.
//
// Every text goes in as a text node, so nothing that somebody wrote is ever markup. Answers are
// buttons, never form controls: browsers write the state of form controls to their session files.

import { icon } from './icons.js';

export { addSprite } from './icons.js';

/** @typedef {Node | string | number | false | null | undefined} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => void)>} Props */

let ids = 0;

/**
 * Make an element. A function becomes the listener of an event ('click'), anything else an
 * attribute; what is false or absent is left out.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...(Child | Child[])} children texts are added as texts
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  add(made, children);
  return made;
}

/** @param {Element} to @param {(Child | Child[])[]} children */
function add(to, children) {
  for (const child of children.flat()) {
    if (child || child === 0) to.append(typeof child === 'number' ? String(child) : child);
  }
}

/** Return an id for labels and descriptions; it says nothing. @returns {string} */
export function newId() {
  ids += 1;
  return `e${ids}`;
}

/**
 * Make a paragraph.
 * @param {string} kind a look: 'lead', 'note', 'warn', 'done', 'choice-hint' or none
 * @param {...(Child | Child[])} children
 */
export const p = (kind, ...children) => h('p', { class: kind || false }, ...children);

/**
 * Show a text of unknown direction: names, own words, answers. It can't turn what stands around
 * it, and signs that would show it in another order than it was written are left out.
 * @param {string} text
 */
export const bdi = (text) => h('bdi', { dir: 'auto' }, plainly(text));

/** Take out the signs that change the order in which a text is shown. @param {string} text */
export const plainly = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

/**
 * Make a button: 'next' is the way on, 'more' and 'back' look quiet.
 * @param {string} text
 * @param {(event: Event) => void} on
 * @param {{kind?: string, picture?: string}} [look]
 */
export function button(text, on, { kind = 'next', picture } = {}) {
  return h('button', { type: 'button', class: kind, click: on }, icon(picture), h('span', {}, text));
}

/** @typedef {{value: number, text: string, hint?: string, picture?: string, lang?: string}} Option */

/**
 * Ask for one of some options or for several: buttons in a group that has a name.
 * Several are kept in the order in which they were tapped; a second tap takes one back.
 * @param {object} asked
 * @param {string} asked.name what is asked
 * @param {boolean} [asked.shown] whether the name stands above; otherwise it is only spoken
 * @param {Option[]} asked.options
 * @param {number[]} [asked.chosen]
 * @param {boolean} [asked.many]
 * @param {() => number} [asked.most] how many may be chosen, asked at each tap
 * @param {(chosen: number[]) => void} asked.on
 */
export function choices({ name, shown, options, chosen = [], many = false, most, on }) {
  const id = newId();
  const state = many ? 'aria-pressed' : 'aria-checked';
  let now = [...chosen];
  const buttons = options.map((option) => choice(option, many, () => tap(option.value)));
  const paint = () => {
    const first = options.findIndex((option) => now.includes(option.value));
    buttons.forEach((made, place) => {
      made.setAttribute(state, String(now.includes(/** @type {Option} */ (options[place]).value)));
      if (!many) made.tabIndex = place === Math.max(first, 0) ? 0 : -1;
    });
  };
  /** @param {number} value */
  const tap = (value) => {
    if (now.includes(value)) now = now.filter((one) => one !== value);
    else if (!many) now = [value];
    else if (now.length < (most?.() ?? options.length)) now = [...now, value];
    paint();
    on([...now]);
  };
  paint();
  const label = shown ? h('p', { id, class: 'lead' }, name) : undefined;
  return h(
    'div',
    {
      class: 'choices',
      role: many ? 'group' : 'radiogroup',
      'aria-label': shown ? undefined : name,
      'aria-labelledby': shown ? id : undefined,
      keydown: many ? undefined : (event) => arrows(event, buttons),
    },
    label,
    buttons,
  );
}

/** @param {Option} option @param {boolean} many @param {() => void} click */
function choice({ text, hint, picture, lang }, many, click) {
  const words = [
    h('span', { class: 'choice-text', lang }, text),
    hint && h('span', { class: 'choice-hint' }, hint),
  ];
  const drawn = icon(picture);
  return h(
    'button',
    { type: 'button', class: 'choice', role: many ? undefined : 'radio', click },
    drawn && h('span', { class: 'choice-icon' }, drawn),
    h('span', {}, words),
  );
}

/** Let arrows move between the buttons of which one is chosen. @param {KeyboardEvent} event @param {HTMLElement[]} buttons */
function arrows(event, buttons) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  if (!step || at < 0) return;
  event.preventDefault();
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

/** @typedef {{box: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement, fail: (text: string) => void}} Field */

/**
 * Ask for a text. Browsers are asked to keep, correct, check and translate nothing of it.
 * @param {object} asked
 * @param {string} asked.label
 * @param {string} [asked.hint]
 * @param {string} [asked.value]
 * @param {boolean} [asked.multiline]
 * @param {string} [asked.inputmode]
 * @param {number} [asked.max] most bytes of UTF-8; then `left` says how many there are still
 * @param {(left: number, text: string) => string} [asked.left] `left` in bytes
 * @param {(value: string) => void} asked.on at each change
 * @param {() => void} [asked.enter] for the Enter key
 * @returns {Field} `fail(text)` shows and speaks an error and moves there; "" takes it away
 */
export function field({ label, hint, value = '', multiline, inputmode, max, left, on, enter }) {
  const [id, hintId, errorId] = [newId(), newId(), newId()];
  const error = h('p', { id: errorId, class: 'error', role: 'alert' });
  const counter = max && left ? countdown(max, left) : undefined;
  const input = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (
    h(multiline ? 'textarea' : 'input', {
      id,
      type: multiline ? undefined : 'text',
      rows: multiline ? 6 : undefined,
      dir: 'auto',
      inputmode,
      autocomplete: 'off',
      autocorrect: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      translate: 'no',
      'aria-describedby': hint ? `${hintId} ${errorId}` : errorId,
      input: () => {
        fail('');
        counter?.count(input.value);
        on(input.value);
      },
      keydown: (event) => event.key === 'Enter' && !event.isComposing && enter?.(),
    })
  );
  input.value = value;
  counter?.count(value);
  /** @param {string} text */
  const fail = (text) => {
    error.textContent = text;
    if (text) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    if (text) input.focus();
  };
  const box = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    hint && h('p', { id: hintId, class: 'choice-hint' }, hint),
    input,
    counter?.box,
    error,
  );
  return { box, input, fail };
}

/** How many bytes of UTF-8 a text takes. @param {string} text @returns {number} */
export const bytes = (text) => new TextEncoder().encode(text).length;

const QUIET = 5; // said from the last fifth on: before that it would only disturb

/** @param {number} max @param {(left: number, text: string) => string} left */
function countdown(max, left) {
  const box = h('p', { class: 'counter', role: 'status' });
  const count = (/** @type {string} */ text) => {
    const room = max - bytes(text);
    box.textContent = room * QUIET <= max ? left(room, text) : '';
  };
  return { box, count };
}

/**
 * Make a place for an error that no field has: it is shown, spoken, and moved to.
 * @returns {{box: HTMLElement, fail: (text: string) => void}} `fail("")` takes it away
 */
export function alarm() {
  const box = h('p', { class: 'error', role: 'alert', tabindex: -1 });
  const fail = (/** @type {string} */ text) => {
    box.textContent = text;
    if (text) box.focus();
  };
  return { box, fail };
}

/** Make a place whose changes are spoken when nothing else is. @param {string} [text] */
export const status = (text = '') => h('p', { class: 'status', role: 'status' }, text);

/**
 * Show a screen in place of the one before, and move to its heading, which is spoken then.
 * @param {HTMLElement} main
 * @param {object} shown
 * @param {string} shown.name for `data-screen`: a neutral word
 * @param {string} shown.title
 * @param {{text: string, on: () => void}} [shown.back] the way to the screen before
 * @param {(Child | Child[])[]} shown.body
 */
export function screen(main, { name, title, back, body }) {
  const heading = h('h1', { tabindex: -1 }, title);
  const way = back && button(back.text, back.on, { kind: 'back', picture: 'back' });
  const drawn = h('div', { class: 'screen' }, way, heading, ...body);
  main.dataset['screen'] = name;
  main.replaceChildren(drawn);
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}
