/**
 * Applying to be vetted: keys and a store in the page first, then one application sealed to the
 * admins.
 *
 * What was made stands in the store before anything is sent: an organisation that is listed has it
 * on the server, one that is not listed yet keeps it as a file beside the key file. So what was sent
 * can be sent again byte for byte, its reply be read, and it be taken back.
 *
 * Source: docs/spec/vetting.md, 1 to 3 and 5; docs/spec/store.md, 1 to 3.
 */

import * as application from '../src/client/application.js';
import { publicKey } from '../src/client/hpke.js';
import { newMember, sealMemberFileSlowly } from '../src/client/member_file.js';
import { APPLICATION } from '../src/client/settings.js';
import { sealStore, Store } from '../src/client/store.js';
import { MemberEntry } from '../src/client/store_entries.js';
import * as entries from '../src/client/vetting_entries.js';
import * as c from '../src/constants.js';
import { b64, concat, equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import * as admin_keys from '../src/public/admin_keys.js';
import * as listings from '../src/public/applications.js';
import { keyHash } from '../src/public/keys.js';
import * as lines from '../src/public/lines.js';
import { publicOf } from '../src/public/note_signing.js';
import * as profiles from '../src/public/profile.js';
import { has, own } from './applied.js';
import * as desks from './desk.js';
import * as kept from './kept.js';
import * as network_view from './network_view.js';
import * as store_sync from './store_sync.js';
import { ofDraft, Trouble } from './troubles.js';
import * as api from './vetting_api.js';
import * as scenes from './vetting_scene.js';

export { has };

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/client/application.js').Answer} Answer */

/**
 * To whom an application is sealed: the network, and the admins whose reading keys hold.
 * @typedef {object} Admins
 * @property {network_view.View} view
 * @property {admin_keys.AdminKey[]} readers
 * @property {string[]} names as the policy calls them; of one reader together, who posted its key
 */

/**
 * What an organisation says: what would be public, and what only admins read.
 * @typedef {object} Said
 * @property {string} name
 * @property {import('../src/public/profile.js').Profile} profile
 * @property {string} contact
 * @property {Answer[]} answers
 */

/**
 * A new organisation's member at her desk, and the two files that she has to keep.
 * @typedef {{desk: desks.Desk, key_file: Uint8Array, store_file: Uint8Array}} Founded
 */

/**
 * Where an application stands. `reply` is there once admins have said something.
 * @typedef {object} Standing
 * @property {listings.Application} listing what would be public
 * @property {number} last_day the last on which it is kept, unless it is taken back
 * @property {import('../src/client/vetting_entries.js').Reply} [reply]
 * @property {scenes.Listed} [listed] the organisation as it is listed today
 * @property {boolean} is_due whether it should apply again, to stay listed
 */

/**
 * What takes an application back: its id (16 bytes), and the key (32 bytes).
 * @typedef {{id: Uint8Array, write_key: Uint8Array}} Ends
 */

const ROLE_LEAD = 2; // of the list "role"

/**
 * Fetches the network and the admins to whom an application is sealed.
 *
 * Throws Trouble `few_admins` where fewer than must sign have a key that holds, and those of the
 * calls. Source: docs/spec/vetting.md, 3.
 * @param {Session} session
 * @returns {Promise<Admins>}
 */
export async function admins(session) {
  const view = await network_view.fetch(session);
  const { policy } = view;
  const held = await admin_keys.holding(await api.adminKeys(session.api.http), policy);
  const readers = admin_keys.distinct(held);
  if (readers.length < policy.threshold) throw new Trouble('few_admins');
  return { view, readers, names: namesOf(held, policy) };
}

/**
 * Returns what is wrong with a name, or undefined: `name` for what no listing can have.
 * @param {string} name
 */
export function wrongName(name) {
  return refuses(() => {
    lines.checkName(name, c.ORGANISATION_NAME_BYTES);
    lines.checkSpelling(name);
  });
}

/**
 * Says whether a profile can stand so, in the room that there is.
 * @param {import('../src/public/profile.js').Profile} profile
 */
export const wrongProfile = (profile) => refuses(() => profiles.encode(profile));

/**
 * Says whether a text can't be sent: signs that can't be seen, or that turn what stands around them.
 * @param {string} text
 */
export const wrongText = (text) => refuses(() => lines.checkText(text));

/**
 * Draws an organisation's and its first member's keys, and seals an application of theirs. Nothing
 * is sent: `key_file` and `store_file` are to be kept first.
 *
 * Throws Trouble `input` or `too_long` for what can't stand, and for a passphrase that can't be used.
 * @param {Session} session
 * @param {Admins} to
 * @param {Said} said
 * @param {{member_name: string, passphrase: string, onProgress?: (done: number) => void}} given
 * @returns {Promise<Founded>}
 */
export async function found(session, to, said, given) {
  const { today, random } = session;
  const { member_name, passphrase, onProgress = () => undefined } = given;
  const { network_id } = to.view.policy;
  const seed = random(c.ED25519_SEED_BYTES);
  const member = newMember({ network_id, organisation_key: publicOf(seed), random });
  try {
    const value = MemberEntry.encode({
      role: ROLE_LEAD,
      xwing_public_key: publicKey(member.xwing_seed),
      ed25519_public_key: publicOf(member.ed25519_seed),
      since: today(),
      name: member_name,
    });
    const entry = { kind: c.ENTRY_MEMBER, id: member.member_id, value };
    const empty = new Store({ network_id, organisation_seed: seed, entries: [entry] });
    const known = kept.withMembersKnown(empty, kept.memberKeys(empty));
    const store = await withApplication(known, member, { to, said, session });
    const key_file = await sealMemberFileSlowly(member, passphrase, { random, onProgress });
    const desk = new desks.Desk(session, member, { sealed: null, store });
    return { desk, key_file, store_file: sealStore(store, { random }) };
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Makes a new application of an organisation that has its keys, in place of the one before. It is in
 * the desk's store then, and has to be kept before it is handed in. Returns what takes the one before
 * back, for `post`.
 *
 * Throws as `found`.
 * @param {desks.Desk} desk
 * @param {Admins} to
 * @param {Said} said
 * @returns {Promise<Ends | undefined>}
 */
export async function renew(desk, to, said) {
  const { session, member } = desk;
  const before = has(desk) ? endsOf(desk) : undefined;
  try {
    const store = await withApplication(desk.read(), member, { to, said, session });
    desk.edit(() => store);
    return before;
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Opens what somebody kept: with the file beside her key file where her organisation is not listed
 * yet, without it where its store lies on the server.
 *
 * Throws Trouble as `desks.unlock`, and `store_file` for a file that is none of hers.
 * @param {Session} session
 * @param {{key_file: Uint8Array, store_file?: Uint8Array | undefined, passphrase: string,
 *   onProgress?: (done: number) => void}} given
 */
export async function open(session, { key_file, store_file, passphrase, onProgress }) {
  const progress = onProgress ?? (() => undefined);
  if (!store_file) {
    return await desks.unlock({ file: key_file, passphrase, session, onProgress: progress });
  }
  const member = await desks.openKeyFile(key_file, passphrase, progress);
  const { network_id } = await session.api.network();
  if (!equal(network_id, member.network_id)) throw new Trouble('network');
  try {
    const store = desks.open(store_file, member, 0n);
    return new desks.Desk(session, member, { sealed: null, store });
  } catch (trouble) {
    throw trouble instanceof Trouble && trouble.kind !== 'newer' ? new Trouble('store_file') : trouble;
  }
}

/**
 * Returns the file that an organisation keeps while it is not listed: its store, as it stands now.
 * @param {desks.Desk} desk
 */
export const storeFile = (desk) => sealStore(desk.read(), { random: desk.session.random });

/**
 * Says whether the organisation's store lies on the server.
 * @param {desks.Desk} desk
 */
export const isOnServer = (desk) => desk.base.sealed !== null;

/**
 * Keeps what was made on the server, where the organisation is listed. Throws Trouble.
 * @param {desks.Desk} desk
 */
export async function keep(desk) {
  const view = await network_view.fetch(desk.session);
  await store_sync.save(desk, view.document.said.number('store_bytes', c.STORE_STEPS.at(-1)));
}

/**
 * Hands in the application that the store has, the same bytes each time; then takes the one before
 * back, if there was one: admins do not see two of one organisation.
 *
 * Throws Trouble `no_application`, and those of the calls.
 * @param {desks.Desk} desk
 * @param {Ends} [before]
 */
export async function post(desk, before) {
  const { keys, write_key, sealed } = own(desk);
  const { application_id: id } = keys;
  const given = { id, write_key_hash: keyHash(write_key), application: sealed };
  await api.apply(desk.session.api.http, given);
  if (before) await api.withdraw(desk.session.api.http, before);
}

/**
 * Looks where the application stands: what was said of it, and whether the organisation is listed.
 *
 * Throws Trouble `no_application`, and those of the calls.
 * @param {desks.Desk} desk
 * @returns {Promise<Standing>}
 */
export async function look(desk) {
  const { keys, write_key, sealed } = own(desk);
  const { listing } = await application.open(sealed, keys);
  const given = { id: keys.application_id, write_key };
  const answered = await api.reply(desk.session.api.http, given);
  const scene = await scenes.see(desk.session);
  const listed = scenes.listedOf(scene, listing.organisation);
  const reply = replyIn(answered, keys);
  return {
    listing,
    last_day: listing.epoch + c.APPLICATION_DAYS,
    is_due: Boolean(listed && scenes.due(scene).includes(listed)),
    ...(reply ? { reply } : {}),
    ...(listed ? { listed } : {}),
  };
}

/**
 * Returns what the application of a store says, to begin the next one with.
 * @param {desks.Desk} desk
 * @returns {Promise<Said>}
 */
export async function said(desk) {
  const { keys, sealed } = own(desk);
  const { listing, contact, answers } = await application.open(sealed, keys);
  return { name: listing.name, profile: profiles.decode(listing.profile), contact, answers };
}

/**
 * Takes the application back: admins see it no more. Throws Trouble `no_application`, and those of
 * the call.
 * @param {desks.Desk} desk
 */
export async function withdraw(desk) {
  await api.withdraw(desk.session.api.http, endsOf(desk));
  desk.edit((store) => kept.drop(store, APPLICATION));
  if (isOnServer(desk)) await keep(desk);
}

/** @param {desks.Desk} desk @returns {Ends} */
function endsOf(desk) {
  const { keys, write_key } = own(desk);
  return { id: keys.application_id, write_key };
}

/**
 * @param {Store} store
 * @param {import('../src/client/member_file.js').MemberSecret} member
 * @param {{to: Admins, said: Said, session: Session}} given
 */
async function withApplication(store, member, { to, said: told, session }) {
  const { network_id, organisation_seed } = store;
  const { random } = session;
  const secret = random(c.APPLICATION_SECRET_BYTES);
  const listing = listings.make(organisation_seed, {
    network_id,
    member_key: publicOf(member.ed25519_seed),
    epoch: to.view.today,
    name: told.name,
    profile: profiles.encode(told.profile),
  });
  const sealed = await application.seal(application.readingKeys(secret, network_id), {
    organisation_seed,
    listing,
    contact: told.contact,
    answers: told.answers,
    readers: to.readers,
    threshold: to.view.policy.threshold,
    random,
  });
  return kept.put(store, APPLICATION, concat(secret, sealed));
}

/**
 * @param {Uint8Array} answered
 * @param {application.ReadingKeys} keys
 */
function replyIn(answered, keys) {
  try {
    return entries.openReply(answered, keys);
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}

/** @param {() => unknown} work */
function refuses(work) {
  try {
    work();
    return false;
  } catch (refused) {
    if (refused instanceof Refused) return true;
    throw refused;
  }
}

/**
 * Names each reader by the admins who posted its key: where there are several, one of them has it.
 * @param {admin_keys.AdminKey[]} held
 * @param {import('../src/public/policy.js').Policy} policy
 */
function namesOf(held, policy) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { name, public_key } of policy.admins) {
    const key = held.find(({ admin }) => equal(admin, public_key));
    if (!key) continue;
    const reader = b64(key.reader);
    found.set(reader, [...(found.get(reader) ?? []), name]);
  }
  return [...found.values()].map((names) => names.join(' / '));
}
