/**
 * The names of what a store keeps beside codes and cases (kind 6).
 *
 * Source: docs/spec/store.md, section 8.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import * as c from '../constants.js';
import { utf8 } from '../encoding.js';

export const APPLICATION = 'application';
export const SERVER = 'server';
export const REGIONS = 'regions';
export const WALK_INS = 'walk-ins';
export const CURSOR = 'cursor';
export const DROP_KEY = 'drop key';
export const UNREADABLE = 'unreadable';
export const MEMBERS = 'members';
export const DEVICES = 'devices';
export const WRITTEN = 'written';
export const LOG = 'log';
export const LISTED = 'listed';

/**
 * Return the 16-byte id of a setting. Source: docs/spec/store.md, section 3.
 * @param {string} name
 * @returns {Uint8Array}
 */
export function settingId(name) {
  return sha256(utf8(name)).slice(0, c.ENTRY_ID_BYTES);
}

/**
 * Return the name of a device's stock (number of 4 bytes).
 * @param {Uint8Array} device
 */
export function stockOf(device) {
  return `stock ${bytesToHex(device)}`;
}

/**
 * Return the name of what a device (number of 4 bytes) knows of weekly keys.
 * @param {Uint8Array} device
 */
export function weeklyOf(device) {
  return `weekly key ${bytesToHex(device)}`;
}

/**
 * Return the name of what says which pages of a device (number of 4 bytes) are open.
 * @param {Uint8Array} device
 */
export function pagesOf(device) {
  return `pages ${bytesToHex(device)}`;
}

/**
 * Return the name of what waits to be sent for a case (id of 16 bytes).
 * @param {Uint8Array} case_id
 */
export function answerOf(case_id) {
  return `answer ${bytesToHex(case_id)}`;
}
