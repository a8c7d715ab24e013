/**
 * Opening what was sealed with HPKE: the half that only people's devices have.
 *
 * The half that seals is `public/sealing.js`; its names are here too, for those who do both.
 *
 * Source: docs/spec/conventions.md, section 5.
 */

import { sha3_256, sha3_512 } from '@noble/hashes/sha3.js';
import { genCrystals } from '@noble/post-quantum/_crystals.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

import { AEAD_TAG_BYTES, HPKE_ENC_BYTES, KEY_BYTES } from '../constants.js';
import { concat } from '../encoding.js';
import { CannotOpen, Malformed } from '../errors.js';
import { cipher, combine, contextOf, expand, sharedSecret, x25519 } from '../public/sealing.js';

export { loadPublic, publicKey, seal } from '../public/sealing.js';

const X25519_BYTES = 32;
const X25519 = { name: 'X25519' };
/** ML-KEM-768 (FIPS 203, 8): rank, degree, modulus; and how polynomials are written. */
const [RANK, DEGREE, PRIME] = [3, 256, 3329];
const ring = /* @__PURE__ */ genCrystals({
  N: DEGREE,
  Q: PRIME,
  F: 3303,
  ROOT_OF_UNITY: 17,
  newPoly: (size) => new Uint16Array(size),
  brvBits: 7,
  isKyber: true,
});
const WORDS = /* @__PURE__ */ coder(12);
const TENS = /* @__PURE__ */ coder(10);
const FOURS = /* @__PURE__ */ coder(4);
const ONES = /* @__PURE__ */ coder(1);
/** PrivateKeyInfo (RFC 8410, 7) up to the 32 bytes of the key. */
const PKCS8_X25519 = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32);

/** An X-Wing private key expanded from its seed once, for any number of trial opens. */
export class PrivateKey {
  #mlkem;
  #x25519;
  #part;

  /** @param {Uint8Array} seed 32 bytes; Malformed for another length. */
  constructor(seed) {
    const halves = expand(seed);
    this.#mlkem = halves.mlkem_secret;
    this.#x25519 = halves.x25519_secret;
    this.#part = x25519.scalarMultBase(this.#x25519);
    /** The public key, 1,216 bytes. */
    this.public = concat(halves.mlkem_public, this.#part);
  }

  /**
   * Open what was sealed to this key; see the function `open`.
   *
   * `agreed` is the X25519 secret of the two, where the browser has worked it out.
   * @param {{info: Uint8Array, sealed: Uint8Array, agreed?: Uint8Array | undefined}} given
   * @returns {Uint8Array}
   */
  open({ info, sealed, agreed }) {
    const share = shareOf(sealed);
    const classical = agreed ?? sharedSecret(this.#x25519, share);
    if (!classical) throw new CannotOpen();
    // A changed ML-KEM half gives another secret, and no error (FIPS 203, 6.3).
    const ciphertext = sealed.slice(0, HPKE_ENC_BYTES - X25519_BYTES);
    const quantum = ml_kem768.decapsulate(ciphertext, this.#mlkem);
    try {
      const secret = combine(quantum, classical, share, this.#part);
      return cipher(secret, contextOf(info)).decrypt(sealed.slice(HPKE_ENC_BYTES));
    } catch {
      throw new CannotOpen();
    }
  }
}

/**
 * Expand a 32-byte seed; Malformed for another length.
 * @param {Uint8Array} seed
 * @returns {PrivateKey}
 */
export function loadPrivate(seed) {
  return new PrivateKey(seed);
}

/**
 * Open one message with a seed or a loaded key.
 *
 * Malformed if `sealed` is too short to be anything; CannotOpen for every other failure, with no
 * word about which part failed.
 * @param {Uint8Array | PrivateKey} key
 * @param {{info: Uint8Array, sealed: Uint8Array}} given
 * @returns {Uint8Array}
 */
export function open(key, given) {
  return (key instanceof PrivateKey ? key : new PrivateKey(key)).open(given);
}

/**
 * What trying one key on many messages takes: the key, its X25519 half as the browser's own where it
 * has that, its own X25519 part, ŝ of its ML-KEM half, the hash of that half's public key, and what
 * the messages' `info` comes to.
 * @typedef {object} QuickKey
 * @property {PrivateKey} key
 * @property {CryptoKey | undefined} native
 * @property {Uint8Array} x25519_secret
 * @property {Uint8Array} part
 * @property {Uint16Array[]} vectors
 * @property {Uint8Array} public_hash
 * @property {Uint8Array} info
 * @property {Uint8Array} context
 *
 * @typedef {object} Tried A message, with what trying any key on it takes: its X25519 share, that as
 *   the browser's own, and the two parts of its ML-KEM half, u in NTT form.
 * @property {Uint8Array} sealed
 * @property {Uint8Array} share
 * @property {CryptoKey | undefined} native
 * @property {Uint16Array[]} u
 * @property {Uint16Array} v
 */

/**
 * Expand a 32-byte seed for trials on many messages of one `info`; Malformed for another length.
 * @param {Uint8Array} seed
 * @param {Uint8Array} info
 * @returns {Promise<QuickKey>}
 */
export async function loadQuick(seed, info) {
  const key = new PrivateKey(seed);
  const { x25519_secret, mlkem_secret, mlkem_public } = expand(seed);
  const polynomials = mlkem_secret.slice(0, RANK * WORDS.bytesLen);
  return {
    key,
    native: await native('pkcs8', concat(PKCS8_X25519, x25519_secret), ['deriveBits']),
    x25519_secret,
    part: x25519.scalarMultBase(x25519_secret),
    vectors: each(polynomials, WORDS),
    public_hash: sha3_256(mlkem_public),
    info,
    context: contextOf(info),
  };
}

/**
 * Work out once what trying any number of keys on a message takes; Malformed if it is too short.
 * @param {Uint8Array} sealed
 * @returns {Promise<Tried>}
 */
export async function loadTried(sealed) {
  const share = shareOf(sealed);
  return {
    sealed,
    share,
    native: await native('raw', share, []),
    u: each(sealed.subarray(0, RANK * TENS.bytesLen), TENS).map((one) => ring.NTT.encode(one)),
    v: FOURS.decode(sealed.subarray(RANK * TENS.bytesLen, RANK * TENS.bytesLen + FOURS.bytesLen)),
  };
}

/**
 * As `open`, made for what is mostly somebody else's: a tenth of the time to refuse.
 *
 * ML-KEM's secret is first worked out without the second encryption that FIPS 203, 6.3 checks it by.
 * Where it opens nothing, neither would the checked one, which is the same or another that nobody
 * can have sealed to. Where it does open, everything is done again in full, and only that counts.
 * @param {QuickKey} quick
 * @param {Tried} tried
 * @returns {Promise<Uint8Array>}
 */
export async function openQuickly(quick, tried) {
  const { sealed, share } = tried;
  const agreed = (await nativeSecret(quick, tried)) ?? sharedSecret(quick.x25519_secret, share);
  if (!agreed) throw new CannotOpen();
  const message = decrypt(tried, quick.vectors);
  const unchecked = sha3_512(concat(message, quick.public_hash)).slice(0, KEY_BYTES);
  try {
    const secret = combine(unchecked, agreed, share, quick.part);
    cipher(secret, quick.context).decrypt(sealed.subarray(HPKE_ENC_BYTES));
  } catch {
    throw new CannotOpen();
  }
  return quick.key.open({ info: quick.info, sealed, agreed });
}

/**
 * Return the message of an ML-KEM ciphertext (K-PKE.Decrypt, FIPS 203, algorithm 15).
 * @param {Tried} tried
 * @param {Uint16Array[]} vectors ŝ
 * @returns {Uint8Array}
 */
function decrypt({ u, v }, vectors) {
  const sum = new Uint16Array(DEGREE);
  u.forEach((one, at) => addProduct(sum, one, vectors[at] ?? sum));
  const product = ring.NTT.decode(sum);
  return ONES.encode(v.map((one, at) => ring.mod(one - (product[at] ?? 0))));
}

/**
 * Add the product of two polynomials in NTT form (FIPS 203, algorithms 11 and 12).
 * @param {Uint16Array} sum
 * @param {Uint16Array} f
 * @param {Uint16Array} g
 */
function addProduct(sum, f, g) {
  for (let at = 0; at < DEGREE; at += 2) {
    const [a0 = 0, a1 = 0, b0 = 0, b1 = 0] = [f[at], f[at + 1], g[at], g[at + 1]];
    const zeta = ring.nttZetas[64 + (at >> 2)] ?? 0;
    const product = ((a1 * b1) % PRIME) * (at & 2 ? PRIME - zeta : zeta);
    sum[at] = ((sum[at] ?? 0) + a0 * b0 + product) % PRIME;
    sum[at + 1] = ((sum[at + 1] ?? 0) + a0 * b1 + a1 * b0) % PRIME;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {{bytesLen: number, decode: (bytes: Uint8Array) => Uint16Array}} coder
 */
function each(bytes, { bytesLen, decode }) {
  return Array.from({ length: RANK }, (_, at) =>
    decode(bytes.subarray(at * bytesLen, (at + 1) * bytesLen)),
  );
}

/**
 * @param {Uint8Array} sealed
 * @returns {Uint8Array}
 */
function shareOf(sealed) {
  if (sealed.length < HPKE_ENC_BYTES + AEAD_TAG_BYTES) throw new Malformed();
  return sealed.slice(HPKE_ENC_BYTES - X25519_BYTES, HPKE_ENC_BYTES);
}

/**
 * Return a key of the browser's own X25519, or undefined where it has none or refuses it.
 * @param {'pkcs8' | 'raw'} format
 * @param {Uint8Array} encoded
 * @param {KeyUsage[]} usages
 * @returns {Promise<CryptoKey | undefined>}
 */
async function native(format, encoded, usages) {
  try {
    const bytes = new Uint8Array(encoded);
    return await globalThis.crypto.subtle.importKey(format, bytes, X25519, false, usages);
  } catch {
    return undefined;
  }
}

/**
 * Return the X25519 secret of a key and a share, or undefined where the browser has none: also for
 * all zeros.
 * @param {QuickKey} quick
 * @param {Tried} tried
 * @returns {Promise<Uint8Array | undefined>}
 */
async function nativeSecret({ native: own }, { native: other }) {
  if (!own || !other) return undefined;
  try {
    const how = { ...X25519, public: other };
    const bits = await globalThis.crypto.subtle.deriveBits(how, own, 8 * X25519_BYTES);
    const secret = new Uint8Array(bits);
    return secret.some(Boolean) ? secret : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Return what packs a polynomial of `bits` a coefficient (FIPS 203, 4.2.1); fewer than 12 lose some.
 * @param {number} bits
 */
function coder(bits) {
  const scale = 2 ** bits;
  return ring.bitsCoder(bits, {
    encode: (one) => (bits < 12 ? Math.floor((one * scale) / PRIME + 0.5) : one),
    decode: (one) => (bits < 12 ? Math.floor((one * PRIME) / scale + 0.5) : one % PRIME),
  });
}
