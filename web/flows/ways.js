/**
 * One way to ask, with a code or without: seal after a last look at the network, then post.
 *
 * What was sealed is kept by the caller: after a lost answer the same bytes are posted again, which
 * never makes two.
 *
 * Source: docs/spec/http.md, 1 ("Repeating") and 3.
 */

import * as ask from './ask.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/requests.js').Request} Request */
/** @typedef {import('./ask.js').Receipt} Receipt */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('../src/public/statements.js').Statement} Statement */
/** @typedef {import('../src/public/profile.js').Profile} Profile */

/**
 * What is known of a way, as it was checked last.
 * @typedef {object} Known
 * @property {View} view the network
 * @property {Statement} statement what the admins say of who will read it
 * @property {Profile} profile what the organisation says of itself, coded
 * @property {number} last_epoch the code's last epoch; 0 without a code
 */

/**
 * What became of a request that was posted; without a `last_epoch` it was refused.
 * @typedef {object} Sent
 * @property {Request} request what was sent in the end: keep it in the place of what was sealed
 * @property {number | null} last_epoch
 */

/**
 * What the two kinds of way do differently.
 * @typedef {object} Steps
 * @property {() => Known} known
 * @property {() => Promise<void>} look
 * @property {(draft: Message, receipt: Receipt | null) => Request | Promise<Request>} seal
 * @property {(request: Request) => Promise<Sent>} send
 */

/** How long a look at the network counts as the last one before sealing. */
export const LOOK_HOLDS_MS = 60_000;

/** A way to one organisation: what is shown of it, and what sends to it. */
export class Way {
  /** @type {Promise<void> | undefined} */
  #looking;
  #looked = -Infinity;

  /**
   * @param {Session} session
   * @param {Steps} steps
   */
  constructor(session, steps) {
    this.session = session;
    this.steps = steps;
  }

  /** The network as it was checked last. */
  get view() {
    return this.steps.known().view;
  }

  /** What the admins say of who will read it. */
  get statement() {
    return this.steps.known().statement;
  }

  /** What the organisation says of itself, coded. */
  get profile() {
    return this.steps.known().profile;
  }

  /** The code's last epoch; 0 without a code. */
  get last_epoch() {
    return this.steps.known().last_epoch;
  }

  /**
   * Looks at the network anew; throws a Trouble where the way does not hold any more.
   * @returns {Promise<void>}
   */
  again() {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /**
   * Seals a draft with its yes, after a look at the network that is at most 60 seconds old.
   *
   * `receipt` is null where the draft's eyes are nobody's. Throws Trouble `consent` without a yes,
   * before anything is fetched or made, `input` or `too_long`, and those of `again`.
   * @param {Message} draft
   * @param {Receipt | null} receipt
   * @returns {Promise<Request>}
   */
  async seal(draft, receipt) {
    ask.encode(draft, receipt); // without a yes nothing is fetched, sealed or worked for
    if (this.#looking || !this.#isFresh()) await this.again();
    return this.steps.seal(draft, receipt);
  }

  /**
   * Posts what was sealed; the same again after a lost answer never makes two.
   *
   * Throws Trouble `unreachable`, `limited`, `busy` and others.
   * @param {Request} request
   * @returns {Promise<Sent>}
   */
  send(request) {
    return this.steps.send(request);
  }

  async #look() {
    this.#looked = -Infinity;
    const begun = this.session.now();
    await this.steps.look();
    this.#looked = begun;
  }

  #isFresh() {
    const age = this.session.now() - this.#looked;
    return age >= 0 && age < LOOK_HOLDS_MS; // a clock that was set back says nothing
  }
}

/**
 * Returns the way that a code (10 bytes) opens, or null where the server refuses the code.
 *
 * Throws Trouble where what lies there can't be trusted. Source: docs/spec/record.md, 3.
 * @param {Session} session
 * @param {Uint8Array} code
 * @returns {Promise<Way | null>}
 */
export async function byCode(session, code) {
  const found = await ask.openCode(session, code);
  if (!found) return null;
  let opened = found;
  return new Way(session, {
    known: () => ({ view: opened.view, ...opened.recipient }),
    look: async () => {
      opened = await ask.checkAgain(session, opened);
    },
    seal: (draft, receipt) => ask.seal(opened, draft, receipt, session.random),
    send: async (request) => ({ request, last_epoch: await session.api.send(request) }),
  });
}
