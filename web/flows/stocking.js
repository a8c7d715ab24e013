/**
 * One turn of keeping the stock while the page is open: draw the week's tokens, make codes, publish
 * what is due, cancel what is due.
 *
 * Source: docs/spec/tokens.md, 3 and 6; docs/spec/http.md, 4.
 */

import * as cancelling from './cancelling.js';
import * as listing from './listing.js';
import * as page_turns from './page_turns.js';
import * as publish from './publish.js';
import * as stock from './stock.js';
import * as stock_data from './stock_data.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * Of the stock: codes to hand out now, and codes that wait for their moment, or for the next look.
 * @typedef {{ready: number, waiting: number}} Counted
 */

// Clocks are set and devices sleep: never wait longer without looking.
const LOOK_AGAIN_MS = 900_000;

/** Keeps the stock of one member while her page is open. */
export class Keeper {
  /** @type {import('./listing.js').Place | undefined} */
  #place;
  #day = -1;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /**
   * Takes a turn; returns what was published and how many milliseconds until the next is due.
   *
   * Throws Trouble `date_ahead`, `not_listed`, `ends_soon`, `unsigned`, `tokens` and those of the calls; what was
   * drawn and made by then is kept.
   * @param {(made: number, left: number) => void} [onProgress] while codes are made
   * @returns {Promise<{published: number, next_ms: number}>}
   */
  async turn(onProgress) {
    const { desk } = this;
    desk.checkDate();
    desk.checkLog();
    const cancel = await cancelling.cancelDue(desk);
    const place = await this.#listing();
    await stock.draw(desk, place.view);
    publish.checkRoomForCodes(place, desk.session.today());
    await stock.makeCodes(desk, onProgress);
    const { published } = await publish.publishDue(desk, place);
    return { published, next_ms: Math.min(untilNext(desk), cancel.next_ms) };
  }

  /** Fetches one's own listing, at most once a day: a record may carry an older checkpoint. */
  async #listing() {
    const today = this.desk.session.today();
    if (!this.#place || this.#day !== today) {
      this.#place = await listing.own(this.desk);
      this.#day = today;
    }
    return this.#place;
  }
}

/**
 * Counts the codes of the desk's member.
 * @param {Desk} desk
 * @returns {Counted}
 */
export function counted(desk) {
  const [store, today] = [desk.read(), desk.session.today()];
  const ready = page_turns.ready(desk).length;
  const published = stock_data.ready(store, desk.device, today).length;
  const waiting = stock_data.of(store, desk.device).waiting.length;
  return { ready, waiting: waiting + published - ready };
}

/** @param {Desk} desk */
function untilNext(desk) {
  const now = desk.session.now();
  const due = publish.saved(desk).map((one) => Number(one.due) * 1000);
  const next = Math.min(now + LOOK_AGAIN_MS, ...due);
  return Math.max(next - now, 1000);
}
