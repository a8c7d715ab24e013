/**
 * The proof of work that admits a walk-in: checking it and searching for it.
 *
 * Source: docs/spec/walk-in.md, section 3.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import {
  ENVELOPE_BYTES,
  HASH_BYTES,
  LABEL_WORK,
  NETWORK_ID_BYTES,
  U16_BYTES,
  U64_BYTES,
  WORK_BITS_LEAST,
  WORK_BITS_MOST,
} from '../constants.js';
import { frame, lp, u32, u64 } from '../encoding.js';
import { Malformed, WorkMissing } from '../errors.js';
import { fixed } from '../fields.js';

const WORD_BITS = 32; // more than the most bits that are asked for

/**
 * @typedef {object} Task Work to do for one envelope.
 * @property {Uint8Array} prefix What is hashed before the nonce.
 * @property {number} bits The number of zero bits.
 */

/**
 * Return the work for an envelope (5,273 bytes) sent in `epoch` at a difficulty in bits.
 *
 * Refuses as Malformed other lengths and a difficulty outside 8 to 28.
 * @param {Uint8Array} network_id
 * @param {number} epoch
 * @param {Uint8Array} envelope
 * @param {number} bits
 * @returns {Task}
 */
export function task(network_id, epoch, envelope, bits) {
  fixed(network_id, NETWORK_ID_BYTES);
  fixed(envelope, ENVELOPE_BYTES);
  if (bits < WORK_BITS_LEAST || bits > WORK_BITS_MOST) throw new Malformed();
  // The nonce is the frame's last part, so that only it has to be hashed anew for each try.
  return { prefix: frame(LABEL_WORK, network_id, u32(epoch), sha256(envelope)), bits };
}

/**
 * Check a nonce (8 bytes).
 *
 * Refuses as Malformed another length, as WorkMissing when the work does not hold.
 * @param {Task} work
 * @param {Uint8Array} nonce
 */
export function check(work, nonce) {
  if (!trial(work)(lp(fixed(nonce, U64_BYTES)))) throw new WorkMissing();
}

/**
 * Try `tries` nonces from `start` (0 to 2^64 - 1) upward; nothing when none of them holds.
 *
 * Called again with the next start, so that a caller can show progress and stop.
 * @param {Task} work
 * @param {bigint} start
 * @param {number} tries
 * @returns {Uint8Array | undefined}
 */
export function search(work, start, tries) {
  const holds = trial(work);
  const framed = lp(u64(start));
  const nonce = new DataView(framed.buffer, U16_BYTES);
  for (let tried = 0; tried < tries; tried++) {
    nonce.setBigUint64(0, start + BigInt(tried)); // modulo 2^64
    if (holds(framed)) return framed.slice(U16_BYTES);
  }
  return undefined;
}

/**
 * Return what tries one framed nonce after the other on the state that the prefix leaves.
 * @param {Task} work
 */
function trial({ prefix, bits }) {
  const start = sha256.create().update(prefix);
  const state = sha256.create();
  const digest = new Uint8Array(HASH_BYTES);
  const word = new DataView(digest.buffer);
  return (/** @type {Uint8Array} */ framed) => {
    start._cloneInto(state).update(framed).digestInto(digest);
    return word.getUint32(0) >>> (WORD_BITS - bits) === 0;
  };
}
