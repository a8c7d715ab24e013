/** Blind tokens: the RFC's vectors with its blinds, and batches that somebody changed. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { shake256 } from '@noble/hashes/sha3.js';

import { concat, equal, utf8 } from '../src/encoding.js';
import { Malformed, TokenRefused } from '../src/errors.js';
import { Issuer, draw } from '../src/public/tokens.js';

const OFFICIAL = '../../tests/official/data/rfc9497_ristretto255_voprf.json';
const RFC = JSON.parse(readFileSync(new URL(OFFICIAL, import.meta.url), 'utf8'));
const NETWORK = new Uint8Array(32).fill(7);
const PERIOD = 20500;
const ISSUER = new Issuer(new Uint8Array(32).fill(1), NETWORK, PERIOD);
const COUNT = 3;

/**
 * A source of bytes, the same for the same words.
 * @param {string} words
 */
function source(words) {
  let calls = 0;
  return (/** @type {number} */ size) => shake256(utf8(`${words} ${calls++}`), { dkLen: size });
}

/** @param {string} [words] */
function drawn(words = 'draw') {
  const batch = draw(COUNT, { random: source(words) });
  return { batch, answer: ISSUER.issue(batch.request, { random: source('proof') }) };
}

/**
 * What the library's `random` has to give for a scalar of the RFC: it takes 48 bytes,
 * little-endian, modulo the order less 1, and adds 1.
 * @param {string} scalar
 */
function scalarSource(scalar) {
  const number = BigInt(`0x${bytesToHex(hexToBytes(scalar).reverse())}`) - 1n;
  const bytes = hexToBytes(number.toString(16).padStart(96, '0')).reverse();
  return (size = 0) => {
    assert.equal(size, bytes.length);
    return bytes;
  };
}

/** @param {Uint8Array[]} values */
const hexadecimal = (values) => values.map((value) => bytesToHex(value)).join(',');

test('with the blinds of the RFC come its elements, proofs and outputs', () => {
  const { voprf } = ristretto255_oprf;
  const pair = voprf.deriveKeyPair(hexToBytes(RFC.Seed), hexToBytes(RFC.KeyInfo));
  assert.equal(bytesToHex(pair.publicKey), RFC.pkSm);
  for (const vector of RFC.vectors) {
    const [inputs, blinds] = [vector.Input, vector.Blind].map((value) => value.split(','));
    const items = inputs.map((/** @type {string} */ input, /** @type {number} */ at) => ({
      input: hexToBytes(input),
      ...voprf.blind(hexToBytes(input), scalarSource(blinds[at])),
    }));
    const blinded = items.map((/** @type {{blinded: Uint8Array}} */ one) => one.blinded);
    assert.equal(hexadecimal(blinded), vector.BlindedElement);
    const random = scalarSource(vector.ProofRandomScalar);
    const made = voprf.blindEvaluateBatch(pair.secretKey, pair.publicKey, blinded, random);
    assert.equal(hexadecimal(made.evaluated), vector.EvaluationElement);
    assert.equal(bytesToHex(made.proof), vector.Proof);
    const evaluated = items.map((/** @type {object} */ one, /** @type {number} */ at) => ({
      ...one,
      evaluated: made.evaluated[at],
    }));
    const outputs = voprf.finalizeBatch(evaluated, pair.publicKey, made.proof);
    assert.equal(hexadecimal(outputs), vector.Output);
  }
});

test('a batch of the least and of the most is drawn, issued and redeemed', () => {
  for (const count of [1, 256]) {
    const batch = draw(count, { random: source('sizes') });
    const answer = ISSUER.issue(batch.request, { random: source('proof') });
    const made = batch.finalize(answer, ISSUER.public_key);
    const nullifiers = made.slice(0, 4).map((token) => bytesToHex(ISSUER.redeem(token)));
    assert.equal(new Set(nullifiers).size, Math.min(count, 4));
  }
});

test('other blinds of the same inputs give another request and the same tokens', () => {
  /** @param {string} words */
  const made = (words) => {
    const [inputs, blinds] = [source('inputs'), source(words)];
    const random = (/** @type {number} */ size) => (size === 32 ? inputs : blinds)(size);
    const batch = draw(COUNT, { random });
    const answer = ISSUER.issue(batch.request, { random: source('proof') });
    return { request: batch.request, tokens: batch.finalize(answer, ISSUER.public_key) };
  };
  const [one, other] = [made('one'), made('other')];
  assert.ok(!equal(one.request, other.request));
  assert.deepEqual(one.tokens, other.tokens);
});

test('T21 an answer changed in any byte, cut, grown or swapped is refused whole', () => {
  const { batch, answer } = drawn();
  const [proof, one, two, rest] = [[0, 64], [64, 96], [96, 128], [128]].map((ends) =>
    answer.slice(...ends),
  );
  const swapped = concat(.../** @type {Uint8Array[]} */ ([proof, two, one, rest]));
  const longer = concat(answer, answer.slice(-32));
  const wrong = [answer.slice(0, -1), answer.slice(0, -32), longer, swapped];
  for (let at = 0; at < answer.length; at += 5) {
    wrong.push(answer.map((byte, here) => (here === at ? byte ^ 1 : byte)));
  }
  for (const changed of wrong) {
    assert.throws(() => batch.finalize(changed, ISSUER.public_key), TokenRefused);
  }
  assert.equal(batch.finalize(answer, ISSUER.public_key).length, COUNT);
});

test('P3 T21 another key, draw or public key that is none is refused', () => {
  const { batch, answer } = drawn();
  const other = new Issuer(new Uint8Array(32).fill(2), NETWORK, PERIOD);
  const none = [new Uint8Array(32), new Uint8Array(31), new Uint8Array(32).fill(255)];
  for (const key of [other.public_key, ...none]) {
    assert.throws(() => batch.finalize(answer, key), TokenRefused);
  }
  const marked = other.issue(batch.request, { random: source('proof') });
  assert.throws(() => batch.finalize(marked, ISSUER.public_key), TokenRefused);
  assert.throws(() => drawn('another').batch.finalize(answer, ISSUER.public_key), TokenRefused);
});

test('a token of another network, period or seed is refused, and a changed one', () => {
  const { batch, answer } = drawn();
  const token = /** @type {Uint8Array} */ (batch.finalize(answer, ISSUER.public_key)[0]);
  const others = [
    new Issuer(new Uint8Array(32).fill(2), NETWORK, PERIOD),
    new Issuer(new Uint8Array(32).fill(1), NETWORK.map((byte) => byte ^ 1), PERIOD),
    new Issuer(new Uint8Array(32).fill(1), NETWORK, PERIOD + 28),
  ];
  for (const other of others) assert.throws(() => other.redeem(token), TokenRefused);
  for (let at = 0; at < token.length; at += 7) {
    const wrong = token.map((byte, here) => (here === at ? byte ^ 1 : byte));
    assert.throws(() => ISSUER.redeem(wrong), TokenRefused);
  }
  assert.throws(() => ISSUER.redeem(token.slice(1)), Malformed);
});

test('a batch of another size is neither drawn nor issued, nor one with what is no element', () => {
  for (const count of [0, 257]) {
    assert.throws(() => draw(count, { random: source('none') }), Malformed);
  }
  const { batch } = drawn();
  for (const size of [0, 31, 33, 257 * 32]) {
    const request = new Uint8Array(size).fill(1);
    assert.throws(() => ISSUER.issue(request, { random: source('proof') }), Malformed);
  }
  for (const element of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
    const request = concat(batch.request, element);
    assert.throws(() => ISSUER.issue(request, { random: source('proof') }), TokenRefused);
  }
});
