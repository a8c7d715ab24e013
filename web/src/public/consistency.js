/**
 * Consistency: what shows that a smaller tree is the beginning of a larger one (RFC 9162, 2.1.4).
 *
 * Source: docs/spec/log.md, 2
 */

import { CONSISTENCY_HASHES, HASH_BYTES } from '../constants.js';
import { equal } from '../encoding.js';
import { NotInLog } from '../errors.js';
import * as log from './log.js';

/**
 * Return what shows that the tree of the first `first` of these leaf hashes begins this one.
 *
 * Refuses as NotInLog where there are fewer, or `first` is 0.
 *
 * Source: docs/spec/log.md, 2 (RFC 9162, 2.1.4.1)
 * @param {Uint8Array[]} leaves
 * @param {number} first
 * @returns {Uint8Array[]}
 */
export function consistencyProof(leaves, first) {
  if (first < 1 || first > leaves.length) throw new NotInLog();
  return first === leaves.length ? [] : subproof(first, leaves, true);
}

/**
 * Check that the tree of `first` leaves and this root begins that of `size` leaves.
 *
 * Refuses as NotInLog where the hashes (at most 52, of 32 bytes each) do not show that, and where
 * `first` is 0: of an empty tree there is nothing to show.
 *
 * Source: docs/spec/log.md, 2 (RFC 9162, 2.1.4.2)
 * @param {Uint8Array[]} hashes
 * @param {{first: bigint, first_root: Uint8Array, size: bigint, root: Uint8Array}} trees
 */
export function verifyConsistency(hashes, { first, first_root, size, root }) {
  if (first < 1n || first > size || hashes.length > CONSISTENCY_HASHES) throw new NotInLog();
  const parts = [...hashes, first_root, root];
  if (parts.some((part) => part.length !== HASH_BYTES)) throw new NotInLog();
  if (first === size) {
    if (hashes.length || !equal(first_root, root)) throw new NotInLog();
    return;
  }
  // A first tree that is one whole subtree is the seed itself, and left out.
  const path = (first & (first - 1n)) === 0n ? [first_root, ...hashes] : hashes;
  const [before, after] = climb(path, first - 1n, size - 1n);
  if (!equal(before, first_root) || !equal(after, root)) throw new NotInLog();
}

/**
 * Return the roots of both trees, from the first's last whole subtree and its siblings.
 * @param {Uint8Array[]} path
 * @param {bigint} at
 * @param {bigint} last
 * @returns {[Uint8Array, Uint8Array]}
 */
function climb([seed, ...siblings], at, last) {
  if (!seed) throw new NotInLog();
  while (at & 1n) {
    at >>= 1n;
    last >>= 1n;
  }
  let before = seed;
  let after = seed;
  for (const sibling of siblings) {
    if (last === 0n) throw new NotInLog();
    if (at & 1n || at === last) {
      before = log.nodeHash(sibling, before);
      after = log.nodeHash(sibling, after);
      while (at && !(at & 1n)) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      after = log.nodeHash(after, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new NotInLog();
  return [before, after];
}

/**
 * @param {number} first
 * @param {Uint8Array[]} leaves
 * @param {boolean} is_known Whether whoever asks knows the root of all of `leaves`.
 * @returns {Uint8Array[]}
 */
function subproof(first, leaves, is_known) {
  if (first === leaves.length) return is_known ? [] : [log.rootOf(leaves)];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  if (first <= half) return [...subproof(first, left, is_known), log.rootOf(right)];
  return [...subproof(first - half, right, false), log.rootOf(left)];
}
