/**
 * The store: a provider's keys and cases, sealed to each of its members.
 *
 * A `Store` never changes: its methods return another. Every sealing draws a fresh store key.
 *
 * Source: docs/spec/store.md.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { compare, concat, equal, frame, pad, Reader, u32, u64, u8 } from '../encoding.js';
import {
  BadSignature,
  CannotOpen,
  Malformed,
  Rollback,
  TooLong,
  Unsupported,
  WrongNetwork,
} from '../errors.js';
import { fixed } from '../fields.js';
import { publicOf } from '../public/note_signing.js';
import * as aead from './aead.js';
import * as hpke from './hpke.js';
import * as store_entries from './store_entries.js';

/**
 * @typedef {import('../encoding.js').Random} Random
 * @typedef {import('./member_file.js').MemberSecret} MemberSecret
 * @typedef {{kind: number, id: Uint8Array, value: Uint8Array}} Entry
 */

export const SLOTS_START = c.SUITE_BYTES;
export const SLOTS_END = SLOTS_START + c.STORE_SLOTS * c.STORE_SLOT_BYTES;

const BODY_START = SLOTS_END + c.XCHACHA_NONCE_BYTES;
const OVERHEAD_BYTES = BODY_START + c.AEAD_TAG_BYTES;

/** What all members of an organisation share; `entries` in any order, one of each kind and id. */
export class Store {
  /** @type {ReadonlyMap<string, Entry>} */
  #entries;

  /**
   * Malformed for a part of another size, without a member, for a seed that is there and erased at
   * once, and for a member who is there and left; TooLong for more than 16 members.
   * @param {object} parts
   * @param {Uint8Array} parts.network_id 32 bytes.
   * @param {Uint8Array} parts.organisation_seed 32 bytes.
   * @param {bigint} [parts.generation]
   * @param {Iterable<Entry>} parts.entries The last of one kind and id counts.
   */
  constructor({ network_id, organisation_seed, generation = 0n, entries }) {
    this.network_id = fixed(network_id, c.NETWORK_ID_BYTES);
    this.organisation_seed = fixed(organisation_seed, c.ED25519_SEED_BYTES);
    u64(generation);
    this.generation = generation;
    this.#entries = new Map([...entries].map((entry) => [keyOf(entry.kind, entry.id), entry]));
    const members = this.ofKind(c.ENTRY_MEMBER).length;
    if (!members || this.#both(c.ENTRY_MEMBER, c.ENTRY_LEFT)) throw new Malformed();
    if (this.#both(c.ENTRY_SEED, c.ENTRY_ERASED)) throw new Malformed();
    if (members > c.STORE_SLOTS) throw new TooLong();
  }

  /** The organisation's Ed25519 public key: 32 bytes. */
  get organisation_key() {
    return publicOf(this.organisation_seed);
  }

  /** Every entry. */
  get entries() {
    return [...this.#entries.values()];
  }

  /**
   * Return the value of an entry, or undefined where there is none.
   * @param {number} kind
   * @param {Uint8Array} id
   */
  get(kind, id) {
    return this.#entries.get(keyOf(kind, id))?.value;
  }

  /**
   * Give the entries of a kind.
   * @param {number} kind
   */
  ofKind(kind) {
    return this.entries.filter((entry) => entry.kind === kind);
  }

  /**
   * Return a store with this entry, in place of the one of the same kind and id.
   *
   * Malformed for a value that breaks its kind's rules, a seed that was erased or a member who
   * left, TooLong for a 17th member. Source: docs/spec/store.md, sections 3 and 5.
   * @param {number} kind
   * @param {Uint8Array} id
   * @param {Uint8Array} value
   */
  withEntry(kind, id, value) {
    store_entries.check(kind, id, value);
    return this.#with([...this.entries, { kind, id, value }]);
  }

  /**
   * Return a store without this entry, also where there was none.
   *
   * Malformed for the last member. Source: docs/spec/store.md, section 5.
   * @param {number} kind
   * @param {Uint8Array} id
   */
  withoutEntry(kind, id) {
    return this.#with(this.entries.filter((one) => one.kind !== kind || !equal(one.id, id)));
  }

  /**
   * Return a store with the note that she left in place of this member, if she is one.
   *
   * It will not be sealed to her. Malformed for the last member. Source: docs/spec/store.md,
   * section 5.
   * @param {Uint8Array} member_id
   * @param {number} today
   */
  removeMember(member_id, today) {
    const member = this.#entries.get(keyOf(c.ENTRY_MEMBER, member_id));
    if (!member) return this;
    const kept = this.entries.filter((one) => one !== member);
    const value = store_entries.Left.encode({ since: today });
    return this.#with([...kept, { kind: c.ENTRY_LEFT, id: member_id, value }]);
  }

  /**
   * Return a store with the note that this seed was erased in place of the seed, if any.
   *
   * Source: docs/spec/store.md, section 5.
   * @param {Uint8Array} locator
   */
  eraseSeed(locator) {
    const seed = this.#entries.get(keyOf(c.ENTRY_SEED, locator));
    if (!seed) return this;
    const kept = this.entries.filter((one) => one !== seed);
    const forget_after = store_entries.forgetAfter(store_entries.SeedEntry.decode(seed.value));
    const value = store_entries.Erased.encode({ forget_after });
    return this.#with([...kept, { kind: c.ENTRY_ERASED, id: locator, value }]);
  }

  /**
   * Return a store without the seeds, weekly keys and notes whose time is over.
   *
   * Source: docs/spec/store.md, section 5.
   * @param {number} today
   */
  expire(today) {
    const kept = this.entries.filter(({ kind, value }) => !store_entries.isOver(kind, value, today));
    return this.#with(kept);
  }

  /**
   * Say whether an id stands under both of two kinds.
   * @param {number} one
   * @param {number} other
   */
  #both(one, other) {
    return this.ofKind(other).some(({ id }) => this.#entries.has(keyOf(one, id)));
  }

  /** @param {Entry[]} entries */
  #with(entries) {
    const { network_id, organisation_seed, generation } = this;
    return new Store({ network_id, organisation_seed, generation, entries });
  }
}

/**
 * Seal a store to its members, in the smallest of five sizes that fits, or in the one given.
 *
 * TooLong when the entries do not fit into 64 MiB, or into `size`, Malformed for an entry that breaks its kind's
 * rules. Source: docs/spec/store.md, sections 2 and 3.
 * @param {Store} store
 * @param {{random: Random, size?: number}} given
 * @returns {Uint8Array}
 */
export function sealStore(store, { random, size: wanted = 0 }) {
  const content = encode(store);
  const needed = OVERHEAD_BYTES + c.U32_BYTES + content.length;
  const size = c.STORE_STEPS.find((step) => step >= needed && (!wanted || step === wanted));
  if (size === undefined) throw new TooLong();
  const store_key = random(c.KEY_BYTES);
  const slots = sealSlots(store, store_key, random);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const aad = aadOf(store, slots);
  const plaintext = pad(concat(u32(content.length), content), size - OVERHEAD_BYTES);
  return concat(u8(c.SUITE), slots, nonce, aead.seal(store_key, { nonce, aad, plaintext }));
}

/**
 * Open a sealed store as one of its members.
 *
 * Malformed, Unsupported, CannotOpen (also for a former member), WrongNetwork, BadSignature for a
 * store that nobody with the organisation's seed made, or Rollback below `at_least_generation`.
 *
 * Source: docs/spec/store.md, section 6.
 * @param {Uint8Array} sealed
 * @param {MemberSecret} secret
 * @param {bigint} at_least_generation
 * @returns {Store}
 */
export function openStore(sealed, secret, at_least_generation) {
  if (!c.STORE_STEPS.includes(sealed.length)) throw new Malformed();
  if (sealed[0] !== c.SUITE) throw new Unsupported();
  const slots = sealed.slice(SLOTS_START, SLOTS_END);
  const store_key = openSlots(slots, secret);
  const nonce = sealed.slice(SLOTS_END, BODY_START);
  const aad = aadOf(secret, slots);
  const ciphertext = sealed.subarray(BODY_START);
  const store = decode(aead.open(store_key, { nonce, aad, ciphertext }));
  if (!equal(store.network_id, secret.network_id)) throw new WrongNetwork();
  if (!equal(store.organisation_key, secret.organisation_key)) throw new BadSignature();
  if (store.generation < at_least_generation) throw new Rollback();
  return store;
}

/**
 * Return the place of an entry among others.
 * @param {number} kind
 * @param {Uint8Array} id
 */
export function keyOf(kind, id) {
  return `${kind} ${bytesToHex(id)}`;
}

/**
 * @param {{network_id: Uint8Array, organisation_key: Uint8Array}} owner
 * @param {Uint8Array} slots
 */
function aadOf({ network_id, organisation_key }, slots) {
  return frame(c.LABEL_STORE, u8(c.SUITE), network_id, organisation_key, sha256(slots));
}

/** @param {{network_id: Uint8Array, organisation_key: Uint8Array}} owner */
function slotInfo({ network_id, organisation_key }) {
  return frame(c.LABEL_STORE_SLOT, u8(c.SUITE), network_id, organisation_key);
}

/**
 * Seal the store key to each member, and something random to nobody in the other slots.
 *
 * Random bytes would not do for those: an X-Wing ciphertext is not evenly distributed, so that they
 * could be told apart and the members counted.
 * @param {Store} store
 * @param {Uint8Array} store_key
 * @param {Random} random
 */
function sealSlots(store, store_key, random) {
  const info = slotInfo(store);
  const slots = store.ofKind(c.ENTRY_MEMBER).map(({ value }) => {
    const { xwing_public_key } = store_entries.MemberEntry.decode(value);
    return hpke.seal(xwing_public_key, { info, plaintext: store_key, random });
  });
  const nobody = hpke.loadPublic(hpke.publicKey(random(c.XWING_SEED_BYTES)));
  while (slots.length < c.STORE_SLOTS) {
    slots.push(hpke.seal(nobody, { info, plaintext: random(c.KEY_BYTES), random }));
  }
  return concat(...slots);
}

/**
 * @param {Uint8Array} slots
 * @param {MemberSecret} secret
 */
function openSlots(slots, secret) {
  const key = hpke.loadPrivate(secret.xwing_seed);
  const info = slotInfo(secret);
  for (let at = 0; at < slots.length; at += c.STORE_SLOT_BYTES) {
    try {
      return key.open({ info, sealed: slots.slice(at, at + c.STORE_SLOT_BYTES) });
    } catch (refused) {
      if (!(refused instanceof CannotOpen)) throw refused;
    }
  }
  throw new CannotOpen();
}

/**
 * Compare the places of two entries, for sorting.
 * @param {Omit<Entry, 'value'>} one
 * @param {Omit<Entry, 'value'>} other
 */
export function order(one, other) {
  return one.kind - other.kind || compare(one.id, other.id);
}

/** @param {Store} store */
function encode(store) {
  const { generation, network_id, organisation_seed } = store;
  const entries = store.entries.sort(order);
  const parts = entries.map(({ kind, id, value }) => {
    store_entries.check(kind, id, value);
    return concat(u8(kind), id, u32(value.length), value);
  });
  const head = [u8(c.FORMAT_VERSION), u64(generation), network_id, organisation_seed];
  return concat(...head, u32(entries.length), ...parts);
}

/** @param {Uint8Array} plaintext */
function decode(plaintext) {
  const outer = new Reader(plaintext);
  const reader = new Reader(outer.take(outer.u32()));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  outer.zerosToEnd();
  const generation = reader.u64();
  const network_id = reader.take(c.NETWORK_ID_BYTES);
  const organisation_seed = reader.take(c.ED25519_SEED_BYTES);
  const entries = readEntries(reader);
  try {
    return new Store({ network_id, organisation_seed, generation, entries });
  } catch (refused) {
    throw refused instanceof TooLong ? new Malformed() : refused;
  }
}

/** @param {Reader} reader */
function readEntries(reader) {
  /** @type {Entry[]} */
  const entries = [];
  for (let left = reader.u32(); left > 0; left--) {
    const [kind, id] = [reader.u8(), reader.take(c.ENTRY_ID_BYTES)];
    const last = entries.at(-1);
    if (last && order(last, { kind, id }) >= 0) throw new Malformed();
    const value = reader.take(reader.u32());
    store_entries.check(kind, id, value);
    entries.push({ kind, id, value });
  }
  reader.end();
  return entries;
}
