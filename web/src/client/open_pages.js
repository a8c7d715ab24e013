/**
 * Which pages of one device are open, or ended without being locked.
 *
 * Source: docs/spec/store.md, section 8; docs/spec/codes.md, section 10.
 */

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { concat, Reader, u16 } from '../encoding.js';

/**
 * The turn of the next page, and the turn of each page that is open, by its id (8 bytes) in hexadecimal.
 * @typedef {{turn: number, turns: ReadonlyMap<string, number>}} OpenPages
 */

/** @type {OpenPages} */
export const NOTHING = { turn: 0, turns: new Map() };

/**
 * Return it as the store keeps it.
 * @param {OpenPages} pages
 * @returns {Uint8Array}
 */
export function encode({ turn, turns }) {
  const pages = [...turns].sort(([one], [other]) => (one < other ? -1 : 1));
  return concat(u16(turn), ...pages.flatMap(([page, its]) => [hexToBytes(page), u16(its)]));
}

/**
 * Read what `encode` wrote; Malformed.
 * @param {Uint8Array} value
 * @returns {OpenPages}
 */
export function decode(value) {
  const reader = new Reader(value);
  const turn = reader.u16();
  const turns = new Map();
  while (reader.left) turns.set(bytesToHex(reader.take(c.PAGE_ID_BYTES)), reader.u16());
  return { turn, turns };
}

/**
 * Return what two clients made of one list: a page that one of them took away is gone.
 * @param {OpenPages} base
 * @param {OpenPages} mine
 * @param {OpenPages} theirs
 * @returns {OpenPages}
 */
export function merged(base, mine, theirs) {
  const [ours, others] = [mine.turns, theirs.turns];
  const standing = [...new Set([...ours.keys(), ...others.keys()])].filter(
    (page) => !base.turns.has(page) || (ours.has(page) && others.has(page)),
  );
  const turns = new Map(
    standing.map((page) => [page, Math.max(ours.get(page) ?? 0, others.get(page) ?? 0)]),
  );
  return { turn: Math.max(mine.turn, theirs.turn), turns };
}
