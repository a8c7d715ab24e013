/** What admins, the log and witnesses sign. */

import { text, unb64 } from '../../../src/encoding.js';
import * as checkpoint from '../../../src/public/checkpoint.js';
import * as ed25519 from '../../../src/public/ed25519.js';
import * as log from '../../../src/public/log.js';
import * as policy from '../../../src/public/policy.js';
import * as policy_chain from '../../../src/public/policy_chain.js';
import * as seen from '../../../src/public/seen.js';
import * as statements from '../../../src/public/statements.js';
import * as suspensions from '../../../src/public/suspensions.js';
import { pick, unbytes, unlist } from '../values.js';

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  async verify_signature(given) {
    const { public_key, message, signature } = pick(given, 'public_key', 'message', 'signature');
    await ed25519.verify(public_key, message, signature);
    return {};
  },

  async accept_policy_chain(given) {
    const { version, network_id } = await policy_chain.acceptChain(
      unlist(given.policies),
      unbytes(given.network_id),
      given.today,
      given.seen_version,
    );
    return { version, network_id };
  },

  async check_statement(given) {
    const said = await statements.check(unbytes(given.statement), accepted(given), given.today);
    const { kind, serial, organisation, profile, until, name } = said;
    return { kind, serial, organisation, profile, until, name };
  },

  async check_checkpoint(given) {
    return said(await checkpoint.check(unbytes(given.checkpoint), accepted(given)));
  },

  async check_newest_checkpoint(given) {
    const newest = await checkpoint.checkNewest(unbytes(given.checkpoint), accepted(given));
    checkpoint.checkFresh(newest.day, given.today);
    return said(newest);
  },

  check_seen(given) {
    const now = { size: BigInt(given.size), root: unbytes(given.root) };
    seen.check(now, { size: BigInt(given.seen_size), root: unbytes(given.seen_root) });
    return {};
  },

  may_be_withheld: ({ day, device }) => ({
    withheld: checkpoint.mayBeWithheld(day ?? undefined, device),
  }),

  sender_today: ({ day, build, device }) => ({
    today: checkpoint.todayForSender(day ?? undefined, build, device),
  }),

  async check_suspensions(given) {
    const named = {
      log_name: 'log.example',
      size: 0n,
      root: new Uint8Array(32),
      policy_version: 1,
      policy_hash: new Uint8Array(32),
      suspensions: unbytes(given.hash),
    };
    const list = await suspensions.check(unbytes(given.suspensions), named, unbytes(given.network_id));
    return { ended: list.ended.map((one) => [unb64(one.start), one.serial]) };
  },

  check_inclusion(given) {
    const { entry, root } = pick(given, 'entry', 'root');
    const inclusion = { index: BigInt(given.index), hashes: unlist(given.hashes) };
    log.verifyInclusion(log.leafHash(entry), inclusion, { size: BigInt(given.size), root });
    return {};
  },
};

/** @param {checkpoint.Witnessed} seen */
function said({ checkpoint: { size, root, policy_version, policy_hash, suspensions }, day }) {
  return { size: `${size}`, root, policy_version, policy_hash, suspensions, day: day ?? null };
}

/**
 * Take the text of a policy for one that was accepted.
 * @param {import('../values.js').Given} given
 */
export function accepted(given) {
  return policy.parse(text(unbytes(given.policy)));
}
