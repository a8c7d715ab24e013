/**
 * Asking with a code: who will read it, the receipt, the yes, sealing, sending, and reading back.
 *
 * The order is the promise: what the code opens is checked before anything is shown; the receipt is
 * made before anything is sealed; without a yes nothing is sealed; and the listing is checked again
 * right before sealing, because an organisation may have been suspended while a form was filled in.
 *
 * Source: docs/spec/envelope.md, 9; docs/spec/record.md, 3; docs/spec/http.md, 3.
 */

import { DELIVERED_SLOT, make as makeAnswer } from '../src/client/answers.js';
import * as box from '../src/client/box.js';
import * as codes from '../src/client/codes.js';
import * as envelope from '../src/client/envelope.js';
import * as message from '../src/client/message.js';
import * as record from '../src/client/record.js';
import * as record_check from '../src/client/record_check.js';
import { REFERRAL_DAYS, STATE_DELIVERED } from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { keyHash } from '../src/public/keys.js';
import * as network_view from './network_view.js';
import { ofDraft, ofListing } from './troubles.js';

/** @typedef {import('./ambient.js').Session} Session */
/** @typedef {import('../src/public/requests.js').Box} Box */
/** @typedef {import('../src/public/requests.js').Referral} Referral */
/** @typedef {import('../src/public/requests.js').Request} Request */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('../src/client/codes.js').CodeKeys} CodeKeys */
/** @typedef {import('../src/client/codes.js').ReceiptKeys} ReceiptKeys */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('../src/client/record.js').Contents} Contents */
/** @typedef {import('../src/client/record_check.js').Recipient} Recipient */
/** @typedef {import('../src/encoding.js').Random} Random */

/**
 * What a code leads to, checked: the network, the code's keys, and who will read.
 * @typedef {object} Opened
 * @property {View} view
 * @property {CodeKeys} keys
 * @property {Contents} contents
 * @property {Recipient} recipient
 */

/**
 * A receipt made on this device (10 bytes), and what it gives together with a word.
 * @typedef {object} Receipt
 * @property {Uint8Array} secret
 * @property {ReceiptKeys} keys
 */

/**
 * Whom a request is sealed for: what slot 0 will say of it (box.md, 2).
 * @typedef {object} Reader
 * @property {Uint8Array} organisation 32 bytes
 * @property {string} name
 * @property {Uint8Array} public_key 1,216 bytes
 */

/**
 * Returns what a code (10 bytes) leads to, or null where the server refuses it.
 *
 * Throws Trouble. Source: docs/spec/record.md, 3.
 * @param {Session} session
 * @param {Uint8Array} code
 * @returns {Promise<Opened | null>}
 */
export async function openCode(session, code) {
  const view = await network_view.fetch(session);
  const keys = await codes.codeKeys(code, view.policy.network_id);
  const stored = await session.api.openCode(keys.locator);
  if (!stored) return null;
  return await checked(view, keys, () => record.open(stored, keys, view.policy.network_id));
}

/**
 * Fetches the network anew and checks the same record under it, right before sealing.
 *
 * Throws as `openCode`: the organisation may have been suspended since.
 * @param {Session} session
 * @param {Opened} opened
 * @returns {Promise<Opened>}
 */
export async function checkAgain(session, opened) {
  const view = await network_view.fetch(session);
  return await checked(view, opened.keys, () => opened.contents);
}

/**
 * Draws a receipt and derives what it gives with a word of one's own ("" for none).
 *
 * Throws Trouble `input` or `too_long` for a word that can't be one.
 * Source: docs/spec/codes.md, 6.
 * @param {Uint8Array} network_id 32 bytes
 * @param {string} word
 * @param {Random} random
 * @returns {Promise<Receipt>}
 */
export async function makeReceipt(network_id, word, random) {
  const secret = codes.newSecret(random);
  try {
    return { secret, keys: await codes.receiptKeys(secret, word, network_id) };
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Seals a draft with its yes to who will read it, and slot 0 for the receipt.
 *
 * `receipt` is null when the draft's eyes are nobody's. Throws Trouble `consent` without a yes,
 * before anything is made; `input` or `too_long` for a draft that breaks a rule.
 * @param {Opened} opened
 * @param {Message} draft
 * @param {Receipt | null} receipt
 * @param {Random} random
 * @returns {Referral}
 */
export function seal({ view, keys, recipient }, draft, receipt, random) {
  const { network_id } = view.policy;
  const { public_key, statement } = recipient;
  const reader = { organisation: statement.organisation, name: statement.name, public_key };
  const encoded = encode(draft, receipt);
  const context = envelope.forCode(network_id, keys.locator, keys.psk);
  return {
    locator: keys.locator,
    write_key: keys.write_key,
    envelope: envelope.seal(encoded, public_key, context, { random }),
    box: makeBox(reader, receipt, network_id, {
      today: view.today,
      last_epoch: view.today + REFERRAL_DAYS,
      random,
    }),
  };
}

/**
 * Encodes a draft with the receipt's box keys: 4,096 bytes.
 *
 * Throws Trouble `consent` without a yes, `input` or `too_long` for a draft that breaks a rule.
 * @param {Message} draft
 * @param {Receipt | null} receipt
 */
export function encode(draft, receipt) {
  try {
    return message.encode({ ...draft, box: receipt ? message.boxKeysOf(receipt.keys) : undefined });
  } catch (refused) {
    throw ofDraft(refused);
  }
}

/**
 * Returns the box of a receipt with "delivered" in slot 0; undefined without a receipt.
 *
 * Source: docs/spec/box.md, 1 and 2.
 * @param {Reader} reader
 * @param {Receipt | null} receipt
 * @param {Uint8Array} network_id 32 bytes
 * @param {{today: number, last_epoch: number, random: Random}} given epochs: the last one is until
 *   when the request is kept unless it is renewed
 * @returns {Box | undefined}
 */
export function makeBox(reader, receipt, network_id, { today, last_epoch, random }) {
  if (!receipt) return undefined;
  const { box_id, holder_key, write_key } = receipt.keys;
  const delivered = makeAnswer({
    state: STATE_DELIVERED,
    epoch: today,
    last_epoch,
    ...reader,
  });
  return {
    id: box_id,
    holder_key_hash: keyHash(holder_key),
    write_key_hash: keyHash(write_key),
    slot_0: box.sealDelivered(delivered, { network_id, box_id, holder_key, random }),
  };
}

/**
 * Reads slot 0 back and says whether it is the very one that was sent.
 * @param {Session} session
 * @param {Request} request
 * @param {Receipt} receipt
 * @returns {Promise<boolean>}
 */
export async function isDelivered(session, request, receipt) {
  if (!request.box) return false;
  const { box_id, holder_key } = receipt.keys;
  const [read] = await session.api.readBox(box_id, holder_key, [DELIVERED_SLOT]);
  // The very bytes that were sealed with these keys open with them.
  return equal(read, request.box.slot_0);
}

/**
 * @param {View} view
 * @param {CodeKeys} keys
 * @param {() => Contents} open
 * @returns {Promise<Opened>}
 */
async function checked(view, keys, open) {
  try {
    const contents = open();
    const recipient = await record_check.check(contents, keys.locator, view.network);
    return { view, keys, contents, recipient };
  } catch (refused) {
    throw ofListing(refused);
  }
}
