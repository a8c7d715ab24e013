/**
 * Length-prefixed binary, the only form in which anything is sealed, signed or derived.
 *
 * Source: docs/spec/conventions.md, sections 2 and 3.
 */

import { Malformed, TooLong } from './errors.js';

/**
 * A source of randomness: takes a number of bytes, returns that many.
 * @typedef {(size: number) => Uint8Array} Random
 */

const U16_MAX = 0xffff;
const U64_LIMIT = 1n << 64n;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
// Made once: a slow phone checks hundreds of short names.
const ENCODER = new TextEncoder();
// A byte order mark is a character like any other.
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Encode an integer as 1 byte; Malformed, as all four do, where it does not fit.
 * @param {number} value
 * @returns {Uint8Array}
 */
export function u8(value) {
  return numbered(value, 1);
}

/**
 * Encode an integer as 2 bytes, big-endian.
 * @param {number} value
 * @returns {Uint8Array}
 */
export function u16(value) {
  return numbered(value, 2);
}

/**
 * Encode an integer (epochs among them) as 4 bytes, big-endian.
 * @param {number} value
 * @returns {Uint8Array}
 */
export function u32(value) {
  return numbered(value, 4);
}

/**
 * Encode an integer as 8 bytes, big-endian.
 * @param {bigint} value
 * @returns {Uint8Array}
 */
export function u64(value) {
  if (value < 0n || value >= U64_LIMIT) throw new Malformed();
  return concat(u32(Number(value >> 32n)), u32(Number(value & 0xffffffffn)));
}

/**
 * Join bytes.
 * @param {...Uint8Array} parts
 * @returns {Uint8Array}
 */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Say which of two byte strings comes first: negative, 0 where they are the same, or positive.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {number}
 */
export function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    const difference = /** @type {number} */ (one[at]) - (other[at] ?? -1);
    if (difference) return difference;
  }
  return one.length - other.length;
}

/**
 * Say whether two byte strings are the same; not for secrets, since it stops at a difference.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {boolean}
 */
export function equal(one, other) {
  return compare(one, other) === 0;
}

/**
 * Prefix a value of at most 65,535 bytes with its length in 2 bytes; TooLong for a longer one.
 * @param {Uint8Array} value
 * @returns {Uint8Array}
 */
export function lp(value) {
  if (value.length > U16_MAX) throw new TooLong();
  return concat(u16(value.length), value);
}

/**
 * Join a domain label and parts, each length-prefixed, so that no two inputs collide.
 *
 * Source: docs/spec/conventions.md, section 3.
 * @param {string} label
 * @param {...Uint8Array} parts
 * @returns {Uint8Array}
 */
export function frame(label, ...parts) {
  return concat(...[utf8(label), ...parts].map(lp));
}

/**
 * Append zero bytes up to `size` bytes; TooLong when `body` is longer.
 * @param {Uint8Array} body
 * @param {number} size
 * @returns {Uint8Array}
 */
export function pad(body, size) {
  if (body.length > size) throw new TooLong();
  const padded = new Uint8Array(size);
  padded.set(body);
  return padded;
}

/**
 * Decode UTF-8; Malformed for anything that is not well-formed.
 * @param {Uint8Array} value
 * @returns {string}
 */
export function text(value) {
  try {
    return DECODER.decode(value);
  } catch {
    throw new Malformed();
  }
}

/**
 * Encode UTF-8; Malformed for half of a surrogate pair.
 * @param {string} value
 * @returns {Uint8Array}
 */
export function utf8(value) {
  if (LONE_SURROGATE.test(value)) throw new Malformed();
  return ENCODER.encode(value);
}

/**
 * Encode as base64 (RFC 4648 section 4, with padding), as the note formats use it.
 * @param {Uint8Array} value
 * @returns {string}
 */
export function b64(value) {
  let characters = '';
  for (const byte of value) characters += String.fromCharCode(byte);
  return btoa(characters);
}

/**
 * Decode canonical base64; Malformed for other characters, missing padding and spare bits.
 * @param {string} value
 * @returns {Uint8Array}
 */
export function unb64(value) {
  let characters;
  try {
    characters = atob(value);
  } catch {
    throw new Malformed();
  }
  // `atob` forgives white space, padding that is missing and spare bits.
  if (btoa(characters) !== value) throw new Malformed();
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/**
 * @param {number} value
 * @param {number} size
 * @returns {Uint8Array}
 */
function numbered(value, size) {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) throw new Malformed();
  return Uint8Array.from({ length: size }, (_, at) => value >>> (8 * (size - 1 - at)));
}

/**
 * Return the first day of an epoch's week; epoch 0 was a Thursday.
 * @param {number} epoch
 * @returns {number}
 */
export function monday(epoch) {
  return epoch - ((epoch + 3) % 7);
}

/**
 * Give every number of a list of (first, last) pairs written one after the other.
 * @param {readonly number[]} pairs
 * @returns {number[]}
 */
export function ranges(pairs) {
  return pairs.flatMap((first, at) => {
    const last = at % 2 ? undefined : pairs[at + 1];
    return last === undefined ? [] : Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
}

/**
 * Reads fixed and length-prefixed parts from the front of some bytes.
 *
 * Every method refuses as Malformed where fewer bytes are left than asked for.
 */
export class Reader {
  #data;
  #at = 0;

  /** @param {Uint8Array} data */
  constructor(data) {
    this.#data = data;
  }

  /**
   * Return the next `size` bytes, a copy.
   * @param {number} size
   * @returns {Uint8Array}
   */
  take(size) {
    if (size > this.left) throw new Malformed();
    this.#at += size;
    return this.#data.slice(this.#at - size, this.#at);
  }

  /** Return the next byte as an integer. */
  u8() {
    return this.#number(1);
  }

  /** Return the next 2 bytes as an integer. */
  u16() {
    return this.#number(2);
  }

  /** Return the next 4 bytes as an integer. */
  u32() {
    return this.#number(4);
  }

  /** Return the next 8 bytes as an integer. */
  u64() {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /**
   * Return the next length-prefixed value; refuse one longer than `at_most` bytes.
   * @param {number} [at_most]
   * @returns {Uint8Array}
   */
  lp(at_most = U16_MAX) {
    const size = this.u16();
    if (size > at_most) throw new Malformed();
    return this.take(size);
  }

  /** Refuse unless everything has been read. */
  end() {
    if (this.left) throw new Malformed();
  }

  /** Refuse unless only zero bytes are left. */
  zerosToEnd() {
    if (this.#data.subarray(this.#at).some(Boolean)) throw new Malformed();
    this.#at = this.#data.length;
  }

  /** The number of bytes not read yet. */
  get left() {
    return this.#data.length - this.#at;
  }

  /** @param {number} size */
  #number(size) {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }
}
