/**
 * The number of an organisation's last statement in the public log, also where nothing shows it.
 *
 * A listing that a new policy has ended stands in no directory and on no list, and its number was used
 * all the same; one that waits for witnesses is not shown yet. A statement goes above both.
 *
 * Source: docs/spec/statements.md, 5; docs/spec/log.md, 1 and 3.
 */

import { LABEL_STATEMENT } from '../src/constants.js';
import { equal, text } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import * as log_entries from '../src/public/log_entries.js';
import * as notes from '../src/public/notes.js';
import { allAdmins } from '../src/public/policy.js';
import * as statements from '../src/public/statements.js';
import * as tiles from '../src/public/tiles.js';
import * as log_fetch from './log_fetch.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/policy.js').Policy} Policy */

/**
 * Returns the serial of the last statement of the organisation with this key (32 bytes); 0 for none.
 *
 * The log is read from its newest entry on, the pending ones first. Its word is not enough: a number
 * that no admin of the policy, current or former, has signed could use up all that there are. Throws
 * Trouble `forged_log` then, and those of the calls.
 * @param {Session} session
 * @param {Uint8Array} organisation
 * @param {Policy} policy
 * @returns {Promise<number>}
 */
export async function last(session, organisation, policy) {
  const size = await log_fetch.pendingSize(session);
  const found = await log_fetch.newest(session, tiles.ENTRIES, size, (entry) => {
    const said = statementOf(entry);
    return said !== undefined && equal(said.organisation, organisation);
  });
  if (!found) return 0;
  const { number, value } = found;
  const proof = await log_fetch.row(session, tiles.PROOFS, number, size);
  if (!proof || !(await isSigned(proof, value, policy))) throw new Trouble('forged_log');
  return statements.parse(text(value)).serial;
}

/**
 * Returns the statement that an entry is; undefined for any other, and for what no log may have, which
 * is a witness's to tell.
 * @param {Uint8Array} entry
 */
function statementOf(entry) {
  try {
    const found = log_entries.parse(entry);
    return found.label === LABEL_STATEMENT ? found.said : undefined;
  } catch (refused) {
    if (refused instanceof Refused) return undefined;
    throw refused;
  }
}

/**
 * @param {Uint8Array} note
 * @param {Uint8Array} entry
 * @param {Policy} policy
 */
async function isSigned(note, entry, policy) {
  try {
    const read = notes.parse(note);
    await notes.verify(read, allAdmins(policy));
    return read.text === text(entry);
  } catch (refused) {
    if (refused instanceof Refused) return false;
    throw refused;
  }
}
