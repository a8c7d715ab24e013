/**
 * How a client comes by the policy: version 1 by the network's id, every next one by the last.
 *
 * Source: docs/spec/statements.md, 4
 */

import { equal } from '../encoding.js';
import { Expired, Malformed, Rollback, TooFewSignatures, WrongNetwork } from '../errors.js';
import { digest } from './keys.js';
import * as notes from './notes.js';
import { FIRST_VERSION, allAdmins, namedNetwork, parse } from './policy.js';

/** @typedef {import('./policy.js').Policy} Policy */

/**
 * Accept version 1 of the policy of the network with this id (32 bytes).
 *
 * Refuses as Malformed, WrongNetwork, BadSignature or TooFewSignatures.
 *
 * Source: docs/spec/statements.md, 4
 * @param {Uint8Array} note
 * @param {Uint8Array} network_id
 * @returns {Promise<Policy>}
 */
export async function acceptFirst(note, network_id) {
  const read = notes.parse(note);
  const policy = parse(read.text, await digest(namedNetwork(read.text)));
  if (policy.version !== FIRST_VERSION) throw new Malformed();
  if (!equal(policy.network_id, network_id)) throw new WrongNetwork();
  await requireAdmins(read, [policy]);
  return policy;
}

/**
 * Accept the policy that follows an accepted one: signed by k of the old and of the new.
 *
 * Refuses as Malformed (also where a version between is missing), WrongNetwork, Rollback,
 * BadSignature or TooFewSignatures.
 *
 * Source: docs/spec/statements.md, 4
 * @param {Policy} current
 * @param {Uint8Array} note
 * @returns {Promise<Policy>}
 */
export async function acceptNext(current, note) {
  const read = notes.parse(note);
  const policy = parse(read.text);
  if (!equal(policy.network_id, current.network_id)) throw new WrongNetwork();
  if (policy.version <= current.version) throw new Rollback();
  if (policy.version !== current.version + 1) throw new Malformed();
  await requireAdmins(read, [current, policy]);
  return policy;
}

/**
 * Accept policies from version 1 on and return the last, which must hold at epoch `today`.
 *
 * A sender who learns what day it is only from a checkpoint, which takes the policy to check,
 * gives the epoch at which the client was built; `checkCurrent` then asks again.
 *
 * `seen_version` is the highest version that this client accepted before. Refuses as `acceptFirst`
 * and `acceptNext` do, as Rollback where the chain ends below `seen_version`, as Expired where
 * `today` is after the last policy's `until`.
 *
 * Source: docs/spec/statements.md, 4
 * @param {Uint8Array[]} chain
 * @param {Uint8Array} network_id
 * @param {number} today
 * @param {number} seen_version
 * @returns {Promise<Policy>}
 */
export async function acceptChain(chain, network_id, today, seen_version = 0) {
  const [first, ...later] = chain;
  if (!first) throw new Malformed();
  let policy = await acceptFirst(first, network_id);
  for (const note of later) policy = await acceptNext(policy, note);
  if (policy.version < seen_version) throw new Rollback();
  checkCurrent(policy, today);
  return policy;
}

/**
 * Refuse as Expired where epoch `today` is after the policy's `until`.
 *
 * Source: docs/spec/statements.md, 4
 * @param {Policy} policy
 * @param {number} today
 */
export function checkCurrent(policy, today) {
  if (today > policy.until) throw new Expired();
}

/**
 * @param {notes.Note} note
 * @param {Policy[]} policies
 */
async function requireAdmins(note, policies) {
  const signatures = await notes.verify(note, policies.flatMap(allAdmins));
  for (const policy of policies) {
    if (notes.count(signatures, policy.admins) < policy.threshold) throw new TooFewSignatures();
  }
}
