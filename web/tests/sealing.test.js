/** X-Wing keys: what is none is refused when it is read. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Malformed } from '../src/errors.js';
import * as sealing from '../src/public/sealing.js';

const PUBLIC = sealing.publicKey(new Uint8Array(32).fill(3));
const TOP_BIT = 2n ** 255n; // which a reader leaves out
const PRIME = TOP_BIT - 19n;
const SMALL = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  PRIME - 1n,
];

/** @param {bigint} u The X25519 half of a key, as a number. */
function withPart(u) {
  const key = PUBLIC.slice();
  for (let at = 1184, left = u; at < 1216; at++, left >>= 8n) key[at] = Number(left & 255n);
  return key;
}

test('an X25519 half of small order is refused, in every encoding', () => {
  for (const u of SMALL) {
    const encodings = [u, u + PRIME].filter((number) => number < TOP_BIT);
    for (const one of encodings.flatMap((number) => [number, number + TOP_BIT])) {
      assert.throws(() => sealing.loadPublic(withPart(one)), Malformed);
      const part = withPart(one).slice(1184);
      assert.equal(sealing.sharedSecret(new Uint8Array(32).fill(8), part), undefined);
    }
    sealing.loadPublic(withPart(u + 8n));
  }
});

test('an ML-KEM coefficient of 3,329 is refused, the first and the last of them', () => {
  const first = PUBLIC.slice();
  first.set([0x01, ((PUBLIC[1] ?? 0) & 0xf0) | 0x0d]);
  const last = PUBLIC.slice();
  last.set([0x10 | ((PUBLIC[1150] ?? 0) & 0x0f), 0xd0], 1150);
  for (const key of [first, last]) assert.throws(() => sealing.loadPublic(key), Malformed);
  first[0] = 0x00;
  last.set([(PUBLIC[1150] ?? 0) & 0x0f, 0xd0], 1150);
  for (const key of [first, last]) sealing.loadPublic(key);
});

test('a seed or key of another length is refused', () => {
  for (const size of [0, 31, 33, 64]) {
    assert.throws(() => sealing.publicKey(new Uint8Array(size)), Malformed);
  }
  for (const key of [PUBLIC.slice(1), new Uint8Array(1217)]) {
    assert.throws(() => sealing.loadPublic(key), Malformed);
  }
});
