/**
 * Answering: what a provider says to whoever holds the receipt.
 *
 * Nothing is forwarded: "try another" names organisations of the directory, and the person decides.
 *
 * Source: docs/spec/box.md, 2; docs/spec/http.md, 4.
 */

import * as answers from '../src/client/answers.js';
import { SLOTS, STATE_CLOSED, TRY_ANOTHER } from '../src/constants.js';
import { equal } from '../src/encoding.js';
import * as cases from './cases.js';
import * as choosing from './choosing.js';
import * as sending from './sending.js';
import { ofDraft, Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/answers.js').Answer} Answer */
/** @typedef {import('./sending.js').Outcome} Outcome */

/** The ids of the list `state` that an answer may bear. */
export const STATES = { read: 2, answered: 3, cannot_help: 4, try_another: 5, closed: STATE_CLOSED };

/**
 * What is to be said: a name of STATES, a text, other organisations (public keys of 32 bytes).
 * @typedef {{state: keyof typeof STATES, text?: string, try_another?: Uint8Array[]}} Wanted
 */

/**
 * Seals an answer, keeps it, sends it; "closed" closes the case once it is sent.
 *
 * What was left on its way before goes first. Where that, or what was said last today, says the
 * same, it is not said twice. `taken`: another member was quicker; nothing was sent in its place,
 * and the same call once more goes to the next slot. Throws Trouble `no_case`, `case_closed`,
 * `no_box`, `box_full`, `input`, `too_long`, and those of the call: after the latter the answer
 * waits, and the same bytes go out at the next sync.
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @param {Wanted} wanted
 * @returns {Promise<Outcome>}
 */
export async function answer(desk, case_id, wanted) {
  const opened = cases.find(desk.read(), case_id);
  cases.checkOpen(opened);
  if (!opened.wants_answers) throw new Trouble('no_box');
  const said = answerOf(wanted, desk.session.today());
  const before = opened.waiting;
  if (!before && wasJustSaid(opened, said)) return 'sent';
  if (before) {
    const became = await sending.send(desk, case_id);
    if (became !== 'sent' || saysTheSame(before, said)) return became;
  }
  keep(desk, case_id, said);
  return await sending.send(desk, case_id);
}

/**
 * Returns the organisations that can be named in "try another", by name: those that are vetted
 * today and offer one of the needs, one of the languages and the region, but for one's own.
 *
 * Ids are those of `words`; what is not given does not matter. Throws Trouble.
 * @param {Desk} desk
 * @param {{needs?: number[], languages?: number[], region?: number}} wanted
 */
export async function others(desk, wanted) {
  const { organisations } = await choosing.fetch(desk.session);
  const own = desk.member.organisation_key;
  return choosing
    .offering(organisations, wanted)
    .filter(({ statement }) => !equal(statement.organisation, own));
}

/**
 * Returns the answer as of a day; throws Trouble `input` for what does not belong together.
 * @param {Wanted} wanted
 * @param {number} epoch
 */
export function answerOf({ state, text = '', try_another = [] }, epoch) {
  const names = (state === 'try_another') === Boolean(try_another.length);
  if (!names || try_another.length > TRY_ANOTHER || (state === 'answered' && !text)) {
    throw new Trouble('input');
  }
  return answers.make({ state: STATES[state], epoch, text, try_another });
}

/**
 * @param {Answer} one
 * @param {Answer} other
 */
function saysTheSame(one, other) {
  return (
    one.state === other.state &&
    one.text === other.text &&
    one.try_another.length === other.try_another.length &&
    one.try_another.every((key, at) => equal(key, other.try_another[at] ?? new Uint8Array()))
  );
}

/**
 * @param {cases.Opened} opened
 * @param {Answer} said
 */
function wasJustSaid({ answers: all }, said) {
  const last = all.at(-1)?.answer;
  return last !== undefined && last.epoch === said.epoch && saysTheSame(last, said);
}

/**
 * @param {Desk} desk
 * @param {Uint8Array} case_id
 * @param {Answer} said
 */
function keep(desk, case_id, said) {
  const slot = sending.nextSlot(desk, case_id);
  if (slot >= SLOTS) throw new Trouble('box_full');
  const { random } = desk.session;
  try {
    desk.edit((store) => sending.withOutgoing(store, case_id, { answer: said, slot, random }));
  } catch (refused) {
    throw ofDraft(refused);
  }
}
