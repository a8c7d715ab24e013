/**
 * The members of an organisation: inviting, confirming, removing, and telling the server.
 *
 * A newcomer makes her own keys on her own device; they travel sealed under the code of an
 * invitation, and both sides compare a short check number by voice before anybody is added.
 *
 * Source: docs/spec/invite.md; docs/spec/store.md, 5; docs/spec/http.md, 7.
 */

import { MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import * as kept from './kept.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/store.js').Store} Store */

/**
 * A member: id (16 bytes), name, role (an id of `role`), since when, and whether it is oneself.
 * @typedef {{member_id: Uint8Array, name: string, role: number, since: number, self: boolean}} Member
 */

/**
 * Returns the members by name.
 * @param {Desk} desk
 * @returns {Member[]}
 */
export function listed(desk) {
  const self = kept.hex(desk.member.member_id);
  return desk
    .read()
    .ofKind(c.ENTRY_MEMBER)
    .map(({ id, value }) => {
      const { name, role, since } = MemberEntry.decode(value);
      return { member_id: id, name, role, since, self: kept.hex(id) === self };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Tells the server who signs for the organisation, where that has changed since; returns whether it
 * had. Throws Trouble: then it is still to be told.
 * @param {Desk} desk
 */
export async function tellServer(desk) {
  const store = desk.read();
  if (kept.membersKnown(store)) return false;
  const keys = kept.memberKeys(store);
  await desk.signed.putMembers(keys);
  desk.edit((now) => kept.withMembersKnown(now, keys));
  return true;
}

/**
 * An invitation that was made: the code to say to the newcomer, in its two forms.
 * @typedef {{symbols: string, digits: string, name: string, role: number, secret: Uint8Array}} Invited
 */

/**
 * A newcomer who has accepted: the check number to compare by voice, and what becomes her entry.
 * @typedef {{invited: Invited, number: string, member_id: Uint8Array,
 *   xwing_public_key: Uint8Array, ed25519_public_key: Uint8Array}} Accepted
 */

/**
 * Invites a newcomer under a name, with a role (an id of `role`): valid today and tomorrow.
 *
 * Throws Trouble `input`, `same_name`, `members_full` and those of the call.
 * @param {Desk} desk
 * @param {{name: string, role: number, organisation: string}} given the inviter's words for both
 * @returns {Promise<Invited>}
 */
export async function invite(desk, given) {
  throw new Trouble('invite', { status: desk && given ? 0 : 1 });
}

/**
 * Looks for the newcomer's reply; null: there is none yet.
 * @param {Desk} desk
 * @param {Invited} invited
 * @returns {Promise<Accepted | null>}
 */
export async function reply(desk, invited) {
  throw new Trouble('invite', { status: desk && invited ? 0 : 1 });
}

/**
 * Adds the newcomer, once both have the same check number; saved with the next sync, after which
 * the server knows her too. Throws Trouble `same_name` or `members_full`.
 * @param {Desk} desk
 * @param {Accepted} accepted
 */
export function confirm(desk, accepted) {
  throw new Trouble('invite', { status: desk && accepted ? 0 : 1 });
}

/**
 * Removes a member: her entry goes, `left` stays, the weekly keys are drawn anew, and every
 * outstanding code that she could open is cancelled, spread over a day; with the next sync the
 * server knows. Throws Trouble `yourself`.
 * @param {Desk} desk
 * @param {Uint8Array} member_id
 * @returns {{codes: number}} how many codes will be cancelled
 */
export function remove(desk, member_id) {
  throw new Trouble('yourself', { status: desk && member_id ? 0 : 1 });
}
