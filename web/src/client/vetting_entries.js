/**
 * Entries: what admins write to one another under an application; and the one reply to it.
 *
 * Source: docs/spec/vetting.md, 4 and 5
 */

import * as c from '../constants.js';
import { concat, equal, frame, lp, pad, Reader, text, u16, u32, u8, utf8 } from '../encoding.js';
import { BadSignature, Malformed, Unsupported, WrongNetwork } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import * as ed25519 from '../public/ed25519.js';
import * as lines from '../public/lines.js';
import * as note_signing from '../public/note_signing.js';
import * as notes from '../public/notes.js';
import { allAdmins } from '../public/policy.js';
import * as statements from '../public/statements.js';
import * as aead from './aead.js';
import * as application from './application.js';

/**
 * @typedef {import('../encoding.js').Random} Random
 * @typedef {import('../public/policy.js').Policy} Policy
 * @typedef {import('./application.js').ReadingKeys} ReadingKeys
 * @typedef {import('./application.js').Place} Place
 */

/**
 * @typedef {object} Entry What an admin (Ed25519 key of 32 bytes) wrote on a day; 0, '' and no
 *   bytes mean: not there.
 * @property {Uint8Array} author
 * @property {number} epoch
 * @property {number} kind VETTING_NOTE, _MARK, _SIGNATURE or _DECLINE.
 * @property {string} text 1 to 2,000 bytes; 0 to 1,500 of a mark; none of a signature.
 * @property {number} criterion Of a mark: 1 to 16.
 * @property {number} state Of a mark: MARK_MET to MARK_TAKEN_BACK.
 * @property {Uint8Array} note Of a signature, at most 800 bytes.
 *
 * @typedef {object} Reply What admins tell an applicant.
 * @property {number} kind REPLY_DECLINED, _QUESTION or _LISTED.
 * @property {string} text 0 to 1,800 bytes.
 */

const SEALED = 1; // the two forms of an entry
const HANDED_ON = 2;
const NOTHING = new Uint8Array();
/** @type {Readonly<Record<number, number>>} */
const BODY_BYTES = {
  [c.VETTING_NOTE]: c.VETTING_NOTE_BYTES,
  [c.VETTING_MARK]: 2 * c.U8_BYTES + c.VETTING_MARK_BYTES,
  [c.VETTING_SIGNATURE]: c.STATEMENT_BYTES,
  [c.VETTING_DECLINE]: c.VETTING_NOTE_BYTES,
};

/**
 * Return an entry with what is not said of it left empty.
 * @param {Pick<Entry, 'author' | 'epoch' | 'kind'> & Partial<Entry>} parts
 * @returns {Entry}
 */
export const make = (parts) => ({ text: '', criterion: 0, state: 0, note: NOTHING, ...parts });

/**
 * Sign an entry with its author's Ed25519 seed (32 bytes) and seal it as this number: 2,560 bytes.
 *
 * TooLong for a text or note beyond its room, Malformed for what can't stand there or another's
 * seed. Source: docs/spec/vetting.md, 4
 * @param {Entry} entry
 * @param {ReadingKeys} keys
 * @param {number} number
 * @param {{author_seed: Uint8Array, random: Random}} given
 */
export function seal(entry, keys, number, { author_seed, random }) {
  const body = bodyOf(entry);
  if (!equal(note_signing.publicOf(author_seed), entry.author)) throw new Malformed();
  const signature = note_signing.sign(author_seed, signedMessage(entry, body, keys, number));
  const { author, epoch, kind } = entry;
  const said = [u8(c.FORMAT_VERSION), author, u32(epoch), u8(kind), lp(body), signature];
  const plaintext = pad(concat(...said), c.VETTING_ENTRY_PLAINTEXT_BYTES);
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const sealed = aead.seal(entryKey(keys), { nonce, aad: entryAad(keys, number), plaintext });
  return concat(u8(SEALED), nonce, sealed);
}

/**
 * Open the entry of this number, by an admin of a policy, now or before.
 *
 * Malformed, Unsupported (also for one that was handed on), CannotOpen, WrongNetwork or
 * BadSignature. Source: docs/spec/vetting.md, 4
 * @param {Uint8Array} sealed 2,560 bytes
 * @param {ReadingKeys} keys
 * @param {number} number
 * @param {Policy} policy
 * @returns {Promise<Entry>}
 */
export async function open(sealed, keys, number, policy) {
  const outer = new Reader(fixed(sealed, c.VETTING_ENTRY_BYTES));
  if (outer.u8() !== SEALED) throw new Unsupported();
  const nonce = outer.take(c.XCHACHA_NONCE_BYTES);
  const ciphertext = outer.take(outer.left);
  const aad = entryAad(keys, number);
  const reader = new Reader(aead.open(entryKey(keys), { nonce, aad, ciphertext }));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const [author, epoch] = [reader.take(c.ED25519_PUBLIC_KEY_BYTES), reader.u32()];
  const [kind, body] = [reader.u8(), reader.lp()];
  const signature = reader.take(c.ED25519_SIGNATURE_BYTES);
  reader.zerosToEnd();
  const entry = entryOf({ author, epoch, kind }, body);
  await checkAuthor(entry, policy);
  await ed25519.verify(author, signedMessage(entry, body, keys, number), signature);
  return entry;
}

/**
 * Make the entry (2,560 bytes) by which one more admin, whose key was checked, can read.
 *
 * Source: docs/spec/vetting.md, 4
 * @param {{public_key: Uint8Array}} key
 * @param {ReadingKeys} keys
 * @param {{random: Random}} given
 */
export function handOn({ public_key }, keys, { random }) {
  const sealed = application.sealKeys(public_key, keys, random);
  return pad(concat(u8(HANDED_ON), sealed), c.VETTING_ENTRY_BYTES);
}

/**
 * Open what `handOn` made for this admin.
 *
 * Malformed, Unsupported (also for any other entry), or CannotOpen, also where it is another's.
 * Source: docs/spec/vetting.md, 4
 * @param {Uint8Array} sealed 2,560 bytes
 * @param {import('./hpke.js').PrivateKey} reading_key
 * @param {Place} place
 */
export function openHandedOn(sealed, reading_key, place) {
  const reader = new Reader(fixed(sealed, c.VETTING_ENTRY_BYTES));
  if (reader.u8() !== HANDED_ON) throw new Unsupported();
  const part = reader.take(c.READER_SEALED_BYTES);
  reader.zerosToEnd();
  return application.openKeys(part, reading_key, place);
}

/**
 * Say whether an entry hands the keys on to one more admin.
 * @param {Uint8Array} sealed 2,560 bytes
 */
export const isHandedOn = (sealed) => sealed[0] === HANDED_ON;

/**
 * Seal what the applicant is told: 2,048 bytes.
 *
 * TooLong for more than 1,800 bytes, Malformed for what can't stand there.
 * Source: docs/spec/vetting.md, 5
 * @param {Reply} reply
 * @param {ReadingKeys} keys
 * @param {{random: Random}} given
 */
export function sealReply(reply, keys, { random }) {
  lines.checkRoom(utf8(reply.text).length, c.VETTING_REPLY_TEXT_BYTES);
  checkReply(reply);
  const said = concat(u8(c.FORMAT_VERSION), u8(reply.kind), lp(utf8(reply.text)));
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const plaintext = pad(said, c.VETTING_REPLY_PLAINTEXT_BYTES);
  return concat(nonce, aead.seal(keys.reply_key, { nonce, aad: replyAad(keys), plaintext }));
}

/**
 * Open the reply to an application; what does not open is none yet.
 *
 * CannotOpen, Malformed or Unsupported. Source: docs/spec/vetting.md, 5
 * @param {Uint8Array} sealed 2,048 bytes
 * @param {ReadingKeys} keys
 * @returns {Reply}
 */
export function openReply(sealed, keys) {
  const outer = new Reader(fixed(sealed, c.VETTING_REPLY_BYTES));
  const nonce = outer.take(c.XCHACHA_NONCE_BYTES);
  const ciphertext = outer.take(outer.left);
  const reader = new Reader(aead.open(keys.reply_key, { nonce, aad: replyAad(keys), ciphertext }));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const [kind, said] = [reader.u8(), text(reader.lp(c.VETTING_REPLY_TEXT_BYTES))];
  reader.zerosToEnd();
  const reply = { kind, text: said };
  checkReply(reply);
  return reply;
}

/** @param {Entry} entry */
function bodyOf(entry) {
  const body = unchecked(entry);
  lines.checkRoom(body.length, BODY_BYTES[entry.kind] ?? body.length);
  lines.checkReadsBack(entry, entryOf(entry, body));
  return body;
}

/** @param {Entry} entry */
function unchecked({ kind, text: said, criterion, state, note }) {
  if (kind === c.VETTING_SIGNATURE) return note;
  return kind === c.VETTING_MARK ? concat(u8(criterion), u8(state), utf8(said)) : utf8(said);
}

/**
 * @param {Pick<Entry, 'author' | 'epoch' | 'kind'>} by
 * @param {Uint8Array} body
 * @returns {Entry}
 */
function entryOf({ author, epoch, kind }, body) {
  if (body.length > (BODY_BYTES[kind] ?? -1)) throw new Malformed();
  if (kind === c.VETTING_SIGNATURE) {
    statementOf(body);
    return make({ author, epoch, kind, note: body });
  }
  const reader = new Reader(body);
  const is_mark = kind === c.VETTING_MARK;
  const [criterion, state] = is_mark ? [reader.u8(), reader.u8()] : [0, 0];
  if (is_mark) checkMark(criterion, state);
  const said = text(reader.take(reader.left));
  lines.checkText(said, is_mark ? 0 : 1);
  return make({ author, epoch, kind, text: said, criterion, state });
}

/**
 * @param {number} criterion
 * @param {number} state
 */
function checkMark(criterion, state) {
  if (criterion < 1 || criterion > c.VETTING_CRITERIA) throw new Malformed();
  if (state < c.MARK_MET || state > c.MARK_TAKEN_BACK) throw new Malformed();
}

/** @param {Uint8Array} note */
function statementOf(note) {
  const read = notes.parse(note, c.STATEMENT_BYTES);
  if (read.lines.length !== 1) throw new Malformed();
  const statement = statements.parse(read.text);
  if (statement.kind !== statements.VETTED) throw new Malformed();
  return statement;
}

/**
 * Refuse an author who is no admin, and a line under a statement that is not her own.
 * @param {Entry} entry
 * @param {Policy} policy
 */
async function checkAuthor({ kind, author, note }, policy) {
  const is_signature = kind === c.VETTING_SIGNATURE;
  if (is_signature && !equal(statementOf(note).network_id, policy.network_id)) {
    throw new WrongNetwork();
  }
  const own = allAdmins(policy).filter(({ public_key }) => equal(public_key, author));
  if (!own.length) throw new BadSignature();
  if (is_signature) await notes.verify(notes.parse(note, c.STATEMENT_BYTES), own);
}

/** @param {Reply} reply */
function checkReply({ kind, text: said }) {
  lines.checkText(said);
  if (kind < c.REPLY_DECLINED || kind > c.REPLY_LISTED) throw new Malformed();
}

/**
 * @param {Entry} entry
 * @param {Uint8Array} body
 * @param {Place} place
 * @param {number} number
 */
function signedMessage({ author, epoch, kind }, body, { network_id, application_id }, number) {
  const place = [network_id, application_id, u16(number)];
  return frame(c.LABEL_VETTING_ENTRY_SIGNED, ...place, author, u32(epoch), u8(kind), body);
}

/** @param {ReadingKeys} keys */
function entryKey({ content_key, network_id }) {
  const info = frame(c.LABEL_VETTING_ENTRY_KEY, fixed(network_id, c.NETWORK_ID_BYTES));
  return hkdf(fixed(content_key, c.KEY_BYTES), { info, length: c.KEY_BYTES });
}

/**
 * @param {Place} place
 * @param {number} number
 */
function entryAad({ network_id, application_id }, number) {
  const place = [network_id, fixed(application_id, c.APPLICATION_ID_BYTES), u16(number)];
  return frame(c.LABEL_VETTING_ENTRY, u8(c.SUITE), ...place);
}

/** @param {Place} place */
function replyAad({ network_id, application_id }) {
  return frame(c.LABEL_APPLICATION_ANSWER, u8(c.SUITE), network_id, application_id);
}
