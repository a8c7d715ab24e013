/**
 * Tiles and bundles: the pieces in which a log is read over HTTP (C2SP tlog-tiles).
 *
 * Source: docs/spec/log.md, 3
 */

import { EDGE_HASHES, HASH_BYTES, NOTE_BYTES, TILE_WIDTH } from '../constants.js';
import { Reader, concat, lp } from '../encoding.js';
import { Malformed, TooLong } from '../errors.js';
import * as log from './log.js';

/**
 * @typedef {object} Tile A piece of a log: 1 to 256 rows, from row `256 · number` on.
 * @property {string} rows Of what: a level from "0" on, `ENTRIES` or `PROOFS`.
 * @property {number} number
 * @property {number} width
 */

export const ENTRIES = 'entries';
export const PROOFS = 'proofs';
const PATH = /^(entries|proofs|[0-3])\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;
const SIZE_LIMIT = 2 ** EDGE_HASHES;

/**
 * Return where a tile lies below `/v1/log/tile/`; refuses as Malformed one that is none.
 *
 * Source: docs/spec/log.md, 3
 * @param {Tile} tile
 * @returns {string}
 */
export function pathOf({ rows, number, width }) {
  let groups = three(number);
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    groups = `x${three(rest)}/${groups}`;
  }
  const path = `${rows}/${groups}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
  const read = parsePath(path);
  if (read.number !== number || read.width !== width) throw new Malformed();
  return path;
}

/**
 * Read where a tile lies below `/v1/log/tile/`; refuses as Malformed another path.
 *
 * Source: docs/spec/log.md, 3
 * @param {string} path
 * @returns {Tile}
 */
export function parsePath(path) {
  const [, rows, groups, part] = PATH.exec(path) ?? [];
  if (!rows || !groups || groups.startsWith('x000')) throw new Malformed();
  const number = Number(groups.replaceAll(/[x/]/g, ''));
  const width = part ? Number(part) : TILE_WIDTH;
  if (part && width >= TILE_WIDTH) throw new Malformed();
  if (number * TILE_WIDTH >= SIZE_LIMIT) throw new Malformed();
  return { rows, number, width };
}

/**
 * Say whether a tree of `size` entries has all rows of this tile.
 * @param {Tile} tile
 * @param {number} size
 */
export function isIn(tile, size) {
  return tile.number * TILE_WIDTH + tile.width <= Math.floor(size / TILE_WIDTH ** level(tile));
}

/**
 * Return the tiles of `ENTRIES` or `PROOFS` that have rows `first` up to, not with, `size`.
 * @param {string} rows
 * @param {number} first
 * @param {number} size
 * @returns {Tile[]}
 */
export function bundles(rows, first, size) {
  const found = [];
  const begin = Math.floor(first / TILE_WIDTH);
  for (let number = begin; first < size && number * TILE_WIDTH < size; number++) {
    found.push({ rows, number, width: Math.min(TILE_WIDTH, size - number * TILE_WIDTH) });
  }
  return found;
}

/**
 * Return the rows of a tile of hashes, from all leaf hashes of a tree that has them.
 * @param {Tile} tile
 * @param {Uint8Array[]} leaves
 * @returns {Uint8Array}
 */
export function hashesOf(tile, leaves) {
  const each = TILE_WIDTH ** level(tile);
  const begin = tile.number * TILE_WIDTH;
  const rows = Array.from({ length: tile.width }, (_, at) => (begin + at) * each);
  return concat(...rows.map((at) => log.rootOf(leaves.slice(at, at + each))));
}

/**
 * Write 1 to 256 entries (at most 16,384 bytes each) or proofs; refuses as TooLong.
 * @param {Uint8Array[]} values
 * @returns {Uint8Array}
 */
export function writeBundle(values) {
  if (values.length > TILE_WIDTH || values.some((value) => value.length > NOTE_BYTES)) {
    throw new TooLong();
  }
  return concat(...values.map(lp));
}

/**
 * Read the `width` entries or proofs of a bundle; refuses as Malformed more, fewer or longer ones.
 *
 * Source: docs/spec/log.md, 3
 * @param {Uint8Array} data
 * @param {number} width
 * @returns {Uint8Array[]}
 */
export function readBundle(data, width) {
  const reader = new Reader(data);
  const values = Array.from({ length: width }, () => reader.lp(NOTE_BYTES));
  reader.end();
  return values;
}

/**
 * Read the `width` hashes of a tile; refuses as Malformed more or fewer.
 * @param {Uint8Array} data
 * @param {number} width
 * @returns {Uint8Array[]}
 */
export function readHashes(data, width) {
  if (data.length !== width * HASH_BYTES) throw new Malformed();
  return Array.from({ length: width }, (_, at) => data.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

/** @param {Tile} tile */
function level({ rows }) {
  return rows === ENTRIES || rows === PROOFS ? 0 : Number(rows);
}

/** @param {number} value */
function three(value) {
  return String(value % 1000).padStart(3, '0');
}
