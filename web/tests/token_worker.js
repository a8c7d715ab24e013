/**
 * Plays either end of a batch of tokens, a line of JSON for a line of JSON, so that tests in Python
 * can play the other. A draw is known by the words that its randomness is made of: what finalizes
 * makes it again, and no secret is kept between the lines.
 */

import process from 'node:process';
import { createInterface } from 'node:readline';

import { shake256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

import { utf8 } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { draw, Issuer } from '../src/public/tokens.js';

/** @typedef {Record<string, any>} Given */

/** @type {Record<string, (given: Given) => unknown>} */
const OPERATIONS = {
  draw: (given) => drawn(given).request,
  finalize: (given) =>
    drawn(given).finalize(hexToBytes(given.answer), hexToBytes(given.public_key)),
  public_key: (given) => issuer(given).public_key,
  issue: (given) => issuer(given).issue(hexToBytes(given.request), { random: source(given.words) }),
  redeem: (given) => issuer(given).redeem(hexToBytes(given.token)),
};

/** @param {string} words */
function source(words) {
  let calls = 0;
  return (/** @type {number} */ size) => shake256(utf8(`${words} ${calls++}`), { dkLen: size });
}

/** @param {Given} given */
function drawn({ count, words }) {
  return draw(count, { random: source(words) });
}

/** @param {Given} given */
function issuer({ seed, network_id, period }) {
  return new Issuer(hexToBytes(seed), hexToBytes(network_id), period);
}

/** @param {string} line */
function answer(line) {
  const { operation, ...given } = JSON.parse(line);
  try {
    return { value: OPERATIONS[operation]?.(given) };
  } catch (error) {
    return error instanceof Refused ? { refused: error.category } : { error: String(error) };
  }
}

/**
 * @param {string} _name
 * @param {unknown} value
 */
function written(_name, value) {
  return value instanceof Uint8Array ? bytesToHex(value) : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line), written)}\n`);
}
