// What holds on the page for members, whatever it looks like: how a person may be reached, which
// requests are whose, and how much everybody has.

import { STATE_CLOSED } from '../src/constants.js';
import { equal } from '../src/encoding.js';

/** @typedef {import('../flows/cases.js').Opened} Opened */
/** @typedef {import('../src/client/message.js').Message} Message */

/**
 * How somebody may be reached now, additions included. What must never be done only ever grows;
 * on everything else the latest word holds.
 * @typedef {object} Rule
 * @property {number[]} channels
 * @property {string} contact
 * @property {number[]} hours
 * @property {number[]} never
 * @property {string} safe_word
 * @property {number} changed the number of the last addition that had a say, or 0
 */

/**
 * Return the rule for reaching somebody.
 * @param {Message} said the request
 * @param {{number: number, said: Message}[]} additions by number
 * @returns {Rule}
 */
export function ruleOf(said, additions) {
  const all = [{ number: 0, said }, ...additions];
  const latest = [...all].reverse();
  /**
   * @template {'channels' | 'contact' | 'hours' | 'safe_word'} K
   * @param {K} name
   * @returns {Message[K]}
   */
  const last = (name) => (latest.find((one) => one.said[name].length) ?? { said }).said[name];
  return {
    channels: last('channels'),
    contact: last('contact'),
    hours: last('hours'),
    never: [...new Set(all.flatMap((one) => one.said.never))],
    safe_word: last('safe_word'),
    changed: latest.find((one) => one.number && saysHow(one.said))?.number ?? 0,
  };
}

/** @param {Message} said */
const saysHow = ({ channels, contact, hours, never, safe_word }) =>
  [channels, contact, hours, never, safe_word].some((one) => one.length > 0);

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
