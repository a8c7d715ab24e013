// Looking again at fixed times, and locking when nobody uses the page.
//
// The times are those of the clock, the same for every organisation, so that they say nothing of
// what anybody does. One look at a time; what somebody does meanwhile is merged by the flows.

import { DateAhead } from '../flows/member_troubles.js';
import { untilNext } from '../flows/schedule_of_syncs.js';
import { Keeper } from '../flows/stocking.js';
import { sync } from '../flows/sync.js';
import { lockWhenIdle, MINUTE_MS } from './idle.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/sync.js').Synced} Synced */

const AFTER_TROUBLE_MS = 10 * MINUTE_MS;
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** What looks again, and locks, for one opened desk. */
export class Watch {
  /** @type {Set<() => void>} */
  #told = new Set();
  /** @type {Keeper | undefined} */
  #keeper;
  #over = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #under_way = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stock;

  /**
   * @param {State} state
   * @param {() => void} lock what is done when nobody used the page
   */
  constructor(state, lock) {
    this.state = state;
    /** Whether a look is under way. */
    this.looking = false;
    /** What the looks found that was not put away yet. @type {Synced[]} */
    this.found = [];
    /** What went wrong with the last look, in words; "" where nothing did. */
    this.trouble = '';
    /** Whether the last look stopped since the device's date is far ahead of the network's list. */
    this.date_ahead = false;
    const { signal } = this.#over;
    const setBack = () => {
      // The date was put right, as the page asked: locking would lose what was done here.
      if (this.date_ahead) void this.lookAgain();
      return this.date_ahead;
    };
    lockWhenIdle({ now: state.session.now, lock, setBack, signal });
    // Closing asks first where something would be lost.
    addEventListener('beforeunload', (event) => this.unsaved && event.preventDefault(), { signal });
    this.#wait();
  }

  /** Whether something is on this page only. */
  get unsaved() {
    return this.state.desk?.unsaved ?? false;
  }

  /** When the next look is, as a time of day of this device: 14:20. */
  get next() {
    const { session, words } = this.state;
    const at = session.now() + untilNext(session.now());
    return new Intl.DateTimeFormat(`${words.code}-u-nu-latn`, CLOCK).format(at);
  }

  /**
   * Call something whenever a look begins or ends, as long as the page stands.
   * @param {() => void} on
   */
  tell(on) {
    this.#told = new Set([on]);
  }

  /**
   * Look once: fetch, file, send what waits, put back. Passing trouble is kept as words.
   * @param {(rows: number) => void} [onProgress] how many rows were looked through
   */
  async look(onProgress) {
    if (!this.looking) this.#under_way = this.#look(onProgress ? { onProgress } : {});
    await this.#under_way;
  }

  /** Look after the look that is under way, if one is: it may have written before the last change. */
  async lookAgain() {
    await this.#under_way;
    await this.look();
  }

  /**
   * Look for the last time before the page is locked: it hands out no codes any more. After the look
   * that is under way, if one is: it may have written before the last change.
   */
  async leave() {
    await this.#under_way;
    if (!this.looking) this.#under_way = this.#look({ leaving: true });
    await this.#under_way;
  }

  /** Go on with the device's date, for this opening: somebody said that it is right. */
  async goOn() {
    const { desk } = this.state;
    if (desk) desk.date_is_right = true;
    await this.lookAgain();
  }

  /** @param {{onProgress?: (rows: number) => void, leaving?: boolean}} given */
  async #look(given) {
    const { desk, words } = this.state;
    if (!desk) return;
    this.looking = true;
    this.#say();
    try {
      this.found.push(await sync(desk, given));
      this.trouble = '';
      this.date_ahead = false;
    } catch (trouble) {
      this.trouble = troubleOf(words, trouble);
      this.date_ahead = trouble instanceof DateAhead;
    }
    this.looking = false;
    this.#say();
  }

  /**
   * Keep the stock of codes while the page is open: draw, make, publish and cancel what is due.
   * What stands in the way is tried again later: nobody waits for it.
   */
  async keep() {
    const { desk } = this.state;
    if (!desk || this.#over.signal.aborted) return;
    this.#keeper ??= new Keeper(desk);
    let next_ms = AFTER_TROUBLE_MS;
    try {
      ({ next_ms } = await this.#keeper.turn());
    } catch {
      // The list says what is wrong with the server; the page for codes says what is missing.
    }
    if (!this.#over.signal.aborted) this.#stock = setTimeout(() => void this.keep(), next_ms);
  }

  /** Let go of everything that waits. */
  end() {
    this.#over.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#stock);
    this.#told.clear();
    this.found = [];
  }

  #say() {
    if (!this.#over.signal.aborted) for (const on of this.#told) on();
  }

  #wait() {
    const { session } = this.state;
    this.#timer = setTimeout(() => {
      void this.look().then(() => this.#over.signal.aborted || this.#wait());
    }, untilNext(session.now()));
  }
}
