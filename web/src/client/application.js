/**
 * An application to be vetted: sealed by an organisation to the admins, and opened by each of them.
 *
 * Source: docs/spec/vetting.md, 3
 */

import * as c from '../constants.js';
import { compare, concat, equal, frame, lp, pad, Reader, text, u32, u8, utf8 } from '../encoding.js';
import { CannotOpen, Malformed, TooFewSignatures, Unsupported } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import * as admin_keys from '../public/admin_keys.js';
import * as applications from '../public/applications.js';
import * as ed25519 from '../public/ed25519.js';
import * as lines from '../public/lines.js';
import * as note_signing from '../public/note_signing.js';
import * as aead from './aead.js';
import * as hpke from './hpke.js';

/** @typedef {import('../encoding.js').Random} Random */

/**
 * @typedef {object} ReadingKeys What reads an application, its entries and its reply: the
 *   organisation has them from its secret, an admin from what was sealed to her.
 * @property {Uint8Array} network_id 32 bytes.
 * @property {Uint8Array} application_id 16 bytes.
 * @property {Uint8Array} content_key 32 bytes.
 * @property {Uint8Array} reply_key 32 bytes.
 *
 * @typedef {object} Answer What an organisation says of one criterion.
 * @property {number} criterion 1 to 16.
 * @property {number} kind One of CRITERION_YES to CRITERION_NONE.
 * @property {number} epoch The day of the evidence; 0 for none.
 * @property {string} text How, and where the evidence is found: 0 to 1,000 bytes.
 *
 * @typedef {object} Opened An application as an admin reads it: what will be public, and what is
 *   for admins alone.
 * @property {applications.Application} listing
 * @property {Uint8Array} said The listing as it was signed.
 * @property {string} contact 1 to 500 bytes of how to reach them.
 * @property {Answer[]} answers
 *
 * @typedef {{network_id: Uint8Array, application_id: Uint8Array}} Place
 */

const SEALED_BYTES = c.READER_SEALED_BYTES - c.READER_BYTES;

/**
 * Derive what an application's secret (32 bytes) gives, but for what withdraws it.
 *
 * Malformed for other lengths. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} secret
 * @param {Uint8Array} network_id
 * @returns {ReadingKeys}
 */
export function readingKeys(secret, network_id) {
  return {
    network_id,
    application_id: derive(secret, c.LABEL_APPLICATION_ID, c.APPLICATION_ID_BYTES, network_id),
    content_key: derive(secret, c.LABEL_APPLICATION_CONTENT, c.KEY_BYTES, network_id),
    reply_key: derive(secret, c.LABEL_APPLICATION_REPLY, c.KEY_BYTES, network_id),
  };
}

/**
 * Derive what withdraws an application and fetches its reply (32 bytes), from its secret.
 *
 * Malformed for other lengths. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} secret
 * @param {Uint8Array} network_id
 */
export function writeKey(secret, network_id) {
  return derive(secret, c.LABEL_APPLICATION_WRITE, c.KEY_BYTES, network_id);
}

/**
 * Seal an application to some admins: about 20 KiB, and as many bytes for as many readers.
 *
 * `listing` was signed with the same `organisation_seed` (32 bytes); `readers` are as
 * `admin_keys.holding` gives them, `threshold` is the policy's k. What comes out differs each time:
 * to repeat a post, keep it.
 *
 * TooFewSignatures for fewer than k readers, TooLong for what has no room, Malformed for what can't
 * stand there, and what `applications.parseAndCheck` refuses of the listing.
 * Source: docs/spec/vetting.md, 3
 * @param {ReadingKeys} keys
 * @param {{organisation_seed: Uint8Array, listing: Uint8Array, contact: string, answers: Answer[],
 *   readers: Pick<admin_keys.AdminKey, 'public_key' | 'reader'>[], threshold: number,
 *   random: Random}} given
 * @returns {Promise<Uint8Array>}
 */
export async function seal(keys, given) {
  const { organisation_seed, threshold, random } = given;
  const readers = admin_keys.distinct(given.readers);
  if (readers.length < threshold) throw new TooFewSignatures();
  lines.checkRoom(readers.length, c.ADMINS_MOST);
  const signed = said(given);
  const message = answersMessage(keys.application_id, signed);
  const plaintext = concat(signed, note_signing.sign(organisation_seed, message));
  await parse(plaintext, keys);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const body = aead.seal(keys.content_key, {
    nonce,
    aad: placed(c.LABEL_APPLICATION_SEALED, keys),
    plaintext: pad(plaintext, c.APPLICATION_PLAINTEXT_BYTES),
  });
  const sealed = readers.map(({ public_key }) => sealKeys(public_key, keys, random));
  return concat(u8(c.SUITE), u8(readers.length), ...sealed, nonce, body);
}

/**
 * Seal what reads an application to an admin's checked X-Wing key: reader, then 1,200 bytes.
 *
 * Malformed for what is no such key. Source: docs/spec/vetting.md, 3 and 4
 * @param {Uint8Array} public_key
 * @param {ReadingKeys} keys
 * @param {Random} random
 */
export function sealKeys(public_key, keys, random) {
  const plaintext = concat(fixed(keys.content_key, c.KEY_BYTES), fixed(keys.reply_key, c.KEY_BYTES));
  const sealed = hpke.seal(public_key, { info: placed(c.LABEL_APPLICATION_KEY, keys), plaintext, random });
  return concat(admin_keys.readerOf(public_key), sealed);
}

/**
 * Open what `sealKeys` made, if it was made for this admin.
 *
 * Malformed, or CannotOpen, also where it is another's. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} sealed
 * @param {hpke.PrivateKey} reading_key
 * @param {Place} place
 * @returns {ReadingKeys}
 */
export function openKeys(sealed, reading_key, { network_id, application_id }) {
  const reader = new Reader(fixed(sealed, c.READER_SEALED_BYTES));
  const name = reader.take(c.READER_BYTES);
  if (!equal(name, admin_keys.readerOf(reading_key.public))) throw new CannotOpen();
  const info = placed(c.LABEL_APPLICATION_KEY, { network_id, application_id });
  const opened = new Reader(reading_key.open({ info, sealed: reader.take(SEALED_BYTES) }));
  const content_key = opened.take(c.KEY_BYTES);
  const reply_key = opened.take(c.KEY_BYTES);
  return { network_id, application_id, content_key, reply_key };
}

/**
 * Find one's own among the admins that an application is sealed to, and open the keys.
 *
 * Malformed, Unsupported, or CannotOpen, also where it is not sealed to this admin.
 * Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} sealed
 * @param {hpke.PrivateKey} reading_key
 * @param {Place} place
 */
export function findKeys(sealed, reading_key, place) {
  const { parts, names } = split(sealed);
  const own = admin_keys.readerOf(reading_key.public);
  const mine = parts[names.findIndex((name) => equal(name, own))];
  if (!mine) throw new CannotOpen();
  return openKeys(mine, reading_key, place);
}

/**
 * Return the names (16 bytes) of the reading keys that an application is sealed to, ascending.
 *
 * Malformed or Unsupported. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} sealed
 */
export const readersOf = (sealed) => split(sealed).names;

/**
 * Open an application with its keys, and check everything that was signed.
 *
 * Malformed, Unsupported, CannotOpen, WrongNetwork or BadSignature. Source: docs/spec/vetting.md, 3
 * @param {Uint8Array} sealed
 * @param {ReadingKeys} keys
 * @returns {Promise<Opened>}
 */
export async function open(sealed, keys) {
  applications.readersOf(sealed);
  const body = sealed.slice(-c.APPLICATION_BODY_BYTES);
  const plaintext = aead.open(keys.content_key, {
    nonce: body.slice(0, c.XCHACHA_NONCE_BYTES),
    aad: placed(c.LABEL_APPLICATION_SEALED, keys),
    ciphertext: body.slice(c.XCHACHA_NONCE_BYTES),
  });
  return await parse(plaintext, keys);
}

/** @param {Uint8Array} sealed */
function split(sealed) {
  const count = applications.readersOf(sealed);
  const reader = new Reader(sealed.slice(c.SUITE_BYTES));
  if (reader.u8() !== count) throw new Malformed();
  const parts = Array.from({ length: count }, () => reader.take(c.READER_SEALED_BYTES));
  const names = parts.map((part) => part.slice(0, c.READER_BYTES));
  if (!lines.isAscending(names, compare)) throw new Malformed();
  return { parts, names };
}

/** @param {{listing: Uint8Array, contact: string, answers: Answer[]}} parts */
function said({ listing, contact, answers }) {
  lines.checkRoom(utf8(contact).length, c.APPLICATION_CONTACT_BYTES);
  const encoded = answers.map((one) => {
    lines.checkRoom(utf8(one.text).length, c.ANSWER_TEXT_BYTES);
    return concat(u8(one.criterion), u8(one.kind), u32(one.epoch), lp(utf8(one.text)));
  });
  return concat(u8(c.FORMAT_VERSION), lp(listing), lp(utf8(contact)), u8(answers.length), ...encoded);
}

/**
 * @param {Uint8Array} plaintext
 * @param {Place} place
 * @returns {Promise<Opened>}
 */
async function parse(plaintext, { network_id, application_id }) {
  const reader = new Reader(plaintext);
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const listing_said = reader.lp(c.APPLICATION_BYTES);
  const contact = text(reader.lp(c.APPLICATION_CONTACT_BYTES));
  lines.checkText(contact, 1);
  const answers = Array.from({ length: reader.u8() }, () => answer(reader));
  checkAnswers(answers);
  const signed = plaintext.slice(0, plaintext.length - reader.left);
  const signature = reader.take(c.ED25519_SIGNATURE_BYTES);
  reader.zerosToEnd();
  const listing = await applications.parseAndCheck(listing_said, network_id);
  await ed25519.verify(listing.organisation, answersMessage(application_id, signed), signature);
  return { listing, said: listing_said, contact, answers };
}

/**
 * @param {Reader} reader
 * @returns {Answer}
 */
function answer(reader) {
  const read = {
    criterion: reader.u8(), // read in the order in which they stand
    kind: reader.u8(),
    epoch: reader.u32(),
    text: text(reader.lp(c.ANSWER_TEXT_BYTES)),
  };
  lines.checkText(read.text);
  if (read.kind < c.CRITERION_YES || read.kind > c.CRITERION_NONE) throw new Malformed();
  return read;
}

/** @param {Answer[]} answers */
function checkAnswers(answers) {
  const given = answers.map(({ criterion }) => criterion);
  if (!lines.isAscending(given)) throw new Malformed();
  if (!c.VETTING_BLOCKING.every((one) => given.includes(one))) throw new Malformed();
  if (given.some((one) => one < 1 || one > c.VETTING_CRITERIA)) throw new Malformed();
}

/**
 * @param {Uint8Array} secret
 * @param {string} label
 * @param {number} length
 * @param {Uint8Array} network_id
 */
function derive(secret, label, length, network_id) {
  fixed(secret, c.APPLICATION_SECRET_BYTES);
  return hkdf(secret, { info: frame(label, fixed(network_id, c.NETWORK_ID_BYTES)), length });
}

/**
 * @param {string} label
 * @param {Place} place
 */
function placed(label, { network_id, application_id }) {
  fixed(network_id, c.NETWORK_ID_BYTES);
  return frame(label, u8(c.SUITE), network_id, fixed(application_id, c.APPLICATION_ID_BYTES));
}

/**
 * @param {Uint8Array} application_id
 * @param {Uint8Array} signed
 */
function answersMessage(application_id, signed) {
  return frame(c.LABEL_APPLICATION_ANSWERS, application_id, signed);
}
