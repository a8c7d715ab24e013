/** Envelopes, slots and walk-ins. */

import * as answers from '../../../src/client/answers.js';
import * as box from '../../../src/client/box.js';
import * as envelope from '../../../src/client/envelope.js';
import * as hpke from '../../../src/client/hpke.js';
import * as walk_in from '../../../src/client/walk_in.js';
import * as cover from '../../../src/public/cover.js';
import { drawn, pick, present, unbytes, unkept, unlist } from '../values.js';

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  seal_envelope(given) {
    const { message, public_key, nonce, eseed } = pick(
      given,
      'message',
      'public_key',
      'nonce',
      'eseed',
    );
    const random = drawn(nonce, eseed);
    return { envelope: envelope.seal(message, public_key, context(given), { random }) };
  },

  open_envelope(given) {
    const { envelope: sealed, seed } = pick(given, 'envelope', 'seed');
    return { message: envelope.open(sealed, seed, context(given)) };
  },

  open_walk_in(given) {
    const keys = unlist(given.seeds).map(hpke.loadPrivate);
    const { envelope: sealed, network_id } = pick(given, 'envelope', 'network_id');
    const { key, message } = walk_in.openWithAny(sealed, keys, network_id);
    return { message, which: keys.indexOf(key) };
  },

  follow_up_context(given) {
    const network_id = new Uint8Array(32);
    const found = envelope.forFollowUp(network_id, unbytes(given.tag_key), given.number);
    return { tag: found.binding, key: found.inner_key };
  },

  walk_in_context(given) {
    const found = walk_in.context(unbytes(given.network_id), unbytes(given.public_key));
    return { id: found.binding, key: found.inner_key };
  },

  seal_delivered(given) {
    const parts = pick(given, 'network_id', 'box_id', 'holder_key');
    const random = drawn(unbytes(given.nonce));
    return { sealed: box.sealDelivered(answer(given), { ...parts, random }) };
  },

  open_delivered(given) {
    const parts = pick(given, 'network_id', 'box_id', 'holder_key');
    return { answer: present(box.openDelivered(unbytes(given.sealed), parts)) };
  },

  seal_slot(given) {
    const parts = pick(given, 'network_id', 'box_id', 'box_key', 'organisation_seed');
    const random = drawn(unbytes(given.nonce));
    return { sealed: box.sealAnswer(answer(given), { ...parts, slot: given.slot, random }) };
  },

  async open_slot(given) {
    const parts = pick(given, 'network_id', 'box_id', 'box_key', 'organisation');
    const opened = await box.openAnswer(unbytes(given.sealed), { ...parts, slot: given.slot });
    return { answer: present(opened) };
  },

  cover_slot: (given) => ({
    cover: cover.slot(unbytes(given.filler_key), unbytes(given.box_id), given.slot),
  }),
};

/** @param {import('../values.js').Given} given */
function answer(given) {
  const said = { ...given.answer, unknown: unkept(given.answer.unknown) };
  if (said.try_another) said.try_another = unlist(said.try_another);
  for (const name of ['organisation', 'public_key', 'signature']) {
    if (name in said) said[name] = unbytes(said[name]);
  }
  return answers.make(said);
}

/** @param {import('../values.js').Given} given */
function context(given) {
  const { network_id, binding, inner_key } = pick(given, 'network_id', 'binding', 'inner_key');
  return envelope.makeContext(network_id, given.kind, binding, inner_key);
}
