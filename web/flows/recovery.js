/**
 * The recovery sheet: a member on paper, for when nobody's passphrase opens a key file any more.
 *
 * Whoever has the paper makes herself a member with keys of her own; the member on the paper leaves
 * then, and another sheet is made.
 *
 * Source: docs/spec/store.md, 10.
 */

import { publicKey } from '../src/client/hpke.js';
import { newMember, sealMemberFileSlowly } from '../src/client/member_file.js';
import * as paper from '../src/client/recovery.js';
import { openStore } from '../src/client/store.js';
import { MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { CannotOpen, Refused } from '../src/errors.js';
import { publicOf } from '../src/public/note_signing.js';
import * as choosing from './choosing.js';
import { Desk } from './desk.js';
import * as members from './members.js';
import { SignedApi } from './signed_api.js';
import * as store_sync from './store_sync.js';
import { ofDraft, Trouble } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/client/member_file.js').MemberSecret} MemberSecret */

/** Of the list `role`. */
export const RECOVERY = 3;
const LEAD = 2;
const NAME = 'recovery';

/**
 * Makes a sheet and returns what is printed on it; an older sheet opens nothing from the next sync
 * on. Throws Trouble `members_full`.
 * @param {Desk} desk
 * @returns {string} six groups of five signs
 */
export function make(desk) {
  const { member, session } = desk;
  const secret = paper.newSecret(session.random);
  const made = paper.memberOf(secret, member);
  const today = session.today();
  desk.edit((store) => {
    const old = members.listed(desk).filter(({ role }) => role === RECOVERY);
    const left = old.reduce((rest, one) => rest.removeMember(one.member_id, today), store);
    if (left.ofKind(c.ENTRY_MEMBER).length >= c.MEMBERS_MOST) throw new Trouble('members_full');
    return left.withEntry(c.ENTRY_MEMBER, made.member_id, entryOf(made, RECOVERY, NAME, today));
  });
  return paper.symbols(secret);
}

/**
 * Says whether what was typed is what a sheet may have.
 * @param {string} typed
 */
export function isSecret(typed) {
  try {
    return paper.read(typed).length > 0;
  } catch (refused) {
    if (refused instanceof Refused) return false;
    throw refused;
  }
}

/**
 * Opens the store with a sheet, and makes whoever has it a member with this name and passphrase.
 *
 * Returns her desk, and her key file (201 bytes), to be kept before anything else is done: with the
 * first sync the sheet opens nothing any more. Throws Trouble `date_ahead` where another member
 * writes meanwhile and the device's date is far ahead, `unsigned`, `no_store`, `removed`,
 * `input`, `members_full` and those of the calls.
 * @param {Session} session
 * @param {{typed: string, name: string, passphrase: string, onProgress: (done: number) => void}} given
 * @returns {Promise<{desk: Desk, key_file: Uint8Array}>}
 */
export async function recover(session, { typed, name, passphrase, onProgress }) {
  const { sheet, size } = await open(session, paper.read(typed));
  const { random } = session;
  const secret = newMember({ ...sheet.member, random });
  const key_file = await sealMemberFileSlowly(secret, passphrase, { random, onProgress });
  const today = session.today();
  try {
    sheet.edit((store) =>
      store.withEntry(c.ENTRY_MEMBER, secret.member_id, entryOf(secret, LEAD, name, today)),
    );
  } catch (refused) {
    throw ofDraft(refused);
  }
  await members.tellServer(sheet);
  await store_sync.save(sheet, size);
  const desk = new Desk(session, secret, sheet.base);
  desk.opened = sheet.opened;
  desk.edit((store) => store.removeMember(sheet.member.member_id, today));
  return { desk, key_file };
}

/**
 * Finds the organisation of a sheet among those of the directory: its store opens with no other key.
 * @param {Session} session
 * @param {Uint8Array} secret
 */
async function open(session, secret) {
  const { view, organisations } = await choosing.fetch(session);
  const { network_id } = view.policy;
  /** @param {Uint8Array} organisation_key */
  const memberIn = (organisation_key) => paper.memberOf(secret, { network_id, organisation_key });
  const keys = organisations.map(({ statement }) => statement.organisation);
  const [any] = keys;
  if (!any) throw new Trouble('unsigned');
  const sealed = await new SignedApi(session.api.http, memberIn(any)).getStore();
  if (!sealed) throw new Trouble('no_store');
  for (const key of keys) {
    await session.pause(0);
    const store = opened(sealed, memberIn(key));
    const size = view.document.said.number('store_bytes', c.STORE_STEPS.at(-1));
    if (!store) continue;
    const sheet = new Desk(session, memberIn(key), { sealed, store });
    sheet.list_day = view.checkpoint_day;
    return { sheet, size };
  }
  throw new Trouble('removed');
}

/** @param {Uint8Array} sealed @param {MemberSecret} member */
function opened(sealed, member) {
  try {
    return openStore(sealed, member, 0n);
  } catch (refused) {
    if (refused instanceof CannotOpen) return undefined;
    throw refused instanceof Refused ? new Trouble('damaged', refused) : refused;
  }
}

/**
 * @param {MemberSecret} secret
 * @param {number} role
 * @param {string} name
 * @param {number} since
 */
const entryOf = ({ xwing_seed, ed25519_seed }, role, name, since) =>
  MemberEntry.encode({
    role,
    xwing_public_key: publicKey(xwing_seed),
    ed25519_public_key: publicOf(ed25519_seed),
    since,
    name,
  });
