/**
 * Listing requests: what an organisation that asks to be vetted signs of what will be public.
 *
 * With what a server can see of a sealed application: its length and its suite.
 *
 * Source: docs/spec/vetting.md, 2 and 3
 */

import * as c from '../constants.js';
import { Reader, concat, equal, frame, lp, text, u32, u8, utf8 } from '../encoding.js';
import { Malformed, Unsupported, WrongNetwork } from '../errors.js';
import { fixed } from '../fields.js';
import * as ed25519 from './ed25519.js';
import * as lines from './lines.js';
import * as note_signing from './note_signing.js';
import * as profiles from './profile.js';

/**
 * @typedef {object} Application What asks to be vetted.
 * @property {Uint8Array} network_id 32 bytes.
 * @property {Uint8Array} organisation Its Ed25519 key, 32 bytes.
 * @property {Uint8Array} member_key The first member's Ed25519 key, 32 bytes.
 * @property {number} epoch
 * @property {string} name
 * @property {Uint8Array} profile Encoded.
 * @property {Uint8Array} signature 64 bytes.
 */

/**
 * Make an application of an organisation, signed with its Ed25519 seed: at most 513 bytes.
 *
 * Refuses as Malformed a part that can't stand there, as TooLong a name or profile beyond its
 * room. Source: docs/spec/vetting.md, 2
 * @param {Uint8Array} organisation_seed 32 bytes.
 * @param {Omit<Application, 'organisation' | 'signature'>} parts
 */
export function make(organisation_seed, { network_id, member_key, epoch, name, profile }) {
  checkMade(name, profile);
  const said = concat(
    u8(c.FORMAT_VERSION),
    fixed(network_id, c.NETWORK_ID_BYTES),
    note_signing.publicOf(organisation_seed),
    fixed(member_key, c.ED25519_PUBLIC_KEY_BYTES),
    u32(epoch),
    lp(utf8(name)),
    lp(profile),
  );
  return concat(said, note_signing.sign(organisation_seed, messageOf(said)));
}

/**
 * Read an application to this network (id of 32 bytes) and check its name, profile, signature.
 *
 * Refuses as Malformed, Unsupported, WrongNetwork or BadSignature. Source: docs/spec/vetting.md, 2
 * @param {Uint8Array} data
 * @param {Uint8Array} network_id
 * @returns {Promise<Application>}
 */
export async function parseAndCheck(data, network_id) {
  const found = parse(data);
  lines.checkName(found.name, c.ORGANISATION_NAME_BYTES);
  profiles.decode(found.profile);
  if (!equal(found.network_id, network_id)) throw new WrongNetwork();
  const said = data.slice(0, -c.ED25519_SIGNATURE_BYTES);
  await ed25519.verify(found.organisation, messageOf(said), found.signature);
  return found;
}

/**
 * Say to how many admins a sealed application of this length is sealed: 1 to 16.
 *
 * It is all that a server can check. Refuses as Malformed another length, as Unsupported another
 * suite. Source: docs/spec/vetting.md, 3 and 5
 * @param {Uint8Array} sealed
 */
export function readersOf(sealed) {
  const of_readers = sealed.length - c.SUITE_BYTES - 1 - c.APPLICATION_BODY_BYTES;
  const count = of_readers / c.READER_SEALED_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > c.ADMINS_MOST) throw new Malformed();
  if (sealed[0] !== c.SUITE) throw new Unsupported();
  return count;
}

/**
 * @param {Uint8Array} data
 * @returns {Application}
 */
function parse(data) {
  if (data.length > c.APPLICATION_BYTES) throw new Malformed();
  const reader = new Reader(data);
  if (reader.u8() !== c.FORMAT_VERSION) throw new Unsupported();
  const application = {
    network_id: reader.take(c.NETWORK_ID_BYTES),
    organisation: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
    member_key: reader.take(c.ED25519_PUBLIC_KEY_BYTES),
    epoch: reader.u32(),
    name: text(reader.lp(c.ORGANISATION_NAME_BYTES)),
    profile: reader.lp(c.PROFILE_BYTES),
    signature: reader.take(c.ED25519_SIGNATURE_BYTES),
  };
  reader.end();
  return application;
}

/**
 * @param {string} name
 * @param {Uint8Array} encoded
 */
function checkMade(name, encoded) {
  lines.checkRoom(utf8(name).length, c.ORGANISATION_NAME_BYTES);
  lines.checkRoom(encoded.length, c.PROFILE_BYTES);
  lines.checkName(name, c.ORGANISATION_NAME_BYTES);
  lines.checkSpelling(name);
  profiles.decode(encoded);
}

/** @param {Uint8Array} said */
function messageOf(said) {
  return frame(c.LABEL_APPLICATION, said);
}
