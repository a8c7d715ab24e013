/**
 * One sync: what others wrote, what came with the drop, what waits to be sent, and writing it back.
 *
 * It is the same each time, whether or not anything changed, and comes at fixed times. What has to
 * be in the store before the world may see it (the seed of a weekly key, codes) is published after
 * the store was written.
 *
 * Source: docs/spec/http.md, 6 and 7; docs/spec/store.md, 5.
 */

import { STORE_STEPS } from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { download } from './drop.js';
import * as kept from './kept.js';
import * as members from './members.js';
import * as network_view from './network_view.js';
import * as page_turns from './page_turns.js';
import * as sending from './sending.js';
import * as store_sync from './store_sync.js';
import { Trouble } from './troubles.js';
import * as walk_in_keys from './walk_in_keys.js';
import * as watch from './watch.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * What one sync brought: what is new, how many rows it went through, how many answers went out late,
 * answers whose slot another member took, what of one's own work others overruled, and how many codes
 * were set aside because another page was open or was not locked.
 *
 * `may_be_withheld` is true where the device's date is wrong or the network's list is kept back.
 * @typedef {object} Synced
 * @property {import('./filing.js').Filed} filed
 * @property {number} rows
 * @property {number} sent
 * @property {sending.Unsent[]} taken
 * @property {store_sync.Overruled} overruled
 * @property {number} aside
 * @property {boolean} may_be_withheld
 */

/**
 * Syncs: at unlocking, at the times of schedule_of_syncs.js, and before locking.
 *
 * Throws Trouble, `date_ahead` before anything is read or written, and `other_log` before anything is
 * written; what was done by then stays in the desk and waits for the next sync. What the network's log
 * says of this organisation is in `desk.log` then. With `leaving` it is the last one: the page hands out no codes any
 * more.
 * @param {Desk} desk
 * @param {{onProgress?: import('./drop.js').Progress, leaving?: boolean}} [given]
 * @returns {Promise<Synced>}
 */
export async function sync(desk, given = {}) {
  desk.read(); // nothing is asked of the server for a desk that was locked
  const view = await network_view.fetch(desk.session);
  if (!equal(view.policy.network_id, desk.network_id)) throw new Trouble('network');
  desk.list_day = view.checkpoint_day; // nothing ends on a date that nobody vouches for
  const size = view.document.said.number('store_bytes', STORE_STEPS.at(-1));
  desk.checkDate();
  const log = await watch.read(desk, view);
  const first = await fetched(desk, log);
  await watch.tell(desk, log);
  desk.edit((store) => kept.withRegions(store, view.policy.regions));
  await members.tellServer(desk);
  const lost = await walk_in_keys.lost(desk);
  walk_in_keys.prepare(desk, lost);
  const { filed, rows } = await download(desk, given);
  const { sent, taken } = await sending.sendWaiting(desk);
  let aside = 0;
  const second = await store_sync.save(desk, size, () => {
    if (given.leaving) page_turns.leave(desk);
    else aside += page_turns.enter(desk);
  });
  await walk_in_keys.publish(desk, lost);
  const overruled = [...first, ...second];
  return { filed, rows, sent, taken, overruled, aside, may_be_withheld: view.may_be_withheld };
}

/**
 * Brings what others wrote; an organisation that is suspended is told so.
 * @param {Desk} desk
 * @param {watch.Seen} log
 */
async function fetched(desk, log) {
  try {
    return await store_sync.fetch(desk);
  } catch (trouble) {
    throw watch.whyNot(log, trouble);
  }
}
