/**
 * Inviting a newcomer: the code to say to her, her reply, the number to compare, and her entry.
 *
 * Source: docs/spec/invite.md; docs/spec/http.md, 4 and 7.
 */

import * as code_text from '../src/client/code_text.js';
import * as codes from '../src/client/codes.js';
import * as invites from '../src/client/invite.js';
import { MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { CannotOpen, Refused, TooLong } from '../src/errors.js';
import { keyHash } from '../src/public/keys.js';
import { ofDraft, Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */

/**
 * An invitation that was made: the code to say to the newcomer, in its two forms; the rest opens her
 * reply. It lives in the page alone: closed before she has answered, it is made anew.
 * @typedef {{symbols: string, digits: string, name: string, role: number,
 *   keys: invites.InviteKeys, offer: Uint8Array}} Invited
 */

/**
 * A newcomer who has accepted: the check number to compare by voice, and what becomes her entry.
 * @typedef {{invited: Invited, number: string, reply: invites.Reply}} Accepted
 */

/**
 * Invites a newcomer under a name, with a role (an id of `role`): valid today and tomorrow.
 *
 * `organisation` are the inviter's words for it, which the newcomer is shown. Throws Trouble
 * `input`, `too_long`, `same_name`, `members_full` and those of the call.
 * @param {Desk} desk
 * @param {{name: string, role: number, organisation: string}} given
 * @returns {Promise<Invited>}
 */
export async function invite(desk, { name, role, organisation }) {
  checkRoom(desk, name);
  const { network_id, member, session } = desk;
  const { random } = session;
  const code = codes.newSecret(random);
  const keys = await invites.inviteKeys(code, network_id);
  const { organisation_key } = member;
  const said = { network_id, organisation_key, role, organisation, name };
  const offer = sealed(keys, said, random);
  await desk.signed.putInvite(keys.locator, keyHash(keys.write_key), offer);
  return {
    symbols: code_text.symbols(code, 'code'),
    digits: code_text.digits(code, 'code'),
    name,
    role,
    keys,
    offer,
  };
}

/**
 * Looks for the newcomer's reply; null: there is none yet, or the invitation has ended.
 * @param {Desk} desk
 * @param {Invited} invited
 * @returns {Promise<Accepted | null>}
 */
export async function reply(desk, invited) {
  const { keys, offer } = invited;
  const read = await desk.api.readInvite(keys.locator, keys.write_key);
  const { network_id, organisation_key } = desk.member;
  try {
    const found = invites.openReply(keys, read, { offer, network_id });
    const number = await invites.checkNumber(found, { offer, network_id, organisation_key });
    return { invited, number, reply: found };
  } catch (refused) {
    if (refused instanceof CannotOpen) return null;
    throw refused instanceof Refused ? new Trouble('invite') : refused;
  }
}

/**
 * Adds the newcomer, once both have the same number; the store is sealed to her from the next sync
 * on, and the server knows her then. Throws Trouble `same_name` or `members_full`, and `invite` for
 * the id or a key of another member, past or present: nobody takes another's place.
 * @param {Desk} desk
 * @param {Accepted} accepted
 */
export function confirm(desk, { invited: { name, role }, reply: found }) {
  checkRoom(desk, name);
  const { member_id, xwing_public_key, ed25519_public_key } = found;
  checkNew(desk, found);
  const since = desk.session.today();
  const entry = { role, xwing_public_key, ed25519_public_key, since, name };
  try {
    desk.edit((store) => store.withEntry(c.ENTRY_MEMBER, member_id, MemberEntry.encode(entry)));
  } catch (refused) {
    throw refused instanceof TooLong ? new Trouble('members_full') : ofDraft(refused);
  }
}

/**
 * @param {Desk} desk
 * @param {string} name
 */
function checkRoom(desk, name) {
  const all = desk.read().ofKind(c.ENTRY_MEMBER);
  if (all.some(({ value }) => MemberEntry.decode(value).name === name)) {
    throw new Trouble('same_name');
  }
  if (all.length >= c.STORE_SLOTS) throw new Trouble('members_full');
}

/**
 * @param {Desk} desk
 * @param {invites.Reply} found
 */
function checkNew(desk, { member_id, xwing_public_key, ed25519_public_key }) {
  const store = desk.read();
  const known = store.get(c.ENTRY_MEMBER, member_id) ?? store.get(c.ENTRY_LEFT, member_id);
  const all = store.ofKind(c.ENTRY_MEMBER).map(({ value }) => MemberEntry.decode(value));
  const same = all.some(
    (one) =>
      equal(one.xwing_public_key, xwing_public_key) ||
      equal(one.ed25519_public_key, ed25519_public_key),
  );
  if (known || same) throw new Trouble('invite');
}

/**
 * @param {invites.InviteKeys} keys
 * @param {invites.Offer} offer
 * @param {import('../src/encoding.js').Random} random
 */
function sealed(keys, offer, random) {
  try {
    return invites.sealOffer(keys, offer, { random });
  } catch (refused) {
    throw ofDraft(refused);
  }
}
