/**
 * The one way out: each call goes alone, to the page's own origin, and leaves nothing behind.
 *
 * No call carries a cookie or says which page it comes from, none follows a redirect, none is kept.
 * Every call of docs/spec/http.md may be repeated byte for byte. One that only reads is sent once
 * more by itself where no whole answer came; one that stores is repeated only by whoever sent it,
 * so that nobody is told "sent" or "not sent" too early.
 *
 * Source: docs/spec/http.md, 1 ("Connections", "Repeating").
 */

import { Trouble } from './troubles.js';

const TIME_LIMIT_MS = 30_000;
const WAIT_MS = 500;

/** What stands in between answers so, without the server or in its place. */
export const PASSING = [502, 503, 504];

/**
 * One whole answer.
 * @typedef {object} Reply
 * @property {number} status
 * @property {(name: string) => string} header a header's text, "" where it is not there
 * @property {Uint8Array} body
 */

/**
 * @typedef {object} Call
 * @property {string | Uint8Array<ArrayBuffer>} [body] what is sent; without it the call is a GET
 * @property {boolean} [stores] whether the server keeps something: then it is never sent twice here
 * @property {string} [method] POST where there is a body, unless said
 * @property {Record<string, string>} [headers] beside the type of the body, which is JSON unless said
 * @property {boolean} [named] whether it says who calls: browsers keep the connections of calls that
 *   may bear credentials (here there are none) apart from those of calls that may not
 */

/** Calls to one server. */
export class Http {
  /**
   * @param {object} options
   * @param {string} options.base "" for the page's own origin, or `https://host[:port]`
   * @param {(url: string, options: RequestInit) => Promise<Response>} options.fetch
   * @param {(milliseconds: number) => Promise<void>} options.pause
   * @param {number} [options.time_limit] milliseconds for one whole answer
   */
  constructor({ base, fetch, pause, time_limit = TIME_LIMIT_MS }) {
    this.base = base;
    this.fetch = fetch;
    this.pause = pause;
    this.time_limit = time_limit;
  }

  /**
   * Sends one request and returns the whole answer, whatever its status.
   *
   * A call that stores nothing is sent a second time where no whole answer comes or the status is
   * 502, 503 or 504. Throws Trouble `unreachable` where there is no whole answer.
   * Source: docs/spec/http.md, 1.
   * @param {string} path beginning with a slash
   * @param {Call} [call]
   * @returns {Promise<Reply>}
   */
  async call(path, call = {}) {
    const first = await this.#once(path, call);
    if (call.stores || (first && !PASSING.includes(first.status))) return whole(first);
    await this.pause(WAIT_MS);
    return whole((await this.#once(path, call)) ?? first);
  }

  /**
   * @param {string} path
   * @param {Call} call
   * @returns {Promise<Reply | undefined>}
   */
  async #once(path, { body, method, headers, named }) {
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), this.time_limit);
    try {
      const response = await this.fetch(this.base + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body }),
        credentials: named ? 'same-origin' : 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: ended.signal,
      });
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? '',
        body: new Uint8Array(await response.arrayBuffer()),
      };
    } catch {
      // What broke may name the address; which step broke changes nothing.
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * @param {Reply | undefined} reply
 * @returns {Reply}
 */
function whole(reply) {
  if (!reply) throw new Trouble('unreachable');
  return reply;
}
