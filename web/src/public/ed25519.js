/**
 * Ed25519 verification, strict: the cofactorless equation, canonical encodings, no small orders.
 *
 * Only the points are the library's: its own `verify` multiplies by the cofactor. SHA-512 is the
 * browser's, so that every check of a signature has to be waited for; eslint.config.js sees to it.
 */

import { Point } from '@noble/ed25519';

import { ED25519_PUBLIC_KEY_BYTES, ED25519_SIGNATURE_BYTES } from '../constants.js';
import { concat, equal } from '../encoding.js';
import { BadSignature } from '../errors.js';

const R_BYTES = 32;

/**
 * Check a signature of 64 bytes on a message under a public key of 32 bytes.
 *
 * BadSignature where it does not hold, lengths included.
 *
 * Source: docs/spec/statements.md, 2
 * @param {Uint8Array} public_key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {Promise<void>}
 */
export async function verify(public_key, message, signature) {
  if (
    public_key.length !== ED25519_PUBLIC_KEY_BYTES ||
    signature.length !== ED25519_SIGNATURE_BYTES ||
    !(await holds(public_key, message, signature))
  ) {
    throw new BadSignature();
  }
}

/**
 * @param {Uint8Array} public_key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {Promise<boolean>}
 */
async function holds(public_key, message, signature) {
  const order = Point.CURVE().n;
  const encoded_r = signature.slice(0, R_BYTES);
  const s = littleEndian(signature.subarray(R_BYTES));
  if (s >= order) return false;
  const key = pointOf(public_key);
  if (!key || key.isSmallOrder()) return false;
  const k = littleEndian(await sha512(concat(encoded_r, public_key, message))) % order;
  const r = Point.BASE.multiply(s, false).subtract(key.multiply(k, false));
  // The encoding of a point is canonical, so that one that equals R says the same of R.
  return !r.isSmallOrder() && equal(r.toBytes(), encoded_r);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array>}
 */
async function sha512(bytes) {
  const { subtle } = globalThis.crypto;
  return new Uint8Array(await subtle.digest('SHA-512', new Uint8Array(bytes)));
}

/**
 * @param {Uint8Array} encoded
 * @returns {Point | undefined}
 */
function pointOf(encoded) {
  try {
    return Point.fromBytes(encoded);
  } catch {
    return undefined;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
function littleEndian(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
