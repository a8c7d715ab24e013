// As much of a document as the pages use, so that their screens can be driven in Node.

class FakeNode {
  /** @type {FakeElement | undefined} */
  parent;
  get textContent() {
    return '';
  }
}

class FakeText extends FakeNode {
  /** @param {string} data */
  constructor(data) {
    super();
    this.data = data;
  }
  get textContent() {
    return this.data;
  }
}

/** An element: attributes, children, listeners, and what a control holds. */
export class FakeElement extends FakeNode {
  value = '';
  hidden = false;
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {Map<string, string>} */
  attributes = new Map();
  /** @type {FakeNode[]} */
  childNodes = [];
  /** @type {Record<string, ((event: any) => void)[]>} */
  listeners = {};

  /** @param {string} tag */
  constructor(tag) {
    super();
    this.tag = tag;
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }
  /** @param {string} name */
  removeAttribute(name) {
    this.attributes.delete(name);
  }
  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }
  /** @param {string} name @param {(event: any) => void} on */
  addEventListener(name, on) {
    (this.listeners[name] ??= []).push(on);
  }
  /** @param {string} name @param {object} [more] */
  fire(name, more = {}) {
    for (const on of this.listeners[name] ?? []) on({ type: name, target: this, preventDefault() {}, ...more });
  }
  /** @param {...(FakeNode | string)} nodes */
  append(...nodes) {
    for (const node of nodes) {
      const made = typeof node === 'string' ? new FakeText(node) : node;
      made.parent = this;
      this.childNodes.push(made);
    }
  }
  /** @param {...(FakeNode | string)} nodes */
  replaceChildren(...nodes) {
    this.childNodes = [];
    this.append(...nodes);
  }
  remove() {
    if (this.parent) this.parent.childNodes = this.parent.childNodes.filter((one) => one !== this);
  }
  click() {}
  focus() {
    document_().activeElement = this;
  }
  get firstChild() {
    return this.childNodes[0] ?? null;
  }
  get textContent() {
    return this.childNodes.map((node) => node.textContent).join('');
  }
  set textContent(text) {
    this.replaceChildren(...(text ? [text] : []));
  }
  /** Every element below, in order. @returns {FakeElement[]} */
  get all() {
    return this.childNodes.flatMap((node) => (node instanceof FakeElement ? [node, ...node.all] : []));
  }
}

class FakeDocument extends FakeElement {
  body = new FakeElement('body');
  documentElement = new FakeElement('html');
  /** @type {FakeElement | undefined} */
  activeElement;
  /** @param {string} tag */
  createElement(tag) {
    return new FakeElement(tag);
  }
  /** @param {string} _space @param {string} tag */
  createElementNS(_space, tag) {
    return new FakeElement(tag);
  }
  /** @param {string} id */
  getElementById(id) {
    return this.body.all.find((one) => one.getAttribute('id') === id) ?? null;
  }
  /** @param {string} tags joined by commas */
  querySelectorAll(tags) {
    return this.body.all.filter((one) => tags.split(', ').includes(one.tag));
  }
  /** @param {string} tag */
  querySelector(tag) {
    return this.querySelectorAll(tag)[0] ?? null;
  }
}

/** @returns {FakeDocument} */
const document_ = () => /** @type {any} */ (globalThis).document;

/**
 * Put a new document, and an address that notes where it was sent, into the global scope.
 * @returns {{document: FakeDocument, main: any, away: string[], window: FakeElement}}
 */
export function freshDocument() {
  const made = new FakeDocument('document');
  const window_ = new FakeElement('window');
  /** @type {string[]} */
  const away = [];
  const main = new FakeElement('main');
  made.body.append(main);
  Object.assign(globalThis, {
    document: made,
    Element: FakeElement,
    scrollTo() {},
    addEventListener: window_.addEventListener.bind(window_),
    location: { pathname: '/', replace: (/** @type {string} */ to) => away.push(to) },
  });
  return { document: made, main, away, window: window_ };
}
