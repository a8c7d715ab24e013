/**
 * A case: what arrived for one code or as one walk-in, and what the provider did with it.
 *
 * The bodies of messages and answers are kept as bytes; `message` and `box` read them.
 *
 * Source: docs/spec/store.md, section 4.
 */

import * as c from '../constants.js';
import { compare, concat, Reader, u32, u8 } from '../encoding.js';
import { Malformed, TooLong } from '../errors.js';
import * as fields from '../fields.js';

/** @typedef {fields.Numbered} Numbered */

/**
 * One case; its epochs are days, its bodies those of envelope.md and box.md.
 *
 * `follow_ups` are numbered 1 to 7 and `answers` 1 to 31, ascending. An undefined `taken_by` (a
 * member id of 16 bytes otherwise) or empty `note` means: not there. `unknown` are a newer
 * client's.
 * @typedef {object} Case
 * @property {number} arrived
 * @property {number} state
 * @property {Uint8Array} message
 * @property {number} last_epoch
 * @property {Numbered[]} follow_ups
 * @property {Numbered[]} answers
 * @property {Uint8Array | undefined} taken_by
 * @property {string} note
 * @property {Numbered[]} unknown
 */

const MESSAGE_BYTES = c.MESSAGE_BYTES - c.MESSAGE_HEADER_BYTES;
const ANSWER_BYTES = c.SLOT_BYTES - c.SLOT_OVERHEAD_BYTES - c.VERSION_BYTES - c.U16_BYTES;

/**
 * The fields that repeat: the highest number they may bear, and the most bytes of a body.
 * @type {Map<number, {last: number, most: number}>}
 */
const REPEATED = new Map([
  [c.CASE_FOLLOW_UP, { last: c.FOLLOW_UPS, most: MESSAGE_BYTES }],
  [c.CASE_ANSWER, { last: c.SLOTS - 1, most: ANSWER_BYTES }],
]);

/**
 * Return a case, with nothing there that is not given.
 * @param {Pick<Case, 'arrived' | 'state' | 'message' | 'last_epoch'> & Partial<Case>} said
 * @returns {Case}
 */
export function make(said) {
  return { follow_ups: [], answers: [], taken_by: undefined, note: '', unknown: [], ...said };
}

/**
 * Return the value; Malformed, or TooLong for a body or note beyond its limit.
 * @param {Case} one
 * @returns {Uint8Array}
 */
export function encode(one) {
  if (one.unknown.some(([number]) => isKnown(number))) throw new Malformed();
  const run = [...knownOf(one), ...one.unknown].sort(([a], [b]) => a - b);
  checkOrder(run);
  return concat(...run.flatMap(([number, value]) => [u8(number), u32(value.length), value]));
}

/**
 * Read a value; Malformed.
 * @param {Uint8Array} encoded
 * @returns {Case}
 */
export function decode(encoded) {
  const run = readRun(encoded);
  checkOrder(run);
  const once = new Map(run);
  /** @param {number} number */
  const needed = (number) => {
    const value = once.get(number);
    if (!value) throw new Malformed();
    return value;
  };
  const [note, taken_by] = [once.get(c.CASE_NOTE), once.get(c.CASE_TAKEN_BY)];
  return {
    arrived: fields.toNumber(needed(c.CASE_ARRIVED), c.EPOCH_BYTES),
    state: fields.toId(needed(c.CASE_STATE)),
    message: limited(needed(c.CASE_MESSAGE), MESSAGE_BYTES, Malformed),
    last_epoch: fields.toNumber(needed(c.CASE_LAST_EPOCH), c.EPOCH_BYTES),
    follow_ups: toBodies(run, c.CASE_FOLLOW_UP),
    answers: toBodies(run, c.CASE_ANSWER),
    taken_by: taken_by && fields.fixed(taken_by, c.MEMBER_ID_BYTES),
    note: note ? fields.toText(note, c.CASE_NOTE_BYTES) : '',
    unknown: run.filter(([number]) => !isKnown(number)),
  };
}

/** @param {number} number */
function isKnown(number) {
  return number >= c.CASE_ARRIVED && number <= c.CASE_LAST_EPOCH;
}

/**
 * @param {Case} one
 * @returns {Numbered[]}
 */
function knownOf(one) {
  /** @type {Numbered[]} */
  const run = [
    [c.CASE_ARRIVED, u32(one.arrived)],
    [c.CASE_STATE, fields.fromId(one.state)],
    [c.CASE_MESSAGE, limited(one.message, MESSAGE_BYTES, TooLong)],
    ...fromBodies(one.follow_ups, c.CASE_FOLLOW_UP),
    ...fromBodies(one.answers, c.CASE_ANSWER),
  ];
  if (one.taken_by) run.push([c.CASE_TAKEN_BY, fields.fixed(one.taken_by, c.MEMBER_ID_BYTES)]);
  if (one.note) run.push([c.CASE_NOTE, fields.fromText(one.note, c.CASE_NOTE_BYTES)]);
  run.push([c.CASE_LAST_EPOCH, u32(one.last_epoch)]);
  return run;
}

/**
 * @param {Uint8Array} encoded
 * @returns {Numbered[]}
 */
function readRun(encoded) {
  const reader = new Reader(encoded);
  /** @type {Numbered[]} */
  const run = [];
  while (reader.left) run.push([reader.u8(), reader.take(reader.u32())]);
  return run;
}

/**
 * Fields ascend, and those that repeat ascend by the number in their first byte.
 * @param {readonly Numbered[]} run
 */
function checkOrder(run) {
  const places = run.map(([number, value]) =>
    Uint8Array.from([number, ...(REPEATED.has(number) ? value.slice(0, 1) : [])]),
  );
  places.reduce((one, following) => {
    if (compare(one, following) >= 0) throw new Malformed();
    return following;
  }, new Uint8Array());
}

/**
 * @param {readonly Numbered[]} bodies
 * @param {number} field
 * @returns {Numbered[]}
 */
function fromBodies(bodies, field) {
  const { last, most } = repeated(field);
  return bodies.map(([number, body]) => {
    if (!(number >= 1 && number <= last)) throw new Malformed();
    return [field, concat(u8(number), limited(body, most, TooLong))];
  });
}

/**
 * @param {readonly Numbered[]} run
 * @param {number} field
 * @returns {Numbered[]}
 */
function toBodies(run, field) {
  const { last, most } = repeated(field);
  const values = run.filter(([number]) => number === field);
  return values.map(([, value]) => {
    const [number = 0] = value;
    if (number < 1 || number > last) throw new Malformed();
    return [number, limited(value.slice(1), most, Malformed)];
  });
}

/** @param {number} field */
function repeated(field) {
  return REPEATED.get(field) ?? { last: 0, most: 0 };
}

/**
 * @param {Uint8Array} body
 * @param {number} most
 * @param {typeof Malformed | typeof TooLong} TooMuch
 * @returns {Uint8Array}
 */
function limited(body, most, TooMuch) {
  if (!body.length) throw new Malformed();
  if (body.length > most) throw new TooMuch();
  return body;
}
