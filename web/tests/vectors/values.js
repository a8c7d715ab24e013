/** How a scenario writes bytes down, and how it changes them (docs/spec/vectors.md, 3 and 4). */

import { sha256 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

import { concat, equal, utf8 } from '../../src/encoding.js';

/**
 * What a scenario gives, and what comes out.
 * @typedef {Record<string, any>} Given
 * @typedef {Record<string, unknown>} Output
 * @typedef {(given: Given) => Output | Promise<Output>} Operation
 */

/**
 * Return the bytes that a value stands for.
 * @param {any} value
 * @returns {Uint8Array}
 */
export function unbytes(value) {
  if (typeof value === 'string') return hexToBytes(value);
  if ('utf8' in value) return utf8(value.utf8);
  if ('shake256' in value) return shake256(utf8(value.shake256), { dkLen: value.bytes });
  return concat(hexToBytes(value.hex), new Uint8Array(value.zeros));
}

/**
 * Return the bytes that each value of a list stands for.
 * @param {any[]} values
 * @returns {Uint8Array[]}
 */
export function unlist(values) {
  return values.map(unbytes);
}

/**
 * Return the bytes of the values named, under the same names.
 * @param {Given} given
 * @param {string[]} names
 * @returns {any}
 */
export function pick(given, ...names) {
  return Object.fromEntries(names.map((name) => [name, unbytes(given[name])]));
}

/**
 * Return the parts of an object that are there, for an output: a number is, also 0.
 * @param {object} value
 * @returns {Output}
 */
export function present(value) {
  const said = Object.entries(value).filter(
    ([, one]) => one !== undefined && one !== '' && one.length !== 0,
  );
  return Object.fromEntries(said);
}

/**
 * Turn the fields of a newer client into bytes.
 * @param {[number, any][] | undefined} kept
 * @returns {[number, Uint8Array][]}
 */
export function unkept(kept = []) {
  return kept.map(([number, value]) => [number, unbytes(value)]);
}

/**
 * Return bytes changed in the one way that is named.
 * @param {Uint8Array} value
 * @param {Given} change
 * @returns {Uint8Array}
 */
export function changed(value, change) {
  const entries = Object.entries(change);
  if (entries.length !== 1) throw new Error('one change');
  const [name, given] = /** @type {[string, any]} */ (entries[0]);
  const out = value.slice();
  switch (name) {
    case 'flip':
      out.set([/** @type {number} */ (out.at(given)) ^ 1], given);
      return out;
    case 'cut':
      return out.slice(0, out.length - given);
    case 'append':
      return concat(out, hexToBytes(given));
    case 'zero':
      return out.fill(0, given[0], given[1]);
    case 'swap': {
      const [one, other, size] = given;
      out.set(value.slice(other, other + size), one);
      out.set(value.slice(one, one + size), other);
      return out;
    }
    default:
      throw new Error(name);
  }
}

/**
 * Say whether what came out is what a scenario expects, bytes in any of their forms.
 * @param {any} expected
 * @param {any} actual
 * @returns {boolean}
 */
export function same(expected, actual) {
  if (actual instanceof Uint8Array) return sameBytes(expected, actual);
  if (Array.isArray(actual)) {
    if (!Array.isArray(expected) || expected.length !== actual.length) return false;
    return actual.every((one, at) => same(expected[at], one));
  }
  if (typeof actual === 'object' && actual !== null) {
    if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return false;
    const names = Object.keys(actual);
    if (names.length !== Object.keys(expected).length) return false;
    return names.every((name) => Object.hasOwn(expected, name) && same(expected[name], actual[name]));
  }
  return expected === actual;
}

/**
 * @param {any} expected
 * @param {Uint8Array} actual
 * @returns {boolean}
 */
function sameBytes(expected, actual) {
  if (typeof expected === 'string') return expected === bytesToHex(actual);
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return false;
  if ('sha256' in expected) {
    return actual.length === expected.bytes && bytesToHex(sha256(actual)) === expected.sha256;
  }
  return equal(unbytes(expected), actual);
}

/**
 * Return a source of randomness that gives the values listed, in order, and only at their size.
 * @param {...Uint8Array} values
 * @returns {(size: number) => Uint8Array}
 */
export function drawn(...values) {
  return (size) => {
    const value = values.shift();
    if (value?.length !== size) throw new Error('drawn at another size');
    return value;
  };
}
