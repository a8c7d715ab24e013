/**
 * An admin at work in a page: her key, the network as it was checked, and what the open applications
 * say to her. All of it lives in memory until it is locked.
 *
 * Source: docs/spec/vetting.md, 1, 3 and 4.
 */

import { openAdminFileSlowly } from '../src/client/admin_file.js';
import * as application from '../src/client/application.js';
import * as hpke from '../src/client/hpke.js';
import * as entries from '../src/client/vetting_entries.js';
import { ADMIN_FILE_BYTES, VETTING_ENTRIES_MOST } from '../src/constants.js';
import { compare, equal } from '../src/encoding.js';
import { CannotOpen, Refused } from '../src/errors.js';
import * as admin_keys from '../src/public/admin_keys.js';
import { keyOf } from '../src/public/note_signing.js';
import { identity } from '../src/public/notes.js';
import { SignedApi } from './signed_api.js';
import { Trouble } from './troubles.js';
import * as api from './vetting_api.js';
import * as scenes from './vetting_scene.js';
import { b64url } from './wire.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/note_signing.js').Signer} Signer */
/** @typedef {import('../src/client/vetting_entries.js').Entry} Entry */

/**
 * What stands under a number: an entry that holds, one that hands keys on, or why it is none.
 * @typedef {{number: number, sealed: Uint8Array, entry?: Entry, handed?: boolean, broken?: string}} Line
 */

/**
 * An open application as this admin sees it. Without `opened` it says in `broken` why: CannotOpen
 * where it was sealed before she was an admin, and nobody has handed the keys on.
 * @typedef {object} Item
 * @property {Uint8Array} id 16 bytes
 * @property {string} key the same, as the key of a map
 * @property {number} last_epoch
 * @property {Uint8Array} sealed
 * @property {Line[]} lines
 * @property {Uint8Array[]} handed the readers to whom it was handed on here, 16 bytes each
 * @property {application.ReadingKeys} [keys]
 * @property {application.Opened} [opened]
 * @property {string} [broken]
 */

/** One admin's key and what it opens, until it is locked. */
export class Desk {
  #locked = false;

  /**
   * @param {Session} session
   * @param {Signer} signer
   * @param {scenes.Scene} scene
   */
  constructor(session, signer, scene) {
    this.session = session;
    this.signer = signer;
    this.scene = scene;
    /** The admin as the policy names her. */
    this.self = keyOf(signer);
    this.signed = new SignedApi(session.api.http, {
      ed25519_seed: signer.seed,
      network_id: scene.policy.network_id,
    });
    this.reading = hpke.loadPrivate(admin_keys.readingSeed(signer.seed, scene.policy.network_id));
    /** The open applications, in the order of the server. @type {Item[]} */
    this.items = [];
    /** The reading keys of current admins that hold. @type {admin_keys.AdminKey[]} */
    this.readers = [];
  }

  /** Whether everything was forgotten. */
  get locked() {
    return this.#locked;
  }

  /** Throws Trouble `locked` where everything was forgotten. */
  check() {
    if (this.#locked) throw new Trouble('locked');
  }

  /** Forgets the key and everything that it opened; what can be overwritten is. */
  lock() {
    this.#locked = true;
    this.signer.seed.fill(0);
    for (const { keys } of this.items) {
      keys?.content_key.fill(0);
      keys?.reply_key.fill(0);
    }
    this.items = [];
  }
}

/**
 * Opens an admin's key file (115 bytes) with her passphrase, checks the network, and sees to it that
 * applications can be sealed to her.
 *
 * Throws Trouble `admin_file`, `passphrase`, `no_admin`, `retired` and those of the calls.
 * Stretching the passphrase takes seconds, in slices.
 * @param {{file: Uint8Array, passphrase: string, session: Session,
 *   onProgress?: (done: number) => void}} given
 * @returns {Promise<Desk>}
 */
export async function unlock({ file, passphrase, session, onProgress = () => undefined }) {
  const signer = await openFile(file, passphrase, onProgress);
  const scene = await scenes.see(session);
  requireAdmin(signer, scene.policy);
  const desk = new Desk(session, signer, scene);
  await tellKey(desk);
  return desk;
}

/**
 * Looks again: the network, who is listed, the open applications and what is new in each.
 *
 * Throws Trouble.
 * @param {Desk} desk
 */
export async function look(desk) {
  desk.check();
  const { session } = desk;
  const scene = await scenes.see(session);
  desk.check();
  desk.scene = scene;
  requireAdmin(desk.signer, scene.policy);
  desk.readers = await admin_keys.holding(await api.adminKeys(session.api.http), scene.policy);
  const shown = await api.applications(desk.signed);
  /** @type {Item[]} */
  const items = [];
  for (const one of shown) {
    const known = desk.items.find(({ id }) => equal(id, one.id));
    if (known && known.lines.length >= one.entries) items.push(known);
    else items.push(await fetched(desk, known ?? fresh(one), one.entries));
  }
  desk.check();
  desk.items = items;
}

/**
 * Fetches what is new under an application. Throws Trouble, `refused` where it ended.
 * @param {Desk} desk
 * @param {Item} item
 */
export async function read(desk, item) {
  desk.check();
  await fetched(desk, item, Infinity);
}

/**
 * Returns the current admins who may not be able to read an application, and whose keys hold.
 *
 * An entry that names somebody does not show that she can read: anybody can seal wrong keys to her.
 * So she is offered them until she has written something, but once only in a visit.
 * @param {Desk} desk
 * @param {Item} item
 */
export function withoutKeys(desk, item) {
  const there = [...(item.sealed.length ? application.readersOf(item.sealed) : []), ...item.handed];
  const authors = [desk.self.public_key, ...entriesOf(item).map(({ author }) => author)];
  return desk.readers.filter(
    ({ admin, reader }) =>
      !there.some((one) => equal(one, reader)) && !authors.some((one) => equal(one, admin)),
  );
}

/**
 * Returns the entries of an application that hold, in their order.
 * @param {Item} item
 * @returns {Entry[]}
 */
export const entriesOf = ({ lines }) => lines.flatMap(({ entry }) => (entry ? [entry] : []));

/**
 * Returns what an application asks for, of all that opened but this one.
 * @param {Desk} desk
 * @param {Item} item
 */
export const otherListings = ({ items }, item) =>
  items.flatMap(({ key, opened }) => (opened && key !== item.key ? [opened.listing] : []));

/**
 * Says whether the same organisation has handed in a newer application than this: that one is meant.
 *
 * Source: docs/spec/vetting.md, 6.
 * @param {Desk} desk
 * @param {Item} item
 */
export function isReplaced({ items }, { opened: own, last_epoch, id }) {
  if (!own) return false;
  return items.some(({ opened: other, ...one }) => {
    if (!other || !equal(other.listing.organisation, own.listing.organisation)) return false;
    const later = other.listing.epoch - own.listing.epoch || one.last_epoch - last_epoch;
    return (later || compare(one.id, id)) > 0;
  });
}

/**
 * @param {Uint8Array} file
 * @param {string} passphrase
 * @param {(done: number) => void} onProgress
 */
async function openFile(file, passphrase, onProgress) {
  if (file.length !== ADMIN_FILE_BYTES) throw new Trouble('admin_file');
  if (!passphrase) throw new Trouble('passphrase');
  try {
    return await openAdminFileSlowly(file, passphrase, onProgress);
  } catch (refused) {
    if (refused instanceof CannotOpen) throw new Trouble('passphrase');
    if (refused instanceof Refused) throw new Trouble('admin_file', { category: refused.category });
    throw refused;
  }
}

/**
 * @param {Signer} signer
 * @param {import('../src/public/policy.js').Policy} policy
 */
function requireAdmin(signer, { admins, former_admins }) {
  const self = identity(keyOf(signer));
  if (admins.some((one) => identity(one) === self)) return;
  throw new Trouble(former_admins.some((one) => identity(one) === self) ? 'retired' : 'no_admin');
}

/**
 * Posts the admin's reading key where the server does not show it yet.
 * @param {Desk} desk
 */
async function tellKey(desk) {
  const { network_id } = desk.scene.policy;
  const own = admin_keys.make(desk.signer.seed, network_id);
  const shown = await api.adminKeys(desk.session.api.http);
  if (!shown.some((one) => equal(one, own))) await api.putKey(desk.signed, own);
}

/** @param {api.Shown} shown @returns {Item} */
const fresh = ({ id, last_epoch }) => ({
  id,
  key: b64url(id),
  last_epoch,
  sealed: new Uint8Array(),
  lines: [],
  handed: [],
});

/**
 * Fetches until there are so many entries, or no more; the server may give fewer at once.
 * @param {Desk} desk
 * @param {Item} item
 * @param {number} wanted
 */
async function fetched(desk, item, wanted) {
  for (;;) {
    const after = item.lines.length;
    const given = await api.open(desk.signed, { id: item.id, after });
    desk.check();
    if (given.application && !item.sealed.length) item.sealed = given.application;
    item.lines.push(...given.entries.map((sealed, at) => ({ number: after + at, sealed })));
    if (!given.entries.length || item.lines.length >= Math.min(wanted, VETTING_ENTRIES_MOST)) break;
  }
  await opened(desk, item);
  return item;
}

/**
 * Opens what of an application did not open before.
 * @param {Desk} desk
 * @param {Item} item
 */
async function opened(desk, item) {
  const { policy } = desk.scene;
  const place = { network_id: policy.network_id, application_id: item.id };
  try {
    if (!item.opened) Object.assign(item, await openedBy(desk, item, place));
    delete item.broken;
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    item.broken = refused.category;
  }
  if (!item.keys) return;
  for (const line of item.lines) {
    if (!line.entry && !line.handed) await openLine(line, item.keys, policy);
  }
}

/**
 * @param {Line} line
 * @param {application.ReadingKeys} keys
 * @param {import('../src/public/policy.js').Policy} policy
 */
async function openLine(line, keys, policy) {
  if (entries.isHandedOn(line.sealed)) {
    line.handed = true;
    return;
  }
  try {
    line.entry = await entries.open(line.sealed, keys, line.number, policy);
    delete line.broken;
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    line.broken = refused.category;
  }
}

/**
 * Opens an application by the first keys sealed to this admin that open it. Anybody can seal wrong
 * ones to her: they keep her from nothing that others hand on.
 * @param {Desk} desk
 * @param {Item} item
 * @param {application.Place} place
 */
async function openedBy(desk, item, place) {
  for (const keys of keysOf(desk, item, place)) {
    try {
      return { keys, opened: await application.open(item.sealed, keys) };
    } catch (refused) {
      if (!(refused instanceof CannotOpen)) throw refused;
    }
  }
  throw new CannotOpen();
}

/**
 * Finds what is sealed to this admin, at first or by somebody who handed it on later.
 * @param {Desk} desk
 * @param {Item} item
 * @param {application.Place} place
 */
function* keysOf(desk, item, place) {
  try {
    yield application.findKeys(item.sealed, desk.reading, place);
  } catch (refused) {
    if (!(refused instanceof CannotOpen)) throw refused;
  }
  for (const { sealed } of item.lines) {
    const keys = handedOn(sealed, desk.reading, place);
    if (keys) yield keys;
  }
}

/**
 * @param {Uint8Array} sealed
 * @param {hpke.PrivateKey} reading
 * @param {application.Place} place
 */
function handedOn(sealed, reading, place) {
  try {
    return entries.openHandedOn(sealed, reading, place);
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}
