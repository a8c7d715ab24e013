/** The record: its proof has at most 26 hashes, whatever else holds. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as record from '../src/client/record.js';
import { concat } from '../src/encoding.js';
import { Malformed, TooLong } from '../src/errors.js';

const HASH = new Uint8Array(32).fill(3);
const CONTENTS = {
  last_epoch: 20783,
  public_key: new Uint8Array(1216),
  signature: new Uint8Array(64),
  profile: new Uint8Array(9),
  statement: new Uint8Array(300),
  inclusion: { index: 2n ** 64n - 1n, hashes: Array.from({ length: 26 }, () => HASH) },
  checkpoint: new Uint8Array(200),
};
const COUNT_AT = 1 + 4 + 1216 + 64 + (2 + 9) + (2 + 300) + 8;

test('26 hashes are read as they were written, and 27 are neither written nor read', () => {
  const whole = record.encode(CONTENTS);
  assert.deepEqual(record.decode(whole), CONTENTS);
  const hashes = [...CONTENTS.inclusion.hashes, HASH];
  const more = { ...CONTENTS, inclusion: { ...CONTENTS.inclusion, hashes } };
  assert.throws(() => record.encode(more), TooLong);
  assert.equal(whole[COUNT_AT], 26);
  const [head, rest] = [whole.slice(0, COUNT_AT), whole.slice(COUNT_AT + 1)];
  const forged = concat(head, Uint8Array.of(27), HASH, rest);
  assert.throws(() => record.decode(forged), Malformed);
});
