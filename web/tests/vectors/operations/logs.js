/** The log: its entries, its edge, its pieces, and what it shows of suspensions. */

import { LABEL_POLICY, LABEL_STATEMENT } from '../../../src/constants.js';
import { compare, equal, unb64 } from '../../../src/encoding.js';
import * as consistency from '../../../src/public/consistency.js';
import * as edge from '../../../src/public/edge.js';
import * as log_entries from '../../../src/public/log_entries.js';
import * as suspensions from '../../../src/public/suspensions.js';
import * as tiles from '../../../src/public/tiles.js';
import { pick, unbytes, unlist } from '../values.js';
import { accepted } from './signed.js';

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  extend_edge(given) {
    const found = edge.extend(edge.decode(unbytes(given.edge)), unlist(given.entries));
    return { edge: edge.encode(found), size: `${found.size}`, root: edge.root(found) };
  },

  check_consistency(given) {
    consistency.verifyConsistency(unlist(given.hashes), {
      first: BigInt(given.first),
      size: BigInt(given.size),
      ...pick(given, 'first_root', 'root'),
    });
    return {};
  },

  read_log_entry(given) {
    const data = unbytes(given.entry);
    const found = log_entries.parse(data);
    const { label } = found;
    if (found.label === LABEL_POLICY || found.label === LABEL_STATEMENT) return { label, again: data };
    return { label, ...found.said, again: log_entries.formatEntry(found) };
  },

  tile_path(given) {
    const found = tiles.parsePath(given.path);
    if (tiles.pathOf(found) !== given.path) throw new Error('another path');
    return { ...found, there: tiles.isIn(found, Number(given.size)) };
  },

  read_bundle(given) {
    const data = unbytes(given.bundle);
    const values = tiles.readBundle(data, given.width);
    if (!equal(tiles.writeBundle(values), data)) throw new Error('another bundle');
    return { values };
  },

  async add_suspended(given) {
    const listed = suspensions.parse(unbytes(given.suspensions));
    const found = await suspensions.addSuspended(listed, unlist(given.suspended), accepted(given));
    return { ended: highest(found.ended) };
  },
};

/**
 * What counts of a list that may have several lines of one organisation.
 * @param {suspensions.Ended[]} ended
 */
function highest(ended) {
  /** @type {[Uint8Array, number][]} */
  const found = [];
  for (const { start: encoded, serial } of ended) {
    const start = unb64(encoded);
    const there = found.find(([key]) => equal(key, start));
    if (there) there[1] = Math.max(there[1], serial);
    else found.push([start, serial]);
  }
  return found.sort(([one], [other]) => compare(one, other));
}
