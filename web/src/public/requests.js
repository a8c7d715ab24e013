/**
 * Requests as they travel: the canonical form that is hashed and carried, and its armour.
 *
 * Source: docs/spec/http.md, 5
 */

import { sha256 } from '@noble/hashes/sha2.js';

import * as c from '../constants.js';
import { Reader, concat, u32, u8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { fixed } from '../fields.js';
import { read as readArmour, write as writeArmour } from './armour.js';
import { digest, requestHash } from './keys.js';

const NO_BOX = 0;
const BOX = 1;
const WHAT = 'REQUEST';

/**
 * @typedef {object} Box A box to be opened.
 * @property {Uint8Array} id 16 bytes.
 * @property {Uint8Array} holder_key_hash 32 bytes.
 * @property {Uint8Array} write_key_hash 32 bytes.
 * @property {Uint8Array} slot_0 Sealed, 4,096 bytes.
 *
 * @typedef {object} Referral A request by code.
 * @property {Uint8Array} locator 16 bytes.
 * @property {Uint8Array} write_key 32 bytes.
 * @property {Uint8Array} envelope 5,273 bytes.
 * @property {Box} [box]
 *
 * @typedef {object} WalkIn A request without a code.
 * @property {number} epoch Of sending.
 * @property {Uint8Array} nonce 8 bytes.
 * @property {Uint8Array} envelope 5,273 bytes.
 * @property {Box} [box]
 *
 * @typedef {Referral | WalkIn} Request
 */

/**
 * Return these parts of a box; refuses as Malformed a part of another length.
 * @param {Box} parts
 * @returns {Box}
 */
export function box(parts) {
  fixed(parts.id, c.BOX_ID_BYTES);
  fixed(parts.holder_key_hash, c.HASH_BYTES);
  fixed(parts.write_key_hash, c.HASH_BYTES);
  fixed(parts.slot_0, c.SLOT_BYTES);
  return parts;
}

/**
 * Return these parts of a request by code; refuses as Malformed a part of another length.
 * @param {Referral} parts
 * @returns {Referral}
 */
export function referral(parts) {
  fixed(parts.locator, c.LOCATOR_BYTES);
  fixed(parts.write_key, c.KEY_BYTES);
  fixed(parts.envelope, c.ENVELOPE_BYTES);
  return parts;
}

/**
 * Return these parts of a request without a code.
 *
 * Refuses as Malformed a part of another length, and an epoch that has not 4 bytes.
 * @param {WalkIn} parts
 * @returns {WalkIn}
 */
export function walkIn(parts) {
  u32(parts.epoch);
  fixed(parts.nonce, c.U64_BYTES);
  fixed(parts.envelope, c.ENVELOPE_BYTES);
  return parts;
}

/**
 * Say whether a request is one by code.
 * @param {Request} request
 * @returns {request is Referral}
 */
export function isReferral(request) {
  return 'locator' in request;
}

/**
 * Return the canonical form of a request: 5,287 to 9,499 bytes. Source: docs/spec/http.md, 5
 * @param {Request} request
 */
export function encode(request) {
  return concat(encodeHead(request), request.envelope, encodeBox(request.box));
}

/**
 * Read a canonical form; refuses as Malformed anything else. Source: docs/spec/http.md, 5
 * @param {Uint8Array} data
 * @returns {Request}
 */
export function decode(data) {
  const reader = new Reader(data);
  const kind = reader.u8();
  if (kind !== c.KIND_REFERRAL && kind !== c.KIND_WALK_IN) throw new Malformed();
  const request = kind === c.KIND_REFERRAL ? decodeReferral(reader) : decodeWalkIn(reader);
  reader.end();
  return request;
}

/**
 * Return the 32 bytes by which a server knows a repeated request.
 *
 * Source: docs/spec/http.md, 5
 * @param {Request} request
 */
export function hashOf(request) {
  return requestHash(encode(request));
}

/**
 * Return the 16 bytes under which a walk-in's envelope (5,273 bytes) lies.
 *
 * Refuses as Malformed another length. Source: docs/spec/http.md, 5
 * @param {Uint8Array} envelope
 */
export function walkInTag(envelope) {
  return sha256(fixed(envelope, c.ENVELOPE_BYTES)).slice(0, c.BINDING_BYTES);
}

/**
 * As `walkInTag`, by the browser's own hash where it has one: for whoever tries a whole drop.
 * @param {Uint8Array} envelope
 */
export async function walkInTagQuickly(envelope) {
  if (!globalThis.crypto.subtle) return walkInTag(envelope);
  return (await digest(fixed(envelope, c.ENVELOPE_BYTES))).slice(0, c.BINDING_BYTES);
}

/**
 * Write a request as text to be carried by hand: at most 13,000 characters of ASCII.
 *
 * Whoever has it can send it. Source: docs/spec/http.md, 5
 * @param {Request} request
 */
export function armour(request) {
  return writeArmour(WHAT, encode(request));
}

/**
 * Read a request from a text of at most 20,000 characters that has its armour in it once.
 *
 * Forgives white space, `>` at the start of lines, and text before and after. Refuses as Malformed
 * anything else. Source: docs/spec/http.md, 5
 * @param {string} text
 * @returns {Request}
 */
export function fromArmour(text) {
  return decode(readArmour(WHAT, text, c.ARMOUR_CHARACTERS));
}

/** @param {Request} request */
function encodeHead(request) {
  if (isReferral(request)) return concat(u8(c.KIND_REFERRAL), request.locator, request.write_key);
  return concat(u8(c.KIND_WALK_IN), u32(request.epoch), request.nonce);
}

/** @param {Box | undefined} box */
function encodeBox(box) {
  if (!box) return u8(NO_BOX);
  return concat(u8(BOX), box.id, box.holder_key_hash, box.write_key_hash, box.slot_0);
}

/**
 * @param {Reader} reader
 * @returns {Referral}
 */
function decodeReferral(reader) {
  return {
    locator: reader.take(c.LOCATOR_BYTES),
    write_key: reader.take(c.KEY_BYTES),
    envelope: reader.take(c.ENVELOPE_BYTES),
    box: decodeBox(reader),
  };
}

/**
 * @param {Reader} reader
 * @returns {WalkIn}
 */
function decodeWalkIn(reader) {
  return {
    epoch: reader.u32(),
    nonce: reader.take(c.U64_BYTES),
    envelope: reader.take(c.ENVELOPE_BYTES),
    box: decodeBox(reader),
  };
}

/**
 * @param {Reader} reader
 * @returns {Box | undefined}
 */
function decodeBox(reader) {
  const there = reader.u8();
  if (there === NO_BOX) return undefined;
  if (there !== BOX) throw new Malformed();
  return {
    id: reader.take(c.BOX_ID_BYTES),
    holder_key_hash: reader.take(c.HASH_BYTES),
    write_key_hash: reader.take(c.HASH_BYTES),
    slot_0: reader.take(c.SLOT_BYTES),
  };
}
