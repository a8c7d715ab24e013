/**
 * The policy: who vets, who witnesses, and how many it takes.
 *
 * Source: docs/spec/statements.md, 4
 */

import * as c from '../constants.js';
import { b64, frame, utf8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { digest, sha256 } from './keys.js';
import * as lines from './lines.js';
import * as notes from './notes.js';

/** @typedef {import('./notes.js').Key} Key */

export const FIRST_VERSION = 1;
const REGION_LEAST = 1000;
const REGION_LIMIT = 0x10000; // a region is named by 2 bytes in a message
const NEW = 'new';
const ADMIN = { name_bytes: c.ADMIN_NAME_BYTES, alg: c.NOTE_ALG_ED25519 };
const WITNESS = { name_bytes: c.WITNESS_NAME_BYTES, alg: c.NOTE_ALG_COSIGNATURE };
const LOG = { name_bytes: c.LOG_NAME_BYTES, alg: c.NOTE_ALG_ED25519 };

/**
 * @typedef {object} Region A region of this network.
 * @property {number} number Its id, 1000 to 65,535.
 * @property {string} name 1 to 64 bytes.
 *
 * @typedef {object} Policy What the admins of a network agreed on; all lists ascend by name or
 *   number.
 * @property {Uint8Array} network_id Follows from the text in version 1, and is not written there.
 * @property {number} version
 * @property {number} threshold k
 * @property {number} witnesses_threshold w
 * @property {number} until The last epoch.
 * @property {Key} log
 * @property {Key[]} admins
 * @property {Key[]} witnesses
 * @property {Key[]} former_admins
 * @property {Key[]} former_witnesses
 * @property {Region[]} regions
 * @property {string} text What it was read from.
 *
 * @typedef {Omit<Policy, 'text'>} Unwritten
 */

/**
 * Admins, current and former: those who may have a line under a statement.
 * @param {Unwritten} policy
 */
export function allAdmins(policy) {
  return [...policy.admins, ...policy.former_admins];
}

/**
 * Witnesses, current and former: those who may have a line under a checkpoint.
 * @param {Unwritten} policy
 */
export function allWitnesses(policy) {
  return [...policy.witnesses, ...policy.former_witnesses];
}

/**
 * Return the bytes whose SHA-256 names the network whose first policy has this text.
 * @param {string} text
 */
export function namedNetwork(text) {
  return frame(c.LABEL_NETWORK, utf8(text));
}

/**
 * Return the 32 bytes that name the network whose first policy has this text.
 * @param {string} text
 */
export function networkIdOf(text) {
  return sha256(namedNetwork(text));
}

/**
 * Return the SHA-256 of the text of a policy that was read: so a checkpoint names it.
 * @param {Policy} policy
 */
export async function textHash(policy) {
  return await digest(utf8(policy.text));
}

/**
 * Read the text of a policy; refuses as Malformed anything that is not one.
 *
 * `first_id` is what `networkIdOf` says of this text, where somebody has worked it out already.
 *
 * Source: docs/spec/statements.md, 4
 * @param {string} text
 * @param {Uint8Array} [first_id] 32 bytes.
 * @returns {Policy}
 */
export function parse(text, first_id) {
  const reader = new lines.Lines(text);
  reader.label(c.LABEL_POLICY);
  const network = reader.value('network');
  const version = reader.number('version');
  const policy = {
    network_id: readNetwork(network, version) ?? first_id ?? networkIdOf(text),
    version,
    threshold: reader.number('threshold'), // read in the order in which the lines stand
    witnesses_threshold: reader.number('witnesses'),
    until: reader.number('until'),
    log: readKey(reader.value('log'), LOG),
    admins: readKeys(reader, 'admin', c.ADMINS_MOST, ADMIN),
    witnesses: readKeys(reader, 'witness', c.WITNESSES_MOST, WITNESS),
    former_admins: readKeys(reader, 'former-admin', c.FORMER_MOST, ADMIN),
    former_witnesses: readKeys(reader, 'former-witness', c.FORMER_MOST, WITNESS),
    regions: reader.values('region', c.REGIONS_MOST).map(readRegion),
    text,
  };
  reader.end();
  check(policy);
  return policy;
}

/**
 * Write the text of a policy.
 *
 * Refuses as TooLong a list, name or text beyond its maximum, as Malformed where `parse` would
 * refuse the text.
 * @param {Unwritten} policy
 * @returns {string}
 */
export function formatText(policy) {
  checkRoom(policy);
  for (const region of policy.regions) lines.checkSpelling(region.name);
  const text = textOf(policy);
  const read = parse(text);
  lines.checkReadsBack({ ...policy, network_id: read.network_id, text }, read);
  return text;
}

/**
 * @param {string} value
 * @param {number} version
 * @returns {Uint8Array | undefined} Nothing for the first, whose text is what names the network.
 */
function readNetwork(value, version) {
  if (version !== FIRST_VERSION) return lines.hashOf(value);
  if (value !== NEW) throw new Malformed();
  return undefined;
}

/**
 * @param {string} value
 * @param {typeof ADMIN} role
 * @returns {Key}
 */
function readKey(value, { name_bytes, alg }) {
  const [name, key] = lines.split(value);
  if (!notes.isKeyName(name) || name.length > name_bytes) throw new Malformed();
  return { name, public_key: lines.hashOf(key), alg };
}

/**
 * @param {lines.Lines} reader
 * @param {string} keyword
 * @param {number} at_most
 * @param {typeof ADMIN} role
 */
function readKeys(reader, keyword, at_most, role) {
  return reader.values(keyword, at_most).map((value) => readKey(value, role));
}

/**
 * @param {string} value
 * @returns {Region}
 */
function readRegion(value) {
  const [number, name] = lines.split(value);
  const region = { number: lines.number(number, REGION_LIMIT), name };
  lines.checkName(name, c.REGION_NAME_BYTES);
  if (region.number < REGION_LEAST) throw new Malformed();
  return region;
}

/** @param {Policy} policy */
function check(policy) {
  const { version, threshold, witnesses_threshold, admins, witnesses, regions } = policy;
  // A record has room for so many signatures and no more (record.md, section 1).
  const most = Math.min(c.THRESHOLD_MOST, admins.length);
  const most_witnesses = Math.min(c.WITNESS_THRESHOLD_MOST, witnesses.length);
  if (
    version < FIRST_VERSION ||
    admins.length < c.ADMINS_LEAST ||
    threshold < c.THRESHOLD_LEAST ||
    threshold > most ||
    witnesses_threshold > most_witnesses ||
    !lines.isAscending(regions.map((region) => region.number))
  ) {
    throw new Malformed();
  }
  checkKeys(policy);
}

/**
 * Refuse lists out of order, and a name or key that stands twice anywhere.
 * @param {Policy} policy
 */
function checkKeys(policy) {
  const lists = keyLists(policy);
  const everyone = [policy.log, ...lists.flat()];
  const names = new Set(everyone.map((key) => key.name));
  const keys = new Set(everyone.map((key) => b64(key.public_key)));
  if (
    !lists.every((list) => lines.isAscending(list.map((key) => key.name))) ||
    names.size !== everyone.length ||
    keys.size !== everyone.length
  ) {
    throw new Malformed();
  }
}

/** @param {Policy} policy */
function keyLists(policy) {
  return [policy.admins, policy.witnesses, policy.former_admins, policy.former_witnesses];
}

/** @param {Unwritten} policy */
function checkRoom(policy) {
  lines.checkRoom(policy.admins.length, c.ADMINS_MOST);
  lines.checkRoom(policy.witnesses.length, c.WITNESSES_MOST);
  lines.checkRoom(policy.former_admins.length, c.FORMER_MOST);
  lines.checkRoom(policy.former_witnesses.length, c.FORMER_MOST);
  lines.checkRoom(policy.regions.length, c.REGIONS_MOST);
  lines.checkRoom(policy.log.name.length, c.LOG_NAME_BYTES);
  for (const key of allAdmins(policy)) lines.checkRoom(key.name.length, c.ADMIN_NAME_BYTES);
  for (const key of allWitnesses(policy)) lines.checkRoom(key.name.length, c.WITNESS_NAME_BYTES);
  for (const { name } of policy.regions) lines.checkRoom(utf8(name).length, c.REGION_NAME_BYTES);
}

/** @param {Unwritten} policy */
function textOf(policy) {
  const network = policy.version === FIRST_VERSION ? NEW : b64(policy.network_id);
  return [
    c.LABEL_POLICY,
    `network ${network}`,
    `version ${policy.version}`,
    `threshold ${policy.threshold}`,
    `witnesses ${policy.witnesses_threshold}`,
    `until ${policy.until}`,
    ...keyLines('log', [policy.log]),
    ...keyLines('admin', policy.admins),
    ...keyLines('witness', policy.witnesses),
    ...keyLines('former-admin', policy.former_admins),
    ...keyLines('former-witness', policy.former_witnesses),
    ...policy.regions.map((region) => `region ${region.number} ${region.name}`),
    '',
  ].join('\n');
}

/**
 * @param {string} keyword
 * @param {Key[]} keys
 */
function keyLines(keyword, keys) {
  return keys.map((key) => `${keyword} ${key.name} ${b64(key.public_key)}`);
}
