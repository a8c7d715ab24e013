/**
 * The newcomer's side of an invitation: reading it, making her keys, the key file.
 *
 * Her secrets never leave her device but in the file that she saves, under her passphrase.
 *
 * Source: docs/spec/invite.md.
 */

import { publicKey } from '../src/client/hpke.js';
import * as invites from '../src/client/invite.js';
import { newMember, sealMemberFileSlowly } from '../src/client/member_file.js';
import { Refused } from '../src/errors.js';
import { publicOf } from '../src/public/note_signing.js';
import * as network_view from './network_view.js';
import { ProviderApi } from './provider_api.js';
import { ofDraft, Trouble } from './troubles.js';
import { typedCode } from './typed_code.js';

/** @typedef {import('./ambient.js').Session} Session */

/**
 * An invitation as it was opened: the inviter's words for the organisation, the newcomer's name, her
 * role (an id of `role`), and what binds it; `made` is there once she has made her keys.
 * @typedef {object} Invitation
 * @property {string} organisation
 * @property {string} name
 * @property {number} role
 * @property {invites.Offer} offer
 * @property {invites.InviteKeys} keys
 * @property {Uint8Array} sealed the offer as it lies at the server
 * @property {Made} [made]
 */

/**
 * Her keys and the reply as it is sent, again and again the same.
 * @typedef {{secret: import('../src/client/member_file.js').MemberSecret, reply: invites.Reply,
 *   sealed: Uint8Array}} Made
 */

/**
 * What is left after the reply was sent: the check number to compare by voice, and the member key
 * file (201 bytes) to be saved.
 * @typedef {{number: string, key_file: Uint8Array}} Joined
 */

/**
 * Opens an invitation by its code as it was typed.
 *
 * Throws Trouble `input` for what is no code, `invite` where there is none, and those of the calls.
 * @param {Session} session
 * @param {string} typed
 * @returns {Promise<Invitation>}
 */
export async function open(session, typed) {
  const code = typedCode(typed);
  const { network_id } = (await network_view.fetch(session)).policy;
  const keys = await invites.inviteKeys(code, network_id);
  const sealed = await new ProviderApi(session.api.http).openInvite(keys.locator);
  if (!sealed) throw new Trouble('invite');
  try {
    const offer = invites.openOffer(keys, sealed, network_id);
    return { organisation: offer.organisation, name: offer.name, role: offer.role, offer, keys, sealed };
  } catch (refused) {
    throw refused instanceof Refused ? new Trouble('invite') : refused;
  }
}

/**
 * Draws her keys, seals them under a passphrase of hers, and sends her public keys to the inviter.
 *
 * Throws Trouble `input` for a passphrase that can't be used, `invite` where somebody else has
 * accepted or it has ended, and those of the call: the same again is safe, also with another
 * passphrase.
 * @param {Session} session
 * @param {Invitation} invitation
 * @param {{passphrase: string, onProgress?: (done: number) => void}} given
 * @returns {Promise<Joined>}
 */
export async function accept(session, invitation, { passphrase, onProgress = () => undefined }) {
  const { random } = session;
  const { keys, offer } = invitation;
  invitation.made ??= make(invitation, random);
  const { secret, reply, sealed } = invitation.made;
  const key_file = await sealFile(secret, passphrase, { random, onProgress });
  const { network_id, organisation_key } = offer;
  const place = { offer: invitation.sealed, network_id, organisation_key };
  const number = await invites.checkNumber(reply, place);
  const api = new ProviderApi(session.api.http);
  const became = await api.acceptInvite(keys.locator, keys.write_key, sealed);
  if (became !== 'stored') throw new Trouble('invite');
  return { number, key_file };
}

/**
 * @param {Invitation} invitation
 * @param {import('../src/encoding.js').Random} random
 * @returns {Made}
 */
function make({ offer, keys, sealed }, random) {
  const { network_id, organisation_key } = offer;
  const secret = newMember({ network_id, organisation_key, random });
  const reply = {
    member_id: secret.member_id,
    xwing_public_key: publicKey(secret.xwing_seed),
    ed25519_public_key: publicOf(secret.ed25519_seed),
  };
  return {
    secret,
    reply,
    sealed: invites.sealReply(keys, reply, { offer: sealed, network_id, random }),
  };
}

/**
 * @param {import('../src/client/member_file.js').MemberSecret} secret
 * @param {string} passphrase
 * @param {{random: import('../src/encoding.js').Random, onProgress: (done: number) => void}} given
 */
async function sealFile(secret, passphrase, given) {
  try {
    return await sealMemberFileSlowly(secret, passphrase, given);
  } catch (refused) {
    throw ofDraft(refused);
  }
}
