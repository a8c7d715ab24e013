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
   * @param {{info: Uint8Array, sealed: Uint8Array}} given
   * @returns {Uint8Array}
   */
  open({ info, sealed }) {
    if (sealed.length < HPKE_ENC_BYTES + AEAD_TAG_BYTES) throw new Malformed();
    const share = sealed.slice(HPKE_ENC_BYTES - X25519_BYTES, HPKE_ENC_BYTES);
    const classical = sharedSecret(this.#x25519, share);
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
