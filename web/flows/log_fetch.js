/**
 * Fetching what a server shows of its log: the entries behind an edge, up to a published checkpoint,
 * or those of the pending one from the newest on.
 *
 * Source: docs/spec/log.md, 3 and 5, step 2.
 */

import { EDGE_HASHES, TILE_WIDTH } from '../src/constants.js';
import { Refused } from '../src/errors.js';
import * as checkpoints from '../src/public/checkpoint.js';
import * as notes from '../src/public/notes.js';
import * as tiles from '../src/public/tiles.js';
import { checked } from './api.js';
import * as wire from './wire.js';

/** @typedef {import('./ambient.js').Session} Session */

const PENDING = '/v1/log/pending';
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
    const entries = await fetched(session, tile);
    take(entries.slice(Math.max(0, first - tile.number * TILE_WIDTH)));
    await session.pause(0); // the page lives meanwhile
  }
}

/**
 * Returns how many entries the pending checkpoint says that there are; nobody vouches for it.
 *
 * Throws Trouble `answer` for what is no checkpoint, and those of the call.
 * @param {Session} session
 * @returns {Promise<number>}
 */
export async function pendingSize(session) {
  const note = checked(await session.api.http.call(PENDING), 'text/plain');
  const size = sizeOf(note);
  if (size === undefined || size >= SIZE_LIMIT) throw wire.garbled();
  return Number(size);
}

/**
 * Returns the newest row of entries or proofs of `size` that is `wanted`, with its number; undefined
 * where none is. Reads no further back than needed. Throws as `publishedEntries`.
 * @param {Session} session
 * @param {string} rows
 * @param {number} size
 * @param {(value: Uint8Array) => boolean} wanted
 */
export async function newest(session, rows, size, wanted) {
  for (const tile of tiles.bundles(rows, 0, size).reverse()) {
    const numbered = (await fetched(session, tile)).map((value, at) => ({
      number: tile.number * TILE_WIDTH + at,
      value,
    }));
    const found = numbered.reverse().find(({ value }) => wanted(value));
    if (found) return found;
    await session.pause(0); // the page lives meanwhile
  }
  return undefined;
}

/**
 * Returns one entry or proof of `size`, or undefined where there is none. Throws as
 * `publishedEntries`.
 * @param {Session} session
 * @param {string} rows
 * @param {number} number
 * @param {number} size
 */
export async function row(session, rows, number, size) {
  const [tile] = tiles.bundles(rows, number, size);
  return tile && (await fetched(session, tile))[number - tile.number * TILE_WIDTH];
}

/**
 * @param {Session} session
 * @param {tiles.Tile} tile
 */
async function fetched(session, tile) {
  const reply = await session.api.http.call(`${TILE}/${tiles.pathOf(tile)}`);
  return bundle(checked(reply, 'application/octet-stream'), tile.width);
}

/** @param {Uint8Array} note */
function sizeOf(note) {
  try {
    return checkpoints.parse(notes.parse(note).text).size;
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
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
