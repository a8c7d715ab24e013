/**
 * Runs of numbered fields, and the few kinds of value that stand in them.
 *
 * Messages, answers, profiles and cases are such runs. A field that this version does not know is
 * kept as bytes, so that what a newer client wrote survives a round trip.
 *
 * Source: docs/spec/envelope.md, section 4; box.md, section 2; record.md, section 4.
 */

import { concat, lp, Reader, text, u16, u8, utf8 } from './encoding.js';
import { Malformed, TooLong } from './errors.js';

/**
 * Number and value of a field; fields of a newer client are kept so.
 * @typedef {[number, Uint8Array]} Numbered
 */

export const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/; // every control character but line feed

/**
 * Encode fields as `u8(id) ‖ u16(length) ‖ value`, ascending by id.
 *
 * TooLong when a value has more than 65,535 bytes, Malformed for an id beyond 255.
 * @param {ReadonlyMap<number, Uint8Array>} run
 * @returns {Uint8Array}
 */
export function encode(run) {
  const ascending = [...run].sort(([one], [other]) => one - other);
  const parts = ascending.map(([number, value]) => {
    const prefixed = lp(value);
    return concat(u8(number), prefixed);
  });
  return concat(...parts);
}

/**
 * Decode a run of fields to a mapping from id to value.
 *
 * Malformed when ids are not strictly ascending or a field is cut short.
 * @param {Uint8Array} body
 * @returns {Map<number, Uint8Array>}
 */
export function decode(body) {
  const run = new Map();
  const reader = new Reader(body);
  let last = -1;
  while (reader.left) {
    const number = reader.u8();
    if (number <= last) throw new Malformed();
    last = number;
    run.set(number, reader.lp());
  }
  return run;
}

/**
 * Encode a list of ids, 2 bytes each.
 *
 * TooLong for more than `at_most` ids, Malformed for none, a repeated one, or one outside 1 to
 * 65,535.
 * @param {readonly number[]} ids
 * @param {number} at_most
 * @returns {Uint8Array}
 */
export function fromIds(ids, at_most) {
  if (ids.length > at_most) throw new TooLong();
  checkIds(ids);
  return concat(...ids.map(u16));
}

/**
 * Decode a list of 1 to `at_most` distinct ids, none of them 0; Malformed for anything else.
 * @param {Uint8Array} value
 * @param {number} at_most
 * @returns {number[]}
 */
export function toIds(value, at_most) {
  const reader = new Reader(value);
  const ids = [];
  while (reader.left) ids.push(reader.u16());
  checkIds(ids);
  if (ids.length > at_most) throw new Malformed();
  return ids;
}

/** @param {readonly number[]} ids */
function checkIds(ids) {
  if (!ids.length || ids.includes(0) || new Set(ids).size !== ids.length) throw new Malformed();
}

/**
 * Encode one id in 2 bytes; Malformed for 0 and what does not fit.
 * @param {number} one
 * @returns {Uint8Array}
 */
export function fromId(one) {
  return fromIds([one], 1);
}

/**
 * Decode one id of 2 bytes; Malformed for another length and for 0.
 * @param {Uint8Array} value
 * @returns {number}
 */
export function toId(value) {
  const [one = 0] = toIds(value, 1);
  return one;
}

/**
 * Return a value of exactly `size` bytes; Malformed for another length.
 * @param {Uint8Array} value
 * @param {number} size
 * @returns {Uint8Array}
 */
export function fixed(value, size) {
  if (value.length !== size) throw new Malformed();
  return value;
}

/**
 * Decode a big-endian integer of `size` bytes, at most 6; Malformed for another length.
 * @param {Uint8Array} value
 * @param {number} size
 * @returns {number}
 */
export function toNumber(value, size) {
  return fixed(value, size).reduce((number, byte) => number * 256 + byte, 0);
}

/**
 * Encode a text of 1 to `at_most` bytes of UTF-8, without control characters but line feed.
 *
 * TooLong for a longer one, Malformed for an empty one, control characters and lone surrogates.
 * @param {string} value
 * @param {number} at_most
 * @returns {Uint8Array}
 */
export function fromText(value, at_most) {
  const encoded = utf8(value);
  if (encoded.length > at_most) throw new TooLong();
  if (!value || CONTROL.test(value)) throw new Malformed();
  return encoded;
}

/**
 * Decode a text of 1 to `at_most` bytes; Malformed for anything else.
 * @param {Uint8Array} value
 * @param {number} at_most
 * @returns {string}
 */
export function toText(value, at_most) {
  const decoded = text(value);
  if (!value.length || value.length > at_most || CONTROL.test(decoded)) throw new Malformed();
  return decoded;
}

/**
 * Return the fields whose ids are not in `known`, to be kept as they are.
 * @param {ReadonlyMap<number, Uint8Array>} run
 * @param {ReadonlySet<number>} known
 * @returns {Numbered[]}
 */
export function unknown(run, known) {
  return [...run].filter(([number]) => !known.has(number));
}

/**
 * Put kept fields beside known ones; Malformed for one that is known or stands twice.
 * @param {Map<number, Uint8Array>} run
 * @param {readonly Numbered[]} kept
 * @param {ReadonlySet<number>} known
 * @returns {Map<number, Uint8Array>}
 */
export function withUnknown(run, kept, known) {
  const numbers = new Set(kept.map(([number]) => number));
  if (numbers.size !== kept.length || kept.some(([number]) => known.has(number))) {
    throw new Malformed();
  }
  return new Map([...run, ...kept]);
}
