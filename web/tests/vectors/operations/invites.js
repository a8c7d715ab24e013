/** Inviting a member, and the recovery sheet. */

import * as invite from '../../../src/client/invite.js';
import * as recovery from '../../../src/client/recovery.js';
import * as cover from '../../../src/public/cover.js';
import { drawn, pick, unbytes } from '../values.js';

/** @typedef {import('../values.js').Given} Given */

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  invite_keys: async (given) => ({
    ...(await invite.inviteKeys(unbytes(given.code), unbytes(given.network_id))),
  }),

  seal_offer(given) {
    const offer = {
      ...pick(given, 'network_id', 'organisation_key'),
      role: given.role,
      organisation: given.words,
      name: given.name,
    };
    return { offer: invite.sealOffer(keys(given), offer, { random: drawn(unbytes(given.nonce)) }) };
  },

  open_offer(given) {
    const network_id = unbytes(given.network_id);
    const found = invite.openOffer(keys(given), unbytes(given.offer), network_id);
    const { organisation_key, role, organisation: words, name } = found;
    return { organisation_key, role, words, name };
  },

  seal_reply(given) {
    const random = drawn(unbytes(given.nonce));
    const place = { ...pick(given, 'offer', 'network_id'), random };
    return { reply: invite.sealReply(keys(given), hers(given), place) };
  },

  open_reply: (given) => ({
    ...invite.openReply(keys(given), unbytes(given.reply), pick(given, 'offer', 'network_id')),
  }),

  invite_check: async (given) => ({
    check: await invite.checkNumber(hers(given), pick(given, 'offer', 'network_id', 'organisation_key')),
  }),

  write_recovery: (given) => ({ symbols: recovery.symbols(unbytes(given.secret)) }),

  read_recovery: (given) => ({ secret: recovery.read(given.text) }),

  recovery_keys(given) {
    const place = { ...pick(given, 'network_id'), organisation_key: new Uint8Array(32) };
    const found = recovery.memberOf(unbytes(given.secret), place);
    const { member_id, xwing_seed, ed25519_seed } = found;
    return { member_id, xwing_seed, ed25519_seed };
  },

  cover_invite: (given) => ({
    cover: cover.invite(unbytes(given.filler_key), unbytes(given.locator)),
  }),
};

/** @param {Given} given */
function keys(given) {
  const none = '00'.repeat(32);
  return pick(
    { offer_key: none, reply_key: none, write_key: none, ...given },
    'locator',
    'offer_key',
    'reply_key',
    'write_key',
  );
}

/** @param {Given} given */
function hers(given) {
  return pick(given, 'member_id', 'xwing_public_key', 'ed25519_public_key');
}
