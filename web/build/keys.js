// Keys of texts in a bundle become the numbers that the words' files have them under: half of what
// a page would load of the keys is left out, twice.
//
// words/built/keys.json has them in their order for each page. A text in quotes that has the form
// of a key and is none fails the build, as nothing would be found under it.
import { parse } from 'acorn';

/** @typedef {{stamp: string, keys: string[], first?: number}} Keys of a page; the `first` come at once */
/** @typedef {any} Node of acorn's syntax tree (ESTree) */

const FORM = /^(?:shared|trouble|ask|answers)(?:\.[a-z\d_]+)+$/;
/** What web/pages/words.js compares. */
const STAMP = 'words.keys';

/**
 * Return what every page has under one number: for what all pages load.
 * @param {Keys[]} pages
 * @returns {Keys}
 */
export function common([first, ...others]) {
  const { keys, stamp } = /** @type {Keys} */ (first);
  const end = keys.findIndex((key, at) => others.some((one) => one.keys[at] !== key));
  return { stamp, keys: keys.slice(0, end) };
}

/** Return what a page has before it loads more. @param {Keys} page @returns {Keys} */
export const atOnce = ({ stamp, keys, first }) => ({ stamp, keys: keys.slice(0, first) });

/**
 * Return a bundle with numbers for keys.
 * @param {string} text
 * @param {Keys} given
 */
export function numbered(text, { stamp, keys }) {
  let made = '';
  let end = 0;
  for (const { start, end: after, value } of literals(text)) {
    if (value !== STAMP && !FORM.test(value)) continue;
    const number = keys.indexOf(value);
    if (value !== STAMP && number < 0) throw new Error(`${value} is no key of this page.`);
    made += text.slice(end, start) + (value === STAMP ? JSON.stringify(stamp) : number);
    end = after;
  }
  return made + text.slice(end);
}

/**
 * Return the texts in quotes of a bundle, in their order; refuses keys that are put together.
 * @param {string} text
 */
function literals(text) {
  /** @type {Node[]} */
  const found = [];
  /** @param {Node} node */
  const walk = (node) => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node?.type !== 'string') return;
    if (node.type === 'Literal' && typeof node.value === 'string') found.push(node);
    if (node.type === 'TemplateElement' && /^(?:shared|trouble|ask|answers)\./.test(node.value.cooked)) {
      throw new Error(`${node.value.cooked}: a key is written out, never put together.`);
    }
    for (const part of Object.values(node)) if (typeof part === 'object') walk(part);
  };
  walk(parse(text, { ecmaVersion: 2022, sourceType: 'module' }));
  return found.sort((one, other) => one.start - other.start);
}
