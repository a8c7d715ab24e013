/**
 * The cases of a store: the list, one of them, taking, handing over, noting, closing, counting.
 *
 * A case's id is its locator, or the hash of a walk-in: not secret, and the same on every device.
 *
 * Source: docs/spec/store.md, 4 and 5.
 */

import * as answers from '../src/client/answers.js';
import * as message from '../src/client/message.js';
import { Case, MemberEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { ruleOf } from './contact_rule.js';
import * as sending from './sending.js';
import { ofDraft, Trouble } from './troubles.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('./desk.js').Desk} Desk */

/**
 * A case, ready to be shown.
 * @typedef {object} Opened
 * @property {Uint8Array} case_id 16 bytes
 * @property {string} name the first signs of its id, as many as tell it from all others
 * @property {import('./contact_rule.js').Rule} contact_rule as it holds now, additions included
 * @property {number} state an id of `state`
 * @property {number} arrived an epoch
 * @property {number} last_epoch until when it is kept, as far as is known
 * @property {Uint8Array | undefined} taken_by a member's id
 * @property {string} taker her name, '' where nobody has it or she was removed
 * @property {string} note
 * @property {Message} said the request
 * @property {{number: number, said: Message}[]} follow_ups what was added, by number
 * @property {{slot: number, answer: answers.Answer}[]} answers what was answered, by slot
 * @property {answers.Answer | undefined} waiting an answer that was not sent yet
 * @property {boolean} wants_answers false where the person asked that nobody can read one
 */

/**
 * How many cases a member has, and how far they are; nothing of what is in them.
 * @typedef {{member_id: Uint8Array | undefined, name: string, open: number, answered: number,
 *   closed: number}} Load
 */

const SHORTEST = 4;
const SYMBOLS = Math.ceil((8 * c.ENTRY_ID_BYTES) / 5);
const NOT_SAID = 1 << 16; // who did not say how soon comes after those who did
const ANSWERED = 3; // of the list "state"

/**
 * Returns the cases, those that nobody has taken first, then by how soon and by day.
 *
 * `closed` gives the closed ones in place of the open ones.
 * @param {Store} store
 * @param {{closed?: boolean}} [given]
 * @returns {Opened[]}
 */
export function listed(store, { closed = false } = {}) {
  const entries = store.ofKind(c.ENTRY_CASE);
  const names = namesOf(entries.map(({ id }) => symbols(id)));
  const found = entries
    .map(({ id, value }) => opened(store, id, Case.decode(value), names))
    .filter(({ state }) => (state === c.STATE_CLOSED) === closed);
  const soon = (/** @type {Opened} */ one) => one.said.soon || NOT_SAID;
  return found.sort(
    (one, other) =>
      Number(Boolean(one.taken_by)) - Number(Boolean(other.taken_by)) ||
      soon(one) - soon(other) ||
      one.arrived - other.arrived,
  );
}

/**
 * Returns one case (id of 16 bytes); throws Trouble `no_case`.
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @returns {Opened}
 */
export function find(store, case_id) {
  const value = store.get(c.ENTRY_CASE, case_id);
  if (!value) throw new Trouble('no_case');
  const names = namesOf(store.ofKind(c.ENTRY_CASE).map(({ id }) => symbols(id)));
  return opened(store, case_id, Case.decode(value), names);
}

/**
 * Writes a case's id (16 bytes) in Crockford's base32.
 * @param {Uint8Array} case_id
 */
export function symbols(case_id) {
  const number = case_id.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const value = number << BigInt(5 * SYMBOLS - 8 * c.ENTRY_ID_BYTES);
  return Array.from(
    { length: SYMBOLS },
    (_, at) => c.CODE_ALPHABET[Number((value >> BigInt(5 * (SYMBOLS - 1 - at))) & 31n)],
  ).join('');
}

/**
 * Takes a case for the member at this desk, whoever had it before.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 */
export function take(desk, case_id) {
  give(desk, case_id, desk.member.member_id);
}

/**
 * Gives a case to a member (id of 16 bytes), or to nobody (undefined).
 *
 * Throws Trouble `no_case` or `no_member`.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @param {Uint8Array | undefined} member_id
 */
export function give(desk, case_id, member_id) {
  if (member_id && !desk.read().get(c.ENTRY_MEMBER, member_id)) throw new Trouble('no_member');
  // A copy: what is in the store lives longer than the keys of a desk.
  change(desk, case_id, (one) => ({ ...one, taken_by: member_id && member_id.slice() }));
}

/**
 * Puts a note to a case, in place of the one before; '' takes it away.
 *
 * Throws Trouble `no_case`, `too_long` or `input`.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @param {string} text at most 16,384 bytes
 */
export function note(desk, case_id, text) {
  try {
    change(desk, case_id, (one) => ({ ...one, note: text }));
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Closes a case without telling the person: its one-time seed is erased, and the case itself goes
 * after 30 days. An answer "closed" tells her (answering.js).
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 */
export function close(desk, case_id) {
  desk.edit((store) => sending.closed(store, case_id, desk.session.today()));
}

/**
 * Throws Trouble `case_closed` for a case that is.
 * @param {Opened} one
 */
export function checkOpen({ state }) {
  if (state === c.STATE_CLOSED) throw new Trouble('case_closed');
}

/**
 * Counts the cases of each member, and those that nobody has taken (last, without a member).
 * @param {Store} store
 * @returns {Load[]}
 */
export function workload(store) {
  /** @type {Load[]} */
  const loads = store.ofKind(c.ENTRY_MEMBER).map(({ id, value }) => ({
    member_id: id,
    name: MemberEntry.decode(value).name,
    ...NONE,
  }));
  const nobody = { member_id: undefined, name: '', ...NONE };
  loads.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { value } of store.ofKind(c.ENTRY_CASE)) {
    const { taken_by, state } = Case.decode(value);
    const load = loads.find(({ member_id: id }) => id && taken_by && equal(id, taken_by)) ?? nobody;
    if (state === c.STATE_CLOSED) load.closed += 1;
    else if (state >= ANSWERED) load.answered += 1;
    else load.open += 1;
  }
  return [...loads, nobody];
}

const NONE = { open: 0, answered: 0, closed: 0 };

/**
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {import('../src/client/case.js').Case} one
 * @param {Map<string, string>} names
 * @returns {Opened}
 */
function opened(store, case_id, one, names) {
  const said = message.decodeBody(c.KIND_REFERRAL, one.message);
  const follow_ups = one.follow_ups.map(([number, body]) => ({
    number,
    said: message.decodeBody(c.KIND_FOLLOW_UP, body),
  }));
  return {
    case_id,
    name: names.get(symbols(case_id)) ?? '',
    contact_rule: ruleOf(said, follow_ups),
    state: one.state,
    arrived: one.arrived,
    last_epoch: one.last_epoch,
    taken_by: one.taken_by,
    taker: takerOf(store, one.taken_by),
    note: one.note,
    said,
    follow_ups,
    answers: one.answers.map(([slot, body]) => ({ slot, answer: answers.decodeBody(body, slot) })),
    waiting: sending.outgoing(store, case_id)?.answer,
    wants_answers: said.box !== undefined,
  };
}

/**
 * @param {Store} store
 * @param {Uint8Array | undefined} taken_by
 */
function takerOf(store, taken_by) {
  const value = taken_by && store.get(c.ENTRY_MEMBER, taken_by);
  return value ? MemberEntry.decode(value).name : '';
}

/**
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @param {(one: import('../src/client/case.js').Case) => import('../src/client/case.js').Case} edit
 */
function change(desk, case_id, edit) {
  desk.edit((store) => {
    const value = store.get(c.ENTRY_CASE, case_id);
    if (!value) throw new Trouble('no_case');
    return store.withEntry(c.ENTRY_CASE, case_id, Case.encode(edit(Case.decode(value))));
  });
}

/**
 * Returns for each id, in symbols, its first signs, as many as tell it from all others.
 * @param {string[]} all
 * @returns {Map<string, string>}
 */
function namesOf(all) {
  const ordered = [...all].sort();
  return new Map(
    ordered.map((whole, at) => {
      const beside = [ordered[at - 1], ordered[at + 1]].map((one) => common(whole, one) + 1);
      return [whole, whole.slice(0, Math.max(SHORTEST, ...beside))];
    }),
  );
}

/**
 * @param {string} one
 * @param {string} [other]
 */
function common(one, other = '') {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
