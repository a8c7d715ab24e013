/**
 * The server's calls that a page makes, typed: bytes in, bytes out. Nothing that comes back is
 * believed here.
 *
 * The refusal is a value (null); every other problem is thrown as a Trouble.
 *
 * Source: docs/spec/http.md, 2 and 3.
 */

import {
  BOX_ID_BYTES,
  HASH_BYTES,
  NETWORK_ID_BYTES,
  RECORD_BYTES,
  SLOT_BYTES,
  WORK_BITS_MOST,
} from '../src/constants.js';
import { PASSING } from './http.js';
import { Trouble } from './troubles.js';
import * as wire from './wire.js';

/**
 * What is the same for everybody, as the server says it; network_view.js checks it.
 * @typedef {object} NetworkDocument
 * @property {Uint8Array} network_id 32 bytes
 * @property {Uint8Array[]} policies notes, from version 1
 * @property {Uint8Array} checkpoint the newest, a note
 * @property {Uint8Array} suspensions the list that it names
 * @property {Uint8Array[]} [suspended] notes of suspensions that the list does not have yet
 * @property {number} work_bits difficulty of walk-ins
 * @property {wire.Fields} said all that it says, for those who need more of it
 */

/** @typedef {[Uint8Array, ...Uint8Array[]]} Slots at least one */

/** @typedef {import('../src/public/requests.js').Request} Request */
/** @typedef {import('./http.js').Http} Http */
/** @typedef {import('./http.js').Reply} Reply */

const PROBLEM = 'urn:towpath:problem:';
/** What a person can act on; every other problem says that page and server do not fit. */
const TOLD = ['limited', 'busy', 'broken', 'refused', 'work'];
const EPOCH_MOST = 0xffff_ffff;
const NO_BOX = wire.dumps({ box: null });
const BOX_CHARACTERS = wire.dumps({
  box: {
    id: new Uint8Array(BOX_ID_BYTES),
    holder_key_hash: new Uint8Array(HASH_BYTES),
    write_key_hash: new Uint8Array(HASH_BYTES),
    slot_0: new Uint8Array(SLOT_BYTES),
  },
}).length;

/** Calls to one server through one `Http`; each is repeatable and goes alone. */
export class Api {
  /** @param {Http} http */
  constructor(http) {
    this.http = http;
  }

  /**
   * Returns what is the same for everybody. Source: docs/spec/http.md, 2.
   * @returns {Promise<NetworkDocument>}
   */
  async network() {
    const said = await this.get('/v1/network');
    return {
      network_id: said.raw('network_id', NETWORK_ID_BYTES),
      policies: said.utf8s('policies'),
      checkpoint: said.utf8('checkpoint'),
      suspensions: said.utf8('suspensions'),
      suspended: said.utf8s('suspended'),
      work_bits: said.number('work_bits', WORK_BITS_MOST),
      said,
    };
  }

  /**
   * Returns the record (4,096 bytes) at a locator (16 bytes), or null for the refusal.
   * @param {Uint8Array} locator
   */
  async openCode(locator) {
    const said = await this.#orNone('/v1/codes/open', { locator });
    return said && said.raw('record', RECORD_BYTES);
  }

  /**
   * Posts a sealed request; returns its last epoch, or null for the refusal.
   *
   * The body is as long without a box as with one. Throws Trouble, `work` and `limited` for a
   * walk-in. Source: docs/spec/http.md, 3.
   * @param {Request} request
   */
  send(request) {
    const { envelope, box } = request;
    const pad = box ? '' : 'A'.repeat(BOX_CHARACTERS - NO_BOX.length);
    const rest = { envelope, box, pad };
    if ('locator' in request) {
      const { locator, write_key } = request;
      return this.#lastEpoch('/v1/referrals', { locator, write_key, ...rest });
    }
    const { epoch, nonce } = request;
    return this.#lastEpoch('/v1/walk-ins', { epoch, nonce, ...rest });
  }

  /**
   * Returns what stands in 1 to 8 slots (0 to 31, ascending), 4,096 bytes each.
   * @param {Uint8Array} box_id 16 bytes
   * @param {Uint8Array} holder_key 32 bytes
   * @param {number[]} slots
   * @returns {Promise<Slots>}
   */
  async readBox(box_id, holder_key, slots) {
    const said = await this.#post('/v1/boxes/read', { box_id, holder_key, slots });
    const read = said.raws('slots', SLOT_BYTES);
    if (read.length !== slots.length) throw wire.garbled();
    return /** @type {Slots} */ (read);
  }

  /**
   * Stores a follow-up under its tag (16 bytes); returns its last epoch, or null.
   * @param {Uint8Array} box_id 16 bytes
   * @param {Uint8Array} holder_key 32 bytes
   * @param {Uint8Array} tag
   * @param {Uint8Array} envelope 5,273 bytes
   */
  add(box_id, holder_key, tag, envelope) {
    return this.#lastEpoch('/v1/boxes/add', { box_id, holder_key, tag, envelope });
  }

  /**
   * Ends the box and all its envelopes; the answer is the same where there was none.
   * @param {Uint8Array} box_id 16 bytes
   * @param {Uint8Array} holder_key 32 bytes
   */
  async withdraw(box_id, holder_key) {
    await this.#post('/v1/boxes/withdraw', { box_id, holder_key }, true);
  }

  /**
   * Keeps box and envelopes for longer; returns the last epoch, or null for the refusal.
   * @param {Uint8Array} box_id 16 bytes
   * @param {Uint8Array} holder_key 32 bytes
   */
  renew(box_id, holder_key) {
    return this.#lastEpoch('/v1/boxes/renew', { box_id, holder_key });
  }

  /**
   * Returns what is the same for everybody at a path.
   * @param {string} path
   */
  async get(path) {
    return wire.loads(checked(await this.http.call(path)));
  }

  /**
   * @param {string} path
   * @param {wire.Values} values
   * @param {boolean} [stores]
   */
  async #post(path, values, stores = false) {
    return wire.loads(checked(await this.http.call(path, { body: wire.dumps(values), stores })));
  }

  /**
   * @param {string} path
   * @param {wire.Values} values
   * @param {boolean} [stores]
   */
  async #orNone(path, values, stores = false) {
    try {
      return await this.#post(path, values, stores);
    } catch (trouble) {
      if (trouble instanceof Trouble && trouble.kind === 'refused') return null;
      throw trouble;
    }
  }

  /**
   * @param {string} path
   * @param {wire.Values} values
   */
  async #lastEpoch(path, values) {
    const said = await this.#orNone(path, values, true);
    return said && said.number('last_epoch', EPOCH_MOST);
  }
}

/**
 * Returns the body of a good answer; throws a Trouble for any other.
 * @param {Reply} reply
 * @param {string} [expected] the media type of a good one
 */
export function checked(reply, expected = 'application/json') {
  const { status } = reply;
  const type = reply.header('content-type').toLowerCase().split(';', 1).join().trim();
  if (status === 200 && type === expected) return reply.body;
  if (status >= 400 && type === 'application/problem+json') throw problem(reply);
  // Something in between that did not get the server's answer does not know what became of it.
  throw new Trouble(PASSING.includes(status) ? 'unreachable' : 'answer', { status });
}

/** @param {Reply} reply */
function problem({ status, body, header }) {
  const said = wire.loads(body);
  const name = said.text('type');
  // A status that is not the problem's own was put there by something in between.
  if (!name.startsWith(PROBLEM) || said.number('status') !== status) {
    return new Trouble('answer', { status });
  }
  const kind = name.slice(PROBLEM.length);
  const wait = header('retry-after');
  return new Trouble(TOLD.includes(kind) ? kind : 'answer', {
    status,
    problem: said,
    ...(/^\d{1,6}$/.test(wait) ? { retry_after: Number(wait) } : {}),
  });
}
