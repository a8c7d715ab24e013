/**
 * The one place where the clock and randomness of the machine enter the page.
 *
 * Everything else takes `today`, `now`, `pause` and `random` as arguments.
 */

import { Api } from './api.js';
import { Http } from './http.js';

/**
 * What the flows need of the world around them.
 * @typedef {object} Session
 * @property {Api} api calls to the page's own server
 * @property {() => number} today the device's epoch
 * @property {() => number} now POSIX milliseconds; only to say how old something of this page is
 * @property {(size: number) => Uint8Array} random that many bytes
 * @property {(milliseconds: number) => Promise<void>} pause lets the page live meanwhile
 * @property {Seen} [seen] the newest of the network that this page saw: an older one is refused
 */

/** What a visit remembers: of which network, and how new it was. @typedef {import('../src/public/seen.js').Seen & {network_id: Uint8Array}} Seen */

const MILLISECONDS_A_DAY = 86_400_000;

/** Returns the present UTC day as an epoch: days since 1970-01-01. */
export const today = () => Math.floor(now() / MILLISECONDS_A_DAY);

/** Returns POSIX milliseconds. */
export const now = () => Date.now();

/**
 * Returns bytes from the browser's generator.
 * @param {number} size at most 65,536
 */
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/**
 * Lets the page live for so long.
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export const pause = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/**
 * As `pause`, and for 0 only as long as the page has something to do.
 *
 * Timers that follow one another wait 4 ms each however short they are (HTML, 8.6), which adds up
 * where there are many thousands; a port does not.
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export const breathe = (milliseconds) =>
  milliseconds
    ? pause(milliseconds)
    : new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(0);
      });

/**
 * Returns a session with the page's own origin, or with another server where its address is given.
 * @param {string} [base] `https://host[:port]`, without a slash at the end
 * @returns {Session}
 */
export function session(base = '') {
  const http = new Http({ base, pause, fetch: (url, options) => fetch(url, options) });
  return { api: new Api(http), today, now, random, pause };
}
