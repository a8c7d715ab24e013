/**
 * What stands of the entries under an application, and what an admin still needs to sign.
 *
 * Pure functions over entries that opened; no clock: the day is an argument.
 *
 * Source: docs/spec/vetting.md, 4
 */

import * as c from '../constants.js';
import { b64, equal } from '../encoding.js';
import { Refused } from '../errors.js';
import * as notes from '../public/notes.js';
import { profileHash } from '../public/profile.js';
import * as statements from '../public/statements.js';

/**
 * @typedef {import('../public/applications.js').Application} Application
 * @typedef {import('../public/policy.js').Policy} Policy
 * @typedef {import('./vetting_entries.js').Entry} Entry
 */

export const STATEMENT = 'statement';
export const OWN = 'own';
export const OTHERS = 'others';
export const OBJECTION = 'objection';

/**
 * One thing in the way of a signature; `what` says which.
 *
 * STATEMENT: the statement is not what was applied for. OWN: this admin has not marked the
 * criterion as met. OTHERS: `count` more admins have to. OBJECTION: the admin `by` marked it as not
 * met or unclear (`state`).
 * @typedef {object} Missing
 * @property {string} what
 * @property {number} criterion
 * @property {number} count
 * @property {Uint8Array} by
 * @property {number} state
 */

const NOBODY = new Uint8Array();

/**
 * Return each author's last mark on each criterion, by both (see `markOf`); a mark taken back is
 * none.
 *
 * `entries` are in their order. Source: docs/spec/vetting.md, 4
 * @param {Iterable<Entry>} entries
 * @returns {Map<string, Entry>}
 */
export function lastMarks(entries) {
  /** @type {Map<string, Entry>} */
  const last = new Map();
  for (const entry of entries) {
    if (entry.kind === c.VETTING_MARK) last.set(keyOf(entry.author, entry.criterion), entry);
  }
  return new Map([...last].filter(([, mark]) => mark.state !== c.MARK_TAKEN_BACK));
}

/**
 * Return an author's mark on a criterion of those that `lastMarks` gave.
 * @param {Map<string, Entry>} marks
 * @param {Uint8Array} author
 * @param {number} criterion
 */
export const markOf = (marks, author, criterion) => marks.get(keyOf(author, criterion));

/**
 * Return each author's last signature, in the order in which they first signed.
 *
 * Source: docs/spec/vetting.md, 4
 * @param {Iterable<Entry>} entries
 * @returns {Entry[]}
 */
export function lastSignatures(entries) {
  const last = new Map();
  for (const entry of entries) {
    if (entry.kind === c.VETTING_SIGNATURE) last.set(b64(entry.author), entry);
  }
  return [...last.values()];
}

/**
 * Return the current admins whose mark on a criterion is "met", in the policy's order.
 *
 * A mark counts for 90 days. Source: docs/spec/vetting.md, 4
 * @param {Iterable<Entry>} entries
 * @param {number} criterion
 * @param {Policy} policy
 * @param {number} today
 * @returns {Uint8Array[]}
 */
export function metBy(entries, criterion, policy, today) {
  const marks = lastMarks(entries);
  return policy.admins
    .map(({ public_key }) => public_key)
    .filter((admin) => holds(markOf(marks, admin, criterion), today));
}

/**
 * Return the marks of current admins that a criterion is not met or unclear, whatever their age.
 *
 * Source: docs/spec/vetting.md, 4
 * @param {Iterable<Entry>} entries
 * @param {number} criterion
 * @param {Policy} policy
 * @returns {Entry[]}
 */
export function objections(entries, criterion, policy) {
  const marks = lastMarks(entries);
  return policy.admins.flatMap(({ public_key }) => {
    const mark = markOf(marks, public_key, criterion);
    return mark && mark.state !== c.MARK_MET ? [mark] : [];
  });
}

/**
 * Say what is in the way of this admin (Ed25519 key) signing a statement's text; [] for nothing.
 *
 * `entries` are all that opened, in their order; `today` is an epoch.
 * Source: docs/spec/vetting.md, 4
 * @param {string} text
 * @param {{listing: Application, entries: Entry[], policy: Policy, admin: Uint8Array,
 *   today: number}} given
 * @returns {Missing[]}
 */
export function missing(text, { listing, entries, policy, admin, today }) {
  const found = isAskedFor(text, listing, policy) ? [] : [thing({ what: STATEMENT })];
  for (const criterion of c.VETTING_BLOCKING) {
    const met = metBy(entries, criterion, policy, today);
    const is_own = met.some((one) => equal(one, admin));
    if (!is_own) found.push(thing({ what: OWN, criterion }));
    const count = policy.threshold - met.length - Number(!is_own);
    if (count > 0) found.push(thing({ what: OTHERS, criterion, count }));
    for (const { author, state } of objections(entries, criterion, policy)) {
      if (equal(author, admin)) continue;
      found.push(thing({ what: OBJECTION, criterion, by: author, state }));
    }
  }
  return found;
}

/**
 * Return the lines of current admins whose last signature is under this text, in the policy's order.
 *
 * Source: docs/spec/vetting.md, 4
 * @param {string} text
 * @param {Entry[]} entries
 * @param {Policy} policy
 * @returns {{admin: Uint8Array, line: notes.SignatureLine}[]}
 */
export function linesUnder(text, entries, policy) {
  const last = lastSignatures(entries);
  return policy.admins.flatMap(({ public_key }) => {
    const entry = last.find(({ author }) => equal(author, public_key));
    if (!entry) return [];
    const note = notes.parse(entry.note, c.STATEMENT_BYTES);
    const [line] = note.lines;
    return line && note.text === text ? [{ admin: public_key, line }] : [];
  });
}

/** @param {Partial<Missing> & {what: string}} parts */
const thing = (parts) => ({ criterion: 0, count: 0, by: NOBODY, state: 0, ...parts });

/**
 * @param {Uint8Array} author
 * @param {number} criterion
 */
const keyOf = (author, criterion) => `${criterion} ${b64(author)}`;

/**
 * @param {Entry | undefined} mark
 * @param {number} today
 */
function holds(mark, today) {
  return mark?.state === c.MARK_MET && mark.epoch >= today - c.APPLICATION_DAYS;
}

/**
 * @param {string} text
 * @param {Application} listing
 * @param {Policy} policy
 */
function isAskedFor(text, listing, policy) {
  try {
    const said = statements.parse(text);
    return (
      said.kind === statements.VETTED &&
      equal(said.network_id, policy.network_id) &&
      equal(said.organisation, listing.organisation) &&
      said.name === listing.name &&
      equal(said.profile, profileHash(listing.profile))
    );
  } catch (refused) {
    if (refused instanceof Refused) return false;
    throw refused;
  }
}
