/**
 * The lines of signed texts: keyword, space, value, in a fixed order; and what a name may be.
 *
 * Source: docs/spec/statements.md, 3
 */

import { HASH_BYTES, NAME_BANNED } from '../constants.js';
import { unb64, utf8 } from '../encoding.js';
import { Malformed, TooLong } from '../errors.js';
import { CONTROL } from '../fields.js';

export const U32_LIMIT = 0x100000000;
export const U64_LIMIT = 0x10000000000000000n;
const NUMBER = /^(?:0|[1-9][0-9]{0,19})$/;
const LINE_BREAK = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const SPACE_AT_END = /^\p{Zs}|\p{Zs}$/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
// Most names have nothing else, and to look for all that they may not have takes a slow phone long.
const PLAIN = /^[a-z\d](?:[ -~]*[!-~])?$/i;
/** Reads the lines of a text from its top; every method refuses another line as Malformed. */
export class Lines {
  /** @param {string} text */
  constructor(text) {
    this.lines = text.split('\n');
    this.at = 0;
    if (this.lines.pop()) throw new Malformed();
  }

  /** Return the next line. */
  line() {
    const line = this.lines[this.at];
    if (line === undefined) throw new Malformed();
    this.at += 1;
    return line;
  }

  /**
   * Read the line that says what this text is.
   * @param {string} label
   */
  label(label) {
    if (this.line() !== label) throw new Malformed();
  }

  /**
   * Return what follows the keyword and one space on the next line.
   * @param {string} keyword
   */
  value(keyword) {
    const [found, value] = split(this.line());
    if (found !== keyword) throw new Malformed();
    return value;
  }

  /**
   * Return the values of the next lines with this keyword: none, or at most `at_most`.
   * @param {string} keyword
   * @param {number} at_most
   */
  values(keyword, at_most) {
    const values = [];
    const start = `${keyword} `;
    while (this.lines[this.at]?.startsWith(start)) {
      if (values.length === at_most) throw new Malformed();
      values.push(this.line().slice(start.length));
    }
    return values;
  }

  /**
   * Return the number below 2³² after this keyword.
   * @param {string} keyword
   */
  number(keyword) {
    return number(this.value(keyword));
  }

  /**
   * Return the 32 bytes, a hash or a key, after this keyword.
   * @param {string} keyword
   */
  hash(keyword) {
    return hashOf(this.value(keyword));
  }

  /** Refuse as Malformed unless every line has been read. */
  end() {
    if (this.at !== this.lines.length) throw new Malformed();
  }
}

/**
 * Split at the first space; what follows is empty where there is none.
 * @param {string} value
 * @returns {[string, string]}
 */
export function split(value) {
  const at = value.indexOf(' ');
  return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
}

/**
 * Read a decimal number below `limit`, without sign or leading zeros; refuses as Malformed.
 * @param {string} value
 * @param {number} limit At most 2³².
 */
export function number(value, limit = U32_LIMIT) {
  const read = Number(value);
  if (!NUMBER.test(value) || read >= limit) throw new Malformed();
  return read;
}

/**
 * Read a decimal number as `number` does, with no bound to its limit.
 * @param {string} value
 * @param {bigint} limit
 */
export function bigNumber(value, limit) {
  if (!NUMBER.test(value) || BigInt(value) >= limit) throw new Malformed();
  return BigInt(value);
}

/**
 * Read 32 bytes from base64; refuses as Malformed anything else.
 * @param {string} value
 */
export function hashOf(value) {
  const decoded = unb64(value);
  if (decoded.length !== HASH_BYTES) throw new Malformed();
  return decoded;
}

/**
 * Refuse what may not stand as the name of an organisation or region.
 *
 * Malformed unless it has 1 to `at_most` bytes of UTF-8, with a letter or digit, no space at either
 * end and no character that breaks lines, changes direction or can't be seen.
 *
 * Source: docs/spec/statements.md, 3
 * @param {string} value
 * @param {number} at_most
 */
export function checkName(value, at_most) {
  if (PLAIN.test(value) && value.length <= at_most) return;
  if (utf8(value).length > at_most || !LETTER_OR_DIGIT.test(value)) throw new Malformed();
  if (SPACE_AT_END.test(value) || LINE_BREAK.test(value)) throw new Malformed();
  if ([...value].some(isBanned)) throw new Malformed();
}

/**
 * Refuse what no text of a vetting may have, and one of fewer than `at_least` bytes of UTF-8.
 *
 * Malformed for control characters but LF, and for what no name may have that changes direction or
 * can't be seen.
 *
 * Source: docs/spec/vetting.md, 3
 * @param {string} value
 * @param {number} [at_least]
 */
export function checkText(value, at_least = 0) {
  if (utf8(value).length < at_least || CONTROL.test(value)) throw new Malformed();
  if ([...value].some(isBanned)) throw new Malformed();
}

/**
 * Refuse to write a name that is not in NFC: one spelling of each letter; Malformed.
 *
 * A reader does not ask this: what is in NFC depends on its version of Unicode.
 *
 * Source: docs/spec/statements.md, 3
 * @param {string} name
 */
export function checkSpelling(name) {
  if (name.normalize('NFC') !== name) throw new Malformed();
}

/**
 * Refuse as TooLong a length to be written above the most.
 * @param {number} length
 * @param {number} at_most
 */
export function checkRoom(length, at_most) {
  if (length > at_most) throw new TooLong();
}

/**
 * Say whether each value is above the one before it, so that none stands twice.
 * @template T
 * @param {T[]} values Numbers, strings of characters of one byte, or what `order` compares.
 * @param {(one: T, other: T) => number} order Negative where the first comes first.
 */
export function isAscending(values, order = (one, other) => (one < other ? -1 : 1)) {
  return values.every((value, at) => !at || order(/** @type {T} */ (values[at - 1]), value) < 0);
}

/**
 * Refuse to write what would be read as something else; Malformed.
 * @param {unknown} meant
 * @param {unknown} read
 */
export function checkReadsBack(meant, read) {
  if (!isSame(meant, read)) throw new Malformed();
}

/**
 * Compare by value, as Python does; a part that is not there is one that is undefined.
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
function isSame(one, other) {
  if (one === other) return true;
  if (!(one instanceof Object) || !(other instanceof Object)) return false;
  const parts = /** @type {Record<string, unknown>} */ (one);
  const others = /** @type {Record<string, unknown>} */ (other);
  const names = [...Object.keys(parts), ...Object.keys(others)];
  return names.every((name) => isSame(parts[name], others[name]));
}

/**
 * Say whether no name and no text has this character: NAME_BANNED is pairs of a first and a last one, ascending.
 *
 * A regular expression of all of them takes a phone longer than everything else that is checked.
 * @param {string} character
 */
function isBanned(character) {
  const point = /** @type {number} */ (character.codePointAt(0));
  const at = NAME_BANNED.findIndex((edge) => edge >= point);
  return at % 2 === 1 || NAME_BANNED[at] === point;
}
