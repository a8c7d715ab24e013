/**
 * Boxes: answers in sealed slots of one size, which only the receipt and the provider open.
 *
 * Slot 0 is the holder's alone, and says whose signature the answers in slots 1 to 31 must have.
 *
 * Source: docs/spec/box.md.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import * as c from '../constants.js';
import { concat, frame, lp, pad, Reader, u16, u8 } from '../encoding.js';
import { Malformed, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import * as ed25519 from '../public/ed25519.js';
import * as note_signing from '../public/note_signing.js';
import * as aead from './aead.js';
import * as answers from './answers.js';

/**
 * @typedef {answers.Answer} Answer
 * @typedef {import('../encoding.js').Random} Random
 */

const ANSWER_BYTES = c.SLOT_BYTES - c.SLOT_OVERHEAD_BYTES;

/**
 * Seal what the sender says of the delivery into slot 0 of a box: 4,096 bytes.
 *
 * Malformed for an answer that does not belong there, TooLong for one that does not fit.
 *
 * Source: docs/spec/box.md, section 1.
 * @param {Answer} answer
 * @param {{network_id: Uint8Array, box_id: Uint8Array, holder_key: Uint8Array,
 *   random: Random}} given
 * @returns {Uint8Array}
 */
export function sealDelivered(answer, { network_id, box_id, holder_key, random }) {
  const body = answers.encodeBody(answer, answers.DELIVERED_SLOT);
  return seal(body, holder_key, 0, aadOf(network_id, box_id, 0), random);
}

/**
 * Sign an answer as the organisation and seal it into slot 1 to 31 of a box: 4,096 bytes.
 *
 * Malformed for another slot number or an answer that does not belong there, TooLong for one that
 * does not fit.
 *
 * Source: docs/spec/box.md, sections 1 and 2.
 * @param {Answer} answer
 * @param {{network_id: Uint8Array, box_id: Uint8Array, box_key: Uint8Array, slot: number,
 *   organisation_seed: Uint8Array, random: Random}} given
 * @returns {Uint8Array}
 */
export function sealAnswer(answer, given) {
  const { network_id, box_id, box_key, slot, random } = given;
  const body = answers.encodeBody(sign(answer, given), slot);
  return seal(body, box_key, slot, aadOf(network_id, box_id, slot), random);
}

/**
 * Return the answer with the organisation's signature for this slot of this box.
 *
 * The same answer always gets the same one, so that a case keeps the body that was sealed.
 * Malformed or TooLong.
 *
 * Source: docs/spec/box.md, section 2.
 * @param {Answer} answer
 * @param {{network_id: Uint8Array, box_id: Uint8Array, slot: number,
 *   organisation_seed: Uint8Array}} given
 * @returns {Answer}
 */
export function sign(answer, { network_id, box_id, slot, organisation_seed }) {
  const message = signedMessage(answer, network_id, box_id, slot);
  return { ...answer, signature: note_signing.sign(organisation_seed, message) };
}

/**
 * Open what was read from slot 0: CannotOpen where there is none, and Malformed or Unsupported.
 *
 * Source: docs/spec/box.md, section 3.
 * @param {Uint8Array} sealed
 * @param {{network_id: Uint8Array, box_id: Uint8Array, holder_key: Uint8Array}} given
 * @returns {Answer}
 */
export function openDelivered(sealed, { network_id, box_id, holder_key }) {
  const body = open(sealed, holder_key, 0, aadOf(network_id, box_id, 0));
  return answers.decodeBody(body, answers.DELIVERED_SLOT);
}

/**
 * Open what was read from slot 1 to 31; `organisation` is the key that slot 0 names.
 *
 * CannotOpen where there is no answer, which the holder sees as 'nothing here', BadSignature for
 * one that is not this organisation's, and Malformed or Unsupported.
 *
 * Source: docs/spec/box.md, section 3.
 * @param {Uint8Array} sealed
 * @param {{network_id: Uint8Array, box_id: Uint8Array, box_key: Uint8Array, slot: number,
 *   organisation: Uint8Array}} given
 * @returns {Promise<Answer>}
 */
export async function openAnswer(sealed, { network_id, box_id, box_key, slot, organisation }) {
  fixed(organisation, c.ED25519_PUBLIC_KEY_BYTES);
  checkAnswerSlot(slot);
  const body = open(sealed, box_key, slot, aadOf(network_id, box_id, slot));
  const answer = answers.decodeBody(body, slot);
  const message = signedMessage(answer, network_id, box_id, slot);
  await ed25519.verify(organisation, message, /** @type {Uint8Array} */ (answer.signature));
  return answer;
}

/**
 * @param {Uint8Array} body
 * @param {Uint8Array} key
 * @param {number} slot
 * @param {Uint8Array} aad
 * @param {Random} random
 * @returns {Uint8Array}
 */
function seal(body, key, slot, aad, random) {
  const plaintext = pad(concat(u8(c.FORMAT_VERSION), lp(body)), ANSWER_BYTES);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  return concat(nonce, aead.seal(slotKey(key, slot), { nonce, aad, plaintext }));
}

/**
 * @param {Uint8Array} sealed
 * @param {Uint8Array} key
 * @param {number} slot
 * @param {Uint8Array} aad
 * @returns {Uint8Array}
 */
function open(sealed, key, slot, aad) {
  fixed(sealed, c.SLOT_BYTES);
  const nonce = sealed.slice(0, c.XCHACHA_NONCE_BYTES);
  const ciphertext = sealed.slice(c.XCHACHA_NONCE_BYTES);
  const reader = new Reader(aead.open(slotKey(key, slot), { nonce, aad, ciphertext }));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const body = reader.lp();
  reader.zerosToEnd();
  return body;
}

/**
 * Derive a slot's key: of slot 0 from the holder key, of the others from the box key.
 * @param {Uint8Array} key
 * @param {number} slot
 * @returns {Uint8Array}
 */
function slotKey(key, slot) {
  const info = frame(c.LABEL_SLOT_KEY, u16(slot));
  return hkdf(fixed(key, c.KEY_BYTES), { info, length: c.KEY_BYTES });
}

/**
 * @param {Uint8Array} network_id
 * @param {Uint8Array} box_id
 * @param {number} slot
 * @returns {Uint8Array}
 */
function aadOf(network_id, box_id, slot) {
  checkPlace(network_id, box_id);
  return frame(c.LABEL_SLOT, network_id, box_id, u16(slot));
}

/**
 * @param {Answer} answer
 * @param {Uint8Array} network_id
 * @param {Uint8Array} box_id
 * @param {number} slot
 * @returns {Uint8Array}
 */
function signedMessage(answer, network_id, box_id, slot) {
  checkPlace(network_id, box_id);
  checkAnswerSlot(slot);
  const hashed = sha256(answers.unsignedBody(answer));
  return frame(c.LABEL_ANSWER, u8(c.SUITE), network_id, box_id, u16(slot), hashed);
}

/**
 * @param {Uint8Array} network_id
 * @param {Uint8Array} box_id
 */
function checkPlace(network_id, box_id) {
  fixed(network_id, c.NETWORK_ID_BYTES);
  fixed(box_id, c.BOX_ID_BYTES);
}

/**
 * Refuse slot 0, which is keyed otherwise and carries no signature, and what is no slot.
 * @param {number} slot
 */
function checkAnswerSlot(slot) {
  if (!(slot >= 1 && slot < c.SLOTS)) throw new Malformed();
}
