/**
 * The network as this page sees it today: the server's document, with every signature checked.
 *
 * Nothing is asked of the server's word: the policy is accepted from version 1 by the network's id,
 * which is in every code's derivation; the newest checkpoint must name that policy; the suspension
 * list must be the one that the checkpoint names. A page knows no network but its own server's, and
 * remembers it for as long as the visit lasts.
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
import { check as checkSeen } from '../src/public/seen.js';
import { check as checkList } from '../src/public/suspensions.js';
import { BUILD_EPOCH } from './build.js';
import { Trouble, ofNetwork } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('./api.js').NetworkDocument} NetworkDocument */
/** @typedef {import('./ambient.js').Seen} Seen */

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
 * @property {Seen} seen what to remember of it
 */

/**
 * Fetches the network document and checks it.
 *
 * What was seen in this visit binds (`session.seen`): another network is not taken then, nor an older
 * policy or log, nor another log of the same size. Throws Trouble.
 * Source: docs/spec/statements.md, 4, 7 and 8.
 * @param {Session} session
 * @returns {Promise<View>}
 */
export async function fetch(session) {
  // What another call saw meanwhile may be newer: this one leaves it as it is.
  const before = session.seen;
  const view = await viewOf(await session.api.network(), session.today(), before);
  if (session.seen === before) session.seen = view.seen;
  return view;
}

/**
 * Checks a network document, as `fetch`; `device_day` is the device's own epoch, `before` what was
 * seen before.
 * @param {NetworkDocument} document
 * @param {number} device_day
 * @param {Seen} [before]
 * @returns {Promise<View>}
 */
export async function viewOf(document, device_day, before) {
  const { policies, network_id, checkpoint, suspensions, suspended } = document;
  if (before && !equal(network_id, before.network_id)) throw new Trouble('not_vetted');
  let step = 'rules';
  try {
    const policy = await acceptChain(policies, network_id, BUILD_EPOCH, before?.version);
    step = 'log';
    const newest = await checkNewest(checkpoint, policy);
    step = 'seen';
    if (before) checkSeen(newest.checkpoint, before);
    const { policy_version: version, size, root } = newest.checkpoint;
    const last_day = Math.max(newest.day ?? 0, before?.day ?? 0);
    step = 'day';
    const today = Math.max(todayForSender(newest.day, BUILD_EPOCH, device_day), last_day);
    checkCurrent(policy, today);
    checkFresh(newest.day, today);
    step = 'list';
    await checkList(suspensions, newest.checkpoint, network_id);
    return {
      document,
      policy,
      network: { policy, newest: checkpoint, suspensions, suspended, today },
      today,
      witnessed: newest.day !== undefined,
      may_be_withheld: mayBeWithheld(newest.day, device_day),
      checkpoint_day: newest.day,
      seen: { network_id, version, size, root, day: last_day },
    };
  } catch (refused) {
    throw ofNetwork(refused, step);
  }
}
