/**
 * Asking without a code: sealing to an organisation's weekly key, and the work that admits it.
 *
 * Source: docs/spec/walk-in.md, 2 and 3; docs/spec/http.md, 3.
 */

import * as envelope from '../src/client/envelope.js';
import { context } from '../src/client/walk_in.js';
import {
  REFERRAL_DAYS,
  U64_BYTES,
  WEEKLY_KEY_DAYS,
  WEEKLY_KEY_GRACE_DAYS,
} from '../src/constants.js';
import { equal, monday } from '../src/encoding.js';
import * as work from '../src/public/work.js';
import * as ask from './ask.js';
import * as choosing from './choosing.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/requests.js').WalkIn} WalkIn */
/** @typedef {import('./ask.js').Receipt} Receipt */
/** @typedef {import('./choosing.js').Organisation} Organisation */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('../src/client/message.js').Message} Message */

/**
 * Called after each step of the work: how many tries were made, how many it takes on average.
 * Throwing in it ends the work.
 * @typedef {(tried: number, expected: number) => void} Progress
 */

// A few hundredths of a second on a slow phone, so that the page can be left at any moment.
const STEP = 1 << 10;

/**
 * Fetches network and directory anew and returns the chosen organisation, right before sealing.
 *
 * Throws Trouble `closed` where its listing or weekly key does not hold any more, `changed` where
 * it says something else of itself than what was shown.
 * @param {Session} session
 * @param {Organisation} chosen
 * @returns {Promise<{view: View, chosen: Organisation}>}
 */
export async function checkAgain(session, chosen) {
  const again = await choosing.fetch(session);
  const found = choosing.named(again.organisations, chosen.statement.organisation);
  if (!found?.weekly_key) throw new Trouble('closed');
  if (!equal(found.statement.profile, chosen.statement.profile)) {
    throw new Trouble('changed');
  }
  return { view: again.view, chosen: found };
}

/**
 * Seals a draft with its yes to the chosen organisation's weekly key; no work is done yet.
 *
 * Throws as `ask.seal`, and Trouble `closed` for an organisation without such a key.
 * @param {Session} session
 * @param {View} view
 * @param {Organisation} chosen
 * @param {Message} draft
 * @param {Receipt | null} receipt
 * @returns {WalkIn}
 */
export function seal({ today, random }, view, { statement, weekly_key }, draft, receipt) {
  if (!weekly_key) throw new Trouble('closed');
  const { network_id } = view.policy;
  const { public_key } = weekly_key;
  const reader = { organisation: statement.organisation, name: statement.name, public_key };
  const encoded = ask.encode(draft, receipt);
  return {
    epoch: today(),
    nonce: new Uint8Array(U64_BYTES),
    envelope: envelope.seal(encoded, public_key, context(network_id, public_key), { random }),
    box: ask.makeBox(reader, receipt, network_id, {
      today: view.today,
      last_epoch: lastEpoch(view.today),
      random,
    }),
  };
}

/**
 * Returns until when a walk-in of this epoch is kept: never after its key's last day of grace.
 *
 * Source: docs/spec/http.md, 3.
 * @param {number} today
 */
export const lastEpoch = (today) =>
  Math.min(today + REFERRAL_DAYS, monday(today) + WEEKLY_KEY_DAYS + WEEKLY_KEY_GRACE_DAYS - 1);

/**
 * Returns the sealed request with the work of its day done; the envelope stays.
 *
 * Takes 2^bits hashes on average, in slices between which the page lives.
 * Source: docs/spec/walk-in.md, 3.
 * @param {Session} session
 * @param {View} view
 * @param {WalkIn} sealed
 * @param {Progress} progress
 * @returns {Promise<WalkIn>}
 */
export async function withWork({ random, pause }, view, sealed, progress) {
  const { network_id } = view.policy;
  const task = work.task(network_id, sealed.epoch, sealed.envelope, view.document.work_bits);
  const start = new DataView(random(U64_BYTES).buffer).getBigUint64(0);
  for (let tried = 0; ; tried += STEP) {
    const nonce = work.search(task, start + BigInt(tried), STEP);
    if (nonce) return { ...sealed, nonce };
    progress(tried + STEP, 2 ** task.bits);
    await pause(0);
  }
}

/**
 * Posts a walk-in, doing its work anew where midnight has passed since.
 *
 * Returns what was sent and its last epoch, or null for the refusal. Throws Trouble `date` where
 * the server takes no day of this device, and those of `Api.send`.
 * @param {Session} session
 * @param {View} view
 * @param {WalkIn} sealed
 * @param {Progress} progress
 * @returns {Promise<{request: WalkIn, last_epoch: number | null}>}
 */
export async function send(session, view, sealed, progress) {
  const epoch = session.today();
  const sent = await post(session, sealed);
  if (sent) return sent;
  if (epoch === sealed.epoch) throw new Trouble('date');
  const anew = await post(session, await withWork(session, view, { ...sealed, epoch }, progress));
  if (anew) return anew;
  throw new Trouble('date');
}

/**
 * @param {Session} session
 * @param {WalkIn} request
 */
async function post({ api }, request) {
  try {
    return { request, last_epoch: await api.send(request) };
  } catch (trouble) {
    if (trouble instanceof Trouble && trouble.kind === 'work') return undefined;
    throw trouble;
  }
}
