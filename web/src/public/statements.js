/**
 * A statement: what admins say of an organisation, vetted or suspended, from when until when.
 *
 * Source: docs/spec/statements.md, 5
 */

import {
  LABEL_STATEMENT,
  ORGANISATION_NAME_BYTES,
  SERIAL_MOST,
  STATEMENT_BYTES,
  VETTED_DAYS,
} from '../constants.js';
import { b64, equal, utf8 } from '../encoding.js';
import { Expired, Malformed, NotYetValid, TooFewSignatures, WrongNetwork } from '../errors.js';
import * as lines from './lines.js';
import * as notes from './notes.js';
import { allAdmins } from './policy.js';

/** @typedef {import('./policy.js').Policy} Policy */

/** What a statement says, its kind. */
export const VETTED = 'vetted';
export const SUSPENDED = 'suspended';

/**
 * @typedef {object} Statement A fact about an organisation.
 * @property {Uint8Array} network_id
 * @property {string} kind VETTED or SUSPENDED.
 * @property {number} serial
 * @property {Uint8Array} organisation Its public key, 32 bytes.
 * @property {Uint8Array} profile The SHA-256 of its profile.
 * @property {number} first The first epoch.
 * @property {number} until The last epoch.
 * @property {string} name
 */

/**
 * Read the text of a statement; refuses as Malformed anything that is not one.
 *
 * Source: docs/spec/statements.md, 5
 * @param {string} text
 * @returns {Statement}
 */
export function parse(text) {
  const reader = new lines.Lines(text);
  reader.label(LABEL_STATEMENT);
  const statement = {
    network_id: reader.hash('network'), // read in the order in which the lines stand
    kind: reader.value('kind'),
    serial: reader.number('serial'),
    organisation: reader.hash('organisation'),
    profile: reader.hash('profile'),
    first: reader.number('from'),
    until: reader.number('until'),
    name: reader.value('name'),
  };
  reader.end();
  lines.checkName(statement.name, ORGANISATION_NAME_BYTES);
  if (statement.serial > SERIAL_MOST) throw new Malformed(); // a list can still end the last one
  if (![VETTED, SUSPENDED].includes(statement.kind)) throw new Malformed();
  checkDays(statement);
  return statement;
}

/**
 * Write the text of a statement, which as UTF-8 is also its entry in the log.
 *
 * Refuses as TooLong a name of more than 96 bytes, as Malformed where `parse` would refuse the
 * text and a name that is not in NFC.
 * @param {Statement} statement
 * @returns {string}
 */
export function formatText(statement) {
  lines.checkRoom(utf8(statement.name).length, ORGANISATION_NAME_BYTES);
  lines.checkSpelling(statement.name);
  const text = [
    LABEL_STATEMENT,
    `network ${b64(statement.network_id)}`,
    `kind ${statement.kind}`,
    `serial ${statement.serial}`,
    `organisation ${b64(statement.organisation)}`,
    `profile ${b64(statement.profile)}`,
    `from ${statement.first}`,
    `until ${statement.until}`,
    `name ${statement.name}`,
    '',
  ].join('\n');
  lines.checkReadsBack(statement, parse(text));
  return text;
}

/**
 * Return what a statement's note (at most 800 bytes) says, if it holds at epoch `today`.
 *
 * Refuses as Malformed, WrongNetwork, BadSignature, TooFewSignatures, NotYetValid or Expired; the
 * first that applies, in this order.
 *
 * Source: docs/spec/statements.md, 5
 * @param {Uint8Array} note
 * @param {Policy} policy
 * @param {number} today
 * @returns {Promise<Statement>}
 */
export async function check(note, policy, today) {
  const statement = await checkSigned(note, policy);
  if (today < statement.first) throw new NotYetValid();
  if (today > statement.until) throw new Expired();
  return statement;
}

/**
 * Return what a statement's note says, if it is signed as it must be, whatever the day is.
 *
 * Refuses as Malformed, WrongNetwork, BadSignature or TooFewSignatures, as `check`.
 *
 * Source: docs/spec/statements.md, 5, steps 1 to 4
 * @param {Uint8Array} note
 * @param {Policy} policy
 * @returns {Promise<Statement>}
 */
export async function checkSigned(note, policy) {
  const read = notes.parse(note, STATEMENT_BYTES);
  const statement = parse(read.text);
  if (!equal(statement.network_id, policy.network_id)) throw new WrongNetwork();
  const signatures = await notes.verify(read, allAdmins(policy));
  if (notes.count(signatures, policy.admins) < needed(statement, policy)) {
    throw new TooFewSignatures();
  }
  return statement;
}

/** @param {Statement} statement */
function checkDays({ kind, first, until }) {
  if (first > until || (kind === VETTED && until - first > VETTED_DAYS)) throw new Malformed();
}

/**
 * @param {Statement} statement
 * @param {Policy} policy
 */
function needed(statement, policy) {
  // One admin who learns of danger is enough to suspend; listing takes k who agree.
  return statement.kind === VETTED ? policy.threshold : 1;
}
