/**
 * A member at work in a page: her keys and the store, in memory alone.
 *
 * The key file and passphrase open it, `lock` forgets it. What is changed here waits for the next
 * sync (sync.js): nothing is written because somebody did something.
 *
 * Source: docs/spec/store.md, 1 and 6.
 */

import { DEVICE_BYTES, MEMBER_FILE_BYTES, PAGE_ID_BYTES } from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { CannotOpen, Refused } from '../src/errors.js';
import { openMemberFileSlowly } from '../src/client/member_file.js';
import { openStore } from '../src/client/store.js';
import { mayBeWithheld } from '../src/public/checkpoint.js';
import { sha256 } from '../src/public/keys.js';
import * as kept from './kept.js';
import { DateAhead } from './member_troubles.js';
import * as page_turns from './page_turns.js';
import { ProviderApi } from './provider_api.js';
import { SignedApi } from './signed_api.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/member_file.js').MemberSecret} MemberSecret */
/** @typedef {(done: number) => void} Progress Told the part that is done, 0 to 1. */

/**
 * The store as it lies on the server: the sealed bytes, and what they open to.
 * @typedef {{sealed: Uint8Array | null, store: Store}} Lying
 */

const NOTHING = new Uint8Array();

/** One member's keys and store, until it is locked. */
export class Desk {
  /** @type {Store | undefined} */
  #store;
  #unsaved = false;

  /**
   * Sits down with a member's secret and the store that lies on the server.
   * @param {Session} session
   * @param {MemberSecret} member
   * @param {Lying} lying
   * @param {Uint8Array} [page] the id (8 bytes) of this page
   */
  constructor(session, member, lying, page = session.random(PAGE_ID_BYTES)) {
    this.session = session;
    this.member = member;
    this.api = new ProviderApi(session.api.http);
    this.signed = new SignedApi(session.api.http, member);
    /** The number of 4 bytes under which this member's stock is kept, wherever she signs in. */
    this.device = sha256(member.member_id).slice(0, DEVICE_BYTES);
    this.page = page;
    /** The turn in which this page hands out codes, once its entry lay on the server.
     * @type {number | undefined} */
    this.turn = undefined;
    /** What this page last read from or wrote to the server: the base of a merge. */
    this.base = lying;
    /** Who had last written the store when it came from the server, before this page wrote any. */
    this.opened = kept.written(lying.store);
    /** The day of the network's newest list that this page saw, where a witness says one.
     * @type {number | undefined} */
    this.list_day = undefined;
    /** Whether somebody said, for this opening, that the device's date is right. */
    this.date_is_right = false;
    /** How far this page saw the network's log, and what it said that nobody put away yet.
     * @type {{edge: import('../src/public/edge.js').Edge, news: import('./watch.js').News[]} | undefined} */
    this.log = undefined;
    /** Whether the last look found another log than the one that was seen before. */
    this.is_other_log = false;
    /** The sealed bytes that this page last tried to write: their answer may have got lost.
     * @type {Uint8Array | undefined} */
    this.sent = undefined;
    /** Slots that were found taken, by case (`b64url` of its id): for this page only.
     * @type {Map<string, number>} */
    this.taken = new Map();
    this.#store = lying.store;
  }

  /** The network's id: 32 bytes. */
  get network_id() {
    return this.member.network_id;
  }

  /** Whether something waits for the next sync. */
  get unsaved() {
    return this.#unsaved;
  }

  /** Whether everything was forgotten. */
  get locked() {
    return this.#store === undefined;
  }

  /** Returns the store as it stands here; throws Trouble `locked`. */
  read() {
    if (!this.#store) throw new Trouble('locked');
    return this.#store;
  }

  /**
   * Throws Trouble `date_ahead` where the device's date is far ahead of the network's list, unless
   * somebody said that it is right: what is over on that day would end for all members.
   *
   * Source: docs/spec/store.md, 7.
   */
  checkDate() {
    const today = this.session.today();
    if (this.list_day === undefined || this.date_is_right) return;
    if (mayBeWithheld(this.list_day, today)) throw new DateAhead({ today, list: this.list_day });
  }

  /**
   * Throws Trouble `other_log` where the network's log is not the one that was seen before: nothing
   * is published or answered then, until a look finds that one again.
   *
   * Source: docs/spec/log.md, 6.
   */
  checkLog() {
    if (this.is_other_log) throw new Trouble('other_log');
  }

  /**
   * Changes the store in memory and returns it.
   *
   * Throws Trouble `locked`, and what `change` throws; then nothing is changed.
   * @param {(store: Store) => Store} change
   */
  edit(change) {
    const before = this.read();
    const store = change(before);
    if (store !== before) {
      this.#store = store;
      this.#unsaved = true;
    }
    return store;
  }

  /**
   * Takes what lies on the server now, and the store that was made of it and of what is here.
   * @param {Lying} lying
   * @param {Store} merged
   */
  settle(lying, merged) {
    this.read();
    this.base = lying;
    this.turn = page_turns.turnIn(lying.store, this) ?? this.turn;
    this.#store = merged;
    this.#unsaved = !sameEntries(merged, lying.store);
  }

  /** Forgets keys and store; what can be overwritten is overwritten with zeros. */
  lock() {
    const store = this.#store;
    this.#store = undefined;
    this.#unsaved = false;
    this.taken.clear();
    this.sent = this.log = undefined;
    const { member_id, xwing_seed, ed25519_seed } = this.member;
    for (const secret of [member_id, xwing_seed, ed25519_seed]) secret.fill(0);
    for (const one of [store, this.base.store]) wipe(one);
    this.base.sealed?.fill(0);
  }
}

/**
 * Opens a member's key file (201 bytes) with her passphrase, and the store with it.
 *
 * Throws Trouble `key_file`, `passphrase`, `network`, `unsigned`, `no_store`, `removed`, `damaged`
 * and those of the calls. Stretching the passphrase takes seconds, in slices. `page` is the id of this
 * page, where it was open before and was locked with nothing unsaved.
 * @param {{file: Uint8Array, passphrase: string, session: Session, onProgress?: Progress,
 *   page?: Uint8Array | undefined}} given
 * @returns {Promise<Desk>}
 */
export async function unlock({ file, passphrase, session, onProgress = () => undefined, page }) {
  const member = await openKeyFile(file, passphrase, onProgress);
  const { network_id } = await session.api.network();
  if (!equal(network_id, member.network_id)) throw new Trouble('network');
  const signed = new SignedApi(session.api.http, member);
  const sealed = await signed.getStore();
  if (!sealed) throw new Trouble('no_store');
  return new Desk(session, member, { sealed, store: open(sealed, member, 0n) }, page);
}

/**
 * Opens a member's key file; throws Trouble `key_file` or `passphrase`.
 * @param {Uint8Array} file
 * @param {string} passphrase
 * @param {Progress} onProgress
 */
export async function openKeyFile(file, passphrase, onProgress) {
  if (file.length !== MEMBER_FILE_BYTES) throw new Trouble('key_file');
  if (!passphrase) throw new Trouble('passphrase');
  try {
    return await openMemberFileSlowly(file, passphrase, onProgress);
  } catch (refused) {
    if (refused instanceof CannotOpen) throw new Trouble('passphrase');
    if (refused instanceof Refused) throw new Trouble('key_file', { category: refused.category });
    throw refused;
  }
}

/**
 * Opens a sealed store; throws Trouble `removed`, `older` or `damaged`.
 * @param {Uint8Array} sealed
 * @param {MemberSecret} member
 * @param {bigint} at_least_generation
 */
export function open(sealed, member, at_least_generation) {
  try {
    return openStore(sealed, member, at_least_generation);
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    const { category } = refused;
    const kind = { CannotOpen: 'removed', Rollback: 'older', Unsupported: 'newer' }[category];
    throw new Trouble(kind ?? 'damaged', { category });
  }
}

/**
 * @param {Store} one
 * @param {Store} other
 */
function sameEntries(one, other) {
  if (one === other) return true;
  const [all, there] = [one.entries, other.entries.length];
  return (
    all.length === there &&
    all.every(({ kind, id, value }) => equal(value, other.get(kind, id) ?? NOTHING))
  );
}

/** @param {Store | undefined} store */
function wipe(store) {
  if (!store) return;
  store.organisation_seed.fill(0);
  for (const { value } of store.entries) value.fill(0);
}
