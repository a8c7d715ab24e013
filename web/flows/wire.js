/**
 * JSON as docs/spec/http.md, 1 has it: bytes in base64url without padding, nothing loose.
 *
 * An answer that does not have its form is a Trouble of kind "answer"; a key that this version
 * does not know is left alone.
 */

import { b64, text, unb64, utf8 } from '../src/encoding.js';
import { Trouble } from './troubles.js';

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** @typedef {Record<string, unknown>} Values */

/**
 * Encodes as base64url without padding (RFC 4648, 5).
 * @param {Uint8Array} value
 */
export const b64url = (value) =>
  b64(value).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * Decodes canonical base64url without padding; throws Trouble `answer` for anything else.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function unb64url(value) {
  if (typeof value !== 'string' || !/^[-\w]*$/.test(value)) throw garbled();
  const padding = '='.repeat(-value.length & 3);
  try {
    return unb64(value.replaceAll('-', '+').replaceAll('_', '/') + padding);
  } catch {
    throw garbled();
  }
}

/**
 * Encodes an object as compact JSON; bytes in it, in lists and objects too, as base64url. What is
 * not there (undefined) is null.
 * @param {Values} values
 */
export const dumps = (values) =>
  JSON.stringify(values, (_, value) =>
    value instanceof Uint8Array ? b64url(value) : (value ?? null),
  );

/**
 * Decodes the object of an answer; throws Trouble `answer` for anything that is not one.
 * @param {Uint8Array} body
 * @returns {Fields}
 */
export function loads(body) {
  let members = 0;
  let decoded;
  let bare;
  try {
    const written = text(body);
    bare = written.replace(STRINGS, '');
    decoded = JSON.parse(written, (_, value) => {
      if (isObject(value)) members += Object.keys(value).length;
      return value;
    });
  } catch {
    throw garbled();
  }
  // JSON.parse keeps the last of two equal keys, and takes 1.0 and 1e0 for 1.
  if (bare.split(':').length !== members + 1 || /\d[.eE]/.test(bare)) throw garbled();
  return new Fields(decoded);
}

/** Returns the trouble of an answer that no page of the specification knows. */
export const garbled = () => new Trouble('answer');

/** The keys of one JSON object; each method throws Trouble `answer` for a value of another kind. */
export class Fields {
  /** @type {Values} */
  #values;

  /** @param {unknown} value a decoded JSON value, which must be an object */
  constructor(value) {
    if (!isObject(value)) throw garbled();
    this.#values = value;
  }

  /**
   * Returns bytes, of exactly `size` where it is given.
   * @param {string} key
   * @param {number} [size]
   */
  raw(key, size) {
    return sized(unb64url(this.get(key)), size);
  }

  /**
   * Returns a list of bytes, each of exactly `size` where it is given.
   * @param {string} key
   * @param {number} [size]
   */
  raws(key, size) {
    return this.list(key).map((one) => sized(unb64url(one), size));
  }

  /**
   * Returns an integer of 0 to `most`.
   * @param {string} key
   * @param {number} [most]
   */
  number(key, most = Number.MAX_SAFE_INTEGER) {
    const value = this.get(key);
    if (!Number.isSafeInteger(value)) throw garbled();
    const number = Number(value);
    if (number < 0 || number > most) throw garbled();
    return number;
  }

  /**
   * Returns a text.
   * @param {string} key
   */
  text(key) {
    return text(this.utf8(key));
  }

  /**
   * Returns a text as its UTF-8.
   * @param {string} key
   */
  utf8(key) {
    return encoded(this.get(key));
  }

  /**
   * Returns a list of texts, each as its UTF-8.
   * @param {string} key
   */
  utf8s(key) {
    return this.list(key).map(encoded);
  }

  /**
   * Returns a list of objects.
   * @param {string} key
   */
  objects(key) {
    return this.list(key).map((one) => new Fields(one));
  }

  /**
   * Returns a value of any kind.
   * @param {string} key
   */
  get(key) {
    if (!Object.hasOwn(this.#values, key)) throw garbled();
    return this.#values[key];
  }

  /**
   * Returns a list of values of any kind.
   * @param {string} key
   * @returns {unknown[]}
   */
  list(key) {
    const value = this.get(key);
    if (!Array.isArray(value)) throw garbled();
    return value;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Values}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function encoded(value) {
  if (typeof value !== 'string') throw garbled();
  try {
    return utf8(value);
  } catch {
    throw garbled();
  }
}

/**
 * @param {Uint8Array} value
 * @param {number | undefined} size
 */
function sized(value, size) {
  if (size !== undefined && value.length !== size) throw garbled();
  return value;
}
