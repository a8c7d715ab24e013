/**
 * Reed–Solomon over GF(32): four check symbols for the sixteen of a code or receipt.
 *
 * Any two code words differ in five symbols or more, so that one wrong symbol can be put right and
 * two can be suggested. A word is a list of symbols, each 0 to 31.
 *
 * Source: docs/spec/codes.md, section 2.
 */

import { CODE_CHECK_SYMBOLS, CODE_FIELD_POLYNOMIAL, CODE_SYMBOLS } from '../constants.js';

const FIELD = 32;
const SYMBOL_BITS = 5;
const ROOTS = Array.from({ length: CODE_CHECK_SYMBOLS }, (_, at) => 2 << at); // α to α⁴, α being 2

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function times(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a <<= 1;
    if (a & FIELD) a ^= CODE_FIELD_POLYNOMIAL;
  }
  return product;
}

/**
 * Coefficients of (x-α)(x-α²)(x-α³)(x-α⁴) below the highest, which is 1; highest power first.
 * @returns {number[]}
 */
function generator() {
  let product = [1];
  for (const root of ROOTS) {
    const multiple = [0, ...product.map((coefficient) => times(coefficient, root))];
    product = multiple.map((coefficient, at) => coefficient ^ (product[at] ?? 0));
  }
  return product.slice(1);
}

/**
 * Return the four check symbols of sixteen data symbols: the remainder of a division.
 * @param {readonly number[]} data
 * @returns {number[]}
 */
export function checkSymbols(data) {
  const divisor = generator();
  let remainder = ROOTS.map(() => 0);
  for (const symbol of data) {
    const [first = 0, ...others] = remainder;
    const factor = first ^ symbol;
    remainder = divisor.map((coefficient, at) => (others[at] ?? 0) ^ times(factor, coefficient));
  }
  return remainder;
}

/**
 * Return the word's values at the four roots, in one number: 0 for a code word.
 * @param {readonly number[]} word
 * @returns {number}
 */
function syndrome(word) {
  return ROOTS.reduce((packed, root) => {
    const value = word.reduce((total, symbol) => times(total, root) ^ symbol, 0);
    return (packed << SYMBOL_BITS) | value;
  }, 0);
}

/**
 * Map the syndrome of every single error to its place and value.
 * @returns {Map<number, [number, number]>}
 */
function singleErrors() {
  const table = new Map();
  for (let place = 0; place < CODE_SYMBOLS; place++) {
    for (let error = 1; error < FIELD; error++) {
      const word = Array(CODE_SYMBOLS).fill(0);
      word[place] = error;
      table.set(syndrome(word), [place, error]);
    }
  }
  return table;
}

/**
 * Return the nearest code word and how many symbols were wrong: 0, 1 or 2.
 *
 * Returns undefined when no code word is within two symbols. Within two, it is the only one.
 * @param {readonly number[]} word
 * @returns {{word: readonly number[], wrong: 0 | 1 | 2} | undefined}
 */
export function errorsIn(word) {
  const found = syndrome(word);
  if (!found) return { word, wrong: 0 };
  const singles = singleErrors();
  const single = singles.get(found);
  if (single) return mended(word, [single]);
  for (const [other, error] of singles) {
    const rest = singles.get(found ^ other);
    if (rest) return mended(word, [error, rest]);
  }
  return undefined;
}

/**
 * @param {readonly number[]} word
 * @param {[number, number][]} errors
 */
function mended(word, errors) {
  const put_right = word.map((symbol, at) =>
    errors.reduce((value, [place, error]) => (place === at ? value ^ error : value), symbol),
  );
  return { word: put_right, wrong: /** @type {1 | 2} */ (errors.length) };
}
