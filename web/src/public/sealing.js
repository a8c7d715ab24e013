/**
 * Sealing with HPKE (RFC 9180) Base mode: X-Wing, HKDF-SHA256 and ChaCha20-Poly1305.
 *
 * The half that seals, and what both halves share; opening is `client/hpke.js`. A private key is a
 * random 32-byte seed and nothing else: there is no DeriveKeyPair here, since libraries disagree
 * about it. Other than the libraries of Python, these take the encapsulation's randomness.
 *
 * Source: docs/spec/conventions.md, section 5.
 */

import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { montgomery } from '@noble/curves/abstract/montgomery.js';
import { expand as hkdfExpand, extract as hkdfExtract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

import { XWING_PUBLIC_KEY_BYTES, XWING_SEED_BYTES } from '../constants.js';
import { concat, u16, utf8 } from '../encoding.js';
import { Malformed } from '../errors.js';

const MLKEM_KEY_BYTES = 1184;
const MLKEM_POLYNOMIALS_BYTES = 1152;
const MLKEM_PRIME = 3329;
const MLKEM_SEED_BYTES = 64;
const X25519_BYTES = 32;
const ENCAPSULATION_BYTES = 64;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const NONE = new Uint8Array();
const PRIME = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn;
// The u-coordinates whose shared secret is all zeros whatever the scalar (RFC 7748, section 6.1).
const SMALL_ORDER = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  PRIME - 1n,
];
const XWING_LABEL = '\\.//^\\';
// "HPKE", then the ids of X-Wing, HKDF-SHA256 and ChaCha20-Poly1305.
const SUITE_ID = [0x48, 0x50, 0x4b, 0x45, 0x64, 0x7a, 0, 1, 0, 3];

/** X25519 (RFC 7748), which throws where the shared secret is all zeros. */
export const x25519 = /* @__PURE__ */ montgomery({
  P: PRIME,
  type: 'x25519',
  powPminus2: inverse,
  adjustScalarBytes: clamp,
});

/**
 * @typedef {object} PublicKey An X-Wing public key whose encoding was checked once, for sealing.
 * @property {Uint8Array} encoded 1,216 bytes: ML-KEM-768, then X25519.
 *
 * @typedef {object} Halves The two private halves of a key, and the public key of the first.
 * @property {Uint8Array} mlkem_public
 * @property {Uint8Array} mlkem_secret
 * @property {Uint8Array} x25519_secret
 */

/**
 * Expand a seed to its two private halves, as the X-Wing draft says.
 * @param {Uint8Array} seed 32 bytes; another length is Malformed.
 * @returns {Halves}
 */
export function expand(seed) {
  if (seed.length !== XWING_SEED_BYTES) throw new Malformed();
  const expanded = shake256(seed, { dkLen: MLKEM_SEED_BYTES + X25519_BYTES });
  const mlkem = ml_kem768.keygen(expanded.slice(0, MLKEM_SEED_BYTES));
  return {
    mlkem_public: mlkem.publicKey,
    mlkem_secret: mlkem.secretKey,
    x25519_secret: expanded.slice(MLKEM_SEED_BYTES),
  };
}

/**
 * Return the public key (1,216 bytes) of two private halves.
 * @param {Halves} halves
 */
export function encodePublic(halves) {
  return concat(halves.mlkem_public, x25519.scalarMultBase(halves.x25519_secret));
}

/**
 * Return the public key (1,216 bytes) of a seed (32 bytes).
 * @param {Uint8Array} seed
 */
export function publicKey(seed) {
  return encodePublic(expand(seed));
}

/**
 * Check an encoded public key; Malformed for a wrong length or an invalid encoding.
 * @param {Uint8Array} encoded
 * @returns {PublicKey}
 */
export function loadPublic(encoded) {
  if (encoded.length !== XWING_PUBLIC_KEY_BYTES || !isReduced(encoded)) throw new Malformed();
  if (hasSmallOrder(encoded.subarray(MLKEM_KEY_BYTES))) throw new Malformed();
  return { encoded };
}

/**
 * Seal one message: the encapsulation (1,120 bytes), then the ciphertext with its tag.
 * @param {Uint8Array | PublicKey} key
 * @param {{info: Uint8Array, plaintext: Uint8Array, random: (size: number) => Uint8Array}} what
 *   `random` gives the encapsulation's 64 bytes: 32 for ML-KEM-768, then the X25519 scalar.
 */
export function seal(key, { info, plaintext, random }) {
  const { encoded } = key instanceof Uint8Array ? loadPublic(key) : key;
  const { enc, secret } = encapsulate(encoded, random(ENCAPSULATION_BYTES));
  return concat(enc, cipher(secret, contextOf(info)).encrypt(plaintext));
}

/**
 * Return the X25519 secret (32 bytes) of a scalar and a public part; nothing where it is all zeros.
 * @param {Uint8Array} scalar
 * @param {Uint8Array} part
 * @returns {Uint8Array | undefined}
 */
export function sharedSecret(scalar, part) {
  try {
    return x25519.scalarMult(scalar, part);
  } catch {
    return undefined;
  }
}

/**
 * Return X-Wing's shared secret (32 bytes) from those of its halves and the X25519 parts.
 * @param {Uint8Array[]} parts Of ML-KEM, of X25519, the encapsulation's X25519 share, the key's.
 */
export function combine(...parts) {
  return sha3_256(concat(...parts, utf8(XWING_LABEL)));
}

/**
 * Return the part of the key schedule that all messages of one `info` share: its `context`
 * (RFC 9180, 5.1, Base mode).
 * @param {Uint8Array} info
 */
export function contextOf(info) {
  return concat(
    new Uint8Array(1),
    labeledExtract(NONE, 'psk_id_hash', NONE),
    labeledExtract(NONE, 'info_hash', info),
  );
}

/**
 * Return the cipher of the one message of a shared secret (RFC 9180, 5.1, Base mode).
 * @param {Uint8Array} secret 32 bytes.
 * @param {Uint8Array} context see `contextOf`
 */
export function cipher(secret, context) {
  const prk = labeledExtract(secret, 'secret', NONE);
  const key = labeledExpand(prk, 'key', context, KEY_BYTES);
  return chacha20poly1305(key, labeledExpand(prk, 'base_nonce', context, NONCE_BYTES));
}

/**
 * @param {Uint8Array} encoded
 * @param {Uint8Array} eseed
 */
function encapsulate(encoded, eseed) {
  const part = encoded.slice(MLKEM_KEY_BYTES);
  const scalar = eseed.slice(X25519_BYTES);
  const mlkem = ml_kem768.encapsulate(
    encoded.slice(0, MLKEM_KEY_BYTES),
    eseed.slice(0, X25519_BYTES),
  );
  const share = x25519.scalarMultBase(scalar);
  const secret = combine(mlkem.sharedSecret, x25519.scalarMult(scalar, part), share, part);
  return { enc: concat(mlkem.cipherText, share), secret };
}

/**
 * Say whether every coefficient of the ML-KEM half, 12 bits each, is below its prime.
 * @param {Uint8Array} encoded
 */
function isReduced(encoded) {
  for (let at = 0; at < MLKEM_POLYNOMIALS_BYTES; at += 3) {
    const [low = 0, middle = 0, high = 0] = encoded.subarray(at, at + 3);
    const three = low | (middle << 8) | (high << 16);
    if ((three & 0xfff) >= MLKEM_PRIME || three >> 12 >= MLKEM_PRIME) return false;
  }
  return true;
}

/**
 * Found by looking, so that a bad key is refused when it is read and not only when it is used.
 * @param {Uint8Array} part
 */
function hasSmallOrder(part) {
  const u = part.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
  return SMALL_ORDER.includes((u % 2n ** 255n) % PRIME);
}

/**
 * @param {Uint8Array} salt
 * @param {string} label
 * @param {Uint8Array} ikm
 */
function labeledExtract(salt, label, ikm) {
  return hkdfExtract(sha256, concat(labeled(label), ikm), salt);
}

/**
 * @param {Uint8Array} prk
 * @param {string} label
 * @param {Uint8Array} info
 * @param {number} length
 */
function labeledExpand(prk, label, info, length) {
  return hkdfExpand(sha256, prk, concat(u16(length), labeled(label), info), length);
}

/** @param {string} label */
function labeled(label) {
  return concat(utf8('HPKE-v1'), Uint8Array.from(SUITE_ID), utf8(label));
}

/** @param {Uint8Array} scalar */
function clamp(scalar) {
  return scalar.map((byte, at) => {
    if (at === 0) return byte & 248;
    return at === X25519_BYTES - 1 ? (byte & 127) | 64 : byte;
  });
}

/**
 * Invert by the power p − 2, whose steps do not depend on the number (RFC 7748, 5).
 * @param {bigint} number
 */
function inverse(number) {
  let result = 1n;
  let square = number;
  for (let left = PRIME - 2n; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
