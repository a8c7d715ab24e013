/**
 * The members of an organisation: who they are, removing one, and telling the server.
 *
 * A newcomer makes her own keys on her own device; they travel sealed under the code of an
 * invitation, and both sides compare a short check number by voice before anybody is added.
 *
 * Source: docs/spec/invite.md; docs/spec/store.md, 5; docs/spec/http.md, 7.
 */

import { NOTHING } from '../src/client/stock.js';
import { MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import * as cancelling from './cancelling.js';
import * as kept from './kept.js';
import * as stock_data from './stock_data.js';
import { Trouble } from './troubles.js';
import * as walk_in_keys from './walk_in_keys.js';

export { confirm, invite, reply } from './inviting.js';

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
 * Removes a member: her entry goes and `left` stays, every code that she could open is cancelled
 * spread over a day, the stocks are made anew, and new weekly keys take the place of those that she
 * had. All of it is in the store with the next sync, which tells the server too.
 *
 * What she read until now she has read, and she has had the organisation's signing seed
 * (docs/spec/store.md, 7). Throws Trouble `yourself` or `no_member`.
 * @param {Desk} desk
 * @param {Uint8Array} member_id
 * @returns {{codes: number}} how many codes will be cancelled
 */
export function remove(desk, member_id) {
  if (equal(member_id, desk.member.member_id)) throw new Trouble('yourself');
  if (!desk.read().get(c.ENTRY_MEMBER, member_id)) throw new Trouble('no_member');
  const { today, random } = desk.session;
  const outstanding = stock_data.codes(desk.read()).map(({ locator }) => locator);
  const codes = cancelling.cancelOverADay(desk, outstanding);
  desk.edit((store) => {
    const without = store.removeMember(member_id, today());
    const emptied = kept
      .devices(without)
      .reduce((left, device) => stock_data.put(left, device, NOTHING), without);
    return walk_in_keys.renewed(emptied, today(), random);
  });
  return { codes };
}
