/**
 * The two written forms of codes and receipts, and reading them as people type them.
 *
 * Source: docs/spec/codes.md, sections 2 to 4.
 */

import {
  CODE_ALPHABET,
  CODE_BYTES,
  CODE_CHECK_DIGITS,
  CODE_DATA_DIGITS,
  CODE_DATA_SYMBOLS,
  CODE_DIGITS,
  CODE_DIGITS_REMAINDER,
  CODE_INPUT_CHARACTERS,
  CODE_SYMBOLS,
  RECEIPT_CHECK_OFFSET,
  RECEIPT_DIGITS_REMAINDER,
  TYPING_DASHES,
  TYPING_INVISIBLE,
  TYPING_LOOK_ALIKE,
  TYPING_LOOKS_LIKE,
  TYPING_WHITE_SPACE,
  TYPING_ZEROS,
} from '../constants.js';
import { ranges } from '../encoding.js';
import { CodeMistyped, WrongKind } from '../errors.js';
import { fixed } from '../fields.js';
import * as reed_solomon from './reed_solomon.js';

/**
 * What the 80 bits are for.
 * @typedef {'code' | 'receipt'} Kind
 */

/**
 * What was read: 10 bytes, and whether the text was exact or had to be put right.
 *
 * `suggested` must not be used before the person has said yes to it.
 * @typedef {{secret: Uint8Array, how: 'exact' | 'corrected' | 'suggested'}} Typed
 */

/** How a text was read, by the number of symbols that were wrong. */
const HOW = /** @type {const} */ (['exact', 'corrected', 'suggested']);
const BITS_A_SYMBOL = 5n;
const MODULUS = 97n;
const CHECK_FACTOR = 10n ** BigInt(CODE_CHECK_DIGITS);
const FORM = new RegExp(`^(?:([0-9]{${CODE_DIGITS}})|[${CODE_ALPHABET}]{${CODE_SYMBOLS}})$`);
const REMAINDERS = {
  code: BigInt(CODE_DIGITS_REMAINDER),
  receipt: BigInt(RECEIPT_DIGITS_REMAINDER),
};

/**
 * @param {Kind} kind
 * @returns {Kind}
 */
function otherThan(kind) {
  return kind === 'code' ? 'receipt' : 'code';
}

/**
 * Write 10 bytes as `XXXX-XXXX-XXXX-XXXX-XXXX`; Malformed for another length.
 *
 * Source: docs/spec/codes.md, section 2.
 * @param {Uint8Array} secret
 * @param {Kind} kind
 * @returns {string}
 */
export function symbols(secret, kind) {
  const value = numberOf(secret);
  const data = Array.from({ length: CODE_DATA_SYMBOLS }, (_, at) =>
    Number((value >> (BITS_A_SYMBOL * BigInt(CODE_DATA_SYMBOLS - 1 - at))) & 31n),
  );
  const word = offset([...data, ...reed_solomon.checkSymbols(data)], kind);
  return grouped(word.map((symbol) => CODE_ALPHABET[symbol]).join(''), 4).join('-');
}

/**
 * Write 10 bytes as 27 digits in nine groups of three; Malformed for another length.
 *
 * Source: docs/spec/codes.md, section 3.
 * @param {Uint8Array} secret
 * @param {Kind} kind
 * @returns {string}
 */
export function digits(secret, kind) {
  const shifted = numberOf(secret) * CHECK_FACTOR;
  const check = (MODULUS + REMAINDERS[kind] - (shifted % MODULUS)) % MODULUS;
  return grouped(String(shifted + check).padStart(CODE_DIGITS, '0'), 3).join(' ');
}

/**
 * Read a code or receipt as somebody typed it.
 *
 * `text` has any length; `kind` is what was asked for. CodeMistyped when nothing near it is a
 * code, WrongKind when it is a receipt for a code or a code for a receipt.
 *
 * Source: docs/spec/codes.md, section 4.
 * @param {string} text
 * @param {Kind} kind
 * @returns {Typed}
 */
export function read(text, kind) {
  if ([...text].length > CODE_INPUT_CHARACTERS) throw new CodeMistyped();
  const form = FORM.exec(plain(text));
  if (!form) throw new CodeMistyped();
  if (form[1]) return readDigits(form[1], kind);
  return readSymbols([...form[0]].map((symbol) => CODE_ALPHABET.indexOf(symbol)), kind);
}

/**
 * Return the signs of what was typed, with what is forgiven put right; others stay as they are.
 *
 * Source: docs/spec/codes.md, section 4, step 2.
 * @param {string} text
 * @returns {string}
 */
export function plain(text) {
  const table = forgiven();
  return [...text].map((one) => table.get(one) ?? one).join('');
}

/**
 * @param {string} plain
 * @param {Kind} kind
 * @returns {Typed}
 */
function readDigits(plain, kind) {
  const value = BigInt(plain.slice(0, CODE_DATA_DIGITS));
  const check = BigInt(plain.slice(CODE_DATA_DIGITS));
  if (value >> BigInt(8 * CODE_BYTES) || check >= MODULUS) throw new CodeMistyped();
  const remainder = BigInt(plain) % MODULUS;
  if (remainder === REMAINDERS[kind]) return { secret: bytesOf(value), how: 'exact' };
  if (remainder === REMAINDERS[otherThan(kind)]) throw new WrongKind();
  throw new CodeMistyped();
}

/**
 * @param {number[]} word
 * @param {Kind} kind
 * @returns {Typed}
 */
function readSymbols(word, kind) {
  const found = reed_solomon.errorsIn(offset(word, kind));
  if (!found || found.wrong > 1) {
    const other = reed_solomon.errorsIn(offset(word, otherThan(kind)));
    if (other && other.wrong <= 1) throw new WrongKind();
  }
  if (!found) throw new CodeMistyped();
  const data = found.word.slice(0, CODE_DATA_SYMBOLS);
  const value = data.reduce((sum, symbol) => (sum << BITS_A_SYMBOL) | BigInt(symbol), 0n);
  return { secret: bytesOf(value), how: HOW[found.wrong] };
}

/**
 * Add the kind's fixed symbols to the check symbols; doing it twice undoes it.
 * @param {number[]} word
 * @param {Kind} kind
 * @returns {number[]}
 */
function offset(word, kind) {
  if (kind === 'code') return word;
  return word.map((symbol, at) => symbol ^ (RECEIPT_CHECK_OFFSET[at - CODE_DATA_SYMBOLS] ?? 0));
}

/**
 * @param {Uint8Array} secret
 * @returns {bigint}
 */
function numberOf(secret) {
  return fixed(secret, CODE_BYTES).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * @param {bigint} value
 * @returns {Uint8Array}
 */
function bytesOf(value) {
  return Uint8Array.from({ length: CODE_BYTES }, (_, at) =>
    Number((value >> BigInt(8 * (CODE_BYTES - 1 - at))) & 255n),
  );
}

/**
 * @param {string} text
 * @param {number} size
 * @returns {string[]}
 */
function grouped(text, size) {
  return text.match(new RegExp(`.{${size}}`, 'g')) ?? [];
}

const FULL_WIDTH_SHIFT = 0xfee0;

/**
 * The table of docs/spec/codes.md, section 4, step 2: what stands for another character.
 * @returns {Map<string, string>}
 */
function forgiven() {
  /** @type {Map<string, string>} */
  const table = new Map();
  const removed = ranges([...TYPING_WHITE_SPACE, ...TYPING_INVISIBLE, ...TYPING_DASHES]);
  for (const point of removed) table.set(String.fromCodePoint(point), '');
  [...TYPING_LOOK_ALIKE].forEach((letter, at) => table.set(letter, TYPING_LOOKS_LIKE.charAt(at)));
  for (const zero of TYPING_ZEROS) {
    for (let value = 0; value < 10; value++) {
      table.set(String.fromCodePoint(zero + value), String(value));
    }
  }
  for (let point = 0x21; point < 0x7f; point++) {
    const character = String.fromCodePoint(point);
    const capital = character.toUpperCase();
    const to = table.get(character) ?? table.get(capital) ?? capital;
    table.set(character, to);
    table.set(String.fromCodePoint(point + FULL_WIDTH_SHIFT), to);
  }
  return table;
}
