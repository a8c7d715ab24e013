/** What admins, the log and witnesses sign: what is written is read back, or not written. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sha256 } from '@noble/hashes/sha2.js';

import { b64, concat, text, utf8 } from '../src/encoding.js';
import {
  BadSignature,
  Malformed,
  NotInLog,
  NotWitnessed,
  TooFewSignatures,
  TooLong,
} from '../src/errors.js';
import * as checkpoints from '../src/public/checkpoint.js';
import * as lines from '../src/public/lines.js';
import * as log from '../src/public/log.js';
import * as signing from '../src/public/note_signing.js';
import * as notes from '../src/public/notes.js';
import * as policies from '../src/public/policy.js';
import { acceptChain } from '../src/public/policy_chain.js';
import * as statements from '../src/public/statements.js';
import * as suspensions from '../src/public/suspensions.js';

const TODAY = 20780;
const NONE = new Uint8Array(32);
/** @param {string} name */
const signer = (name) => ({ name, seed: sha256(utf8(name)) });
const ADMINS = ['ann', 'bea', 'cho'].map(signer);
const WITNESSES = ['w-1', 'w-2', 'w-3'].map(signer);
const LOG = signer('log.example');
const [ANN, BEA, CHO] = /** @type {[signing.Signer, signing.Signer, signing.Signer]} */ (ADMINS);

/** @type {policies.Unwritten} */
const POLICY = {
  network_id: NONE,
  version: 1,
  threshold: 2,
  witnesses_threshold: 2,
  until: TODAY + 300,
  log: signing.keyOf(LOG),
  admins: ADMINS.map(signing.keyOf),
  witnesses: WITNESSES.map(signing.witnessKeyOf),
  former_admins: [signing.keyOf(signer('old'))],
  former_witnesses: [],
  regions: [{ number: 1000, name: 'Oak County' }, { number: 1001, name: 'नगर' }],
};
const TEXT = policies.formatText(POLICY);
const NETWORK = policies.networkIdOf(TEXT);
const ACCEPTED = policies.parse(TEXT);

/** @type {statements.Statement} */
const STATEMENT = {
  network_id: NETWORK,
  kind: statements.VETTED,
  serial: 1,
  organisation: sha256(utf8('organisation')),
  profile: NONE,
  first: TODAY,
  until: TODAY + 90,
  name: 'Harbour House',
};

/** @type {checkpoints.Checkpoint} */
const CHECKPOINT = {
  log_name: LOG.name,
  size: 2n ** 64n - 1n,
  root: NONE,
  policy_version: 1,
  policy_hash: await policies.textHash(ACCEPTED),
  suspensions: NONE,
};

test('a written policy is the one that was meant, and is accepted when admins sign it', async () => {
  assert.deepEqual(ACCEPTED, { ...POLICY, network_id: NETWORK, text: TEXT });
  const note = signing.addSignature(signing.signNote(TEXT, [ANN]), CHO);
  assert.deepEqual(await acceptChain([note], NETWORK, TODAY), ACCEPTED);
  const one = signing.signNote(TEXT, [ANN]);
  await assert.rejects(acceptChain([one], NETWORK, TODAY), TooFewSignatures);
  const later = policies.formatText({ ...ACCEPTED, version: 2, threshold: 3 });
  const next = signing.signNote(later, ADMINS);
  assert.equal((await acceptChain([note, next], NETWORK, TODAY)).threshold, 3);
});

test('a policy that would be read as another is not written', () => {
  const [first, ...rest] = POLICY.admins;
  /** @type {Partial<policies.Policy>[]} */
  const wrong = [
    { regions: [{ number: 1000, name: 'Oak\nregion 1001 Elm' }] },
    { regions: [{ number: 1000, name: 'Cafe\u0301' }] },
    { regions: [{ number: 1000, name: '\u202eOak' }] },
    { regions: [{ number: 999, name: 'Oak' }] },
    { regions: [...POLICY.regions].reverse() },
    { admins: [...rest, /** @type {notes.Key} */ (first)] },
    { witnesses: WITNESSES.map(signing.keyOf) },
    { admins: ADMINS.map(signing.witnessKeyOf) },
    { threshold: 1 },
    { threshold: 2.5 },
    { version: 0 },
    { until: 2 ** 32 },
    { log: { ...POLICY.log, name: 'ann' } },
    { log: { ...POLICY.log, name: 'a b' } },
  ];
  for (const change of wrong) {
    assert.throws(() => policies.formatText({ ...POLICY, ...change }), Malformed);
  }
});

test('a policy with a list or name beyond its room is not written', () => {
  const many = Array.from({ length: 65 }, (_, at) => ({ number: 1000 + at, name: 'Oak' }));
  const people = Array.from({ length: 33 }, (_, at) => signer(`p${100 + at}`));
  /** @type {Partial<policies.Policy>[]} */
  const wrong = [
    { regions: many },
    { regions: [{ number: 1000, name: 'é'.repeat(33) }] },
    { admins: people.slice(0, 17).map(signing.keyOf) },
    { witnesses: people.slice(0, 17).map(signing.witnessKeyOf) },
    { former_admins: people.map(signing.keyOf) },
    { former_witnesses: people.map(signing.witnessKeyOf) },
    { log: { ...POLICY.log, name: 'l'.repeat(33) } },
    { admins: [...POLICY.admins, { ...POLICY.log, name: 'x'.repeat(25) }] },
    { witnesses: [...POLICY.witnesses, { ...POLICY.log, name: 'x'.repeat(33) }] },
  ];
  for (const change of wrong) {
    assert.throws(() => policies.formatText({ ...POLICY, ...change }), TooLong);
  }
});

test('a written statement holds with k signatures, and another is not written', async () => {
  const note = signing.signNote(statements.formatText(STATEMENT), [BEA, CHO]);
  assert.deepEqual(await statements.check(note, ACCEPTED, TODAY), STATEMENT);
  /** @type {Partial<statements.Statement>[]} */
  const wrong = [
    { name: 'Harbour\nkind suspended' },
    { name: 'Cafe\u0301' },
    { name: '\ud83d' },
    { name: ' Harbour' },
    { kind: 'listed' },
    { serial: 2 ** 32 - 1 },
    { until: TODAY + 91 },
    { until: TODAY - 1 },
    { organisation: NONE.slice(1) },
  ];
  for (const change of wrong) {
    assert.throws(() => statements.formatText({ ...STATEMENT, ...change }), Malformed);
  }
  assert.throws(() => statements.formatText({ ...STATEMENT, name: 'é'.repeat(49) }), TooLong);
});

test('the day of a checkpoint is that of its second newest witness', async () => {
  const body = checkpoints.formatText(CHECKPOINT);
  /** @param {bigint[]} times */
  const note = (times) => {
    const cosigned = times.map((time, at) =>
      signing.cosign(body, /** @type {signing.Signer} */ (WITNESSES[at]), time),
    );
    return notes.addLines(signing.signNote(body, [LOG]), cosigned);
  };
  const day = BigInt(TODAY) * 86400n;
  const seen = await checkpoints.checkNewest(note([day - 1n, day, day + 86400n * 9n]), ACCEPTED);
  assert.deepEqual(seen, { checkpoint: CHECKPOINT, day: TODAY });
  const longest = note([2n ** 63n - 1n, day - 1n, 0n]);
  assert.equal((await checkpoints.check(longest, ACCEPTED)).day, TODAY - 1);
  await assert.rejects(checkpoints.check(note([2n ** 63n, day]), ACCEPTED), BadSignature);
  await assert.rejects(checkpoints.check(note([day]), ACCEPTED), NotWitnessed);
  const signers = [/** @type {signing.Signer} */ (WITNESSES[0]), signer('former')];
  const signatures = signers.map((one) => ({ key: signing.witnessKeyOf(one), time: day }));
  assert.throws(() => checkpoints.dayOf(signatures, ACCEPTED), NotWitnessed);
  assert.equal(checkpoints.dayOf([], { ...ACCEPTED, witnesses_threshold: 0 }), undefined);
});

test('a checkpoint that would be read as another is not written', () => {
  /** @type {Partial<checkpoints.Checkpoint>[]} */
  const wrong = [
    { log_name: 'Log' },
    { log_name: '' },
    { size: 2n ** 64n },
    { size: -1n },
    { root: NONE.slice(1) },
    { policy_version: 2 ** 32 },
  ];
  for (const change of wrong) {
    assert.throws(() => checkpoints.formatText({ ...CHECKPOINT, ...change }), Malformed);
  }
  assert.throws(() => checkpoints.formatText({ ...CHECKPOINT, log_name: 'l'.repeat(33) }), TooLong);
});

test('a list of suspensions is read as it was meant; unordered or too long it is not', () => {
  const ended = Array.from({ length: 1025 }, (_, at) => ({
    // Between `/` and `0` the order of the characters is not that of the bytes.
    start: b64(Uint8Array.of(...NONE.slice(22), at >> 8, at & 255)),
    serial: at,
  }));
  const list = { network_id: NETWORK, ended: ended.slice(1) };
  assert.deepEqual(suspensions.parse(suspensions.formatList(list)), list);
  assert.throws(() => suspensions.formatList({ ...list, ended }), TooLong);
  const [one, other] = /** @type {[suspensions.Ended, suspensions.Ended]} */ (ended);
  const starts = ['AAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAA=', 'AAAAAAAAAAAAAA==', 'AAAAAAAAAAAAAAA-'];
  const others = [...starts.map((start) => [{ ...one, start }]), [one, { ...other, start: '' }]];
  for (const wrong of [[other, one], [one, one], [{ ...one, serial: -1 }], ...others]) {
    assert.throws(() => suspensions.formatList({ ...list, ended: wrong }), Malformed);
  }
});

test('a note has each signer once, and one at least, and room for what it says', () => {
  assert.throws(() => signing.signNote(TEXT, []), Malformed);
  assert.throws(() => signing.signNote(TEXT, [ANN, ANN]), Malformed);
  assert.throws(() => signing.addSignature(signing.signNote(TEXT, [ANN]), ANN), Malformed);
  for (const body of ['', 'no line feed', '\nfirst', 'empty\n\nline\n', 'bell\x07\n']) {
    assert.throws(() => signing.signNote(body, [ANN]), Malformed, body);
  }
  const crowd = Array.from({ length: 65 }, (_, at) => signer(`p${at}`));
  assert.throws(() => signing.signNote('text\n', crowd), TooLong);
  const size = signing.signNote(TEXT, [ANN]).length;
  assert.throws(() => signing.signNote(TEXT, [ANN], size - 1), TooLong);
  assert.throws(() => signing.signNote(TEXT, [{ name: 'ann', seed: NONE.slice(1) }]), Malformed);
});

test('T21 a key of another name, role or value does not stand for the one that signed', async () => {
  const note = notes.parse(signing.signNote('text\n', [ANN]));
  const key = signing.keyOf(ANN);
  assert.equal(notes.count(await notes.verify(note, [signing.keyOf(BEA), key]), [key, key]), 1);
  const namesake = signing.keyOf({ ...BEA, name: 'ann' });
  for (const other of [{ ...key, name: 'bea' }, signing.witnessKeyOf(ANN), namesake]) {
    await assert.rejects(notes.verify(note, [other]), BadSignature);
    assert.equal(notes.count(await notes.verify(note, [key]), [other]), 0);
  }
  await assert.rejects(notes.verify({ ...note, text: 'texts\n' }, [key]), BadSignature);
  await assert.rejects(notes.verify(note, []), BadSignature);
});

test('every leaf of every small tree is shown to be in it, and in no other place', () => {
  const leaves = Array.from({ length: 20 }, (_, at) => log.leafHash(utf8(`entry ${at}`)));
  assert.deepEqual(log.rootOf([]), sha256(new Uint8Array()));
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size);
    const given = { size: BigInt(size), root: log.rootOf(tree) };
    tree.forEach((leaf, at) => {
      const proof = log.inclusionProof(tree, BigInt(at));
      log.verifyInclusion(leaf, proof, given);
      const beside = { ...proof, index: BigInt(at) ^ 1n };
      assert.throws(() => log.verifyInclusion(leaf, beside, given), NotInLog);
      const longer = { ...proof, hashes: [...proof.hashes, NONE] };
      assert.throws(() => log.verifyInclusion(leaf, longer, given), NotInLog);
    });
    assert.throws(() => log.inclusionProof(tree, BigInt(size)), NotInLog);
    assert.throws(() => log.inclusionProof(tree, -1n), NotInLog);
  }
});

test('T21 bytes moved between a leaf and its sibling, and an index below 0, show nothing', () => {
  const [left, right] = [log.leafHash(utf8('left')), log.leafHash(utf8('right'))];
  const given = { size: 2n, root: log.nodeHash(left, right) };
  log.verifyInclusion(left, { index: 0n, hashes: [right] }, given);
  const longer = concat(left, right.slice(0, 1));
  const shorter = { index: 0n, hashes: [right.slice(1)] };
  assert.throws(() => log.verifyInclusion(longer, shorter, given), NotInLog);
  const first = { index: -2n, hashes: [right] };
  assert.throws(() => log.verifyInclusion(left, first, given), NotInLog);
  const second = { index: -1n, hashes: [left] };
  assert.throws(() => log.verifyInclusion(right, second, given), NotInLog);
});

test('a name is a name in every script, and no character that hides stands in one', () => {
  for (const name of ['a', '7', 'Дім', 'خانه‌ها', '쉼터', 'क्‍ष', '家', '𝒜', '🏠 1']) {
    lines.checkName(name, 96);
  }
  const breaking = [0, 9, 10, 0x7f, 0x85, 0x2028, 0x2029];
  const turning = [0x61c, 0x200b, 0x200e, 0x202e, 0x2066, 0x206f];
  const blank = [0xad, 0x34f, 0x3164, 0xe000, 0xf8ff, 0xfe0f, 0xfeff, 0xffa0];
  const astral = [0x1bca1, 0x1d175, 0xe0001, 0xe0fff, 0xf0000, 0x10ffff];
  for (const point of [...breaking, ...turning, ...blank, ...astral]) {
    const name = `a${String.fromCodePoint(point)}b`;
    assert.throws(() => lines.checkName(name, 96), Malformed, point.toString(16));
  }
  for (const name of ['', ' a', 'a ', '\u3000a', '\u00a0a', '🏠', '--', '\u200d', '\udc00']) {
    assert.throws(() => lines.checkName(name, 96), Malformed);
  }
  for (const point of [0xac, 0x200c, 0x200d, 0x2027, 0x2070, 0x2801, 0xd7ff, 0xf900, 0xfffc]) {
    lines.checkName(`a${String.fromCodePoint(point)}b`, 96);
  }
  lines.checkName('é'.repeat(48), 96);
  assert.throws(() => lines.checkName('é'.repeat(48) + 'a', 96), Malformed);
});

test('a number has one form', () => {
  assert.equal(lines.number('4294967295'), 2 ** 32 - 1);
  assert.equal(lines.bigNumber('18446744073709551615', lines.U64_LIMIT), 2n ** 64n - 1n);
  const forms = ['', '00', '01', '+1', '-0', '1.0', '1e3', '0x10', ' 1', '1\n', '٣', '1_0'];
  for (const one of [...forms, '4294967296']) {
    assert.throws(() => lines.number(one), Malformed, one);
  }
  const long = ['18446744073709551616', '100000000000000000000', '1'.repeat(400)];
  for (const one of long) assert.throws(() => lines.bigNumber(one, lines.U64_LIMIT), Malformed);
});

test('a note that ends in the middle of a character, or begins with a mark, is as it is', async () => {
  const note = signing.signNote('text\n', [ANN]);
  assert.ok(text(note).startsWith('text\n'));
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...note);
  assert.equal(notes.parse(marked).text, '\ufefftext\n');
  await assert.rejects(notes.verify(notes.parse(marked), [signing.keyOf(ANN)]), BadSignature);
  assert.throws(() => notes.parse(note.slice(0, -1)), Malformed);
});

test('T21 a checkpoint that held does not hold changed, nor for another policy', async () => {
  const body = checkpoints.formatText(CHECKPOINT);
  const cosigned = WITNESSES.map((witness) => signing.cosign(body, witness, 1_795_000_000n));
  const note = notes.addLines(signing.signNote(body, [LOG]), cosigned);
  const held = await checkpoints.check(note, ACCEPTED);
  assert.equal(await checkpoints.check(note.slice(), ACCEPTED), held);
  note.fill(0x42, note.length - 9, note.length - 8);
  await assert.rejects(checkpoints.check(note, ACCEPTED), BadSignature);
  const strict = { ...ACCEPTED, witnesses: ACCEPTED.witnesses.slice(1) };
  const again = notes.addLines(signing.signNote(body, [LOG]), cosigned);
  await assert.rejects(checkpoints.check(again, strict), BadSignature);
  assert.equal(await checkpoints.check(again, ACCEPTED), held);
});

test('a checkpoint that is examined several times at once is refused each time, or held', async () => {
  const body = checkpoints.formatText(CHECKPOINT);
  const cosigned = WITNESSES.map((witness) => signing.cosign(body, witness, 1_795_000_000n));
  const good = notes.addLines(signing.signNote(body, [LOG]), cosigned);
  const bad = good.slice().fill(0x42, good.length - 9, good.length - 8);
  const policy = { ...ACCEPTED };
  const given = [bad, good, bad, good, bad];
  const told = await Promise.allSettled(given.map((note) => checkpoints.check(note, policy)));
  told.forEach((one, at) => {
    if (given[at] === good) assert(one.status === 'fulfilled' && one.value.day === 20775);
    else assert(one.status === 'rejected' && one.reason instanceof BadSignature);
  });
  await assert.rejects(checkpoints.check(bad, policy), BadSignature);
  const held = await checkpoints.check(good, policy);
  assert.equal(await checkpoints.check(good.slice(), policy), held);
});
