/**
 * The suspension list: which statements have ended early; one file, its hash in the checkpoint.
 *
 * Source: docs/spec/statements.md, 8
 */

import { LABEL_SUSPENSIONS, SUSPENSION_KEY_BYTES, SUSPENSIONS_MOST } from '../constants.js';
import { b64, equal, text, utf8 } from '../encoding.js';
import { BadSignature, Malformed, Refused, Suspended, WrongNetwork } from '../errors.js';
import { digest } from './keys.js';
import * as lines from './lines.js';
import * as statements from './statements.js';

/** @typedef {import('./checkpoint.js').Checkpoint} Checkpoint */

const START = /^[A-Za-z0-9+/]{16}$/; // 12 bytes, with no padding and no bits to spare

/**
 * @typedef {object} Ended Statements of the organisation whose key begins so, below `serial`, have
 *   ended: all of them where it is suspended, the earlier ones where its last statement took their
 *   place.
 * @property {string} start 12 bytes in base64, as the list has them.
 * @property {number} serial
 *
 * @typedef {object} Suspensions The ended statements of a network.
 * @property {Uint8Array} network_id
 * @property {Ended[]} ended Ascending by the starts of the organisations' keys.
 */

/**
 * Read a suspension list; refuses as Malformed anything that is not one.
 *
 * Source: docs/spec/statements.md, 8
 * @param {Uint8Array} data
 * @returns {Suspensions}
 */
export function parse(data) {
  const reader = new lines.Lines(text(data));
  reader.label(LABEL_SUSPENSIONS);
  const network_id = reader.hash('network');
  const ended = reader.values('organisation', SUSPENSIONS_MOST).map(readEnded);
  reader.end();
  checkStarts(ended.map((one) => one.start));
  return { network_id, ended };
}

/**
 * Write a suspension list.
 *
 * Refuses as TooLong more than 1,024 organisations, as Malformed where `parse` would refuse the
 * list.
 * @param {Suspensions} suspensions
 * @returns {Uint8Array}
 */
export function formatList(suspensions) {
  lines.checkRoom(suspensions.ended.length, SUSPENSIONS_MOST);
  const listed = suspensions.ended.map((one) => `organisation ${one.start} ${one.serial}\n`);
  const head = `${LABEL_SUSPENSIONS}\nnetwork ${b64(suspensions.network_id)}\n`;
  const data = utf8(head + listed.join(''));
  lines.checkReadsBack(suspensions, parse(data));
  return data;
}

/**
 * Return the list that a checked checkpoint of the network with this id (32 bytes) names.
 *
 * Refuses as BadSignature, Malformed or WrongNetwork; the first that applies, in this order.
 *
 * Source: docs/spec/statements.md, 8
 * @param {Uint8Array} data
 * @param {Checkpoint} checkpoint
 * @param {Uint8Array} network_id
 * @returns {Promise<Suspensions>}
 */
export async function check(data, checkpoint, network_id) {
  if (!equal(await digest(data), checkpoint.suspensions)) throw new BadSignature();
  const suspensions = parse(data);
  if (!equal(suspensions.network_id, network_id)) throw new WrongNetwork();
  return suspensions;
}

/**
 * Return a checked list with a line more for each `suspended` statement of these notes that holds;
 * of several lines of one organisation the highest number counts.
 *
 * One admin's line is enough and no day is asked; a note that does not hold is left out. So nobody
 * who has to be stopped goes on until witnesses have seen the log.
 *
 * Source: docs/spec/log.md, 4
 * @param {Suspensions} listed
 * @param {Uint8Array[]} suspended
 * @param {import('./policy.js').Policy} policy
 * @returns {Promise<Suspensions>}
 */
export async function addSuspended(listed, suspended, policy) {
  const ended = [...listed.ended];
  for (const note of suspended) {
    try {
      const { kind, organisation, serial } = await statements.checkSigned(note, policy);
      const start = startOf(organisation);
      if (kind === statements.SUSPENDED) ended.push({ start, serial: serial + 1 });
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
    }
  }
  return { ...listed, ended };
}

/**
 * Refuse as Suspended where the list has ended the statement of this organisation and serial.
 *
 * Source: docs/spec/statements.md, 8
 * @param {Suspensions} suspensions
 * @param {Uint8Array} organisation Its public key, 32 bytes.
 * @param {number} serial
 */
export function checkNotSuspended(suspensions, organisation, serial) {
  const mine = startOf(organisation);
  for (const { start, serial: below } of suspensions.ended) {
    if (serial < below && start === mine) throw new Suspended();
  }
}

/**
 * Return the start by which the list names an organisation.
 * @param {Uint8Array} organisation Its public key, 32 bytes.
 */
export function startOf(organisation) {
  return b64(organisation.subarray(0, SUSPENSION_KEY_BYTES));
}

/**
 * @param {string} value
 * @returns {Ended}
 */
function readEnded(value) {
  const [start, serial] = lines.split(value);
  return { start, serial: lines.number(serial) };
}

/**
 * Refuse starts that are not 12 bytes each, or not ascending by these.
 * @param {string[]} starts
 */
function checkStarts(starts) {
  if (!starts.every((start) => START.test(start))) throw new Malformed();
  // Base64 has another order than the bytes.
  if (!lines.isAscending(starts.map((start) => atob(start)))) throw new Malformed();
}
