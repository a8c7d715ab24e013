/** The record. */

import * as record from '../../../src/client/record.js';
import * as record_check from '../../../src/client/record_check.js';
import { RECORD_BYTES, RECORD_OVERHEAD_BYTES } from '../../../src/constants.js';
import * as profile from '../../../src/public/profile.js';
import { drawn, pick, unbytes, unlist } from '../values.js';
import { accepted } from './signed.js';

/** @typedef {import('../values.js').Given} Given */

const PREFIX_BYTES = 2;

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  seal_record(given) {
    const contents = {
      ...pick(given, 'public_key', 'signature', 'profile', 'statement', 'checkpoint'),
      last_epoch: given.last_epoch,
      inclusion: { index: BigInt(given.index), hashes: unlist(given.hashes) },
    };
    const random = drawn(unbytes(given.nonce));
    const sealed = record.seal(contents, keys(given), unbytes(given.network_id), { random });
    const size = record.encode(contents).length;
    const room = RECORD_BYTES - RECORD_OVERHEAD_BYTES - size;
    return { record: sealed, used: used(contents), room };
  },

  async open_record(given) {
    const code = keys(given);
    const contents = record.open(unbytes(given.record), code, unbytes(given.network_id));
    const network = {
      policy: accepted(given),
      newest: unbytes(given.newest_checkpoint),
      suspensions: unbytes(given.suspensions),
      today: given.today,
    };
    const recipient = await record_check.check(contents, code.locator, network);
    return {
      organisation: recipient.statement.organisation,
      name: recipient.statement.name,
      profile: profile.encode(recipient.profile),
      public_key: recipient.public_key,
      last_epoch: recipient.last_epoch,
      witnessed: recipient.witnessed,
    };
  },
};

/**
 * @param {Given} given
 * @returns {record.Keys}
 */
function keys(given) {
  return pick(given, 'locator', 'record_key', 'record_commitment');
}

/**
 * Measure each part of what `record.encode` writes, by emptying the parts.
 * @param {record.Contents} contents
 */
function used(contents) {
  const whole = record.encode(contents).length;
  const sizes = /** @type {const} */ (['profile', 'statement', 'checkpoint']).map((name) => {
    const without = record.encode({ ...contents, [name]: new Uint8Array() });
    return [name, PREFIX_BYTES + whole - without.length];
  });
  const measured = Object.fromEntries(sizes);
  const { profile, statement, checkpoint } = measured;
  const head = 1 + 4 + contents.public_key.length + contents.signature.length;
  return { head, ...measured, proof: whole - head - profile - statement - checkpoint };
}
