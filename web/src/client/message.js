/**
 * The referral and the follow-up: coded choices and optional text, padded to one size.
 *
 * There is no field for a name, birth date, status, ethnicity or employer, and none may be added
 * (R1). Ids are numbers here; what they mean stands in `words`.
 *
 * Source: docs/spec/envelope.md, sections 4 and 5.
 */

import * as c from '../constants.js';
import { concat, lp, pad, Reader, u16, u8 } from '../encoding.js';
import { ConsentMissing, Malformed, Unsupported } from '../errors.js';
import * as fields from '../fields.js';

/**
 * What the provider needs to answer and to know follow-ups: 16 and three times 32 bytes.
 * @typedef {object} BoxKeys
 * @property {Uint8Array} box_id
 * @property {Uint8Array} box_key
 * @property {Uint8Array} write_key
 * @property {Uint8Array} tag_key
 */

/**
 * A referral or follow-up. An empty list or text, 0 and undefined mean: she did not answer.
 * @typedef {object} Message
 * @property {number} kind
 * @property {number} consent
 * @property {number[]} needs
 * @property {number[]} languages
 * @property {number} region
 * @property {number} people
 * @property {number[]} who
 * @property {number[]} children
 * @property {number} soon
 * @property {number[]} channels
 * @property {number[]} hours
 * @property {number[]} never
 * @property {string} contact
 * @property {string} safe_word
 * @property {number} peer
 * @property {number[]} wishes
 * @property {number} eyes
 * @property {BoxKeys | undefined} box
 * @property {string} text
 * @property {fields.Numbered[]} unknown
 */

/**
 * How one field is written and read; both refuse what breaks its rule.
 * @typedef {[name: Exclude<keyof Message, 'kind' | 'unknown'>,
 *   write: (said: any) => Uint8Array, read: (value: Uint8Array) => any]} Codec
 */

/**
 * Return a message, its kind a referral unless said, with nothing said that is not given.
 * @param {Partial<Message>} [said]
 * @returns {Message}
 */
export function make(said = {}) {
  return {
    kind: c.KIND_REFERRAL,
    consent: 0,
    needs: [],
    languages: [],
    region: 0,
    people: 0,
    who: [],
    children: [],
    soon: 0,
    channels: [],
    hours: [],
    never: [],
    contact: '',
    safe_word: '',
    peer: 0,
    wishes: [],
    eyes: 0,
    box: undefined,
    text: '',
    unknown: [],
    ...said,
  };
}

/**
 * Take from what a receipt gives all that the provider may have: not the holder key.
 * @param {import('./codes.js').ReceiptKeys} receipt
 * @returns {BoxKeys}
 */
export function boxKeysOf({ box_id, box_key, write_key, tag_key }) {
  return { box_id, box_key, write_key, tag_key };
}

/**
 * Encode a message to 4,096 bytes.
 *
 * ConsentMissing without her yes, TooLong for a text or list beyond its limit, Malformed for a
 * field that breaks its rule.
 *
 * Source: docs/spec/envelope.md, sections 4 and 5.
 * @param {Message} message
 * @returns {Uint8Array}
 */
export function encode(message) {
  const body = encodeBody(message);
  return pad(concat(u8(c.FORMAT_VERSION), u8(message.kind), lp(body)), c.MESSAGE_BYTES);
}

/**
 * Decode the 4,096 bytes of a message; `expected` is the kind that its envelope asks for.
 *
 * Malformed, also for a kind that is not the expected one, Unsupported or ConsentMissing.
 * @param {Uint8Array} encoded
 * @param {number} expected
 * @returns {Message}
 */
export function decode(encoded, expected) {
  const reader = new Reader(fields.fixed(encoded, c.MESSAGE_BYTES));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const kind = reader.u8();
  if (kind !== expected) throw new Malformed();
  const body = reader.lp();
  reader.zerosToEnd();
  return decodeBody(kind, body);
}

/**
 * Encode a message without header and padding, as a case keeps it; refuses as `encode`.
 * @param {Message} message
 * @returns {Uint8Array}
 */
export function encodeBody(message) {
  check(message);
  const run = new Map();
  for (const [number, [name, write]] of CODECS) {
    const said = message[name];
    if (isSaid(said)) run.set(number, write(said));
  }
  return fields.encode(fields.withUnknown(run, message.unknown, new Set(CODECS.keys())));
}

/**
 * Decode the fields of a message of a kind (1 referral, 2 follow-up); refuses as `decode`.
 * @param {number} kind
 * @param {Uint8Array} body
 * @returns {Message}
 */
export function decodeBody(kind, body) {
  const run = fields.decode(body);
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const [number, value] of run) {
    const codec = CODECS.get(number);
    if (codec) values[codec[0]] = codec[2](value);
  }
  const message = make({ ...values, kind, unknown: fields.unknown(run, new Set(CODECS.keys())) });
  check(message);
  return message;
}

/**
 * Return how many bytes of UTF-8 are left for the text, negative when it must be cut.
 * @param {string} written
 * @returns {number}
 */
export function roomForText(written) {
  return c.TEXT_BYTES - new TextEncoder().encode(written).length;
}

/** @param {Message[keyof Message]} value */
function isSaid(value) {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/**
 * Hold the rules between fields; first of all her yes (P8, R12).
 * @param {Message} message
 */
function check(message) {
  const { kind, consent } = message;
  if (kind !== c.KIND_REFERRAL && kind !== c.KIND_FOLLOW_UP) throw new Malformed();
  if (consent !== c.CONSENT_PERSON && consent !== c.CONSENT_SELF) throw new ConsentMissing();
  if (!(kind === c.KIND_REFERRAL ? isReferral(message) : isFollowUp(message))) {
    throw new Malformed();
  }
}

/** @param {Message} message */
function isReferral({ needs, languages, channels, eyes, box }) {
  if (!needs.length || !languages.length || !channels.length || !eyes) return false;
  return (eyes === c.EYES_NOBODY) === (box === undefined);
}

/** @param {Message} message */
function isFollowUp(message) {
  if (message.languages.length || message.eyes || message.box) return false;
  const more = [...CODECS.values()].filter(([name]) => name !== 'consent' && isSaid(message[name]));
  return more.length + message.unknown.length > 0;
}

/**
 * @param {number} count
 * @returns {number}
 */
function people(count) {
  if (!(count >= 1 && count <= c.PEOPLE)) throw new Malformed();
  return count;
}

/**
 * @param {BoxKeys} keys
 * @returns {Uint8Array}
 */
function writeBox({ box_id, box_key, write_key, tag_key }) {
  const keys = [box_key, write_key, tag_key].map((key) => fields.fixed(key, c.KEY_BYTES));
  return concat(fields.fixed(box_id, c.BOX_ID_BYTES), ...keys);
}

/**
 * @param {Uint8Array} value
 * @returns {BoxKeys}
 */
function readBox(value) {
  const reader = new Reader(fields.fixed(value, c.BOX_FIELD_BYTES));
  return {
    box_id: reader.take(c.BOX_ID_BYTES),
    box_key: reader.take(c.KEY_BYTES),
    write_key: reader.take(c.KEY_BYTES),
    tag_key: reader.take(c.KEY_BYTES),
  };
}

/**
 * @param {Codec[0]} name
 * @param {number} at_most
 * @returns {Codec}
 */
function ids(name, at_most) {
  return [name, (said) => fields.fromIds(said, at_most), (value) => fields.toIds(value, at_most)];
}

/**
 * @param {Codec[0]} name
 * @returns {Codec}
 */
function id(name) {
  return [name, fields.fromId, fields.toId];
}

/**
 * @param {Codec[0]} name
 * @param {number} at_most
 * @returns {Codec}
 */
function text(name, at_most) {
  return [name, (said) => fields.fromText(said, at_most), (value) => fields.toText(value, at_most)];
}

/** @type {Map<number, Codec>} */
const CODECS = new Map([
  // 0, no answer, is read as such, so that a missing and a wrong yes are refused alike.
  [c.FIELD_CONSENT, ['consent', u16, (value) => fields.toNumber(value, c.U16_BYTES)]],
  [c.FIELD_NEEDS, ids('needs', c.NEEDS)],
  [c.FIELD_LANGUAGES, ids('languages', c.LANGUAGES)],
  [c.FIELD_REGION, id('region')],
  [
    c.FIELD_PEOPLE,
    ['people', (count) => u8(people(count)), (value) => people(fields.toNumber(value, 1))],
  ],
  [c.FIELD_WHO, ids('who', c.WHO)],
  [c.FIELD_CHILDREN, ids('children', c.CHILDREN)],
  [c.FIELD_SOON, id('soon')],
  [c.FIELD_CHANNELS, ids('channels', c.CHANNELS)],
  [c.FIELD_HOURS, ids('hours', c.HOURS)],
  [c.FIELD_NEVER, ids('never', c.NEVER)],
  [c.FIELD_CONTACT, text('contact', c.CONTACT_BYTES)],
  [c.FIELD_SAFE_WORD, text('safe_word', c.SAFE_WORD_BYTES)],
  [c.FIELD_PEER, id('peer')],
  [c.FIELD_WISHES, ids('wishes', c.WISHES)],
  [c.FIELD_EYES, id('eyes')],
  [c.FIELD_BOX, ['box', writeBox, readBox]],
  [c.FIELD_TEXT, text('text', c.TEXT_BYTES)],
]);
