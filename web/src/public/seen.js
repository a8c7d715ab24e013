/**
 * What a client remembers of a network, so that nobody shows it an older one or another.
 *
 * Source: docs/spec/statements.md, 7 ("Remembering")
 */

import { equal } from '../encoding.js';
import { NotInLog, Rollback } from '../errors.js';

/**
 * @typedef {object} Seen The newest that held.
 * @property {number} version The policy's.
 * @property {bigint} size The log's number of entries.
 * @property {Uint8Array} root Its root hash, 32 bytes.
 * @property {number} day The latest that witnesses gave to a checkpoint, as an epoch; 0: none did.
 */

/**
 * Check a newest checkpoint against what was seen before.
 *
 * Refuses as Rollback where its log is smaller, as NotInLog where it is as large and another one.
 *
 * Source: docs/spec/statements.md, 7
 * @param {Pick<import('./checkpoint.js').Checkpoint, 'size' | 'root'>} checkpoint
 * @param {Pick<Seen, 'size' | 'root'>} seen
 */
export function check({ size, root }, seen) {
  if (size < seen.size) throw new Rollback();
  if (size === seen.size && !equal(root, seen.root)) throw new NotInLog();
}
