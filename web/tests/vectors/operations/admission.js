/** What admits: weekly keys, work, tokens. */

import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { shake256 } from '@noble/hashes/sha3.js';

import { signWeeklyKey } from '../../../src/client/signing.js';
import {
  TOKEN_ELEMENT_BYTES,
  TOKEN_INPUT_BYTES,
  TOKEN_PROOF_BYTES,
} from '../../../src/constants.js';
import { utf8 } from '../../../src/encoding.js';
import * as organisation_keys from '../../../src/public/organisation_keys.js';
import { VETTED } from '../../../src/public/statements.js';
import * as tokens from '../../../src/public/tokens.js';
import * as work from '../../../src/public/work.js';
import { changed, drawn, pick, unbytes, unlist } from '../values.js';

/** @typedef {import('../values.js').Given} Given */

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  make_weekly_key(given) {
    const { organisation_seed, ...rest } = pick(
      given,
      'organisation_seed',
      'network_id',
      'public_key',
    );
    const key = signWeeklyKey(organisation_seed, { ...rest, first: given.first });
    return { weekly_key: organisation_keys.formatWeeklyKey(key) };
  },

  async check_weekly_key(given) {
    const statement = {
      ...pick(given, 'network_id', 'organisation'),
      kind: VETTED,
      serial: 1,
      profile: new Uint8Array(32),
      first: 0,
      until: 0,
      name: 'Example House',
    };
    const weekly_key = unbytes(given.weekly_key);
    const key = await organisation_keys.checkWeeklyKey(weekly_key, statement, given.today);
    return { public_key: key.public_key, first: key.first, last: key.last };
  },

  check_work(given) {
    work.check(task(given), unbytes(given.nonce));
    return {};
  },

  search_work(given) {
    const nonce = work.search(task(given), BigInt(given.start), given.tries);
    return { nonce: nonce ?? null };
  },

  token_period(given) {
    const period = tokens.periodOf(given.epoch);
    return { period, last_epoch: tokens.lastEpochOf(period) };
  },

  /** Its proof hides behind something random, so it is verified and not compared. */
  token_issue(given) {
    const issuer = issuerOf(given);
    const request = unbytes(given.request);
    const answer = issuer.issue(request, { random: anything });
    const elements = split(answer.slice(TOKEN_PROOF_BYTES));
    checkProof(issuer.public_key, answer.slice(0, TOKEN_PROOF_BYTES), split(request), elements);
    return { public_key: issuer.public_key, elements };
  },

  token_round(given) {
    const issuer = issuerOf(given);
    const inputs = drawn(...unlist(given.inputs));
    const random = (/** @type {number} */ size) =>
      size === TOKEN_INPUT_BYTES ? inputs(size) : anything(size);
    const draw = tokens.draw(given.inputs.length, { random });
    const issued = issuer.issue(draw.request, { random: anything });
    const answer = given.change ? changed(issued, given.change) : issued;
    const public_key = given.public_key ? unbytes(given.public_key) : issuer.public_key;
    return { tokens: draw.finalize(answer, public_key) };
  },

  token_redeem: (given) => ({ nullifier: issuerOf(given).redeem(unbytes(given.token)) }),
};

let calls = 0;

/**
 * Any bytes, others at each call: what comes out does not depend on them.
 * @param {number} size
 */
function anything(size) {
  calls += 1;
  return shake256(utf8(`call ${calls}`), { dkLen: size });
}

/**
 * Hold that a proof is one, by the library's client: what it finalizes does not matter here.
 * @param {Uint8Array} public_key
 * @param {Uint8Array} proof
 * @param {Uint8Array[]} blinded
 * @param {Uint8Array[]} evaluated
 */
function checkProof(public_key, proof, blinded, evaluated) {
  const one = Uint8Array.from({ length: 32 }, (_, at) => (at ? 0 : 1));
  const items = blinded.map((element, at) => ({
    input: element,
    blind: one,
    blinded: element,
    evaluated: /** @type {Uint8Array} */ (evaluated[at]),
  }));
  ristretto255_oprf.voprf.finalizeBatch(items, public_key, proof);
}

/** @param {Given} given */
function task(given) {
  const { network_id, envelope } = pick(given, 'network_id', 'envelope');
  return work.task(network_id, given.epoch, envelope, given.bits);
}

/** @param {Given} given */
function issuerOf(given) {
  return new tokens.Issuer(unbytes(given.seed), unbytes(given.network_id), given.period);
}

/** @param {Uint8Array} elements */
function split(elements) {
  return Array.from({ length: elements.length / TOKEN_ELEMENT_BYTES }, (_, at) =>
    elements.slice(at * TOKEN_ELEMENT_BYTES, (at + 1) * TOKEN_ELEMENT_BYTES),
  );
}
