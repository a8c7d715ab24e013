/**
 * Blind tokens: RFC 9497 VOPRF over ristretto255 with SHA-512, by the library's own protocol.
 *
 * Both ends are here: the provider's device blinds and finalizes; the other half is what vectors
 * and crossings need. Other than in Python, inputs, blinds and proofs come from `random`.
 *
 * Source: docs/spec/tokens.md.
 */

import { equalBytes } from '@noble/ciphers/utils.js';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';

import {
  KEY_BYTES,
  LABEL_NULLIFIER,
  LABEL_TOKEN_KEY,
  NETWORK_ID_BYTES,
  TOKEN_BATCH_MOST,
  TOKEN_BYTES,
  TOKEN_ELEMENT_BYTES,
  TOKEN_GRACE_DAYS,
  TOKEN_INPUT_BYTES,
  TOKEN_PERIOD_DAYS,
  TOKEN_PROOF_BYTES,
} from '../constants.js';
import { Reader, concat, frame, u32 } from '../encoding.js';
import { Malformed, TokenRefused } from '../errors.js';
import { fixed } from '../fields.js';
import { hashed } from './keys.js';

/** @typedef {import('../encoding.js').Random} Random */

const { voprf } = ristretto255_oprf;
/** What a key makes of an input that is not blinded; the library's types leave it out. */
const { evaluate } =
  /** @type {{evaluate: (secret: Uint8Array, input: Uint8Array) => Uint8Array}} */ (
    /** @type {unknown} */ (voprf)
  );
const FIRST_MONDAY = 4; // epoch 0 was a Thursday

/**
 * Return the first epoch of the issuing period in which `epoch` (4 or later) lies.
 *
 * Source: docs/spec/tokens.md, section 1.
 * @param {number} epoch
 */
export function periodOf(epoch) {
  return epoch - ((epoch - FIRST_MONDAY) % TOKEN_PERIOD_DAYS);
}

/**
 * Return the last epoch on which tokens of the period that begins at `period` are taken.
 *
 * Source: docs/spec/tokens.md, section 6.
 * @param {number} period
 */
export function lastEpochOf(period) {
  return period + TOKEN_PERIOD_DAYS - 1 + TOKEN_GRACE_DAYS;
}

/** The server's half: one issuing key of one network and period. */
export class Issuer {
  #secret;
  #network_id;
  #period;

  /**
   * Take the period's seed (32 bytes), the network id and the period's first epoch.
   * @param {Uint8Array} seed
   * @param {Uint8Array} network_id
   * @param {number} period
   */
  constructor(seed, network_id, period) {
    fixed(seed, KEY_BYTES);
    const info = frame(LABEL_TOKEN_KEY, fixed(network_id, NETWORK_ID_BYTES), u32(period));
    const pair = voprf.deriveKeyPair(seed, info);
    this.#secret = pair.secretKey;
    this.#network_id = network_id;
    this.#period = period;
    /** The 32 bytes that clients check proofs against. */
    this.public_key = pair.publicKey;
  }

  /**
   * Evaluate 1 to 256 blinded elements of 32 bytes: a proof, then as many elements.
   *
   * Refuses as Malformed another length, as TokenRefused an element that is none.
   * Source: docs/spec/tokens.md, section 4.
   * @param {Uint8Array} request
   * @param {{random: Random}} given Draws what the proof hides behind.
   */
  issue(request, { random }) {
    if (!request.length || request.length > TOKEN_BATCH_MOST * TOKEN_ELEMENT_BYTES) {
      throw new Malformed();
    }
    const blinded = split(request);
    const { evaluated, proof } = heeding(() =>
      voprf.blindEvaluateBatch(this.#secret, this.public_key, blinded, drawn(random)),
    );
    return concat(proof, ...evaluated);
  }

  /**
   * Check a token (96 bytes) and return its nullifier (32 bytes), to be stored once.
   *
   * Refuses as Malformed another length, as TokenRefused a token of another key.
   * Source: docs/spec/tokens.md, section 5.
   * @param {Uint8Array} token
   */
  redeem(token) {
    const given = fixed(token, TOKEN_BYTES).slice(0, TOKEN_INPUT_BYTES);
    const output = evaluate(this.#secret, given);
    if (!equalBytes(output, token.slice(TOKEN_INPUT_BYTES))) throw new TokenRefused();
    return hashed(LABEL_NULLIFIER, this.#network_id, u32(this.#period), given);
  }
}

/** The provider's half: inputs of a batch, blinded, until the answer comes. */
export class Draw {
  #blinds;

  /** @param {{input: Uint8Array, blind: Uint8Array, blinded: Uint8Array}[]} blinds */
  constructor(blinds) {
    this.#blinds = blinds;
    /** The blinded elements, 32 bytes each, to be sent. */
    this.request = concat(...blinds.map((one) => one.blinded));
  }

  /**
   * Check the proof against the issuing key (32 bytes) and return the tokens, 96 bytes each.
   *
   * Refuses as TokenRefused the whole batch when anything about the answer does not hold.
   * Source: docs/spec/tokens.md, section 3.
   * @param {Uint8Array} answer
   * @param {Uint8Array} public_key
   * @returns {Uint8Array[]}
   */
  finalize(answer, public_key) {
    if (answer.length !== TOKEN_PROOF_BYTES + this.request.length) throw new TokenRefused();
    const reader = new Reader(answer);
    const proof = reader.take(TOKEN_PROOF_BYTES);
    const items = this.#blinds.map((one) => ({
      ...one,
      evaluated: reader.take(TOKEN_ELEMENT_BYTES),
    }));
    const outputs = heeding(() => voprf.finalizeBatch(items, public_key, proof));
    return items.map(({ input }, at) => concat(input, /** @type {Uint8Array} */ (outputs[at])));
  }
}

/**
 * Blind `count` (1 to 256) fresh inputs; send `.request`, then finalize the answer.
 *
 * Refuses as Malformed another count. Source: docs/spec/tokens.md, section 3.
 * @param {number} count
 * @param {{random: Random}} given Draws the inputs, 32 bytes each, then the blinds, 48 each.
 */
export function draw(count, { random }) {
  if (count < 1 || count > TOKEN_BATCH_MOST) throw new Malformed();
  const inputs = Array.from({ length: count }, () => random(TOKEN_INPUT_BYTES));
  return new Draw(inputs.map((input) => ({ input, ...voprf.blind(input, drawn(random)) })));
}

/**
 * The library asks for a size that it may leave out; it never does.
 * @param {Random} random
 */
function drawn(random) {
  return (size = 0) => random(size);
}

/**
 * Split elements of 32 bytes; refuses as Malformed where something is left.
 * @param {Uint8Array} elements
 */
function split(elements) {
  if (elements.length % TOKEN_ELEMENT_BYTES) throw new Malformed();
  return Array.from({ length: elements.length / TOKEN_ELEMENT_BYTES }, (_, at) =>
    elements.slice(at * TOKEN_ELEMENT_BYTES, (at + 1) * TOKEN_ELEMENT_BYTES),
  );
}

/**
 * Do one step of the library's; what it throws is that an element, key or proof does not hold.
 * @template T
 * @param {() => T} step
 * @returns {T}
 */
function heeding(step) {
  try {
    return step();
  } catch {
    throw new TokenRefused();
  }
}
