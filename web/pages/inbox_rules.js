// Which requests a view of the list shows.

import { STATE_CLOSED } from '../src/constants.js';
import { equal } from '../src/encoding.js';

/** @typedef {import('../flows/cases.js').Opened} Opened */

/**
 * Return those of the cases that a view of the list shows.
 * @template {Opened} T
 * @param {T[]} cases
 * @param {'open' | 'mine' | 'closed'} shown
 * @param {Uint8Array} me my member id
 */
export const inView = (cases, shown, me) =>
  cases.filter(({ state, taken_by }) =>
    shown === 'closed'
      ? state === STATE_CLOSED
      : state !== STATE_CLOSED && (shown === 'open' || (taken_by !== undefined && equal(taken_by, me))),
  );
