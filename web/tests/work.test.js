/** The search for a proof of work: what it finds, where it stops, where it goes on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sha256 } from '@noble/hashes/sha2.js';

import { concat, lp } from '../src/encoding.js';
import { Malformed, WorkMissing } from '../src/errors.js';
import * as work from '../src/public/work.js';

const NETWORK = new Uint8Array(32).fill(7);
const ENVELOPE = new Uint8Array(5273).fill(9);
const BITS = 10;
const TASK = work.task(NETWORK, 20500, ENVELOPE, BITS);
const TRIES = 1 << 14; // without luck in 16 chains of 2^10: once in nine million

/** @param {Uint8Array} nonce */
const number = (nonce) => new DataView(nonce.buffer).getBigUint64(0);

test('what is found holds, by a hash of the whole frame, and nothing before it does', () => {
  const nonce = work.search(TASK, 0n, TRIES);
  assert.ok(nonce);
  work.check(TASK, nonce);
  const digest = sha256(concat(TASK.prefix, lp(nonce)));
  assert.equal(new DataView(digest.buffer).getUint32(0) >>> (32 - BITS), 0);
  assert.equal(work.search(TASK, 0n, Number(number(nonce))), undefined);
});

test('a search in steps finds what one search finds', () => {
  const whole = work.search(TASK, 0n, TRIES);
  let found;
  for (let start = 0n; !found; start += 64n) found = work.search(TASK, start, 64);
  assert.deepEqual(found, whole);
});

test('after the last nonce comes the first', () => {
  const first = work.search(TASK, 0n, TRIES);
  const found = work.search(TASK, 2n ** 64n - 1n, TRIES);
  assert.ok(found);
  assert.ok(number(found) === 2n ** 64n - 1n || number(found) === number(first ?? found));
});

test('a nonce does not hold for another envelope, day, network or more bits', () => {
  const nonce = /** @type {Uint8Array} */ (work.search(TASK, 0n, TRIES));
  const others = [
    work.task(NETWORK, 20500, ENVELOPE.map((byte, at) => (at === 5272 ? byte ^ 1 : byte)), BITS),
    work.task(NETWORK, 20501, ENVELOPE, BITS),
    work.task(NETWORK.map((byte) => byte ^ 1), 20500, ENVELOPE, BITS),
    work.task(NETWORK, 20500, ENVELOPE, 28),
  ];
  for (const other of others) assert.throws(() => work.check(other, nonce), WorkMissing);
});

test('work of another size, difficulty or start is no work', () => {
  const short = ENVELOPE.slice(1);
  assert.throws(() => work.task(NETWORK, 20500, short, BITS), Malformed);
  assert.throws(() => work.task(NETWORK.slice(1), 20500, ENVELOPE, BITS), Malformed);
  assert.throws(() => work.task(NETWORK, -1, ENVELOPE, BITS), Malformed);
  assert.throws(() => work.task(NETWORK, 20500, ENVELOPE, 7), Malformed);
  assert.throws(() => work.task(NETWORK, 20500, ENVELOPE, 29), Malformed);
  assert.throws(() => work.check(TASK, new Uint8Array(7)), Malformed);
  assert.throws(() => work.search(TASK, -1n, 1), Malformed);
  assert.throws(() => work.search(TASK, 2n ** 64n, 1), Malformed);
});
