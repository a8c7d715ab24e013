/**
 * Answers on their way: kept as sealed before they are sent, and sent again byte for byte.
 *
 * The first write of a slot wins. So the same bytes under the same number never make two answers.
 * Where something else lies in the slot, another member was quicker: nothing is sent in its place,
 * and whoever wrote is told.
 *
 * Source: docs/spec/box.md, 1 and 2; docs/spec/http.md, 4.
 */

import * as answers from '../src/client/answers.js';
import * as box from '../src/client/box.js';
import * as message from '../src/client/message.js';
import { answerOf } from '../src/client/settings.js';
import { Case } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { concat, Reader, u8 } from '../src/encoding.js';
import * as kept from './kept.js';

/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('../src/client/answers.js').Answer} Answer */
/** @typedef {import('./desk.js').Desk} Desk */

/**
 * What became of it: it lies in the box; something else lies in its slot; the box was withdrawn or
 * has ended; there is nothing to send.
 * @typedef {'sent' | 'taken' | 'ended' | 'none'} Outcome
 */

/**
 * An answer as it was sealed for a slot: 4,096 bytes, and the body that a case keeps.
 * @typedef {{slot: number, sealed: Uint8Array, body: Uint8Array, answer: Answer}} Outgoing
 */

/** One that found its slot taken, with what it would have said. */
/** @typedef {{case_id: Uint8Array, answer: Answer}} Unsent */

const READ = 2; // of the list "state"


/**
 * Returns what is on its way for a case (id of 16 bytes), or undefined.
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @returns {Outgoing | undefined}
 */
export function outgoing(store, case_id) {
  const value = kept.get(store, answerOf(case_id));
  if (!value) return undefined;
  const reader = new Reader(value);
  const [slot, sealed] = [reader.u8(), reader.take(c.SLOT_BYTES)];
  const body = reader.take(reader.left);
  return { slot, sealed, body, answer: answers.decodeBody(body, slot) };
}

/**
 * Returns a store in which an answer is sealed for a slot (1 to 31) and waits to be sent.
 *
 * Refuses as Malformed or TooLong an answer that can't be sent.
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {{answer: Answer, slot: number, random: import('../src/encoding.js').Random}} given
 */
export function withOutgoing(store, case_id, { answer, slot, random }) {
  const keys = boxOf(store, case_id);
  if (!keys) return store;
  const { network_id, organisation_seed } = store;
  const place = { network_id, box_id: keys.box_id, slot, organisation_seed };
  const signed = box.sign(answer, place);
  const sealed = box.sealAnswer(answer, { ...place, box_key: keys.box_key, random });
  const value = concat(u8(slot), sealed, answers.encodeBody(signed, slot));
  return kept.put(store, answerOf(case_id), value);
}

/**
 * Returns the keys of a case's box, or undefined where there is no case or no answer is wanted.
 * @param {Store} store
 * @param {Uint8Array} case_id
 */
export function boxOf(store, case_id) {
  const value = store.get(c.ENTRY_CASE, case_id);
  return value && message.decodeBody(c.KIND_REFERRAL, Case.decode(value).message).box;
}

/**
 * Returns the number of the slot after the last that this desk knows to be used.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 */
export function nextSlot(desk, case_id) {
  const value = desk.read().get(c.ENTRY_CASE, case_id);
  const used = value ? Case.decode(value).answers.map(([slot]) => slot) : [];
  return Math.max(answers.DELIVERED_SLOT, desk.taken.get(kept.keyOf(case_id)) ?? 0, ...used) + 1;
}

/**
 * Returns a store in which this case is closed, its one-time seed erased, nothing on its way.
 *
 * Source: docs/spec/store.md, 5.
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {number} today
 */
export function closed(store, case_id, today) {
  const value = store.get(c.ENTRY_CASE, case_id);
  if (!value) return store;
  const last_epoch = today + c.CASE_DAYS_AFTER_CLOSING;
  const one = { ...Case.decode(value), state: c.STATE_CLOSED, last_epoch };
  const left = kept.drop(store, answerOf(case_id)).eraseSeed(case_id);
  return left.withEntry(c.ENTRY_CASE, case_id, Case.encode(one));
}

/**
 * Sends what is on its way for a case, and writes down what became of it.
 *
 * An answer that says "closed" closes the case once it is sent. Throws Trouble: it then waits, and
 * goes out at the next sync.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @returns {Promise<Outcome>}
 */
export async function send(desk, case_id) {
  const waiting = outgoing(desk.read(), case_id);
  const keys = boxOf(desk.read(), case_id);
  if (!waiting || !keys) return 'none';
  desk.checkLog();
  const { slot, sealed } = waiting;
  const became = await desk.api.answer(keys.box_id, keys.write_key, slot, sealed);
  if (became === 'stored') {
    desk.edit((store) => sent(store, case_id, waiting, desk.session.today()));
    return 'sent';
  }
  if (became === 'taken') desk.taken.set(kept.keyOf(case_id), slot);
  desk.edit((store) => kept.drop(store, answerOf(case_id)));
  return became === 'taken' ? 'taken' : 'ended';
}

/**
 * Sends every answer that could not be sent before; returns how many were, and those whose slot
 * somebody else took meanwhile, so that nothing that was written gets lost.
 * @param {Desk} desk
 * @returns {Promise<{sent: number, taken: Unsent[]}>}
 */
export async function sendWaiting(desk) {
  const done = { sent: 0, taken: /** @type {Unsent[]} */ ([]) };
  for (const { id } of desk.read().ofKind(c.ENTRY_CASE)) {
    const waiting = outgoing(desk.read(), id);
    if (!waiting) continue;
    const became = await send(desk, id);
    done.sent += Number(became === 'sent');
    if (became === 'taken') done.taken.push({ case_id: id, answer: waiting.answer });
  }
  return done;
}

/**
 * @param {Store} store
 * @param {Uint8Array} case_id
 * @param {Outgoing} it
 * @param {number} today
 */
function sent(store, case_id, { slot, body, answer }, today) {
  const left = kept.drop(store, answerOf(case_id));
  const value = left.get(c.ENTRY_CASE, case_id);
  if (!value) return left;
  const one = Case.decode(value);
  if (one.answers.some(([number]) => number === slot)) return left;
  /** @type {import('../src/fields.js').Numbered[]} */
  const said = [...one.answers, [slot, body]];
  said.sort(([a], [b]) => a - b);
  // "Read" takes nothing back from a case that was answered.
  const stays = one.state === c.STATE_CLOSED || (answer.state === READ && one.state > READ);
  const state = stays ? one.state : answer.state;
  const after = left.withEntry(c.ENTRY_CASE, case_id, Case.encode({ ...one, answers: said, state }));
  return answer.state === c.STATE_CLOSED ? closed(after, case_id, today) : after;
}
