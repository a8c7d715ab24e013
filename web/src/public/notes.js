/**
 * Signed notes (C2SP signed-note and tlog-cosignature), read more strictly than C2SP asks.
 *
 * Every line must be by a key that the caller names and must hold, so that nothing in a note can be
 * changed, dropped or added without being noticed.
 *
 * Source: docs/spec/statements.md, 1
 */

import {
  ED25519_SIGNATURE_BYTES,
  NOTE_ALG_COSIGNATURE,
  NOTE_BYTES,
  NOTE_KEY_ID_BYTES,
  NOTE_SIGNATURES,
  U64_BYTES,
} from '../constants.js';
import { Reader, b64, concat, equal, text, u8, unb64, utf8 } from '../encoding.js';
import { BadSignature, Malformed, TooLong } from '../errors.js';
import { CONTROL } from '../fields.js';
import * as ed25519 from './ed25519.js';
import { digest } from './keys.js';
import { checkReadsBack } from './lines.js';

const COSIGNATURE_BYTES = U64_BYTES + ED25519_SIGNATURE_BYTES;
const TIME_LIMIT = 0x8000000000000000n; // tlog-cosignature: a time is at most 2^63 - 1
const KEY_NAME = /^[a-z0-9./-]+$/;
const LINE = /^— ([a-z0-9./-]+) ([A-Za-z0-9+/=]+)$/;

/**
 * @typedef {object} Key A named public key in one role: `alg` says what its signatures are of.
 * @property {string} name
 * @property {Uint8Array} public_key Ed25519, 32 bytes.
 * @property {number} alg NOTE_ALG_ED25519 or NOTE_ALG_COSIGNATURE.
 *
 * @typedef {object} SignatureLine One line below a text, not yet verified.
 * @property {string} name
 * @property {Uint8Array} key_id 4 bytes.
 * @property {Uint8Array} signature 64 bytes, or 72 with its time.
 *
 * @typedef {object} Note A text and its signature lines, not yet verified.
 * @property {string} text Each of its lines is ended by a line feed.
 * @property {SignatureLine[]} lines
 *
 * @typedef {object} Signature A signature that holds: by which key, and for a cosignature when.
 * @property {Key} key
 * @property {bigint} [time] In POSIX seconds.
 */

/**
 * Return the bytes whose SHA-256 begins with the 4 bytes that stand for a key in a signature line.
 * @param {Key} key
 */
export function namedKey(key) {
  return concat(utf8(key.name + '\n'), u8(key.alg), key.public_key);
}

/**
 * Say whether this has the form of a key's name: 1 or more of `a-z 0-9 . - /`.
 * @param {string} value
 */
export function isKeyName(value) {
  return KEY_NAME.test(value);
}

/**
 * Read a note of at most `at_most` bytes; its signatures are not verified.
 *
 * Refuses as Malformed anything that is not a note.
 *
 * Source: docs/spec/statements.md, 1
 * @param {Uint8Array} data
 * @param {number} at_most
 * @returns {Note}
 */
export function parse(data, at_most = NOTE_BYTES) {
  if (data.length > at_most) throw new Malformed();
  const whole = text(data);
  const at = whole.lastIndexOf('\n\n') + 1; // where there is none the text is empty
  const body = whole.slice(0, at);
  const lines = whole.slice(at + 1).split('\n');
  checkText(body);
  if (lines.pop()) throw new Malformed();
  const note = { text: body, lines: lines.map(parseLine) };
  checkLines(note.lines);
  return note;
}

/**
 * Write a text and its signature lines as a note of at most `at_most` bytes.
 *
 * Refuses as Malformed where `parse` would refuse the note, as TooLong more than 64 lines or
 * `at_most` bytes.
 * @param {string} body
 * @param {SignatureLine[]} lines
 * @param {number} at_most
 */
export function formatNote(body, lines, at_most = NOTE_BYTES) {
  const data = utf8(`${body}\n${lines.map(formatLine).join('')}`);
  if (lines.length > NOTE_SIGNATURES || data.length > at_most) throw new TooLong();
  checkReadsBack({ text: body, lines }, parse(data));
  return data;
}

/**
 * Put further signature lines below those of a note.
 *
 * Refuses as Malformed where one of them stands there already, as TooLong as `formatNote` does.
 * @param {Uint8Array} data
 * @param {SignatureLine[]} lines
 * @param {number} at_most
 */
export function addLines(data, lines, at_most = NOTE_BYTES) {
  const note = parse(data, at_most);
  return formatNote(note.text, [...note.lines, ...lines], at_most);
}

/**
 * Verify every line of a note and say by which of `keys` it is.
 *
 * Refuses as BadSignature where a line is by none of them or does not hold.
 *
 * Source: docs/spec/statements.md, 1
 * @param {Note} note
 * @param {Key[]} keys
 * @returns {Promise<Signature[]>}
 */
export async function verify(note, keys) {
  const signatures = [];
  const signed = utf8(note.text);
  for (const line of note.lines) signatures.push(await verifyLine(signed, line, keys));
  return signatures;
}

/**
 * Count the distinct keys of `among` that signed.
 * @param {Signature[]} signatures
 * @param {Key[]} among
 */
export function count(signatures, among) {
  const signed = new Set(signatures.map((signature) => identity(signature.key)));
  return new Set(among.map(identity).filter((one) => signed.has(one))).size;
}

/**
 * Return what tells one key from another, by value: name, alg and public key together.
 * @param {Key} key
 */
export function identity(key) {
  return `${key.name} ${key.alg} ${b64(key.public_key)}`;
}

/**
 * Return what a witness signs: the text, as UTF-8, under a header with the time in POSIX seconds.
 *
 * Source: docs/spec/statements.md, 1
 * @param {Uint8Array} body
 * @param {bigint} time
 */
export function cosignedMessage(body, time) {
  return concat(utf8(`cosignature/v1\ntime ${time}\n`), body);
}

/** @param {string} body */
function checkText(body) {
  if (!body || CONTROL.test(body) || body.startsWith('\n') || body.includes('\n\n')) {
    throw new Malformed();
  }
}

/**
 * @param {string} line
 * @returns {SignatureLine}
 */
function parseLine(line) {
  // A line of another form has no signature, whose length is then wrong.
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const blob = unb64(encoded);
  const signature = blob.slice(NOTE_KEY_ID_BYTES);
  if (![ED25519_SIGNATURE_BYTES, COSIGNATURE_BYTES].includes(signature.length)) {
    throw new Malformed();
  }
  return { name, key_id: blob.slice(0, NOTE_KEY_ID_BYTES), signature };
}

/** @param {SignatureLine} line */
function formatLine(line) {
  return `— ${line.name} ${b64(concat(line.key_id, line.signature))}\n`;
}

/** @param {SignatureLine[]} lines */
function checkLines(lines) {
  const signers = new Set(lines.map((line) => `${line.name} ${b64(line.key_id)}`));
  if (!lines.length || lines.length > NOTE_SIGNATURES || signers.size !== lines.length) {
    throw new Malformed();
  }
}

/**
 * @param {Uint8Array} body
 * @param {SignatureLine} line
 * @param {Key[]} keys
 * @returns {Promise<Signature>}
 */
async function verifyLine(body, line, keys) {
  // Key ids are short, so two keys of one name may share one (an old and a new policy together).
  for (const key of keys) {
    if (key.name !== line.name) continue;
    const hash = await digest(namedKey(key));
    if (!equal(hash.slice(0, NOTE_KEY_ID_BYTES), line.key_id)) continue;
    try {
      return await verifyBy(body, line.signature, key);
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
    }
  }
  throw new BadSignature();
}

/**
 * @param {Uint8Array} body
 * @param {Uint8Array} signature
 * @param {Key} key
 * @returns {Promise<Signature>}
 */
async function verifyBy(body, signature, key) {
  if (key.alg !== NOTE_ALG_COSIGNATURE) {
    await ed25519.verify(key.public_key, body, signature);
    return { key };
  }
  const reader = new Reader(signature);
  const time = reader.u64();
  if (time >= TIME_LIMIT) throw new BadSignature();
  await ed25519.verify(key.public_key, cosignedMessage(body, time), reader.take(reader.left));
  return { key, time };
}
