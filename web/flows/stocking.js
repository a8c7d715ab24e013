/**
 * One turn of keeping the stock while the page is open: draw the week's tokens, make codes, publish
 * what is due.
 *
 * Source: docs/spec/tokens.md, 3 and 6; docs/spec/http.md, 4.
 */

import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * Of the stock: codes to hand out now, codes that wait for their moment, codes handed out.
 * @typedef {{ready: number, waiting: number, handed_out: number}} Counted
 */

/** Keeps the stock of one member while her page is open. */
export class Keeper {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /**
   * Takes a turn; returns what was published and how many milliseconds until the next is due.
   *
   * Throws Trouble `not_listed`, `ends_soon`, `unsigned`, `tokens` and those of the calls.
   * @param {(made: number, left: number) => void} [onProgress] while codes are made
   * @returns {Promise<{published: number, next_ms: number}>}
   */
  async turn(onProgress) {
    throw new Trouble('answer', { status: onProgress ? 0 : 1 });
  }
}

/**
 * Counts the codes of the desk's member.
 * @param {Desk} desk
 * @returns {Counted}
 */
export function counted(desk) {
  throw new Trouble('answer', { status: desk ? 0 : 1 });
}
