/**
 * How a person may be reached, and how not: what has to be read before anything else.
 *
 * Source: docs/spec/envelope.md, 4.
 */

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
 * Returns the rule for reaching somebody.
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
