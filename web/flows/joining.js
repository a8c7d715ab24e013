/**
 * The newcomer's side of an invitation: reading it, making her keys, the key file.
 *
 * Source: docs/spec/invite.md.
 */

import { Trouble } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */

/**
 * An invitation as it was opened: the inviter's words for the organisation, the newcomer's name, her
 * role (an id of `role`), and what binds it.
 * @typedef {{organisation: string, name: string, role: number, secret: Uint8Array,
 *   network_id: Uint8Array, organisation_key: Uint8Array}} Invitation
 */

/**
 * A newcomer's keys after the reply was sent: the check number to compare by voice, and the member
 * key file (201 bytes) to be saved.
 * @typedef {{number: string, key_file: Uint8Array}} Joined
 */

/**
 * Opens an invitation by its code as it was typed, or as an address brought it.
 *
 * Throws Trouble `input` for what is no code, `invite` where there is none, and those of the call.
 * @param {Session} session
 * @param {string} typed
 * @returns {Promise<Invitation>}
 */
export async function open(session, typed) {
  throw new Trouble('invite', { status: session && typed ? 0 : 1 });
}

/**
 * Draws her keys, seals them under a passphrase of hers, and sends her public keys to the inviter.
 *
 * Throws Trouble `input` for a passphrase that can't be used, `invite` where somebody else has
 * accepted, and those of the call: the same again is safe.
 * @param {Session} session
 * @param {Invitation} invitation
 * @param {{passphrase: string, onProgress?: (done: number) => void}} given
 * @returns {Promise<Joined>}
 */
export async function accept(session, invitation, given) {
  throw new Trouble('invite', { status: session && invitation && given ? 0 : 1 });
}
