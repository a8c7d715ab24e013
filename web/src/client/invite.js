/**
 * Inviting a member by a short-lived code: what the code gives, the offer, the reply, the number.
 *
 * Source: docs/spec/invite.md.
 */

import * as c from '../constants.js';
import { concat, equal, frame, lp, pad, Reader, u8 } from '../encoding.js';
import { Unsupported, WrongNetwork } from '../errors.js';
import { fixed, fromId, fromText, toText } from '../fields.js';
import { hkdf, pbkdf2 } from '../kdf.js';
import { sha256 } from '../public/keys.js';
import { loadPublic } from '../public/sealing.js';
import * as aead from './aead.js';

/** @typedef {import('../encoding.js').Random} Random */

/**
 * What one invite's code gives; everything but the locator is secret from the server.
 * @typedef {object} InviteKeys
 * @property {Uint8Array} locator
 * @property {Uint8Array} offer_key
 * @property {Uint8Array} reply_key
 * @property {Uint8Array} write_key
 */

/**
 * Who invites whom: the inviter's words for the organisation (1 to 96 bytes), the newcomer's name (1
 * to 64), an id of `role`.
 * @typedef {object} Offer
 * @property {Uint8Array} network_id 32 bytes
 * @property {Uint8Array} organisation_key 32 bytes
 * @property {number} role
 * @property {string} organisation
 * @property {string} name
 */

/**
 * The newcomer's id (16 bytes), X-Wing key (1,216) and Ed25519 key (32).
 * @typedef {object} Reply
 * @property {Uint8Array} member_id
 * @property {Uint8Array} xwing_public_key
 * @property {Uint8Array} ed25519_public_key
 */

/** @typedef {{offer: Uint8Array, network_id: Uint8Array}} Answered the sealed offer, the network */

const PLAIN_BYTES = c.INVITE_BYTES - c.XCHACHA_NONCE_BYTES - c.AEAD_TAG_BYTES;
const CHECK_BYTES = 8;
const CHECK_DIGITS = 3 * c.INVITE_CHECK_GROUPS;

/**
 * Derive what an invite's code (10 bytes) gives in a network (id of 32 bytes).
 *
 * Takes 600,000 rounds on purpose. Malformed for other lengths.
 *
 * Source: docs/spec/invite.md, section 1.
 * @param {Uint8Array} code
 * @param {Uint8Array} network_id
 * @returns {Promise<InviteKeys>}
 */
export async function inviteKeys(code, network_id) {
  const salt = frame(c.LABEL_INVITE, fixed(network_id, c.NETWORK_ID_BYTES));
  const master = await pbkdf2(fixed(code, c.CODE_BYTES), salt, c.PBKDF2_ROUNDS);
  return {
    locator: derive(master, c.LABEL_INVITE_LOCATOR, c.LOCATOR_BYTES),
    offer_key: derive(master, c.LABEL_INVITE_OFFER_KEY, c.KEY_BYTES),
    reply_key: derive(master, c.LABEL_INVITE_REPLY_KEY, c.KEY_BYTES),
    write_key: derive(master, c.LABEL_INVITE_WRITE_KEY, c.KEY_BYTES),
  };
}

/**
 * Return the last day of an invite that is made today. Source: docs/spec/invite.md, 4.
 * @param {number} today
 */
export function lastEpoch(today) {
  return today + c.INVITE_DAYS;
}

/**
 * Seal an offer under the keys of its code: 1,536 bytes.
 *
 * TooLong and Malformed for a text that breaks its rules, Malformed for another length.
 *
 * Source: docs/spec/invite.md, section 2.
 * @param {InviteKeys} keys
 * @param {Offer} offer
 * @param {{random: Random}} given
 */
export function sealOffer(keys, offer, { random }) {
  const plaintext = concat(
    fixed(offer.network_id, c.NETWORK_ID_BYTES),
    fixed(offer.organisation_key, c.ED25519_PUBLIC_KEY_BYTES),
    fromId(offer.role),
    lp(fromText(offer.organisation, c.INVITE_ORGANISATION_BYTES)),
    lp(fromText(offer.name, c.MEMBER_NAME_BYTES)),
  );
  return seal(keys.offer_key, { aad: offerAad(offer.network_id, keys), plaintext, random });
}

/**
 * Open the offer (1,536 bytes) of an invite to this network (id of 32 bytes).
 *
 * Malformed, CannotOpen, Unsupported or WrongNetwork.
 *
 * Source: docs/spec/invite.md, section 2.
 * @param {InviteKeys} keys
 * @param {Uint8Array} sealed
 * @param {Uint8Array} network_id
 * @returns {Offer}
 */
export function openOffer(keys, sealed, network_id) {
  const reader = open(keys.offer_key, offerAad(network_id, keys), sealed);
  const offer = {
    network_id: reader.take(c.NETWORK_ID_BYTES),
    organisation_key: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
    role: role(reader.u16()),
    organisation: toText(reader.lp(), c.INVITE_ORGANISATION_BYTES),
    name: toText(reader.lp(), c.MEMBER_NAME_BYTES),
  };
  reader.zerosToEnd();
  if (!equal(offer.network_id, network_id)) throw new WrongNetwork();
  return offer;
}

/**
 * Seal a newcomer's reply to a sealed offer (1,536 bytes): as many bytes.
 *
 * Malformed for other lengths and for what is no X-Wing key.
 *
 * Source: docs/spec/invite.md, section 2.
 * @param {InviteKeys} keys
 * @param {Reply} reply
 * @param {Answered & {random: Random}} given
 */
export function sealReply(keys, reply, { offer, network_id, random }) {
  const aad = replyAad(network_id, keys, offer);
  return seal(keys.reply_key, { aad, plaintext: encodeReply(reply), random });
}

/**
 * Open the reply (1,536 bytes) to a sealed offer.
 *
 * Malformed, Unsupported, or CannotOpen, also where nobody has replied yet.
 *
 * Source: docs/spec/invite.md, section 2.
 * @param {InviteKeys} keys
 * @param {Uint8Array} sealed
 * @param {Answered} given
 * @returns {Reply}
 */
export function openReply(keys, sealed, { offer, network_id }) {
  const reader = open(keys.reply_key, replyAad(network_id, keys, offer), sealed);
  const reply = {
    member_id: reader.take(c.MEMBER_ID_BYTES),
    xwing_public_key: reader.take(c.XWING_PUBLIC_KEY_BYTES),
    ed25519_public_key: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
  };
  reader.zerosToEnd();
  encodeReply(reply);
  return reply;
}

/**
 * Return the number that both sides compare, of a reply to a sealed offer (1,536 bytes): 12 digits
 * in four groups.
 *
 * Takes 600,000 rounds on purpose. Malformed for other lengths.
 *
 * Source: docs/spec/invite.md, section 3.
 * @param {Reply} reply
 * @param {{offer: Uint8Array, network_id: Uint8Array, organisation_key: Uint8Array}} given
 * @returns {Promise<string>}
 */
export async function checkNumber(reply, { offer, network_id, organisation_key }) {
  const organisation = fixed(organisation_key, c.ED25519_PUBLIC_KEY_BYTES);
  const answered = sha256(fixed(offer, c.INVITE_BYTES));
  const network = fixed(network_id, c.NETWORK_ID_BYTES);
  const salt = frame(c.LABEL_INVITE_CHECK, network, organisation, answered);
  const master = await pbkdf2(encodeReply(reply), salt, c.PBKDF2_ROUNDS);
  const number = new Reader(master.slice(0, CHECK_BYTES)).u64() % BigInt(10 ** CHECK_DIGITS);
  return `${number}`.padStart(CHECK_DIGITS, '0').replace(/\d{3}(?!$)/g, '$& ');
}

/**
 * @param {Reply} reply
 * @returns {Uint8Array}
 */
function encodeReply({ member_id, xwing_public_key, ed25519_public_key }) {
  loadPublic(xwing_public_key);
  return concat(
    fixed(member_id, c.MEMBER_ID_BYTES),
    xwing_public_key,
    fixed(ed25519_public_key, c.ED25519_PUBLIC_KEY_BYTES),
  );
}

/**
 * @param {Uint8Array} master
 * @param {string} label
 * @param {number} size
 */
function derive(master, label, size) {
  return hkdf(master, { info: frame(label), length: size });
}

/** @param {number} number */
function role(number) {
  fromId(number);
  return number;
}

/**
 * @param {Uint8Array} network_id
 * @param {InviteKeys} keys
 */
function offerAad(network_id, { locator }) {
  return frame(c.LABEL_INVITE_OFFER, fixed(network_id, c.NETWORK_ID_BYTES), locator);
}

/**
 * @param {Uint8Array} network_id
 * @param {InviteKeys} keys
 * @param {Uint8Array} offer
 */
function replyAad(network_id, { locator }, offer) {
  const answered = sha256(fixed(offer, c.INVITE_BYTES));
  return frame(c.LABEL_INVITE_REPLY, fixed(network_id, c.NETWORK_ID_BYTES), locator, answered);
}

/**
 * @param {Uint8Array} key
 * @param {{aad: Uint8Array, plaintext: Uint8Array, random: Random}} given
 */
function seal(key, { aad, plaintext, random }) {
  const nonce = random(c.XCHACHA_NONCE_BYTES);
  const padded = pad(concat(u8(c.FORMAT_VERSION), plaintext), PLAIN_BYTES);
  return concat(nonce, aead.seal(key, { nonce, aad, plaintext: padded }));
}

/**
 * Open a plaintext and read its version; the rest is still to be read.
 * @param {Uint8Array} key
 * @param {Uint8Array} aad
 * @param {Uint8Array} sealed
 */
function open(key, aad, sealed) {
  const outer = new Reader(fixed(sealed, c.INVITE_BYTES));
  const nonce = outer.take(c.XCHACHA_NONCE_BYTES);
  const reader = new Reader(aead.open(key, { nonce, aad, ciphertext: outer.take(outer.left) }));
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  return reader;
}
