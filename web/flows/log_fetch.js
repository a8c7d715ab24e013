/**
 * Fetching what a server shows of its log behind an edge: the entries, up to a published checkpoint.
 *
 * Source: docs/spec/log.md, 3 and 5, step 2.
 */

import { EDGE_HASHES, TILE_WIDTH } from '../src/constants.js';
import { Refused } from '../src/errors.js';
import * as tiles from '../src/public/tiles.js';
import { checked } from './api.js';
import * as wire from './wire.js';

/** @typedef {import('./ambient.js').Session} Session */

const TILE = '/v1/log/tile';
const SIZE_LIMIT = 2 ** EDGE_HASHES;

/**
 * Reads the entries behind `first` up to a log of `size` entries; `take` gets a bundle at a time, since
 * a log may be longer than a page should hold.
 *
 * Throws Trouble `answer` for what is no bundle, and those of the calls.
 * @param {Session} session
 * @param {number} first
 * @param {number} size
 * @param {(entries: Uint8Array[]) => void} take
 */
export async function publishedEntries(session, first, size, take) {
  if (size >= SIZE_LIMIT) throw wire.garbled();
  for (const tile of tiles.bundles(tiles.ENTRIES, first, size)) {
    const reply = await session.api.http.call(`${TILE}/${tiles.pathOf(tile)}`);
    const entries = bundle(checked(reply, 'application/octet-stream'), tile.width);
    take(entries.slice(Math.max(0, first - tile.number * TILE_WIDTH)));
    await session.pause(0); // the page lives meanwhile
  }
}

/**
 * @param {Uint8Array} data
 * @param {number} width
 */
function bundle(data, width) {
  try {
    return tiles.readBundle(data, width);
  } catch (refused) {
    throw refused instanceof Refused ? wire.garbled() : refused;
  }
}
