/**
 * The calls of vetting: what anybody, an applicant and an admin ask of a server.
 *
 * Source: docs/spec/vetting.md, 5.
 */

import * as c from '../src/constants.js';
import { checked } from './api.js';
import * as wire from './wire.js';

/**
 * An open application as the server lists it: its id (16 bytes), how many entries it has, its last day.
 * @typedef {{id: Uint8Array, entries: number, last_epoch: number}} Shown
 */

const EPOCH_MOST = 0xffff_ffff;

/**
 * Returns the reading keys (1,345 bytes each) of the admins; nothing in them is believed yet.
 * @param {import('./http.js').Http} http
 */
export async function adminKeys(http) {
  return wire.loads(checked(await http.call('/v1/admins'))).raws('admin_keys', c.ADMIN_KEY_BYTES);
}

/**
 * Hands in a sealed application; the same again is safe. Throws Trouble, `limited` among others.
 * @param {import('./http.js').Http} http
 * @param {{id: Uint8Array, write_key_hash: Uint8Array, application: Uint8Array}} given
 */
export async function apply(http, given) {
  await post(http, '/v1/applications', given, true);
}

/**
 * Returns what lies where the reply to an application would: 2,048 bytes, in any case.
 * @param {import('./http.js').Http} http
 * @param {{id: Uint8Array, write_key: Uint8Array}} given
 */
export async function reply(http, given) {
  return (await post(http, '/v1/applications/reply', given)).raw('reply', c.VETTING_REPLY_BYTES);
}

/**
 * Takes an application back; the answer is the same where there was none.
 * @param {import('./http.js').Http} http
 * @param {{id: Uint8Array, write_key: Uint8Array}} given
 */
export async function withdraw(http, given) {
  await post(http, '/v1/applications/withdraw', given, true);
}

/**
 * Hands in a statement with the lines that it has, and what was applied for, where it lists
 * somebody; says whether the organisation is listed now.
 * @param {import('./http.js').Http} http
 * @param {{note: Uint8Array, listing: Uint8Array | null}} given
 */
export async function postStatement(http, given) {
  const listed = (await post(http, '/v1/statements', given, true)).get('listed');
  if (typeof listed !== 'boolean') throw wire.garbled();
  return listed;
}

/**
 * Says under which key (1,345 bytes) this admin reads from now on.
 * @param {import('./signed_api.js').SignedApi} signed
 * @param {Uint8Array} admin_key
 */
export async function putKey(signed, admin_key) {
  await signed.sendJson('PUT', '/v1/admins/me/key', { admin_key });
}

/**
 * Returns the open applications.
 * @param {import('./signed_api.js').SignedApi} signed
 * @returns {Promise<Shown[]>}
 */
export async function applications(signed) {
  const said = await signed.getJson('/v1/applications');
  return said.objects('applications').map((one) => ({
    id: one.raw('id', c.APPLICATION_ID_BYTES),
    entries: one.number('entries', c.VETTING_ENTRIES_MOST),
    last_epoch: one.number('last_epoch', EPOCH_MOST),
  }));
}

/**
 * Returns an application and its entries from number `after` on; the application itself only where
 * that is 0.
 * @param {import('./signed_api.js').SignedApi} signed
 * @param {{id: Uint8Array, after: number}} given
 */
export async function open(signed, given) {
  const said = await signed.sendJson('POST', '/v1/applications/open', given);
  return {
    application: said.get('application') === null ? null : said.raw('application'),
    entries: said.raws('entries', c.VETTING_ENTRY_BYTES),
  };
}

/**
 * Adds an entry (2,560 bytes) as number `n`. Throws Trouble, with the problem `stale` where another
 * has that number.
 * @param {import('./signed_api.js').SignedApi} signed
 * @param {{id: Uint8Array, n: number, entry: Uint8Array}} given
 */
export async function add(signed, given) {
  await signed.sendJson('POST', '/v1/applications/entries', given);
}

/**
 * Gives the applicant the one reply (2,048 bytes). Throws Trouble, with the problem `taken` where
 * there is one.
 * @param {import('./signed_api.js').SignedApi} signed
 * @param {{id: Uint8Array, reply: Uint8Array}} given
 */
export async function answer(signed, given) {
  await signed.sendJson('POST', '/v1/applications/answer', given);
}

/**
 * @param {import('./http.js').Http} http
 * @param {string} path
 * @param {wire.Values} values
 * @param {boolean} [stores]
 */
async function post(http, path, values, stores = false) {
  return wire.loads(checked(await http.call(path, { body: wire.dumps(values), stores })));
}
