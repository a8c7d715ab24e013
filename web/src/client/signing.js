/**
 * What an organisation signs on a provider's device: one-time keys and weekly keys.
 *
 * Source: docs/spec/record.md, 1; docs/spec/walk-in.md, 1
 */

import { WEEKLY_KEY_DAYS, XWING_PUBLIC_KEY_BYTES } from '../constants.js';
import { Malformed } from '../errors.js';
import { fixed } from '../fields.js';
import { publicOf, sign } from '../public/note_signing.js';
import { isWeek, oneTimeKeyMessage, weeklyKeyMessage } from '../public/organisation_keys.js';

/**
 * Sign the one-time key (X-Wing, 1,216 bytes) of a code with the organisation's seed (32 bytes).
 *
 * `network_id` has 32 bytes, `locator` 16; `last_epoch` is the code's. Returns 64 bytes.
 *
 * Source: docs/spec/record.md, 1
 * @param {Uint8Array} seed
 * @param {{network_id: Uint8Array, locator: Uint8Array, last_epoch: number,
 *   public_key: Uint8Array}} given
 * @returns {Uint8Array}
 */
export function signOneTimeKey(seed, given) {
  return sign(seed, oneTimeKeyMessage(given));
}

/**
 * Make a key (X-Wing, 1,216 bytes) the organisation's weekly one from epoch `first` on.
 *
 * `seed` is the organisation's, 32 bytes. Malformed where `first` is not a Monday or the key has
 * another length.
 *
 * Source: docs/spec/walk-in.md, 1
 * @param {Uint8Array} seed
 * @param {{network_id: Uint8Array, first: number, public_key: Uint8Array}} given
 * @returns {import('../public/organisation_keys.js').WeeklyKey}
 */
export function signWeeklyKey(seed, { network_id, first, public_key }) {
  const last = first + WEEKLY_KEY_DAYS - 1;
  if (!isWeek(first, last)) throw new Malformed();
  fixed(public_key, XWING_PUBLIC_KEY_BYTES);
  const organisation = publicOf(seed);
  const key = { organisation, first, last, public_key, signature: new Uint8Array() };
  return { ...key, signature: sign(seed, weeklyKeyMessage(key, network_id)) };
}
