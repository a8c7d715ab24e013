/**
 * The edge of a log: what is kept of a tree to go on from it, whatever is appended.
 *
 * Who keeps the edge of a checkpoint that held, and comes from it and the entries behind it to the
 * root of a later one, has seen that nothing before was changed, dropped or put in between.
 *
 * Source: docs/spec/log.md, 2
 */

import { EDGE_HASHES, HASH_BYTES } from '../constants.js';
import { Reader, concat, equal, u64 } from '../encoding.js';
import { Malformed } from '../errors.js';
import * as log from './log.js';

/**
 * @typedef {object} Edge A tree of `size` entries.
 * @property {number} size
 * @property {Uint8Array[]} hashes The roots (32 bytes each) of its whole subtrees, largest first.
 */

/** @type {Edge} */
export const EMPTY = { size: 0, hashes: [] };
const SIZE_LIMIT = 2 ** EDGE_HASHES;

/**
 * Return the edge of a tree that has one more leaf (its hash, 32 bytes) at its end.
 *
 * Refuses as Malformed where that would be the 2^26th. Source: docs/spec/log.md, 2
 * @param {Edge} edge
 * @param {Uint8Array} leaf
 * @returns {Edge}
 */
export function append(edge, leaf) {
  if (edge.size + 1 >= SIZE_LIMIT || leaf.length !== HASH_BYTES) throw new Malformed();
  const hashes = [...edge.hashes];
  let last = leaf;
  // The last whole subtree has as many leaves as `last`.
  for (let size = edge.size; size & 1; size >>= 1) {
    last = log.nodeHash(/** @type {Uint8Array} */ (hashes.pop()), last);
  }
  return { size: edge.size + 1, hashes: [...hashes, last] };
}

/**
 * Return the edge of a tree that has these entries at its end; refuses as Malformed.
 * @param {Edge} edge
 * @param {Uint8Array[]} entries
 * @returns {Edge}
 */
export function extend(edge, entries) {
  return entries.reduce((found, entry) => append(found, log.leafHash(entry)), edge);
}

/**
 * Return the edge of a tree with these leaf hashes; refuses as Malformed.
 * @param {Uint8Array[]} leaves
 * @returns {Edge}
 */
export function of(leaves) {
  return leaves.reduce(append, EMPTY);
}

/**
 * Return the root hash (32 bytes) of the tree; of an empty one, SHA-256 of nothing.
 *
 * Source: docs/spec/log.md, 2
 * @param {Edge} edge
 * @returns {Uint8Array}
 */
export function root({ hashes }) {
  if (!hashes.length) return log.rootOf([]);
  return hashes.reduceRight((found, left) => log.nodeHash(left, found));
}

/**
 * Write an edge; refuses as Malformed where `decode` would refuse it.
 * @param {Edge} edge
 * @returns {Uint8Array}
 */
export function encode({ size, hashes }) {
  const data = concat(u64(BigInt(size)), ...hashes);
  const read = decode(data);
  const are = read.hashes.every((hash, at) => equal(hash, hashes[at] ?? new Uint8Array()));
  if (read.size !== size || !are) throw new Malformed();
  return data;
}

/**
 * Read an edge; refuses as Malformed another number of hashes than its size has, and 2^26.
 *
 * Source: docs/spec/log.md, 2
 * @param {Uint8Array} data
 * @returns {Edge}
 */
export function decode(data) {
  const reader = new Reader(data);
  const size = Number(reader.u64());
  if (size >= SIZE_LIMIT) throw new Malformed();
  const hashes = [];
  for (let left = size; left; left &= left - 1) hashes.push(reader.take(HASH_BYTES));
  reader.end();
  return { size, hashes };
}
