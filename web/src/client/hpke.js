/**
 * Opening what was sealed with HPKE: the half that only people's devices have.
 *
 * The half that seals is `public/sealing.js`; its names are here too, for those who do both.
 *
 * Source: docs/spec/conventions.md, section 5.
 */

import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

import { AEAD_TAG_BYTES, HPKE_ENC_BYTES } from '../constants.js';
import { concat } from '../encoding.js';
import { CannotOpen, Malformed } from '../errors.js';
import { cipher, combine, expand, sharedSecret, x25519 } from '../public/sealing.js';

export { loadPublic, publicKey, seal } from '../public/sealing.js';

const X25519_BYTES = 32;
const X25519 = { name: 'X25519' };
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
      return cipher(secret, info).decrypt(sealed.slice(HPKE_ENC_BYTES));
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
 * A private key, and its X25519 half as the browser's own, where it has that.
 * @typedef {{key: PrivateKey, native: CryptoKey | undefined}} QuickKey
 */

/**
 * Expand a 32-byte seed for many trials; Malformed for another length.
 * @param {Uint8Array} seed
 * @returns {Promise<QuickKey>}
 */
export async function loadQuick(seed) {
  const key = new PrivateKey(seed);
  return { key, native: await nativeKey(expand(seed).x25519_secret) };
}

/**
 * As `open`; a trial takes half the time where the browser has X25519.
 * @param {QuickKey} quick
 * @param {{info: Uint8Array, sealed: Uint8Array}} given
 * @returns {Promise<Uint8Array>}
 */
export async function openQuickly({ key, native }, { info, sealed }) {
  const agreed = native && (await nativeSecret(native, shareOf(sealed)));
  return key.open({ info, sealed, agreed });
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
 * Return a key for the browser's own X25519, or undefined where it has none.
 * @param {Uint8Array} secret
 * @returns {Promise<CryptoKey | undefined>}
 */
async function nativeKey(secret) {
  const encoded = new Uint8Array(concat(PKCS8_X25519, secret));
  try {
    return await globalThis.crypto.subtle.importKey('pkcs8', encoded, X25519, false, ['deriveBits']);
  } catch {
    return undefined;
  }
}

/**
 * Return the shared secret, or undefined where the browser refuses it: all zeros, for one.
 * @param {CryptoKey} key
 * @param {Uint8Array} share
 * @returns {Promise<Uint8Array | undefined>}
 */
async function nativeSecret(key, share) {
  const { subtle } = globalThis.crypto;
  try {
    const other = await subtle.importKey('raw', new Uint8Array(share), X25519, false, []);
    const how = { ...X25519, public: other };
    const secret = new Uint8Array(await subtle.deriveBits(how, key, 8 * X25519_BYTES));
    return secret.some(Boolean) ? secret : undefined;
  } catch {
    return undefined;
  }
}
