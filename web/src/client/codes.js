/**
 * What a code and a receipt give: locator, keys, ids. Secrets only; the texts are in code_text.
 *
 * Source: docs/spec/codes.md, sections 1, 5 and 6.
 */

import {
  BOX_ID_BYTES,
  CODE_BYTES,
  CODE_DAYS,
  KEY_BYTES,
  LABEL_BOX_ID,
  LABEL_BOX_KEY,
  LABEL_BOX_WRITE_KEY,
  LABEL_CODE,
  LABEL_CODE_WRITE_KEY,
  LABEL_HOLDER_KEY,
  LABEL_LOCATOR,
  LABEL_PSK,
  LABEL_RECEIPT,
  LABEL_RECORD_COMMITMENT,
  LABEL_RECORD_KEY,
  LABEL_TAG_KEY,
  LOCATOR_BYTES,
  NETWORK_ID_BYTES,
  PBKDF2_ROUNDS,
  RECORD_COMMITMENT_BYTES,
  TYPING_INVISIBLE,
  TYPING_WHITE_SPACE,
  WORD_BYTES,
} from '../constants.js';
import { concat, frame, lp, monday, ranges, utf8 } from '../encoding.js';
import { TooLong } from '../errors.js';
import { fixed, fromText } from '../fields.js';
import { hkdf, pbkdf2 } from '../kdf.js';

/** @typedef {import('../encoding.js').Random} Random */

/**
 * What one code gives; everything but the locator is secret from the server.
 * @typedef {object} CodeKeys
 * @property {Uint8Array} locator
 * @property {Uint8Array} record_key
 * @property {Uint8Array} record_commitment
 * @property {Uint8Array} psk
 * @property {Uint8Array} write_key
 */

/**
 * What one receipt, with her word or without, gives.
 * @typedef {object} ReceiptKeys
 * @property {Uint8Array} box_id
 * @property {Uint8Array} holder_key
 * @property {Uint8Array} box_key
 * @property {Uint8Array} write_key
 * @property {Uint8Array} tag_key
 */

const WORD_CHARACTERS = 1000;

/**
 * Draw the 10 bytes of a code or receipt.
 * @param {Random} random
 * @returns {Uint8Array}
 */
export function newSecret(random) {
  return random(CODE_BYTES);
}

/**
 * Return the last epoch of a code published today: its week's Monday and eight weeks.
 *
 * Source: docs/spec/codes.md, section 8.
 * @param {number} today
 * @returns {number}
 */
export function lastEpoch(today) {
  return monday(today) + CODE_DAYS;
}

/**
 * Derive what a code (10 bytes) gives in a network (id of 32 bytes).
 *
 * Takes 600,000 rounds on purpose. Malformed for other lengths.
 *
 * Source: docs/spec/codes.md, section 5.
 * @param {Uint8Array} code
 * @param {Uint8Array} network_id
 * @returns {Promise<CodeKeys>}
 */
export async function codeKeys(code, network_id) {
  checkSizes(code, network_id);
  const master = await pbkdf2(code, frame(LABEL_CODE, network_id), PBKDF2_ROUNDS);
  return {
    locator: derive(master, LABEL_LOCATOR, LOCATOR_BYTES),
    record_key: derive(master, LABEL_RECORD_KEY, KEY_BYTES),
    record_commitment: derive(master, LABEL_RECORD_COMMITMENT, RECORD_COMMITMENT_BYTES),
    psk: derive(master, LABEL_PSK, KEY_BYTES),
    write_key: derive(master, LABEL_CODE_WRITE_KEY, KEY_BYTES),
  };
}

/**
 * Derive what a receipt (10 bytes) and her word ('' for none) give in a network.
 *
 * Malformed for other lengths and control characters in the word, TooLong for a word of more than
 * 64 bytes.
 *
 * Source: docs/spec/codes.md, section 6.
 * @param {Uint8Array} receipt
 * @param {string} word
 * @param {Uint8Array} network_id
 * @returns {Promise<ReceiptKeys>}
 */
export async function receiptKeys(receipt, word, network_id) {
  checkSizes(receipt, network_id);
  const password = concat(lp(receipt), lp(utf8(normalWord(word))));
  const master = await pbkdf2(password, frame(LABEL_RECEIPT, network_id), PBKDF2_ROUNDS);
  return {
    box_id: derive(master, LABEL_BOX_ID, BOX_ID_BYTES),
    holder_key: derive(master, LABEL_HOLDER_KEY, KEY_BYTES),
    box_key: derive(master, LABEL_BOX_KEY, KEY_BYTES),
    write_key: derive(master, LABEL_BOX_WRITE_KEY, KEY_BYTES),
    tag_key: derive(master, LABEL_TAG_KEY, KEY_BYTES),
  };
}

/**
 * Bring a word of her own to the one form that is derived from; '' stays ''.
 *
 * The same word typed on another keyboard, in capitals or with spaces around it gives the same
 * keys. Malformed for control characters and for spaces alone, TooLong beyond 64 bytes.
 * @param {string} word
 * @returns {string}
 */
export function normalWord(word) {
  if (!word) return '';
  if ([...word].length > WORD_CHARACTERS) throw new TooLong();
  const seen = word.replace(anyOf(TYPING_INVISIBLE), '').normalize('NFKC');
  // Where a sigma is final is a question on which Unicode versions disagree.
  const lowered = seen.toLowerCase().replaceAll('\u03c2', '\u03c3').normalize('NFKC');
  // White space is listed, not left to the language: Python and JavaScript disagree about it.
  const plain = lowered.replace(anyOf(TYPING_WHITE_SPACE), ' ').replace(/^ +| +$/g, '');
  fromText(plain, WORD_BYTES);
  return plain;
}

/**
 * @param {readonly number[]} pairs
 * @returns {RegExp}
 */
function anyOf(pairs) {
  return new RegExp(`[${String.fromCodePoint(...ranges(pairs))}]+`, 'g');
}

/**
 * @param {Uint8Array} master
 * @param {string} label
 * @param {number} size
 * @returns {Uint8Array}
 */
function derive(master, label, size) {
  return hkdf(master, { info: frame(label), length: size });
}

/**
 * @param {Uint8Array} secret
 * @param {Uint8Array} network_id
 */
function checkSizes(secret, network_id) {
  fixed(secret, CODE_BYTES);
  fixed(network_id, NETWORK_ID_BYTES);
}
