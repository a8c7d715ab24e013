/**
 * The way without a code, to an organisation of the directory.
 *
 * Source: docs/spec/walk-in.md; docs/spec/http.md, 3.
 */

import * as walk_in from './walk_in.js';
import { Way } from './ways.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/requests.js').WalkIn} WalkIn */
/** @typedef {import('./choosing.js').Organisation} Organisation */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('./walk_in.js').Progress} Progress */

/**
 * Returns the way without a code, to an organisation that was chosen in the directory.
 *
 * Sealing takes the work of a walk-in; `progress` is told of it.
 * @param {Session} session
 * @param {View} view
 * @param {Organisation} organisation
 * @param {Progress} progress
 * @returns {Way}
 */
export function byChoice(session, view, organisation, progress) {
  let now = { view, chosen: organisation };
  return new Way(session, {
    known: () => ({
      view: now.view,
      statement: now.chosen.statement,
      profile: now.chosen.profile,
      last_epoch: 0,
    }),
    look: async () => {
      now = await walk_in.checkAgain(session, now.chosen);
    },
    seal: async (draft, receipt) => {
      const sealed = walk_in.seal(session, now.view, now.chosen, draft, receipt);
      return await walk_in.withWork(session, now.view, sealed, progress);
    },
    send: async (request) =>
      await walk_in.send(session, now.view, /** @type {WalkIn} */ (request), progress),
  });
}
