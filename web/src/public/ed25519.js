/**
 * Ed25519 verification, strict: the cofactorless equation, canonical encodings, no small orders.
 *
 * The equation is the browser's where it has Ed25519 (Web Cryptography asks for the cofactorless one):
 * on a slow phone it takes a tenth of the time. Elsewhere the points are the library's, whose own
 * `verify` multiplies by the cofactor, and SHA-512 the browser's. What makes it strict is asked here,
 * in front of both. Every check of a signature has to be waited for; eslint.config.js sees to it.
 */

import { Point } from '@noble/ed25519';

import { ED25519_PUBLIC_KEY_BYTES, ED25519_SIGNATURE_BYTES } from '../constants.js';
import { concat, equal } from '../encoding.js';
import { BadSignature } from '../errors.js';
import { digest } from './keys.js';

const R_BYTES = 32;
const { p: PRIME, n: ORDER, d: D } = Point.CURVE();

const { subtle } = globalThis.crypto;

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
  const encoded_r = signature.slice(0, R_BYTES);
  const s = littleEndian(signature.subarray(R_BYTES));
  if (s >= ORDER || isWeak(public_key) || isWeak(encoded_r)) return false;
  try {
    const [key_bytes, ...signed] = /** @type {[any, any, any]} */ ([public_key, signature, message]);
    const key = await subtle.importKey('raw', key_bytes, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, ...signed);
  } catch {
    // This browser has no Ed25519, or none for this key.
    return await holdsHere(public_key, message, encoded_r, s);
  }
}

/**
 * Say whether the equation holds, by the library's points.
 * @param {Uint8Array} public_key
 * @param {Uint8Array} message
 * @param {Uint8Array} encoded_r
 * @param {bigint} s
 * @returns {Promise<boolean>}
 */
export async function holdsHere(public_key, message, encoded_r, s) {
  const key = pointOf(public_key);
  if (!key) return false;
  const k = littleEndian(await digest(concat(encoded_r, public_key, message), 'SHA-512')) % ORDER;
  const r = Point.BASE.multiply(s, false).subtract(key.multiply(k, false));
  return equal(r.toBytes(), encoded_r);
}

/**
 * Say whether a point's encoding is not canonical, or the point of small order.
 *
 * Points of small order are those where y is 0 (order 4), 1 or -1 (orders 1 and 2), or where twice
 * the point has y = 0 (order 8), which is where d y^4 + 2 y^2 - 1 = 0.
 * @param {Uint8Array} encoded
 */
function isWeak(encoded) {
  const y = BigInt.asUintN(255, littleEndian(encoded));
  const square = y * y;
  return y >= PRIME || !((y * (square - 1n) * (D * square * square + 2n * square - 1n)) % PRIME);
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
