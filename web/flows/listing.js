/**
 * One's own place in the signed directory, as this page has checked it.
 *
 * Source: docs/spec/record.md, 3, steps 7 to 12; docs/spec/http.md, 2.
 */

import { checkListing } from '../src/client/record_check.js';
import { equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import * as notes from '../src/public/notes.js';
import * as statements from '../src/public/statements.js';
import { directory } from './directory.js';
import * as network_view from './network_view.js';
import { ofListing, Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * An organisation's listing that holds today: what is said of it, and the proof.
 * @typedef {object} Place
 * @property {network_view.View} view
 * @property {statements.Statement} statement
 * @property {import('../src/public/profile.js').Profile} profile
 * @property {import('../src/client/record_check.js').Listing} listing
 * @property {import('./directory.js').Listed} shown
 */

/**
 * Fetches network and directory and returns the listing of the desk's own organisation.
 *
 * Throws Trouble `not_listed` where the directory does not have it, `suspended`, `expired`,
 * `not_vetted` and others where it does not hold.
 * @param {Desk} desk
 * @returns {Promise<Place>}
 */
export async function own(desk) {
  const { session, member } = desk;
  for (let again = true; ; again = false) {
    const view = await network_view.fetch(session);
    const listed = await directory(session.api);
    const shown = listed.find((one) => equal(keyOf(one), member.organisation_key));
    if (!shown) throw new Trouble('not_listed');
    try {
      return await place(shown, view);
    } catch (refused) {
      // Between the two calls the log may have grown; once more sees both alike.
      if (!again) throw ofListing(refused);
    }
  }
}

/**
 * @param {import('./directory.js').Listed} shown
 * @param {network_view.View} view
 * @returns {Promise<Place>}
 */
async function place(shown, view) {
  const { profile, statement, index, hashes } = shown;
  const inclusion = { index, hashes };
  const listing = { profile, statement, inclusion, checkpoint: view.network.newest };
  const held = await checkListing(listing, view.network);
  return { view, statement: held.statement, profile: held.profile, listing, shown };
}

/**
 * Returns whose statement this says it is; nothing is checked yet.
 * @param {import('./directory.js').Listed} shown
 */
export function keyOf({ statement }) {
  try {
    return statements.parse(notes.parse(statement).text).organisation;
  } catch (refused) {
    if (refused instanceof Refused) return new Uint8Array();
    throw refused;
  }
}
