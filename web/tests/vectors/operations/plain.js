/** Messages and profiles: coded choices before anything is sealed. */

import * as message from '../../../src/client/message.js';
import * as profile from '../../../src/public/profile.js';
import { pick, present, unbytes, unkept } from '../values.js';

const PROFILE = [
  'kind',
  'services',
  'languages',
  'accepts',
  'police_ties',
  'funding',
  'reporting',
  'privilege',
  'housing',
  'regions',
  'pledge',
];
const BOX = ['box_id', 'box_key', 'write_key', 'tag_key'];

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  encode_message(given) {
    const said = { ...given.message, unknown: unkept(given.message.unknown) };
    if (said.box) said.box = pick(said.box, ...BOX);
    return { encoded: message.encode(message.make(said)) };
  },

  decode_message(given) {
    const said = present(message.decode(unbytes(given.encoded), given.kind));
    return { message: Object.fromEntries(Object.entries(said).filter(([, one]) => one !== 0)) };
  },

  encode_profile(given) {
    const nothing = Object.fromEntries(PROFILE.map((name) => [name, []]));
    const unknown = unkept(given.profile.unknown);
    return { encoded: profile.encode({ ...nothing, ...given.profile, unknown }) };
  },

  decode_profile(given) {
    return { profile: present(profile.decode(unbytes(given.encoded))) };
  },
};
