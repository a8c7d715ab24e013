/**
 * The store on the server: fetching it, merging it with what was done here, and writing it back.
 *
 * A page writes at fixed times alone (schedule_of_syncs.js), whether or not anything changed, so
 * that the times of writing say nothing about what somebody did.
 *
 * Source: docs/spec/store.md, 5 and 6; docs/spec/http.md, 7.
 */

import { merge } from '../src/client/merge.js';
import { sealStore, Store } from '../src/client/store.js';
import { equal } from '../src/encoding.js';
import { TooLong } from '../src/errors.js';
import { cancelForLeavers } from './cancelling.js';
import * as desks from './desk.js';
import * as kept from './kept.js';
import { problemOf } from './member_troubles.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/merge_sides.js').Overruled[]} Overruled What does not stand of what was
 *   done here, since others changed the same: to be told. */

const TRIES = 5;

/**
 * Brings what others wrote since into the desk's store, and returns what was overruled.
 *
 * Throws Trouble `date_ahead`, `no_store`, `removed`, `damaged`, `older` and those of the call. Whoever writes
 * takes the next generation: another store of the same one was never written in the place of what
 * this page saw, and what it lacks was removed by nobody.
 * @param {Desk} desk
 * @returns {Promise<Overruled>}
 */
export async function fetch(desk) {
  desk.checkDate();
  const sealed = await desk.signed.getStore();
  if (!sealed) throw new Trouble('no_store');
  const { base, sent } = desk;
  const is_base = base.sealed !== null && equal(sealed, base.sealed);
  const lowest = base.store.generation + (base.sealed && !is_base ? 1n : 0n);
  const theirs = desks.open(sealed, desk.member, lowest);
  // The answer to this got lost: all of it stands in the store here.
  const before = sent && equal(sealed, sent) ? theirs : base.store;
  const { store, overruled } = merge(before, desk.read(), theirs, { today: desk.session.today() });
  desk.settle({ sealed, store: theirs }, store);
  cancelForLeavers(desk, theirs);
  return overruled;
}

/**
 * Writes the desk's store to the server, merged with what others wrote meanwhile.
 *
 * `size` is that of all stores of the network, in bytes; `before` is done before each try. Returns
 * what was overruled. Throws Trouble
 * `crowded` where somebody else was quicker five times, `full`, and those of `fetch`: what waits
 * then waits on.
 * @param {Desk} desk
 * @param {number} size
 * @param {() => void} [before]
 * @returns {Promise<Overruled>}
 */
export async function save(desk, size, before = () => undefined) {
  /** @type {Overruled} */
  const overruled = [];
  for (let left = TRIES; left; left--) {
    before();
    const [read, { sealed: replaced }] = [desk.read(), desk.base];
    const next = following(kept.withWritten(read, desk.member.member_id, desk.session.today()));
    const sealed = seal(next, size, desk.session.random);
    desk.sent = sealed;
    if (await wasPut(desk, sealed, replaced)) {
      // What was done during the call is a change of what lies there now.
      const today = desk.session.today();
      const during = desk.read();
      const after = during === read ? next : merge(read, during, next, { today }).store;
      desk.settle({ sealed, store: next }, after);
      return overruled;
    }
    overruled.push(...(await fetch(desk)));
  }
  throw new Trouble('crowded');
}

/**
 * @param {Desk} desk
 * @param {Uint8Array} sealed
 * @param {Uint8Array | null} replaced
 */
async function wasPut(desk, sealed, replaced) {
  try {
    await desk.signed.putStore(sealed, replaced);
    return true;
  } catch (trouble) {
    if (problemOf(trouble) === 'stale') return false;
    throw trouble;
  }
}

/**
 * Returns the same store with the generation after its own.
 * @param {Store} store
 */
function following({ network_id, organisation_seed, generation, entries }) {
  return new Store({ network_id, organisation_seed, generation: generation + 1n, entries });
}

/**
 * @param {Store} store
 * @param {number} size
 * @param {import('../src/encoding.js').Random} random
 */
function seal(store, size, random) {
  try {
    return sealStore(store, { random, size });
  } catch (refused) {
    throw refused instanceof TooLong ? new Trouble('full') : refused;
  }
}
