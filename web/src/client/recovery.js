/**
 * The recovery sheet: a member's keys from a secret on paper.
 *
 * Source: docs/spec/store.md, section 10.
 */

import * as c from '../constants.js';
import { equal, frame } from '../encoding.js';
import { CodeMistyped, Malformed } from '../errors.js';
import { fixed } from '../fields.js';
import { hkdf } from '../kdf.js';
import { plain } from './code_text.js';
import * as member_file from './member_file.js';
import { checkSymbols } from './reed_solomon.js';

/** @typedef {import('./member_file.js').MemberSecret} MemberSecret */

const BITS = 5;
const SPARE_BITS = 8 * c.RECOVERY_BYTES - BITS * c.RECOVERY_DATA_SYMBOLS;
const GROUPS = /.{5}(?!$)/g;

/**
 * Draw a sheet's secret: 17 bytes, the last 6 bits zero.
 * @param {import('../encoding.js').Random} random
 * @returns {Uint8Array}
 */
export function newSecret(random) {
  const drawn = random(c.RECOVERY_BYTES);
  const last = c.RECOVERY_BYTES - 1;
  return drawn.map((byte, at) => (at === last ? (byte >> SPARE_BITS) << SPARE_BITS : byte));
}

/**
 * Write a secret (17 bytes) as six groups of five symbols.
 *
 * Malformed for another length or spare bits. Source: docs/spec/store.md, 10.
 * @param {Uint8Array} secret
 * @returns {string}
 */
export function symbols(secret) {
  const bits = [...checked(secret)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const data = Array.from({ length: c.RECOVERY_DATA_SYMBOLS }, (_, at) =>
    parseInt(bits.slice(BITS * at, BITS * (at + 1)), 2),
  );
  const text = [...data, ...checkSymbols(data)].map((one) => c.CODE_ALPHABET[one]).join('');
  return text.replace(GROUPS, '$&-');
}

/**
 * Read a secret (17 bytes) as somebody typed it; CodeMistyped.
 *
 * Source: docs/spec/store.md, 10.
 * @param {string} text
 * @returns {Uint8Array}
 */
export function read(text) {
  if ([...text].length > c.CODE_INPUT_CHARACTERS) throw new CodeMistyped();
  const word = [...plain(text)].map((sign) => c.CODE_ALPHABET.indexOf(sign));
  if (word.length !== c.RECOVERY_SYMBOLS || word.includes(-1)) throw new CodeMistyped();
  const data = word.slice(0, c.RECOVERY_DATA_SYMBOLS);
  const checks = word.slice(c.RECOVERY_DATA_SYMBOLS);
  if (!equal(Uint8Array.from(checkSymbols(data)), Uint8Array.from(checks))) {
    throw new CodeMistyped();
  }
  const bits = data.map((one) => one.toString(2).padStart(BITS, '0')).join('');
  const whole = bits.padEnd(8 * c.RECOVERY_BYTES, '0');
  return Uint8Array.from({ length: c.RECOVERY_BYTES }, (_, at) =>
    parseInt(whole.slice(8 * at, 8 * (at + 1)), 2),
  );
}

/**
 * Derive the member of a sheet's secret (17 bytes) in a network and an organisation (32 each).
 *
 * Malformed for other lengths. Source: docs/spec/store.md, 10.
 * @param {Uint8Array} secret
 * @param {{network_id: Uint8Array, organisation_key: Uint8Array}} place
 * @returns {MemberSecret}
 */
export function memberOf(secret, { network_id, organisation_key }) {
  const network = fixed(network_id, c.NETWORK_ID_BYTES);
  return member_file.make({
    member_id: derive(secret, c.LABEL_RECOVERY_ID, c.MEMBER_ID_BYTES, network),
    xwing_seed: derive(secret, c.LABEL_RECOVERY_XWING, c.XWING_SEED_BYTES, network),
    ed25519_seed: derive(secret, c.LABEL_RECOVERY_SIGNING, c.ED25519_SEED_BYTES, network),
    network_id: network,
    organisation_key,
  });
}

/**
 * @param {Uint8Array} secret
 * @param {string} label
 * @param {number} length
 * @param {Uint8Array} network_id
 */
function derive(secret, label, length, network_id) {
  return hkdf(checked(secret), { info: frame(label, network_id), length });
}

/** @param {Uint8Array} secret */
function checked(secret) {
  const last = fixed(secret, c.RECOVERY_BYTES)[c.RECOVERY_BYTES - 1] ?? 0;
  if (last & ((1 << SPARE_BITS) - 1)) throw new Malformed();
  return secret;
}
