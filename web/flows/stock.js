/**
 * Drawing the week's tokens and making as many codes: the stock from which codes are handed out.
 *
 * Every provider draws the network's number each week, whether it needs them or not. What a draw
 * blinds can't be written down: a page that dies in between has lost that batch, and draws another
 * (three a week).
 *
 * Source: docs/spec/tokens.md, 3; docs/spec/codes.md, 1 and 8.
 */

import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * Draws this week's batch, if this member has not; returns how many tokens came.
 *
 * Throws Trouble, `tokens` for a batch that does not hold.
 * @param {Desk} desk
 * @param {import('./network_view.js').View} view
 * @returns {Promise<number>}
 */
export async function draw(desk, view) {
  throw new Trouble('answer', { status: desk && view ? 0 : 1 });
}

/**
 * Makes a code for every token in hand, in slices; returns how many.
 * @param {Desk} desk
 * @param {(made: number, left: number) => void} [onProgress]
 * @returns {Promise<number>}
 */
export async function makeCodes(desk, onProgress) {
  throw new Trouble('answer', { status: desk && onProgress ? 0 : 1 });
}
