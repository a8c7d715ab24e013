/**
 * Hashes and ids that stand in place of secrets.
 *
 * Source: docs/spec/codes.md, section 6; docs/spec/walk-in.md, section 2.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import {
  BINDING_BYTES,
  KEY_BYTES,
  LABEL_KEY_HASH,
  LABEL_REQUEST,
  XWING_PUBLIC_KEY_BYTES,
} from '../constants.js';
import { frame } from '../encoding.js';
import { fixed } from '../fields.js';

export { sha256 };

/**
 * Return SHA-256 of a frame, 32 bytes. Source: docs/spec/conventions.md, section 4.
 * @param {string} label
 * @param {...Uint8Array} parts
 * @returns {Uint8Array}
 */
export function hashed(label, ...parts) {
  return sha256(frame(label, ...parts));
}

/**
 * Return a hash of `data` by the browser: a slow phone has it sooner than from our own.
 * @param {Uint8Array} data
 * @param {string} algorithm
 * @returns {Promise<Uint8Array>}
 */
export async function digest(data, algorithm = 'SHA-256') {
  const given = /** @type {Uint8Array<ArrayBuffer>} */ (data);
  return new Uint8Array(await globalThis.crypto.subtle.digest(algorithm, given));
}

/**
 * Return what the server keeps of a write key or holder key (32 bytes): 32 bytes.
 *
 * Malformed for another length.
 * @param {Uint8Array} key
 * @returns {Uint8Array}
 */
export function keyHash(key) {
  return hashed(LABEL_KEY_HASH, fixed(key, KEY_BYTES));
}

/**
 * Return the 32 bytes by which a server knows a repeated request: the hash of its body.
 * @param {Uint8Array} body
 * @returns {Uint8Array}
 */
export function requestHash(body) {
  return hashed(LABEL_REQUEST, body);
}

/**
 * Return the 16-byte id of a weekly public key (1,216 bytes); Malformed for another length.
 * @param {Uint8Array} public_key
 * @returns {Uint8Array}
 */
export function weeklyKeyId(public_key) {
  return sha256(fixed(public_key, XWING_PUBLIC_KEY_BYTES)).slice(0, BINDING_BYTES);
}
