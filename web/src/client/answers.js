/**
 * Answers: what stands in the slots of a box, and which of it stands where.
 *
 * Source: docs/spec/box.md, section 2.
 */

import * as c from '../constants.js';
import { concat, equal, Reader, u32 } from '../encoding.js';
import { Malformed, TooLong } from '../errors.js';
import * as fields from '../fields.js';
import { checkName } from '../public/lines.js';

/** The sender's; the provider has the others. */
export const DELIVERED_SLOT = 0;

const KNOWN = new Set(
  Array.from({ length: c.ANSWER_SIGNATURE - c.ANSWER_STATE + 1 }, (_, at) => c.ANSWER_STATE + at),
);
const ORGANISATION_BYTES = c.ED25519_PUBLIC_KEY_BYTES;

/**
 * What stands in a slot. An empty text or list and undefined mean: not there.
 * @typedef {object} Answer
 * @property {number} state
 * @property {number} epoch
 * @property {string} text
 * @property {Uint8Array[]} try_another
 * @property {number | undefined} last_epoch
 * @property {Uint8Array | undefined} organisation
 * @property {string} name
 * @property {Uint8Array | undefined} public_key
 * @property {Uint8Array | undefined} signature
 * @property {fields.Numbered[]} unknown
 */

/**
 * Return an answer, with nothing there that is not given.
 * @param {Pick<Answer, 'state' | 'epoch'> & Partial<Answer>} said
 * @returns {Answer}
 */
export function make(said) {
  return {
    text: '',
    try_another: [],
    last_epoch: undefined,
    organisation: undefined,
    name: '',
    public_key: undefined,
    signature: undefined,
    unknown: [],
    ...said,
  };
}

/**
 * Encode an answer's fields for a slot, as a case keeps them: signed, in slots 1 to 31.
 *
 * Malformed or TooLong. Source: docs/spec/box.md, section 2.
 * @param {Answer} answer
 * @param {number} slot
 * @returns {Uint8Array}
 */
export function encodeBody(answer, slot) {
  check(answer, slot);
  return fields.encode(runOf(answer));
}

/**
 * Encode an answer's fields but for the signature, which is made over them.
 *
 * Malformed or TooLong. Source: docs/spec/box.md, section 2.
 * @param {Answer} answer
 * @returns {Uint8Array}
 */
export function unsignedBody(answer) {
  const run = runOf(answer);
  run.delete(c.ANSWER_SIGNATURE);
  return fields.encode(run);
}

/**
 * Decode the fields of an answer from a slot; Malformed.
 *
 * The signature is not checked here: `box.openAnswer` does. Source: docs/spec/box.md, section 2.
 * @param {Uint8Array} body
 * @param {number} slot
 * @returns {Answer}
 */
export function decodeBody(body, slot) {
  const run = fields.decode(body);
  /**
   * @template T
   * @param {number} number
   * @param {(value: Uint8Array) => T} read
   * @returns {T | undefined}
   */
  const get = (number, read) => {
    const value = run.get(number);
    return value && read(value);
  };
  /** @param {number} size */
  const fixed = (size) => (/** @type {Uint8Array} */ value) => fields.fixed(value, size);
  /** @param {number} at_most */
  const text = (at_most) => (/** @type {Uint8Array} */ value) => fields.toText(value, at_most);
  /** @param {Uint8Array} value */
  const day = (value) => fields.toNumber(value, c.EPOCH_BYTES);
  const state = get(c.ANSWER_STATE, fields.toId);
  const epoch = get(c.ANSWER_EPOCH, day);
  if (state === undefined || epoch === undefined) throw new Malformed();
  const answer = {
    state,
    epoch,
    text: get(c.ANSWER_TEXT, text(c.TEXT_BYTES)) ?? '',
    try_another: get(c.ANSWER_TRY_ANOTHER, split) ?? [],
    last_epoch: get(c.ANSWER_LAST_EPOCH, day),
    organisation: get(c.ANSWER_ORGANISATION, fixed(ORGANISATION_BYTES)),
    name: get(c.ANSWER_NAME, text(c.ORGANISATION_NAME_BYTES)) ?? '',
    public_key: get(c.ANSWER_PUBLIC_KEY, fixed(c.XWING_PUBLIC_KEY_BYTES)),
    signature: get(c.ANSWER_SIGNATURE, fixed(c.ED25519_SIGNATURE_BYTES)),
    unknown: fields.unknown(run, KNOWN),
  };
  if (answer.name) checkName(answer.name, c.ORGANISATION_NAME_BYTES);
  check(answer, slot);
  return answer;
}

/**
 * Hold what may stand where: 'delivered' in slot 0, what is signed in the others.
 * @param {Answer} answer
 * @param {number} slot
 */
function check(answer, slot) {
  if (!(slot >= 0 && slot < c.SLOTS)) throw new Malformed();
  const delivered = slot === DELIVERED_SLOT;
  const { organisation, name, public_key, signature } = answer;
  const holds = delivered
    ? organisation && name && public_key && answer.last_epoch !== undefined
    : signature && !organisation && !name && !public_key;
  const foreign = delivered && (answer.text || signature);
  if ((answer.state === c.STATE_DELIVERED) !== delivered || !holds || foreign) {
    throw new Malformed();
  }
}

/**
 * @param {Answer} answer
 * @returns {Map<number, Uint8Array>}
 */
function runOf(answer) {
  const { text, try_another, last_epoch, organisation, name, public_key, signature } = answer;
  const run = new Map([
    [c.ANSWER_STATE, fields.fromId(answer.state)],
    [c.ANSWER_EPOCH, u32(answer.epoch)],
  ]);
  if (text) run.set(c.ANSWER_TEXT, fields.fromText(text, c.TEXT_BYTES));
  if (try_another.length) run.set(c.ANSWER_TRY_ANOTHER, join(try_another));
  if (last_epoch !== undefined) run.set(c.ANSWER_LAST_EPOCH, u32(last_epoch));
  if (organisation) {
    run.set(c.ANSWER_ORGANISATION, fields.fixed(organisation, ORGANISATION_BYTES));
  }
  if (name) {
    run.set(c.ANSWER_NAME, fields.fromText(name, c.ORGANISATION_NAME_BYTES));
    checkName(name, c.ORGANISATION_NAME_BYTES);
  }
  if (public_key) {
    run.set(c.ANSWER_PUBLIC_KEY, fields.fixed(public_key, c.XWING_PUBLIC_KEY_BYTES));
  }
  if (signature) {
    run.set(c.ANSWER_SIGNATURE, fields.fixed(signature, c.ED25519_SIGNATURE_BYTES));
  }
  return fields.withUnknown(run, answer.unknown, KNOWN);
}

/**
 * @param {readonly Uint8Array[]} keys
 * @returns {Uint8Array}
 */
function join(keys) {
  if (keys.length > c.TRY_ANOTHER) throw new TooLong();
  for (const key of keys) fields.fixed(key, ORGANISATION_BYTES);
  const joined = concat(...keys);
  split(joined);
  return joined;
}

/**
 * @param {Uint8Array} value
 * @returns {Uint8Array[]}
 */
function split(value) {
  const reader = new Reader(value);
  /** @type {Uint8Array[]} */
  const keys = [];
  while (reader.left) {
    const key = reader.take(ORGANISATION_BYTES);
    if (keys.some((other) => equal(key, other))) throw new Malformed();
    keys.push(key);
  }
  if (!keys.length || keys.length > c.TRY_ANOTHER) throw new Malformed();
  return keys;
}
