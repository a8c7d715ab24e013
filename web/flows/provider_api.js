/**
 * The calls of a provider that say nothing of who calls: publishing and cancelling codes, answering,
 * the drop.
 *
 * Source: docs/spec/http.md, 4 and 6.
 */

import {
  DROP_ROWS,
  DROP_STREAM_ROW_BYTES,
  INVITE_BYTES,
  RECORD_BYTES,
} from '../src/constants.js';
import { checked } from './api.js';
import { problemOf } from './member_troubles.js';
import * as wire from './wire.js';

/** What became of an answer: it lies there, something else does, or there is no such box. */
/** @typedef {'stored' | 'taken' | 'refused'} Stored */

/** Calls to one server through one `Http`; each is repeatable and goes alone. */
export class ProviderApi {
  /** @param {import('./http.js').Http} http */
  constructor(http) {
    this.http = http;
  }

  /**
   * Stores a record (4,096 bytes) for one token (96 bytes).
   *
   * Throws Trouble with the problems `token`, `taken` and `malformed` among others. Source:
   * docs/spec/http.md, 4.
   * @param {{locator: Uint8Array, write_key_hash: Uint8Array, record: Uint8Array,
   *   last_epoch: number, token: Uint8Array}} code
   */
  async publishCode(code) {
    await this.#post('/v1/codes', code);
  }

  /**
   * Returns the record (4,096 bytes) at a locator (16 bytes), or null for the refusal.
   * @param {Uint8Array} locator
   */
  async openCode(locator) {
    try {
      return (await this.#post('/v1/codes/open', { locator }, false)).raw('record', RECORD_BYTES);
    } catch (trouble) {
      if (problemOf(trouble) === 'refused') return null;
      throw trouble;
    }
  }

  /**
   * Ends a code; the answer is the same where there was none.
   * @param {Uint8Array} locator 16 bytes
   * @param {Uint8Array} write_key 32 bytes
   */
  async cancelCode(locator, write_key) {
    await this.#post('/v1/codes/cancel', { locator, write_key });
  }

  /**
   * Stores a sealed answer (4,096 bytes) in slot 1 to 31 and says what became of it.
   * @param {Uint8Array} box_id 16 bytes
   * @param {Uint8Array} write_key 32 bytes
   * @param {number} slot
   * @param {Uint8Array} sealed
   */
  async answer(box_id, write_key, slot, sealed) {
    return await this.#stored('/v1/boxes/answer', { box_id, write_key, slot, sealed });
  }

  /**
   * @param {string} path
   * @param {wire.Values} values
   * @returns {Promise<Stored>}
   */
  async #stored(path, values) {
    try {
      await this.#post(path, values);
    } catch (trouble) {
      const problem = problemOf(trouble);
      if (problem === 'taken' || problem === 'refused') return problem;
      throw trouble;
    }
    return 'stored';
  }

  /**
   * Returns the offer (1,536 bytes) of an invitation at a locator (16 bytes), or null.
   * @param {Uint8Array} locator
   */
  async openInvite(locator) {
    try {
      return (await this.#post('/v1/invites/open', { locator }, false)).raw('offer', INVITE_BYTES);
    } catch (trouble) {
      if (problemOf(trouble) === 'refused') return null;
      throw trouble;
    }
  }

  /**
   * Stores a newcomer's reply (1,536 bytes) and says what became of it.
   * @param {Uint8Array} locator 16 bytes
   * @param {Uint8Array} write_key 32 bytes
   * @param {Uint8Array} reply
   */
  async acceptInvite(locator, write_key, reply) {
    return await this.#stored('/v1/invites/accept', { locator, write_key, reply });
  }

  /**
   * Returns the reply to an invitation, or the cover of its place: 1,536 bytes either way.
   * @param {Uint8Array} locator 16 bytes
   * @param {Uint8Array} write_key 32 bytes
   */
  async readInvite(locator, write_key) {
    const said = await this.#post('/v1/invites/read', { locator, write_key }, false);
    return said.raw('reply', INVITE_BYTES);
  }

  /**
   * Returns the rows (5,297 bytes each, at most 500) above a cursor; none: no more there.
   *
   * Throws Trouble with the problem `unsigned` for a drop key (32 bytes) of another week. Source:
   * docs/spec/http.md, 6.
   * @param {Uint8Array} drop_key
   * @param {bigint} after
   */
  async drop(drop_key, after) {
    const headers = { Authorization: `Bearer ${wire.b64url(drop_key)}` };
    const reply = await this.http.call(`/v1/drop?after=${after}`, { headers });
    const rows = checked(reply, 'application/octet-stream');
    const whole = rows.length % DROP_STREAM_ROW_BYTES === 0;
    if (!whole || rows.length > DROP_ROWS * DROP_STREAM_ROW_BYTES) throw wire.garbled();
    return rows;
  }

  /**
   * @param {string} path
   * @param {wire.Values} values
   * @param {boolean} [stores]
   */
  async #post(path, values, stores = true) {
    return wire.loads(checked(await this.http.call(path, { body: wire.dumps(values), stores })));
  }
}
