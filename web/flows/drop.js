/**
 * Downloading the drop and filing what is one's own, from the store's cursor on, page by page.
 *
 * The rows of one tick are in no order: a follow-up may come before its referral. A tick ends where
 * a page is not full, so what is kept back, in memory and in the cursor, is the last full pages.
 *
 * Source: docs/spec/http.md, 6 and 7; docs/spec/store.md, 5.
 */

import { DROP_ROWS, DROP_STREAM_ROW_BYTES } from '../src/constants.js';
import { monday } from '../src/encoding.js';
import * as filing from './filing.js';
import { withoutOldNames } from './handing.js';
import * as kept from './kept.js';
import { problemOf } from './member_troubles.js';
import * as picking from './picking.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('./filing.js').Filed} Filed */
/** @typedef {(rows: number) => void} Progress Told how many rows were gone through so far. */

const PAGES_BACK = 2;
const TELL_EVERY = 50;

/**
 * Goes through the drop from the store's cursor on; what is found is in the desk's store then.
 *
 * Throws Trouble; what was filed by then stays filed.
 * @param {Desk} desk
 * @param {{onProgress?: Progress}} [given]
 * @returns {Promise<{filed: Filed, rows: number}>}
 */
export async function download(desk, { onProgress = () => undefined } = {}) {
  const { session } = desk;
  const today = session.today();
  const picker = await picking.picker(desk.read(), today, session);
  const filed = { requests: 0, follow_ups: 0, unreadable: 0 };
  /** @type {{start: bigint, page: import('./picking.js').Row[]}[]} */
  let back = [];
  let seen = 0;
  for (let cursor = kept.cursor(desk.read()); ; ) {
    const raw = await page(desk, cursor, today);
    const found = picking.rows(raw, cursor);
    const earlier = back.flatMap((one) => one.page);
    const picked = await picker.pick(found, earlier, () => {
      seen += 1;
      if (seen % TELL_EVERY === 0) onProgress(seen);
    });
    if (found.length) back = [...back, { start: cursor, page: found }].slice(-PAGES_BACK);
    cursor = found.at(-1)?.cursor ?? cursor;
    const last = raw.length < DROP_ROWS * DROP_STREAM_ROW_BYTES;
    // A new case in the next page may have follow-ups in those kept back: begin there again.
    const until = last ? cursor : (back[0]?.start ?? cursor);
    add(filed, write(desk, [picked], until, today));
    onProgress(seen);
    if (last) return { filed, rows: seen };
  }
}

/**
 * @param {Desk} desk
 * @param {import('./picking.js').Picked[]} found
 * @param {bigint} cursor
 * @param {number} today
 */
function write(desk, found, cursor, today) {
  /** @type {Filed} */
  let filed = { requests: 0, follow_ups: 0, unreadable: 0 };
  desk.edit((store) => {
    const done = filing.file(store, found, { cursor, today });
    filed = done.filed;
    const left = done.store.expire(today);
    if (left.entries.length === done.store.entries.length) return done.store;
    return withoutOldNames(done.store, left);
  });
  return filed;
}

/**
 * Returns a page; where the week has turned since the drop key was kept, with the new one.
 * @param {Desk} desk
 * @param {bigint} cursor
 * @param {number} today
 */
async function page(desk, cursor, today) {
  const known = kept.dropKey(desk.read(), monday(today));
  if (!known) return await desk.api.drop(await fetchDropKey(desk, today), cursor);
  try {
    return await desk.api.drop(known, cursor);
  } catch (trouble) {
    if (problemOf(trouble) !== 'unsigned') throw trouble;
    return await desk.api.drop(await fetchDropKey(desk, today), cursor);
  }
}

/**
 * @param {Desk} desk
 * @param {number} today
 */
async function fetchDropKey(desk, today) {
  const { drop_key, drop_week } = await desk.signed.tokens(monday(today), new Uint8Array());
  desk.edit((store) => kept.withDropKey(store, drop_week, drop_key));
  return drop_key;
}

/**
 * @param {Filed} sum
 * @param {Filed} more
 */
function add(sum, more) {
  sum.requests += more.requests;
  sum.follow_ups += more.follow_ups;
  sum.unreadable += more.unreadable;
}
