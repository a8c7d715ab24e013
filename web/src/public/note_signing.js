/**
 * Signing notes: what admins do to policies and statements, logs to checkpoints, and witnesses.
 *
 * Source: docs/spec/statements.md, 1
 */

import * as library from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

import {
  ED25519_SEED_BYTES,
  NOTE_ALG_COSIGNATURE,
  NOTE_ALG_ED25519,
  NOTE_BYTES,
  NOTE_KEY_ID_BYTES,
} from '../constants.js';
import { concat, u64, utf8 } from '../encoding.js';
import { fixed } from '../fields.js';
import * as notes from './notes.js';

/**
 * @typedef {object} Signer A name and the seed that signs under it.
 * @property {string} name
 * @property {Uint8Array} seed Ed25519, 32 bytes.
 */

/**
 * The public half of a signer, as admin or log.
 * @param {Signer} signer
 * @returns {notes.Key}
 */
export function keyOf({ name, seed }) {
  return { name, public_key: publicOf(seed), alg: NOTE_ALG_ED25519 };
}

/**
 * The public half of a signer, as witness.
 * @param {Signer} signer
 * @returns {notes.Key}
 */
export function witnessKeyOf({ name, seed }) {
  return { name, public_key: publicOf(seed), alg: NOTE_ALG_COSIGNATURE };
}

/**
 * Return the 32-byte public key of a 32-byte Ed25519 seed; refuses as Malformed another.
 * @param {Uint8Array} seed
 */
export function publicOf(seed) {
  return ready().getPublicKey(fixed(seed, ED25519_SEED_BYTES));
}

/**
 * Sign a message with a 32-byte Ed25519 seed; returns 64 bytes.
 *
 * Refuses as Malformed a seed of another length.
 * @param {Uint8Array} seed
 * @param {Uint8Array} message
 */
export function sign(seed, message) {
  return ready().sign(message, fixed(seed, ED25519_SEED_BYTES));
}

/**
 * Sign a text as admin or log.
 *
 * Source: docs/spec/statements.md, 1
 * @param {string} text
 * @param {Signer} signer
 * @returns {notes.SignatureLine}
 */
export function signatureLine(text, signer) {
  const key_id = keyId(keyOf(signer));
  return { name: signer.name, key_id, signature: sign(signer.seed, utf8(text)) };
}

/**
 * Sign a checkpoint's text as a witness, at `time` in POSIX seconds.
 *
 * Source: docs/spec/statements.md, 1
 * @param {string} text
 * @param {Signer} witness
 * @param {bigint} time
 * @returns {notes.SignatureLine}
 */
export function cosign(text, witness, time) {
  const signature = sign(witness.seed, notes.cosignedMessage(utf8(text), time));
  const key_id = keyId(witnessKeyOf(witness));
  return { name: witness.name, key_id, signature: concat(u64(time), signature) };
}

/**
 * Make a note of a text, signed by admins or by the log, of at most `at_most` bytes.
 *
 * Refuses as Malformed a text that no note can have, the same signer twice, or no signer; as
 * TooLong where there is no room.
 * @param {string} text
 * @param {Signer[]} signers
 * @param {number} at_most
 */
export function signNote(text, signers, at_most = NOTE_BYTES) {
  const lines = signers.map((one) => signatureLine(text, one));
  return notes.formatNote(text, lines, at_most);
}

/**
 * Put a further signature, by an admin or the log, below a note.
 *
 * Refuses as Malformed what is no note, or where this signer's line stands there already; as
 * TooLong where there is no room.
 * @param {Uint8Array} note
 * @param {Signer} signer
 * @param {number} at_most
 */
export function addSignature(note, signer, at_most = NOTE_BYTES) {
  const { text } = notes.parse(note);
  return notes.addLines(note, [signatureLine(text, signer)], at_most);
}

/**
 * Return the 4 bytes that stand for a key in a signature line.
 * @param {notes.Key} key
 */
function keyId(key) {
  return sha256(notes.namedKey(key)).slice(0, NOTE_KEY_ID_BYTES);
}

/** The library takes its hash from its user, so that it need not wait for the browser's. */
function ready() {
  library.hashes.sha512 = sha512;
  return library;
}
