/**
 * What the store keeps beside codes and cases, under names of its own (kind 6).
 *
 * Source: docs/spec/store.md, 3 and 8.
 */

import * as names from '../src/client/settings.js';
import { MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { compare, concat, equal, lp, Reader, text, u16, u32, u64, u8, utf8 } from '../src/encoding.js';
import { Malformed } from '../src/errors.js';
import * as edge from '../src/public/edge.js';
import { sha256 } from '../src/public/keys.js';
import { b64url } from './wire.js';

/** @typedef {import('../src/client/store.js').Store} Store */

const UNREADABLE_MOST = 256;
const UNREADABLE_DAYS = 90;
const WEEKS_KEPT = 4;
const DEVICE_BYTES = 4;

/**
 * Returns a setting, or undefined.
 * @param {Store} store
 * @param {string} name
 */
export const get = (store, name) => store.get(c.ENTRY_SETTING, names.settingId(name));

/**
 * Returns a store with this setting; the same one where it stands there already.
 * @param {Store} store
 * @param {string} name
 * @param {Uint8Array} value
 */
export function put(store, name, value) {
  const before = get(store, name);
  if (before && equal(before, value)) return store;
  return store.withEntry(c.ENTRY_SETTING, names.settingId(name), value);
}

/**
 * Returns a store without this setting.
 * @param {Store} store
 * @param {string} name
 */
export const drop = (store, name) =>
  get(store, name) ? store.withoutEntry(c.ENTRY_SETTING, names.settingId(name)) : store;

/**
 * Returns the last cursor of the drop up to which everything is filed.
 * @param {Store} store
 */
export function cursor(store) {
  const value = get(store, names.CURSOR);
  return value ? new Reader(value).u64() : 0n;
}

/**
 * Returns a store with this cursor, or its own where that is higher.
 * @param {Store} store
 * @param {bigint} last
 */
export const withCursor = (store, last) =>
  last > cursor(store) ? put(store, names.CURSOR, u64(last)) : store;

/**
 * Returns the drop key (32 bytes) of the week that begins on this Monday, or undefined.
 * @param {Store} store
 * @param {number} week
 */
export function dropKey(store, week) {
  const value = get(store, names.DROP_KEY);
  return value && new Reader(value).u32() === week ? value.slice(c.EPOCH_BYTES) : undefined;
}

/**
 * Returns a store with a week's drop key.
 * @param {Store} store
 * @param {number} week
 * @param {Uint8Array} key
 */
export const withDropKey = (store, week, key) => put(store, names.DROP_KEY, concat(u32(week), key));

/**
 * What was for this organisation and did not open: its tag (16 bytes) and the day it was seen.
 * @typedef {{tag: Uint8Array, day: number}} Unreadable
 */

/**
 * Returns what did not open, in the order in which it was seen.
 * @param {Store} store
 */
export function unreadable(store) {
  const reader = new Reader(get(store, names.UNREADABLE) ?? new Uint8Array());
  /** @type {Unreadable[]} */
  const found = [];
  while (reader.left) found.push({ tag: reader.take(c.BINDING_BYTES), day: reader.u32() });
  return found;
}

/**
 * Returns a store that remembers these tags from today on, and forgets those of 90 days ago.
 * @param {Store} store
 * @param {Uint8Array[]} tags
 * @param {number} today
 */
export function withUnreadable(store, tags, today) {
  const known = unreadable(store);
  const fresh = tags.filter((tag) => !known.some((one) => equal(one.tag, tag)));
  const all = [...known, ...fresh.map((tag) => ({ tag, day: today }))];
  const kept = all.filter(({ day }) => day + UNREADABLE_DAYS >= today).slice(-UNREADABLE_MOST);
  if (!fresh.length && kept.length === known.length) return store;
  return put(store, names.UNREADABLE, concat(...kept.flatMap(({ tag, day }) => [tag, u32(day)])));
}

/**
 * Whether walk-ins are taken, and how much room there is (id of `capacity`, 0 not said).
 * @typedef {{walk_ins: boolean, capacity: number}} Room
 */

/**
 * Returns what this organisation says of itself; walk-ins are closed until it opens them.
 * @param {Store} store
 * @returns {Room}
 */
export function room(store) {
  const value = get(store, names.WALK_INS);
  if (!value) return { walk_ins: false, capacity: 0 };
  const reader = new Reader(value);
  return { walk_ins: Boolean(reader.u8()), capacity: reader.u16() };
}

/**
 * Returns a store with what this organisation says of itself.
 * @param {Store} store
 * @param {Room} said
 */
export const withRoom = (store, { walk_ins, capacity }) =>
  put(store, names.WALK_INS, concat(u8(Number(walk_ins)), u16(capacity)));

/**
 * Returns the weeks (Mondays) settled for a device, and whether the key there is its own.
 * @param {Store} store
 * @param {Uint8Array} device
 * @returns {Map<number, boolean>}
 */
export function weeklyDone(store, device) {
  const reader = new Reader(get(store, names.weeklyOf(device)) ?? new Uint8Array());
  const found = new Map();
  while (reader.left) found.set(reader.u32(), Boolean(reader.u8()));
  return found;
}

/**
 * Returns a store that knows that a week's key is published, here or on another device.
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {number} week
 * @param {boolean} own
 */
export function withWeeklyDone(store, device, week, own) {
  const weeks = [...weeklyDone(store, device).set(week, own)].sort(([a], [b]) => a - b);
  const latest = weeks.slice(-WEEKS_KEPT).map(([one, mine]) => concat(u32(one), u8(Number(mine))));
  return put(store, names.weeklyOf(device), concat(...latest));
}

/**
 * Returns a store that knows of no week's key, so that each is made anew.
 * @param {Store} store
 * @param {Uint8Array} device
 */
export const withoutWeeklyDone = (store, device) => drop(store, names.weeklyOf(device));

/**
 * Returns the network's own regions, as its policy last said.
 * @param {Store} store
 */
export function regions(store) {
  const reader = new Reader(get(store, names.REGIONS) ?? new Uint8Array());
  const found = [];
  while (reader.left) found.push({ number: reader.u16(), name: text(reader.lp()) });
  return found;
}

/**
 * Returns a store with the network's own regions.
 * @param {Store} store
 * @param {Iterable<{number: number, name: string}>} said
 */
export const withRegions = (store, said) =>
  put(store, names.REGIONS, concat(...[...said].flatMap(({ number, name }) => [u16(number), lp(utf8(name))])));

/**
 * Returns the members' Ed25519 keys (32 bytes each), ascending.
 * @param {Store} store
 */
export const memberKeys = (store) =>
  store
    .ofKind(c.ENTRY_MEMBER)
    .map(({ value }) => MemberEntry.decode(value).ed25519_public_key)
    .sort(compare);

/**
 * Says whether the server was told the members that stand in the store now.
 * @param {Store} store
 */
export function membersKnown(store) {
  const told = get(store, names.MEMBERS);
  return Boolean(told && equal(told, listHash(memberKeys(store))));
}

/**
 * Returns a store that knows which members (keys, ascending) the server was told.
 * @param {Store} store
 * @param {Uint8Array[]} keys
 */
export const withMembersKnown = (store, keys) => put(store, names.MEMBERS, listHash(keys));

/**
 * Returns the numbers (4 bytes each) of all devices that made codes in this store.
 * @param {Store} store
 */
export function devices(store) {
  const reader = new Reader(get(store, names.DEVICES) ?? new Uint8Array());
  const found = [];
  while (reader.left) found.push(reader.take(DEVICE_BYTES));
  return found;
}

/**
 * Returns a store that knows of this device.
 * @param {Store} store
 * @param {Uint8Array} device
 */
export function withDevice(store, device) {
  const known = devices(store);
  if (known.some((one) => equal(one, device))) return store;
  return put(store, names.DEVICES, concat(...known, device));
}

/**
 * Who last wrote a store to the server: her name and role there, undefined where she is no member
 * of it; and the day.
 * @typedef {{member_id: Uint8Array, name?: string, role?: number, day: number}} Written
 */

/**
 * Returns who last wrote this store, or undefined where it does not say.
 * @param {Store} store
 * @returns {Written | undefined}
 */
export function written(store) {
  const value = get(store, names.WRITTEN);
  if (value?.length !== c.ENTRY_ID_BYTES + c.EPOCH_BYTES) return undefined;
  const [member_id, day] = [value.slice(0, c.ENTRY_ID_BYTES), new Reader(value.slice(c.ENTRY_ID_BYTES)).u32()];
  const entry = store.get(c.ENTRY_MEMBER, member_id);
  if (!entry) return { member_id, day };
  const { name, role } = MemberEntry.decode(entry);
  return { member_id, name, role, day };
}

/**
 * Returns a store that says who writes it (id of 16 bytes) and on which day.
 * @param {Store} store
 * @param {Uint8Array} member_id
 * @param {number} today
 */
export const withWritten = (store, member_id, today) =>
  put(store, names.WRITTEN, concat(member_id, u32(today)));

/**
 * Returns the edge of the network's log as it was last seen; of nothing where it never was.
 * @param {Store} store
 */
export function logEdge(store) {
  const value = get(store, names.LOG);
  try {
    return value ? edge.decode(value) : edge.EMPTY;
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return edge.EMPTY;
  }
}

/**
 * Returns a store that knows how far the network's log was seen.
 * @param {Store} store
 * @param {edge.Edge} seen
 */
export const withLogEdge = (store, seen) => put(store, names.LOG, edge.encode(seen));

/**
 * Returns the last epoch on which the log lists this organisation, as it was last seen.
 * @param {Store} store
 */
export function listedUntil(store) {
  const value = get(store, names.LISTED);
  return value && new Reader(value).u32();
}

/**
 * Returns a store that knows the last epoch on which the log lists this organisation.
 * @param {Store} store
 * @param {number} until
 */
export const withListedUntil = (store, until) => put(store, names.LISTED, u32(until));

/**
 * Writes bytes in hexadecimal, as they stand in the names of settings.
 * @param {Uint8Array} bytes
 */
export const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');

/**
 * Writes bytes so that they can be the key of a map.
 * @param {Uint8Array} bytes
 */
export const keyOf = (bytes) => b64url(bytes);

/** @param {Uint8Array[]} keys */
const listHash = (keys) => sha256(concat(...keys));
