/**
 * Picking one's own from the drop: by locator, by follow-up tag, and by trying the weekly keys.
 *
 * Everybody downloads everything, so what is asked of the server never depends on what is found.
 * Only what lies under the hash of its own envelope can be a walk-in; nothing else is tried.
 *
 * Source: docs/spec/envelope.md, 3, 6 and 7; docs/spec/walk-in.md, 2; docs/spec/http.md, 5 and 6.
 */

import * as envelope from '../src/client/envelope.js';
import * as message from '../src/client/message.js';
import { Case, SeedEntry } from '../src/client/store_entries.js';
import * as walk_in from '../src/client/walk_in.js';
import * as c from '../src/constants.js';
import { equal, Reader } from '../src/encoding.js';
import { CannotOpen, Refused } from '../src/errors.js';
import * as requests from '../src/public/requests.js';
import { keyOf } from './kept.js';
import * as walk_in_keys from './walk_in_keys.js';
import { garbled } from './wire.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('./ambient.js').Session} Session */

/**
 * One row of the drop: cursor, tag (16 bytes), envelope (5,273 bytes).
 * @typedef {{cursor: bigint, tag: Uint8Array, envelope: Uint8Array}} Row
 */

/**
 * What was found: bodies of referrals, and of follow-ups with their number; `unreadable` are tags
 * of what was for this organisation and does not open.
 * @typedef {object} Picked
 * @property {{case_id: Uint8Array, body: Uint8Array}[]} referrals
 * @property {{case_id: Uint8Array, number: number, body: Uint8Array}[]} follow_ups
 * @property {Uint8Array[]} unreadable
 */

/**
 * A follow-up that may come: of which case, its number, and what opens it: the code's seed, or
 * undefined for a walk-in, which the weekly keys open.
 * @typedef {{case_id: Uint8Array, number: number, tag_key: Uint8Array,
 *   seed: Uint8Array | undefined}} Following
 */

/** The longest time in which the page does not live, in milliseconds. */
const SLICE_MS = 30;

/**
 * Reads the rows of a page (5,297 bytes each); their cursors ascend from above `after`.
 *
 * Throws Trouble where they do not: going on from there could go round for ever.
 * @param {Uint8Array} page
 * @param {bigint} after
 * @returns {Row[]}
 */
export function rows(page, after) {
  const reader = new Reader(page);
  const found = [];
  for (let last = after; reader.left; ) {
    const row = {
      cursor: reader.u64(),
      tag: reader.take(c.BINDING_BYTES),
      envelope: reader.take(c.ENVELOPE_BYTES),
    };
    if (row.cursor <= last) throw garbled();
    last = row.cursor;
    found.push(row);
  }
  return found;
}

/**
 * Returns what knows which rows are this organisation's on a day.
 * @param {Store} store
 * @param {number} today
 * @param {Pick<Session, 'now' | 'pause'>} session
 */
export async function picker(store, today, session) {
  const seeds = walk_in_keys.live(store, today);
  return new Picker(store, await walk_in.trials(seeds, store.network_id), session);
}

/** Knows what of the drop is this organisation's; made from a store, and learns as it picks. */
export class Picker {
  /** @type {Map<string, import('../src/client/store_entries.js').SeedEntry>} */
  #seeds = new Map();
  /** @type {Set<string>} */
  #cases = new Set();
  /** @type {Map<string, Following>} */
  #following = new Map();

  /**
   * @param {Store} store
   * @param {walk_in.Trial[]} trials
   * @param {Pick<Session, 'now' | 'pause'>} session
   */
  constructor(store, trials, { now, pause }) {
    this.network_id = store.network_id;
    this.pace = { now, pause, since: now() };
    this.trials = trials;
    for (const { id, value } of store.ofKind(c.ENTRY_SEED)) {
      this.#seeds.set(keyOf(id), SeedEntry.decode(value));
    }
    for (const { id, value } of store.ofKind(c.ENTRY_CASE)) {
      this.#cases.add(keyOf(id));
      const { state, message: body } = Case.decode(value);
      if (state !== c.STATE_CLOSED) this.#expect(id, message.decodeBody(c.KIND_REFERRAL, body));
    }
  }

  /**
   * Returns what of a page is this organisation's; `onRow` is called after each row.
   *
   * `before` are rows that were picked from already: where a page brings a new case, they are
   * looked through for its follow-ups, since the rows of one tick are in no order.
   * @param {Row[]} page
   * @param {Row[]} [before]
   * @param {() => void} [onRow]
   * @returns {Promise<Picked>}
   */
  async pick(page, before = [], onRow = () => undefined) {
    /** @type {Picked} */
    const picked = { referrals: [], follow_ups: [], unreadable: [] };
    const known = this.#following.size;
    for (const row of page) {
      await this.#breathe();
      await this.#pickReferral(row, picked);
      onRow();
    }
    const again = this.#following.size > known ? before : [];
    for (const row of [...again, ...page]) {
      await this.#breathe();
      this.#pickFollowUp(row, picked);
    }
    return picked;
  }

  async #breathe() {
    const { pace } = this;
    const spent = pace.now() - pace.since;
    if (spent >= 0 && spent < SLICE_MS) return;
    await pace.pause(0);
    pace.since = pace.now();
  }

  /**
   * @param {Row} row
   * @param {Picked} picked
   */
  async #pickReferral(row, picked) {
    const key = keyOf(row.tag);
    if (this.#following.has(key) || this.#cases.has(key)) return;
    try {
      const opened = await this.#open(row);
      if (!opened) return;
      const said = message.decode(opened, c.KIND_REFERRAL);
      picked.referrals.push({ case_id: row.tag, body: message.encodeBody(said) });
      this.#cases.add(key);
      this.#expect(row.tag, said);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      picked.unreadable.push(row.tag);
    }
  }

  /**
   * Opens an envelope by its code, or as a walk-in; undefined where it is somebody else's.
   * @param {Row} row
   */
  async #open(row) {
    const code = this.#seeds.get(keyOf(row.tag));
    if (code) {
      const context = envelope.forCode(this.network_id, row.tag, code.psk);
      return envelope.open(row.envelope, code.xwing_seed, context);
    }
    // The id is worked out here: the server's word for it could file a walk-in twice.
    if (!this.trials.length) return undefined;
    if (!equal(await requests.walkInTagQuickly(row.envelope), row.tag)) return undefined;
    return await walk_in.openWithTrials(row.envelope, this.trials);
  }

  /**
   * @param {Row} row
   * @param {Picked} picked
   */
  #pickFollowUp(row, picked) {
    const expected = this.#following.get(keyOf(row.tag));
    if (!expected) return;
    const { case_id, number, tag_key, seed } = expected;
    const context = envelope.forFollowUp(this.network_id, tag_key, number);
    for (const key of seed ? [seed] : this.trials.map((one) => one.key.key)) {
      try {
        const said = message.decode(envelope.open(row.envelope, key, context), c.KIND_FOLLOW_UP);
        picked.follow_ups.push({ case_id, number, body: message.encodeBody(said) });
        return;
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        if (!(refused instanceof CannotOpen)) break;
      }
    }
    picked.unreadable.push(row.tag);
  }

  /**
   * @param {Uint8Array} case_id
   * @param {Message} said
   */
  #expect(case_id, { box }) {
    if (!box) return;
    const { tag_key } = box;
    const seed = this.#seeds.get(keyOf(case_id))?.xwing_seed;
    for (let number = 1; number <= c.FOLLOW_UPS; number++) {
      const tag = keyOf(envelope.followUpTag(tag_key, number));
      this.#following.set(tag, { case_id, number, tag_key, seed });
    }
  }
}
