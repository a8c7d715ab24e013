/**
 * The network as this page sees it today: the server's document, with every signature checked.
 *
 * Nothing is asked of the server's word: the policy is accepted from version 1 by the network's id,
 * which is in every code's derivation; the newest checkpoint must name that policy; the suspension
 * list must be the one that the checkpoint names. A page knows no network but its own server's.
 *
 * Source: docs/spec/statements.md, 4, 7 and 8.
 */

import {
  checkFresh,
  checkNewest,
  mayBeWithheld,
  todayForSender,
} from '../src/public/checkpoint.js';
import { equal } from '../src/encoding.js';
import { acceptChain, checkCurrent } from '../src/public/policy_chain.js';
import * as suspensions from '../src/public/suspensions.js';
import { BUILD_EPOCH } from './build.js';
import { Trouble, ofNetwork } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('./api.js').NetworkDocument} NetworkDocument */

/**
 * What holds today: the policy, what records are checked against, and what to say of it.
 * @typedef {object} View
 * @property {NetworkDocument} document
 * @property {import('../src/public/policy.js').Policy} policy its `network_id`, `regions`, `admins`
 *   and `threshold` among others
 * @property {import('../src/client/record_check.js').Network} network
 * @property {number} today the sender's epoch
 * @property {boolean} witnessed false where nobody outside watches the log
 * @property {boolean} may_be_withheld true where the person must be told that the device's date is
 *   wrong or the suspension list is kept back
 * @property {number | undefined} checkpoint_day the newest checkpoint's epoch, where a witness says one
 */

/**
 * Fetches the network document and checks it.
 *
 * `seen` is what this page saw before: another network is not taken then, nor an older policy.
 * Throws Trouble. Source: docs/spec/statements.md, 4, 7 and 8.
 * @param {Session} session
 * @param {View} [seen]
 * @returns {Promise<View>}
 */
export async function fetch(session, seen) {
  return await viewOf(await session.api.network(), session.today(), seen);
}

/**
 * Checks a network document, as `fetch`; `device_day` is the device's own epoch.
 * @param {NetworkDocument} document
 * @param {number} device_day
 * @param {View} [seen]
 * @returns {Promise<View>}
 */
export async function viewOf(document, device_day, seen) {
  if (seen && !equal(document.network_id, seen.policy.network_id)) {
    throw new Trouble('not_vetted');
  }
  try {
    return await checked(document, device_day, seen ? seen.policy.version : 0);
  } catch (refused) {
    throw ofNetwork(refused);
  }
}

/**
 * @param {NetworkDocument} document
 * @param {number} device_day
 * @param {number} seen_version
 */
async function checked(document, device_day, seen_version) {
  const { policies, network_id, checkpoint } = document;
  const policy = await acceptChain(policies, network_id, BUILD_EPOCH, seen_version);
  const newest = await checkNewest(checkpoint, policy);
  const today = todayForSender(newest.day, BUILD_EPOCH, device_day);
  checkCurrent(policy, today);
  checkFresh(newest.day, today);
  suspensions.check(document.suspensions, newest.checkpoint, policy.network_id);
  return {
    document,
    policy,
    network: {
      policy,
      newest: checkpoint,
      suspensions: document.suspensions,
      suspended: document.suspended,
      today,
    },
    today,
    witnessed: newest.day !== undefined,
    may_be_withheld: mayBeWithheld(newest.day, device_day),
    checkpoint_day: newest.day,
  };
}
