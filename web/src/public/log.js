/**
 * The log: an append-only Merkle tree of the texts of notes (RFC 9162, 2.1).
 *
 * A tree is given by its leaf hashes, so that who keeps a log need not keep every entry at hand.
 *
 * Source: docs/spec/statements.md, 6
 */

import { sha256 } from '@noble/hashes/sha2.js';

import { HASH_BYTES, PROOF_HASHES } from '../constants.js';
import { concat, equal, u8 } from '../encoding.js';
import { NotInLog } from '../errors.js';

const LEAF = 0;
const NODE = 1;

/**
 * @typedef {object} Inclusion Where a leaf stands, and what shows it.
 * @property {bigint} index
 * @property {Uint8Array[]} hashes At most 26, of 32 bytes each.
 */

/**
 * Return the 32-byte hash of an entry, which is the text of a note as UTF-8.
 * @param {Uint8Array} entry
 */
export function leafHash(entry) {
  return sha256(concat(u8(LEAF), entry));
}

/**
 * Return the 32-byte hash of a node from those of its two children.
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function nodeHash(left, right) {
  return sha256(concat(u8(NODE), left, right));
}

/**
 * Return the root hash of a tree with these leaf hashes; of an empty one, SHA-256 of nothing.
 *
 * Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.1)
 * @param {Uint8Array[]} leaves
 */
export function rootOf(leaves) {
  let level = leaves;
  while (level.length > 1) level = nextLevel(level);
  return level[0] ?? sha256(new Uint8Array());
}

/**
 * Return what shows the leaf at `index` to be in the tree of these leaf hashes.
 *
 * Refuses as NotInLog where the tree has no such leaf.
 *
 * Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.3.1)
 * @param {Uint8Array[]} leaves
 * @param {bigint} index
 * @returns {Inclusion}
 */
export function inclusionProof(leaves, index) {
  if (index < 0n || index >= leaves.length) throw new NotInLog();
  const hashes = [];
  let level = leaves;
  for (let at = Number(index); level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling) hashes.push(sibling);
    level = nextLevel(level);
  }
  return { index, hashes };
}

/**
 * Check that the leaf with this hash is in the tree of `size` leaves and this root hash.
 *
 * Refuses as NotInLog where the inclusion does not show that.
 *
 * Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.3.2)
 * @param {Uint8Array} leaf
 * @param {Inclusion} inclusion
 * @param {{size: bigint, root: Uint8Array}} tree
 */
export function verifyInclusion(leaf, inclusion, { size, root }) {
  checkSizes(leaf, inclusion, size);
  let found = leaf;
  let at = inclusion.index;
  let last = size - 1n;
  for (const sibling of inclusion.hashes) {
    if (last === 0n) throw new NotInLog();
    if (at & 1n || at === last) {
      found = nodeHash(sibling, found);
      // Skip the levels at which the node is the lone last one and has no sibling.
      while (at && !(at & 1n)) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      found = nodeHash(found, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n || !equal(found, root)) throw new NotInLog();
}

/**
 * @param {Uint8Array} leaf
 * @param {Inclusion} inclusion
 * @param {bigint} size
 */
function checkSizes(leaf, { index, hashes }, size) {
  if (index < 0n || index >= size || hashes.length > PROOF_HASHES) throw new NotInLog();
  // Hashes of other lengths would let the border between left and right be moved.
  if ([leaf, ...hashes].some((part) => part.length !== HASH_BYTES)) throw new NotInLog();
}

/**
 * Hash neighbours together; a lone last node rises as it is.
 * @param {Uint8Array[]} level
 */
function nextLevel(level) {
  return level.flatMap((left, at) => {
    if (at % 2) return [];
    const right = level[at + 1];
    return [right ? nodeHash(left, right) : left];
  });
}
