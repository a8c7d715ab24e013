/**
 * What a sender checks before she is shown who will read her request, and before she may seal.
 *
 * The server's word counts for nothing here: only the policy that her code is bound to, the admins'
 * signatures, the log and its witnesses.
 *
 * Source: docs/spec/record.md, section 3, steps 6 to 13.
 */

import { equal, monday, utf8 } from '../encoding.js';
import { BadSignature, Expired, Malformed, Suspended } from '../errors.js';
import * as checkpoint from '../public/checkpoint.js';
import * as log from '../public/log.js';
import * as notes from '../public/notes.js';
import { verifyOneTimeKey } from '../public/organisation_keys.js';
import { checkCurrent } from '../public/policy_chain.js';
import * as profiles from '../public/profile.js';
import { loadPublic } from '../public/sealing.js';
import * as statements from '../public/statements.js';
import * as suspensions from '../public/suspensions.js';

/**
 * @typedef {import('../public/policy.js').Policy} Policy
 *
 * @typedef {object} Network What is the same for everybody in a network on this day.
 * @property {Policy} policy Accepted from version 1 on.
 * @property {Uint8Array} newest The newest checkpoint's note, as it came from the server.
 * @property {Uint8Array} suspensions The list that it names, as it came from the server.
 * @property {Uint8Array[]} [suspended] Notes of suspensions that the list does not have yet.
 * @property {number} today An epoch (`checkpoint.todayForSender`).
 *
 * @typedef {object} Recipient Who will read it, and the key to seal to.
 * @property {statements.Statement} statement
 * @property {profiles.Profile} profile
 * @property {Uint8Array} public_key X-Wing, 1,216 bytes.
 * @property {number} last_epoch
 * @property {boolean} witnessed False where the policy asks for no witness, which the person must
 *   be told in plain words.
 *
 * @typedef {object} Listing What shows that an organisation is vetted: in a record, and in the
 *   directory.
 * @property {Uint8Array} profile
 * @property {Uint8Array} statement
 * @property {log.Inclusion} inclusion
 * @property {Uint8Array} checkpoint
 *
 * @typedef {object} Listed A listing that holds.
 * @property {statements.Statement} statement
 * @property {profiles.Profile} profile
 * @property {number} [day] That of the newest checkpoint; not there without witnesses.
 */

/**
 * Check everything in an opened record and return who will read what is sealed to it.
 *
 * Refuses, for the first step that fails, as Malformed, as Expired, or as `checkListing`, or as
 * BadSignature. Source: docs/spec/record.md, section 3.
 * @param {import('./record.js').Contents} contents
 * @param {Uint8Array} locator 16 bytes.
 * @param {Network} network
 * @returns {Promise<Recipient>}
 */
export async function check(contents, locator, network) {
  const { last_epoch, signature } = contents;
  // All codes of a week end together: another day would tell this one apart.
  if (last_epoch !== monday(last_epoch)) throw new Malformed();
  if (last_epoch < network.today) throw new Expired();
  const { statement, profile, day } = await checkListing(contents, network);
  const { network_id } = network.policy;
  const said = { network_id, locator, last_epoch, public_key: contents.public_key };
  const { public_key } = await verifyOneTimeKey(signature, statement.organisation, said);
  loadPublic(public_key);
  return { statement, profile, public_key, last_epoch, witnessed: day !== undefined };
}

/**
 * Check that an organisation is vetted, logged and not suspended on this day.
 *
 * Refuses, for the first step that fails, as Malformed, WrongNetwork, BadSignature,
 * TooFewSignatures, NotYetValid, Expired, Suspended, NotInLog, NotWitnessed or Rollback.
 * Source: docs/spec/record.md, section 3, steps 7 to 12.
 * @param {Listing} listing
 * @param {Network} network
 * @returns {Promise<Listed>}
 */
export async function checkListing(listing, network) {
  const { policy, today } = network;
  const statement = await statements.check(listing.statement, policy, today);
  if (statement.kind !== statements.VETTED) throw new Suspended();
  if (!equal(profiles.profileHash(listing.profile), statement.profile)) throw new BadSignature();
  const profile = profiles.decode(listing.profile);
  await checkLogged(listing, policy);
  const newest = await checkpoint.checkNewest(network.newest, policy);
  checkCurrent(policy, today);
  checkpoint.checkFresh(newest.day, today);
  const list = await suspensions.check(network.suspensions, newest.checkpoint, policy.network_id);
  const ended = await suspensions.addSuspended(list, network.suspended ?? [], policy);
  suspensions.checkNotSuspended(ended, statement.organisation, statement.serial);
  return { statement, profile, day: newest.day };
}

/**
 * Hold step 10: the statement is in the log that witnesses have seen, however long ago.
 * @param {Listing} listing
 * @param {Policy} policy
 */
async function checkLogged(listing, policy) {
  const seen = await checkpoint.check(listing.checkpoint, policy);
  const { size, root } = seen.checkpoint;
  const leaf = log.leafHash(utf8(notes.parse(listing.statement).text));
  log.verifyInclusion(leaf, listing.inclusion, { size, root });
}
