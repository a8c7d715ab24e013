/**
 * Calls that a member signs (RFC 9421, Ed25519), each with a counter above the last.
 *
 * The counter lives in memory: the first call of a page begins at 1, the server says which number
 * it knows, and the call is made once more from there. Calls go one after the other.
 *
 * Source: docs/spec/http.md, 7.
 */

import * as c from '../src/constants.js';
import { concat } from '../src/encoding.js';
import { sha256 } from '../src/public/keys.js';
import * as request_signing from '../src/public/request_signing.js';
import { checked } from './api.js';
import { ofSigned, problemOf } from './member_troubles.js';
import * as wire from './wire.js';

/**
 * A drawn batch: the issuing period, proof and elements (0 bytes where none were asked), and the
 * drop key (32 bytes) of the week that begins on `drop_week`.
 * @typedef {{period: number, evaluated: Uint8Array, drop_key: Uint8Array, drop_week: number}} Drawn
 */

/**
 * @typedef {object} Signed A call that is to be signed.
 * @property {string} method
 * @property {string} path
 * @property {Uint8Array<ArrayBuffer>} [body]
 * @property {Record<string, string>} [headers]
 * @property {string} [expected] the media type of a good answer
 */

const TRIES = 3;
const EPOCH_MOST = 0xffff_ffff;
const OCTETS = 'application/octet-stream';
const STORE = '/v1/store';

/** Calls signed with one Ed25519 seed (32 bytes) in one network (id of 32 bytes). */
export class SignedApi {
  #http;
  #secret;
  #counter = 0n;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {import('./http.js').Http} http
   * @param {{ed25519_seed: Uint8Array, network_id: Uint8Array}} secret
   */
  constructor(http, secret) {
    this.#http = http;
    this.#secret = secret;
  }

  /**
   * Draws this week's batch (its Monday; 32 bytes for each token, or none) and drop key.
   *
   * Throws Trouble, with the problem `drawn` among others. Source: docs/spec/http.md, 7.
   * @param {number} week
   * @param {Uint8Array} blinded
   * @returns {Promise<Drawn>}
   */
  async tokens(week, blinded) {
    const said = await this.sendJson('POST', '/v1/tokens', { week, blinded });
    const evaluated = blinded.length && blinded.length + c.TOKEN_PROOF_BYTES;
    return {
      period: said.number('period', EPOCH_MOST),
      evaluated: said.raw('evaluated', evaluated),
      drop_key: said.raw('drop_key', c.DROP_KEY_BYTES),
      drop_week: said.number('drop_week', EPOCH_MOST),
    };
  }

  /**
   * Returns the sealed store of the member's organisation, or null where the server has none.
   * @returns {Promise<Uint8Array | null>}
   */
  async getStore() {
    const sealed = await this.#signed({ method: 'GET', path: STORE, expected: OCTETS });
    return sealed.length ? sealed : null;
  }

  /**
   * Stores a sealed store in place of the one that is `replaced` (null: there was none).
   *
   * Throws Trouble with the problem `stale` where the server has another by now.
   * @param {Uint8Array} sealed
   * @param {Uint8Array | null} replaced
   */
  async putStore(sealed, replaced) {
    const before = replaced ? sha256(replaced) : new Uint8Array(c.HASH_BYTES);
    const body = new Uint8Array(concat(before, sealed));
    const headers = { 'Content-Type': OCTETS };
    await this.#signed({ method: 'PUT', path: STORE, body, headers });
  }

  /**
   * Publishes the weekly key (1,321 bytes) of this or the next week, in place of the one with the id
   * `replaces` (16 bytes), if one is given.
   *
   * Throws Trouble, with the problem `taken` where there is another for the week, `stale` where the
   * one to be replaced is not there.
   * @param {Uint8Array} weekly_key
   * @param {Uint8Array | null} [replaces]
   */
  async putWeeklyKey(weekly_key, replaces = null) {
    await this.sendJson('PUT', '/v1/organisations/me/weekly-key', { weekly_key, replaces });
  }

  /**
   * Stores an invitation's offer (1,536 bytes) under its locator (16 bytes), until tomorrow.
   * @param {Uint8Array} locator
   * @param {Uint8Array} write_key_hash 32 bytes
   * @param {Uint8Array} offer
   */
  async putInvite(locator, write_key_hash, offer) {
    await this.sendJson('POST', '/v1/invites', { locator, write_key_hash, offer });
  }

  /**
   * Says whether walk-ins are taken, and how much room there is (an id of `capacity`, or 0).
   * @param {boolean} walk_ins
   * @param {number} capacity
   */
  async putCapacity(walk_ins, capacity) {
    const values = { walk_ins, capacity: capacity || null };
    await this.sendJson('PUT', '/v1/organisations/me/capacity', values);
  }

  /**
   * Says whose keys (32 bytes each, 1 to 16, ascending) sign for the organisation from now on.
   * @param {Uint8Array[]} members
   */
  async putMembers(members) {
    await this.sendJson('PUT', '/v1/organisations/me/members', { members });
  }

  /**
   * Fetches an object with a signed call that says nothing but its path. Throws as `sendJson`.
   * @param {string} path
   */
  async getJson(path) {
    return wire.loads(await this.#signed({ method: 'GET', path }));
  }

  /**
   * Sends a signed object and returns the one that came back.
   *
   * Throws Trouble; `unsigned` where the server does not take the signature, `date` where it does
   * not understand a call that this client made.
   * @param {string} method
   * @param {string} path
   * @param {wire.Values} values
   */
  async sendJson(method, path, values) {
    const body = new TextEncoder().encode(wire.dumps(values));
    return wire.loads(await this.#signed({ method, path, body }));
  }

  /**
   * Sends a signed call and returns the body of its good answer; calls go one after the other,
   * since a counter that overtakes another on the way would be refused.
   * @param {Signed} call
   * @returns {Promise<Uint8Array>}
   */
  #signed(call) {
    const made = this.#last.then(() => this.#counted(call));
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** @param {Signed} call */
  async #counted(call) {
    for (let left = TRIES; ; left--) {
      try {
        return checked(await this.#once(call), call.expected);
      } catch (trouble) {
        if (problemOf(trouble) !== 'counter' || !left) throw ofSigned(trouble);
        // Lost answers, other pages and other devices leave this one behind.
        this.#seen(/** @type {import('./troubles.js').Trouble} */ (trouble));
      }
    }
  }

  /**
   * Goes on from the number that the server knows.
   * @param {import('./troubles.js').Trouble} trouble
   */
  #seen({ problem }) {
    const known = BigInt(problem?.number('counter') ?? 0);
    if (known > this.#counter) this.#counter = known;
  }

  /** @param {Signed} call */
  async #once({ method, path, body, headers = {} }) {
    this.#counter += 1n;
    const signed = request_signing.sign(this.#secret.ed25519_seed, {
      method,
      path,
      query: '',
      body: body ?? new Uint8Array(),
      counter: this.#counter,
      network_id: this.#secret.network_id,
    });
    return await this.#http.call(path, {
      method,
      ...(body ? { body } : {}),
      named: true,
      stores: method !== 'GET',
      headers: {
        ...headers,
        'Content-Digest': signed.digest,
        'Signature-Input': signed.signature_input,
        Signature: signed.signature,
      },
    });
  }
}
