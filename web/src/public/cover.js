/**
 * Bytes that stand where nothing is: the cover of an empty slot, the filler of a withdrawn row.
 *
 * Source: docs/spec/box.md, section 4; docs/spec/envelope.md, section 7.
 */

import { shake256 } from '@noble/hashes/sha3.js';

import {
  APPLICATION_ID_BYTES,
  BOX_ID_BYTES,
  INNER_BYTES,
  INVITE_BYTES,
  KEY_BYTES,
  LABEL_APPLICATION_COVER,
  LABEL_INVITE_COVER,
  LABEL_SLOT_FILLER,
  LOCATOR_BYTES,
  SLOT_BYTES,
  SLOTS,
  SUITE,
  VETTING_REPLY_BYTES,
  XWING_SEED_BYTES,
} from '../constants.js';
import { concat, frame, u16, u8 } from '../encoding.js';
import { Malformed } from '../errors.js';
import { fixed } from '../fields.js';
import { publicKey, seal } from './sealing.js';

/**
 * Return the 4,096 bytes that a server shows for an empty slot 0 to 31 of a box.
 *
 * Always the same for one filler key (32 bytes), box id (16 bytes) and number, whether or not there
 * is such a box. Malformed for other lengths and numbers.
 * @param {Uint8Array} filler_key
 * @param {Uint8Array} box_id
 * @param {number} number
 * @returns {Uint8Array}
 */
export function slot(filler_key, box_id, number) {
  if (number >= SLOTS) throw new Malformed();
  const parts = [fixed(filler_key, KEY_BYTES), fixed(box_id, BOX_ID_BYTES), u16(number)];
  return shake256(frame(LABEL_SLOT_FILLER, ...parts), { dkLen: SLOT_BYTES });
}

/**
 * Return the 1,536 bytes that a server shows where an invite has no reply, or is none.
 *
 * Always the same for one filler key (32 bytes) and locator (16 bytes). Malformed for other lengths.
 *
 * Source: docs/spec/invite.md, 4.
 * @param {Uint8Array} filler_key
 * @param {Uint8Array} locator
 * @returns {Uint8Array}
 */
export function invite(filler_key, locator) {
  const parts = [fixed(filler_key, KEY_BYTES), fixed(locator, LOCATOR_BYTES)];
  return shake256(frame(LABEL_INVITE_COVER, ...parts), { dkLen: INVITE_BYTES });
}

/**
 * Return the 2,048 bytes that a server shows where an application has no reply, or is none.
 *
 * Always the same for one filler key (32 bytes) and id (16 bytes). Malformed for other lengths.
 *
 * Source: docs/spec/vetting.md, 5
 * @param {Uint8Array} filler_key
 * @param {Uint8Array} application_id
 * @returns {Uint8Array}
 */
export function application(filler_key, application_id) {
  const parts = [fixed(filler_key, KEY_BYTES), fixed(application_id, APPLICATION_ID_BYTES)];
  return shake256(frame(LABEL_APPLICATION_COVER, ...parts), { dkLen: VETTING_REPLY_BYTES });
}

/**
 * Return a filler envelope of 5,273 bytes: something random, sealed to nobody.
 *
 * Random bytes alone would not do, since an encapsulation is not evenly distributed.
 * @param {import('../encoding.js').Random} random
 * @returns {Uint8Array}
 */
export function envelope(random) {
  const nobody = publicKey(random(XWING_SEED_BYTES));
  const plaintext = random(INNER_BYTES);
  return concat(u8(SUITE), seal(nobody, { info: new Uint8Array(), plaintext, random }));
}
