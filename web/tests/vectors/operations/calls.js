/** What travels: requests and their armour, signed calls, applications, an admin's key file. */

import * as admin_file from '../../../src/client/admin_file.js';
import * as carried from '../../../src/client/carried.js';
import { utf8 } from '../../../src/encoding.js';
import * as applications from '../../../src/public/applications.js';
import * as request_signing from '../../../src/public/request_signing.js';
import * as requests from '../../../src/public/requests.js';
import { drawn, pick, unbytes } from '../values.js';

/** @typedef {import('../values.js').Given} Given */

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  encode_request(given) {
    const request = requestOf(given.request);
    return {
      form: requests.encode(request),
      hash: requests.hashOf(request),
      armour: utf8(requests.armour(request)),
      tag: requests.isReferral(request) ? null : requests.walkInTag(request.envelope),
    };
  },

  decode_request: (given) => ({ request: parts(requests.decode(unbytes(given.form))) }),

  read_armour: (given) => ({ request: parts(requests.fromArmour(given.text)) }),

  write_carried(given) {
    const said = carriedOf(given.carried);
    return { form: carried.encode(said), text: utf8(carried.write(said)) };
  },

  read_carried(given) {
    const found = carried.read(given.text);
    const organisations = found.organisations.map((one) => ({ ...one, index: `${one.index}` }));
    return { carried: { ...found, organisations, record: found.record ?? null } };
  },

  sign_call(given) {
    const counter = BigInt(given.counter);
    const signed = request_signing.sign(unbytes(given.seed), { ...call(given), counter });
    return {
      content_digest: utf8(signed.digest),
      signature_input: utf8(signed.signature_input),
      signature_header: utf8(signed.signature),
    };
  },

  async verify_call(given) {
    const { content_digest: digest, signature_input, signature_header: signature } = given;
    const claim = await request_signing.verify({ digest, signature_input, signature }, call(given));
    return { key: claim.key, counter: `${claim.counter}` };
  },

  make_application(given) {
    const { epoch, name } = given;
    const said = { ...pick(given, 'network_id', 'member_key', 'profile'), epoch, name };
    return { application: applications.make(unbytes(given.organisation_seed), said) };
  },

  async check_application(given) {
    const network_id = unbytes(given.network_id);
    const found = await applications.parseAndCheck(unbytes(given.application), network_id);
    const { organisation, member_key, epoch, name, profile } = found;
    return { organisation, member_key, epoch, name, profile };
  },

  seal_admin_file(given) {
    const { name, passphrase } = given;
    const { seed, salt, nonce } = pick(given, 'seed', 'salt', 'nonce');
    const admin = { name, seed };
    return { file: admin_file.sealAdminFile(admin, passphrase, { random: drawn(salt, nonce) }) };
  },

  open_admin_file(given) {
    const { name, seed } = admin_file.openAdminFile(unbytes(given.file), given.passphrase);
    return { name, seed };
  },
};

/** @param {Given} given */
function call(given) {
  const { method, path, query } = given;
  return { ...pick(given, 'body', 'network_id'), method, path, query };
}

/**
 * @param {Given} said
 * @returns {requests.Request}
 */
function requestOf(said) {
  const names = ['id', 'holder_key_hash', 'write_key_hash', 'slot_0'];
  const box = said.box ? requests.box(pick(said.box, ...names)) : undefined;
  if ('epoch' in said) {
    return requests.walkIn({ ...pick(said, 'nonce', 'envelope'), epoch: said.epoch, box });
  }
  return requests.referral({ ...pick(said, 'locator', 'write_key', 'envelope'), box });
}

/** @param {requests.Request} request */
function parts(request) {
  return { ...request, box: request.box ?? null };
}

/**
 * @param {Given} said
 * @returns {carried.Carried}
 */
function carriedOf(said) {
  const organisations = said.organisations.map((/** @type {Given} */ one) => ({
    ...pick(one, 'statement', 'profile'),
    index: BigInt(one.index),
    hashes: one.hashes.map(unbytes),
    capacity: one.capacity,
    weekly_keys: one.weekly_keys.map(unbytes),
  }));
  return {
    ...pick(said, 'network_id', 'checkpoint', 'suspensions'),
    work_bits: said.work_bits,
    policies: said.policies.map(unbytes),
    organisations,
    ...(said.record ? { record: unbytes(said.record) } : {}),
  };
}
