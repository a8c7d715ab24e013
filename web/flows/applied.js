/**
 * The application that a store keeps: what it was sealed with, and what it says of the organisation.
 *
 * Source: docs/spec/vetting.md, 3; docs/spec/store.md, 8.
 */

import * as application from '../src/client/application.js';
import { APPLICATION } from '../src/client/settings.js';
import * as c from '../src/constants.js';
import { Refused } from '../src/errors.js';
import * as kept from './kept.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * An application as the store keeps it: what reads it, what takes it back, and its sealed bytes.
 * @typedef {{keys: application.ReadingKeys, write_key: Uint8Array, sealed: Uint8Array}} Own
 */

/**
 * Says whether the store has an application.
 * @param {Desk} desk
 */
export const has = (desk) => (kept.get(desk.read(), APPLICATION)?.length ?? 0) > c.APPLICATION_BYTES;

/**
 * Returns the application that the store has; throws Trouble `no_application`.
 * @param {Desk} desk
 * @returns {Own}
 */
export function own(desk) {
  const value = kept.get(desk.read(), APPLICATION);
  if (!value || !has(desk)) throw new Trouble('no_application');
  const secret = value.slice(0, c.APPLICATION_SECRET_BYTES);
  const sealed = value.slice(c.APPLICATION_SECRET_BYTES);
  const keys = application.readingKeys(secret, desk.network_id);
  return { keys, write_key: application.writeKey(secret, desk.network_id), sealed };
}

/**
 * Returns what would be public of the application kept, or undefined where there is none that opens.
 * @param {Desk} desk
 */
export async function last(desk) {
  if (!has(desk)) return undefined;
  const { sealed, keys } = own(desk);
  try {
    return (await application.open(sealed, keys)).listing;
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}
