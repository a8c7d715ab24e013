/**
 * What the holder of a receipt does: reading answers, adding, withdrawing, keeping it longer.
 *
 * Every read asks for all 32 slots, so that neither the calls nor their number tell how many answers
 * there are. What does not open or is not signed by the organisation of slot 0 is never shown.
 *
 * Source: docs/spec/box.md, 3; docs/spec/envelope.md, 6; docs/spec/http.md, 3.
 */

import { DELIVERED_SLOT } from '../src/client/answers.js';
import * as box from '../src/client/box.js';
import * as codes from '../src/client/codes.js';
import * as envelope from '../src/client/envelope.js';
import * as message from '../src/client/message.js';
import { FOLLOW_UPS, READ_SLOTS, SLOTS } from '../src/constants.js';
import { Refused } from '../src/errors.js';
import { ofDraft, ofListing } from './troubles.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../src/client/answers.js').Answer} Answer */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('../src/client/codes.js').ReceiptKeys} ReceiptKeys */

/**
 * Whoever holds a receipt (and word): the network's id and what the receipt gives in it.
 * @typedef {object} Holder
 * @property {Uint8Array} network_id 32 bytes
 * @property {ReceiptKeys} keys
 */

/**
 * What `box.openDelivered` lets through always names the organisation, its key and the days.
 * @typedef {Answer & {organisation: Uint8Array, public_key: Uint8Array, last_epoch: number}}
 *   Delivered
 */

/**
 * An opened box.
 * @typedef {object} Box
 * @property {Delivered} delivered slot 0
 * @property {{slot: number, answer: Answer}[]} answers in the order of their slots
 * @property {number} newer slots that a newer version wrote
 * @property {number} unsigned slots whose content is not the organisation's
 */

/**
 * A follow-up on its way: the number that is tried, and its envelope, kept for a repeat.
 * @typedef {object} Adding
 * @property {Holder} holder
 * @property {Uint8Array} encoded
 * @property {Uint8Array} public_key
 * @property {number} number
 * @property {Uint8Array} [sealed]
 */

/**
 * Derives what a receipt (10 bytes) and a word ("" for none) give in a network (id of 32 bytes).
 *
 * Throws Trouble `input` or `too_long` for a word that can't be one.
 * @param {Uint8Array} receipt
 * @param {string} word
 * @param {Uint8Array} network_id
 * @returns {Promise<Holder>}
 */
export async function holder(receipt, word, network_id) {
  try {
    return { network_id, keys: await codes.receiptKeys(receipt, word, network_id) };
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Reads and opens slot 0; null where it does not open.
 * @param {Api} api
 * @param {Holder} who
 * @returns {Promise<Delivered | null>}
 */
export async function delivered(api, who) {
  const [read] = await api.readBox(who.keys.box_id, who.keys.holder_key, [DELIVERED_SLOT]);
  return openDelivered(who, read);
}

/**
 * Reads the whole box; null where slot 0 does not open. Source: docs/spec/box.md, 3.
 * @param {Api} api
 * @param {Holder} who
 * @returns {Promise<Box | null>}
 */
export async function read(api, who) {
  const calls = [];
  for (let first = 0; first < SLOTS; first += READ_SLOTS) {
    const numbers = Array.from({ length: READ_SLOTS }, (_, at) => first + at);
    calls.push(api.readBox(who.keys.box_id, who.keys.holder_key, numbers));
  }
  const slots = (await Promise.all(calls)).flat();
  const [first, ...others] = /** @type {import('./api.js').Slots} */ (slots);
  const first_slot = openDelivered(who, first);
  if (!first_slot) return null;
  /** @type {Box} */
  const found = { delivered: first_slot, answers: [], newer: 0, unsigned: 0 };
  for (const [at, sealed] of others.entries()) {
    const slot = at + 1;
    const answer = await openAnswer(who, sealed, slot, first_slot.organisation);
    if (typeof answer === 'string') found[answer] += 1;
    else if (answer) found.answers.push({ slot, answer });
  }
  return found;
}

/**
 * Encodes a follow-up with its yes, for the key that the request was sealed to.
 *
 * Throws Trouble `consent` without a yes, `input` or `too_long` for what breaks a rule.
 * @param {Holder} who
 * @param {Delivered} first_slot
 * @param {Message} said
 * @returns {Adding}
 */
export function startAdding(who, first_slot, said) {
  try {
    const { public_key } = first_slot;
    return { holder: who, encoded: message.encode(said), public_key, number: 1 };
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Stores a follow-up under the first number that is free; returns its last epoch.
 *
 * Called again after a lost answer it sends the same bytes. Null where all 7 are used or the box
 * has ended. Throws Trouble. Source: docs/spec/envelope.md, 6.
 * @param {Api} api
 * @param {Adding} adding
 * @param {(size: number) => Uint8Array} random
 * @returns {Promise<number | null>}
 */
export async function add(api, adding, random) {
  const { network_id, keys } = adding.holder;
  for (; adding.number <= FOLLOW_UPS; adding.number += 1) {
    const context = envelope.forFollowUp(network_id, keys.tag_key, adding.number);
    adding.sealed ??= envelope.seal(adding.encoded, adding.public_key, context, { random });
    const last_epoch = await api.add(keys.box_id, keys.holder_key, context.binding, adding.sealed);
    if (last_epoch !== null) return last_epoch;
    adding.sealed = undefined;
  }
  return null;
}

/**
 * Withdraws everything at once, then reads slot 0 again and says whether it is gone.
 * @param {Api} api
 * @param {Holder} who
 * @returns {Promise<boolean>}
 */
export async function withdraw(api, who) {
  await api.withdraw(who.keys.box_id, who.keys.holder_key);
  return (await delivered(api, who)) === null;
}

/**
 * Keeps everything for longer; returns the new last epoch, or null where nothing is there.
 * @param {Api} api
 * @param {Holder} who
 */
export const renew = (api, who) => api.renew(who.keys.box_id, who.keys.holder_key);

/**
 * @param {Holder} who
 * @param {Uint8Array} sealed
 * @returns {Delivered | null}
 */
function openDelivered({ network_id, keys: { box_id, holder_key } }, sealed) {
  try {
    const opened = box.openDelivered(sealed, { network_id, box_id, holder_key });
    return /** @type {Delivered} */ (opened);
  } catch (refused) {
    if (isRefused(refused, 'CannotOpen')) return null;
    throw ofListing(refused);
  }
}

/**
 * Opens one slot: the answer, null for an empty one, or why it can't be shown.
 * @param {Holder} who
 * @param {Uint8Array} sealed
 * @param {number} slot
 * @param {Uint8Array} organisation 32 bytes
 * @returns {Promise<Answer | null | 'newer' | 'unsigned'>}
 */
async function openAnswer({ network_id, keys: { box_id, box_key } }, sealed, slot, organisation) {
  try {
    return await box.openAnswer(sealed, { network_id, box_id, box_key, slot, organisation });
  } catch (refused) {
    if (isRefused(refused, 'CannotOpen')) return null;
    if (isRefused(refused, 'Unsupported')) return 'newer';
    if (refused instanceof Refused) return 'unsigned';
    throw refused;
  }
}

/**
 * @param {unknown} refused
 * @param {string} category
 */
const isRefused = (refused, category) =>
  refused instanceof Refused && refused.category === category;
