/**
 * The call that fetches the directory, apart from api.js: only who asks without a code makes it, so
 * it travels with the part of the page that is loaded later.
 *
 * Source: docs/spec/http.md, 2.
 */

import { HASH_BYTES, WEEKLY_KEY_BYTES } from '../src/constants.js';
import * as wire from './wire.js';

/**
 * One organisation of the directory.
 * @typedef {object} Listed
 * @property {Uint8Array} statement
 * @property {Uint8Array} profile
 * @property {bigint} index
 * @property {Uint8Array[]} hashes
 * @property {boolean} walk_ins
 * @property {number} capacity an id of that list, or 0
 * @property {Uint8Array[]} weekly_keys
 */

/**
 * Returns the organisations that the server lists; nothing in them is believed yet. Throws Trouble.
 * @param {import('./api.js').Api} api
 * @returns {Promise<Listed[]>}
 */
export async function directory(api) {
  const said = await api.get('/v1/directory');
  return said.objects('organisations').map((one) => ({
    statement: one.raw('statement'),
    profile: one.raw('profile'),
    index: BigInt(one.number('index')),
    hashes: one.raws('hashes', HASH_BYTES),
    walk_ins: flag(one.get('walk_ins')),
    capacity: one.get('capacity') === null ? 0 : one.number('capacity'),
    weekly_keys: one.raws('weekly_keys', WEEKLY_KEY_BYTES),
  }));
}

/** @param {unknown} value */
function flag(value) {
  if (typeof value !== 'boolean') throw wire.garbled();
  return value;
}
