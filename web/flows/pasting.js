/**
 * Handing in a request that was sealed elsewhere and carried here as text.
 *
 * It is posted as the request that it is, so that nobody can tell it from one that was made here.
 * What a day of carrying has made stale, the work of a walk-in, is done again.
 *
 * Source: docs/spec/http.md, 5; docs/spec/carried.md, 4
 */

import { fromArmour, isReferral } from '../src/public/requests.js';
import * as network_view from './network_view.js';
import { ofNetwork } from './troubles.js';
import * as walk_in from './walk_in.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/requests.js').Request} Request */

/**
 * Reads the one request in a text; throws Trouble `not_readable`.
 * @param {string} text
 * @returns {Request}
 */
export function read(text) {
  try {
    return fromArmour(text);
  } catch (refused) {
    throw ofNetwork(refused);
  }
}

/**
 * Posts it and returns its last epoch, or null for the refusal; the same again never makes two.
 *
 * Throws Trouble, and `date` where the server takes no day of this device.
 * @param {Session} session
 * @param {Request} request
 * @param {import('./walk_in.js').Progress} progress
 */
export async function send(session, request, progress) {
  if (isReferral(request)) return await session.api.send(request);
  const view = await network_view.fetch(session);
  return (await walk_in.send(session, view, request, progress)).last_epoch;
}
