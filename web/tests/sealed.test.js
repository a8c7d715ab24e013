/** What the scenarios do not reach: bytes, what is drawn, and a store that changes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shake256 } from '@noble/hashes/sha3.js';

import { newAdmin } from '../src/client/admin_file.js';
import * as code_text from '../src/client/code_text.js';
import * as codes from '../src/client/codes.js';
import * as envelope from '../src/client/envelope.js';
import * as hpke from '../src/client/hpke.js';
import * as member_file from '../src/client/member_file.js';
import * as message from '../src/client/message.js';
import { Store } from '../src/client/store.js';
import * as entries from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import * as encoding from '../src/encoding.js';
import { CannotOpen, Malformed, TooLong } from '../src/errors.js';
import { envelope as filler } from '../src/public/cover.js';

const { utf8, u8, u16, u32, u64, Reader } = encoding;
/** @param {string} label */
const draws = (label) => {
  let calls = 0;
  return (/** @type {number} */ size) => shake256(utf8(`${label} ${calls++}`), { dkLen: size });
};
const random = draws('sealed');
const TODAY = 20780;

test('numbers that do not fit are refused', () => {
  for (const [write, limit] of /** @type {const} */ ([[u8, 2 ** 8], [u16, 2 ** 16], [u32, 2 ** 32]])) {
    assert.equal(write(limit - 1).every((byte) => byte === 255), true);
    for (const value of [-1, limit, 0.5, NaN, Infinity]) assert.throws(() => write(value), Malformed);
  }
  assert.deepEqual(new Reader(u64(2n ** 64n - 1n)).u64(), 2n ** 64n - 1n);
  for (const value of [-1n, 2n ** 64n]) assert.throws(() => u64(value), Malformed);
});

test('half of a surrogate pair has no UTF-8', () => {
  assert.deepEqual(encoding.text(utf8('\ufeff\u{1f6b6}')), '\ufeff\u{1f6b6}');
  for (const value of ['\ud800', 'a\udc00', '\udc00\ud800']) {
    assert.throws(() => utf8(value), Malformed);
    assert.throws(() => codes.normalWord(value), Malformed);
  }
});

test('more than 65,535 bytes have no length prefix, and more than there is room for no padding', () => {
  assert.throws(() => encoding.lp(new Uint8Array(65536)), TooLong);
  assert.throws(() => encoding.pad(new Uint8Array(5), 4), TooLong);
});

test('a reader refuses what is not there and what is left over', () => {
  for (const [bytes, read] of /** @type {[number[], (reader: any) => void][]} */ ([
    [[0], (reader) => reader.u16()],
    [[0, 2, 1], (reader) => reader.lp()],
    [[0, 2, 1, 1], (reader) => reader.lp(1)],
    [[1], (reader) => reader.end()],
    [[0, 0, 1], (reader) => reader.zerosToEnd()],
  ])) {
    assert.throws(() => read(new Reader(Uint8Array.from(bytes))), Malformed);
  }
});

test('the provider gets no holder key', () => {
  const parts = ['box_id', 'box_key', 'holder_key', 'tag_key', 'write_key'];
  const keys = /** @type {codes.ReceiptKeys} */ (
    Object.fromEntries(parts.map((name) => [name, random(32)]))
  );
  assert(!('holder_key' in message.boxKeysOf(keys)));
});

test('room for the text counts bytes, and goes below nothing', () => {
  assert.equal(message.roomForText('é'), c.TEXT_BYTES - 2);
  assert.equal(message.roomForText('a'.repeat(c.TEXT_BYTES + 1)), -1);
});

test('a new code is written and read back', () => {
  const secret = codes.newSecret(random);
  for (const kind of /** @type {const} */ (['code', 'receipt'])) {
    for (const written of [code_text.symbols(secret, kind), code_text.digits(secret, kind)]) {
      assert.deepEqual(code_text.read(written, kind), { secret, how: 'exact' });
    }
  }
});

test('a filler opens for nobody and has the size of an envelope', () => {
  const made = filler(random);
  const context = envelope.forCode(new Uint8Array(32), new Uint8Array(16), new Uint8Array(32));
  assert.equal(made.length, c.ENVELOPE_BYTES);
  assert.throws(() => envelope.open(made, random(32), context), CannotOpen);
});

test('a new member and a new admin have what was drawn, and a name that is one', () => {
  const keys = { network_id: random(32), organisation_key: random(32), random };
  const member = member_file.newMember(keys);
  assert.notDeepEqual(member.xwing_seed, member.ed25519_seed);
  assert.throws(() => member_file.newMember({ ...keys, network_id: random(31) }), Malformed);
  assert.equal(newAdmin('ana', { random }).seed.length, 32);
  for (const name of ['', 'Ana', 'a b', 'a'.repeat(25)]) {
    assert.throws(() => newAdmin(name, { random }), Malformed);
  }
});

/** @param {Partial<entries.MemberEntry>} [parts] */
function member(parts) {
  const xwing_public_key = hpke.publicKey(new Uint8Array(32));
  const usual = { role: 1, xwing_public_key, ed25519_public_key: random(32), since: 1, name: 'A' };
  return entries.MemberEntry.encode({ ...usual, ...parts });
}

/** @param {number} last_epoch */
function seed(last_epoch) {
  const keys = { psk: random(32), write_key: random(32), xwing_seed: random(32) };
  return entries.SeedEntry.encode({ state: 1, batch: random(8), last_epoch, code: random(10), ...keys });
}

const [ID, LOCATOR] = [random(16), random(16)];
const VALUE = member();
const FIRST = new Store({
  network_id: random(32),
  organisation_seed: random(32),
  entries: [{ kind: c.ENTRY_MEMBER, id: ID, value: VALUE }],
});

test('a store keeps its entries when another is made of it', () => {
  const more = FIRST.withEntry(c.ENTRY_SEED, LOCATOR, seed(TODAY));
  assert.equal(FIRST.entries.length, 1);
  assert.equal(more.entries.length, 2);
  assert.equal(more.withEntry(c.ENTRY_SEED, LOCATOR, seed(1)).entries.length, 2);
  assert.equal(more.withoutEntry(c.ENTRY_SEED, LOCATOR).entries.length, 1);
  assert.equal(more.withoutEntry(c.ENTRY_WEEKLY, LOCATOR).entries.length, 2);
});

test('a store has a member and at most 16, whose keys are keys', () => {
  assert.throws(() => FIRST.removeMember(ID, TODAY), Malformed);
  let full = FIRST;
  for (let count = 1; count < c.STORE_SLOTS; count++) {
    full = full.withEntry(c.ENTRY_MEMBER, random(16), VALUE);
  }
  assert.throws(() => full.withEntry(c.ENTRY_MEMBER, random(16), VALUE), TooLong);
  const no_key = VALUE.slice().fill(255, 2, 1000);
  assert.throws(() => FIRST.withEntry(c.ENTRY_MEMBER, ID, no_key), Malformed);
});

test('an erased seed leaves its note and does not come back', () => {
  const erased = FIRST.withEntry(c.ENTRY_SEED, LOCATOR, seed(TODAY)).eraseSeed(LOCATOR);
  const [note] = erased.ofKind(c.ENTRY_ERASED);
  assert(note);
  assert.equal(entries.Erased.decode(note.value).forget_after, TODAY + c.SEED_DAYS_AFTER_CODE);
  assert.deepEqual(erased.ofKind(c.ENTRY_SEED), []);
  assert.throws(() => erased.withEntry(c.ENTRY_SEED, LOCATOR, seed(TODAY)), Malformed);
  assert.equal(erased.eraseSeed(LOCATOR), erased);
});

test('what is over goes on the day after, and nothing before', () => {
  const last = TODAY + c.SEED_DAYS_AFTER_CODE;
  const kept = FIRST.withEntry(c.ENTRY_SEED, LOCATOR, seed(TODAY));
  const weekly = entries.WeeklyEntry.encode({ first: 1, last: last - 7, xwing_seed: random(32) });
  const both = kept.withEntry(c.ENTRY_WEEKLY, random(16), weekly);
  assert.equal(both.expire(last).entries.length, 3);
  assert.deepEqual(both.expire(last + 1).entries, FIRST.entries);
});
