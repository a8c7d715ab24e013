/** What holds at a member's page whatever the server does: costs, exports, moments, locking. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shake256 } from '@noble/hashes/sha3.js';

import * as answering from '../flows/answering.js';
import { Desk } from '../flows/desk.js';
import { cell, csv, plain } from '../flows/exporting.js';
import * as kept from '../flows/kept.js';
import { picker, rows } from '../flows/picking.js';
import * as schedule from '../flows/schedule.js';
import { GRID_MS, untilNext } from '../flows/schedule_of_syncs.js';
import { Trouble } from '../flows/troubles.js';
import { Http } from '../flows/http.js';
import { SignedApi } from '../flows/signed_api.js';
import * as envelope from '../src/client/envelope.js';
import * as hpke from '../src/client/hpke.js';
import * as member_file from '../src/client/member_file.js';
import * as message from '../src/client/message.js';
import { stretch, stretchSlowly } from '../src/client/passphrase.js';
import { Store } from '../src/client/store.js';
import * as entries from '../src/client/store_entries.js';
import * as walk_in from '../src/client/walk_in.js';
import * as c from '../src/constants.js';
import { concat, u64, utf8 } from '../src/encoding.js';
import { CannotOpen } from '../src/errors.js';
import { weeklyKeyId } from '../src/public/keys.js';
import { publicOf } from '../src/public/note_signing.js';
import * as requests from '../src/public/requests.js';

const TODAY = 20_780;
const MONDAY = 20_780 - ((20_780 + 3) % 7);
/** @param {string} label */
const draws = (label) => {
  let calls = 0;
  return (/** @type {number} */ size) => shake256(utf8(`${label} ${calls++}`), { dkLen: size });
};
const random = draws('desk');
const NETWORK = random(32);
const WEEKLY = random(32);
const MEMBER = member_file.newMember({
  network_id: NETWORK,
  organisation_key: publicOf(new Uint8Array(32).fill(7)),
  random,
});
const SAID = message.make({
  consent: c.CONSENT_SELF,
  needs: [1],
  languages: [1],
  channels: [1],
  eyes: c.EYES_NOBODY,
  text: 'no code',
});

function store() {
  const member = entries.MemberEntry.encode({
    role: 1,
    xwing_public_key: hpke.publicKey(MEMBER.xwing_seed),
    ed25519_public_key: publicOf(MEMBER.ed25519_seed),
    since: TODAY,
    name: 'Anna',
  });
  const weekly = { first: MONDAY, last: MONDAY + 6, xwing_seed: WEEKLY };
  return new Store({
    network_id: NETWORK,
    organisation_seed: new Uint8Array(32).fill(7),
    entries: [
      { kind: c.ENTRY_MEMBER, id: MEMBER.member_id, value: member },
      {
        kind: c.ENTRY_WEEKLY,
        id: weeklyKeyId(hpke.publicKey(WEEKLY)),
        value: entries.WeeklyEntry.encode(weekly),
      },
    ],
  });
}

/** @param {Uint8Array} seed */
function walkIn(seed) {
  const key = hpke.publicKey(seed);
  return envelope.seal(message.encode(SAID), key, walk_in.context(NETWORK, key), { random });
}

/** @param {Uint8Array[]} envelopes */
const page = (...envelopes) =>
  concat(...envelopes.flatMap((one, at) => [u64(BigInt(at + 1)), requests.walkInTag(one), one]));

const PACE = { now: () => 0, pause: async () => undefined };

test('a passphrase stretched in slices gives the same key, and tells how far it is', async () => {
  const salt = random(c.ARGON2_SALT_BYTES);
  /** @type {number[]} */
  const told = [];
  const slowly = await stretchSlowly('four words', salt, (done) => told.push(done));
  assert.deepEqual(slowly, stretch('four words', salt));
  assert.ok(told.length > 2 && told.every((one) => one >= 0 && one <= 1));
});

test('a quick trial opens what the full one opens, and refuses what it refuses', async () => {
  const mine = await walk_in.trials([WEEKLY], NETWORK);
  const theirs = await walk_in.trials([random(32)], NETWORK);
  const sealed = walkIn(WEEKLY);
  assert.deepEqual(await walk_in.openWithTrials(sealed, mine), message.encode(SAID));
  assert.equal(await walk_in.openWithTrials(sealed, theirs), undefined);
  for (const at of [0, 1, 600, 1089, 1100, 1130, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(await walk_in.openWithTrials(changed, mine), undefined, `byte ${at}`);
  }
});

test('a quick trial without the browser’s own X25519 opens the same', async () => {
  const key = { ...(await hpke.loadQuick(WEEKLY)), native: undefined };
  const context = walk_in.context(NETWORK, key.key.public);
  const sealed = walkIn(WEEKLY);
  assert.deepEqual(await envelope.openQuickly(sealed, key, context), message.encode(SAID));
  const other = { ...(await hpke.loadQuick(random(32))), native: undefined };
  await assert.rejects(envelope.openQuickly(sealed, other, context), CannotOpen);
});

test('R10: a walk-in is found among others, once, and nothing else is tried', async () => {
  const [own, other] = [walkIn(WEEKLY), walkIn(random(32))];
  const found = rows(page(other, own), 0n);
  const moved = found.map((row) => ({ ...row, tag: random(16) }));
  const looks = await picker(store(), TODAY, PACE);
  assert.equal((await looks.pick(moved)).referrals.length, 0);
  assert.equal((await looks.pick(found)).referrals.length, 1);
  assert.equal((await looks.pick(found)).referrals.length, 0);
});

test('rows whose cursors do not ascend are refused', () => {
  const two = page(random(c.ENVELOPE_BYTES), random(c.ENVELOPE_BYTES));
  assert.equal(rows(two, 0n).length, 2);
  for (const after of [1n, 2n]) assert.throws(() => rows(two, after), Trouble);
});

test('the page breathes while it tries a long drop', async () => {
  let time = 0;
  let pauses = 0;
  const pace = { now: () => (time += 10), pause: async () => void (pauses += 1) };
  const looks = await picker(store(), TODAY, pace);
  await looks.pick(rows(page(...Array.from({ length: 12 }, () => random(c.ENVELOPE_BYTES))), 0n));
  assert.ok(pauses >= 4, `${pauses}`);
});

test('no cell of an export begins as a formula, on any of its lines', () => {
  for (const sign of ['=', '+', '-', '@', '\t', '\r']) {
    assert.match(cell(`${sign}1+1`), /^"?'/);
    assert.doesNotMatch(cell(`a\n${sign}1+1`), /\n[=+\-@\t\r]/);
  }
  assert.equal(cell('plain'), 'plain');
  assert.equal(cell('say "no", twice'), '"say ""no"", twice"');
  assert.equal(csv([['a', '=1'], ['b', 'c\nd']]), `a,'=1\r\nb,"c\nd"\r\n`);
  assert.equal(plain([['a', 'b\nc']]), 'a: b\n    c\n');
});

test('every page syncs at the same times of the clock', () => {
  assert.equal(untilNext(0), GRID_MS);
  assert.equal(untilNext(GRID_MS - 1), 1);
  for (const now of [1, 59_999, 1_764_376_241_123]) {
    assert.equal((now + untilNext(now)) % GRID_MS, 0);
  }
});

test('P3: what was drawn in a week is published in the next, or later where that is over', () => {
  const [start, day] = [(MONDAY + 7) * schedule.DAY_S, schedule.DAY_S];
  for (let at = 0; at < 50; at++) {
    const due = schedule.forDrawn(MONDAY, MONDAY * day, random);
    assert.ok(due >= start && due < start + 7 * day);
    const late = schedule.forDrawn(MONDAY, start + 20 * day, random);
    assert.ok(late >= start + 20 * day && late < start + 28 * day);
  }
});

test('of several that are due, what was tried goes first', () => {
  const token = { until: 0, value: new Uint8Array(96) };
  const one = (/** @type {bigint} */ due, record = new Uint8Array()) =>
    ({ locator: u64(due), due, token, record });
  const due = schedule.due([one(5n), one(3n), one(4n, Uint8Array.of(1)), one(9n)], 5);
  assert.deepEqual(due.map((it) => it.due), [4n, 3n, 5n]);
});

test('settings come back as they were put, and are forgotten when their time is over', () => {
  const tag = random(16);
  let all = kept.withUnreadable(store(), [tag], TODAY);
  assert.deepEqual(kept.unreadable(all), [{ tag, day: TODAY }]);
  assert.equal(kept.withUnreadable(all, [tag], TODAY + 1), all);
  all = kept.withUnreadable(all, [], TODAY + 91);
  assert.deepEqual(kept.unreadable(all), []);
  all = kept.withCursor(kept.withCursor(all, 9n), 3n);
  assert.equal(kept.cursor(all), 9n);
  all = kept.withRoom(all, { walk_ins: true, capacity: 2 });
  assert.deepEqual(kept.room(all), { walk_ins: true, capacity: 2 });
});

test('R36: other organisations are named with "try another" and nowhere else', () => {
  const key = random(32);
  const refused = (/** @type {answering.Wanted} */ wanted) =>
    assert.throws(() => answering.answerOf(wanted, TODAY), { kind: 'input' });
  refused({ state: 'try_another' });
  refused({ state: 'try_another', try_another: Array(c.TRY_ANOTHER + 1).fill(key) });
  refused({ state: 'answered', text: 'x', try_another: [key] });
  refused({ state: 'answered' });
  assert.equal(answering.answerOf({ state: 'read' }, TODAY).epoch, TODAY);
});

test('a locked desk holds neither keys nor store', () => {
  const http = new Http({ base: '', fetch, pause: PACE.pause });
  const session = /** @type {any} */ ({ ...PACE, today: () => TODAY, random, api: { http } });
  const secret = member_file.make({
    ...MEMBER,
    ed25519_seed: MEMBER.ed25519_seed.slice(),
    xwing_seed: MEMBER.xwing_seed.slice(),
    member_id: MEMBER.member_id.slice(),
  });
  const lying = { sealed: null, store: store() };
  const desk = new Desk(session, secret, lying);
  const [seed] = lying.store.ofKind(c.ENTRY_WEEKLY);
  assert.equal(desk.locked, false);
  desk.lock();
  assert.equal(desk.locked, true);
  assert.throws(() => desk.read(), { kind: 'locked' });
  assert.throws(() => desk.edit((all) => all), { kind: 'locked' });
  for (const one of [secret.ed25519_seed, secret.xwing_seed, seed?.value]) {
    assert.ok(one?.every((byte) => byte === 0));
  }
});

test('a change that is refused changes nothing', () => {
  const http = new Http({ base: '', fetch, pause: PACE.pause });
  const session = /** @type {any} */ ({ ...PACE, today: () => TODAY, random, api: { http } });
  const desk = new Desk(session, MEMBER, { sealed: null, store: store() });
  const before = desk.read();
  assert.throws(() => desk.edit(() => { throw new Trouble('no_case'); }), { kind: 'no_case' });
  assert.equal(desk.read(), before);
  assert.equal(desk.unsaved, false);
});

test('a signed call goes on from the counter that the server knows, and not for ever', async () => {
  /** @type {string[]} */
  const nonces = [];
  const http = new Http({
    base: '',
    pause: PACE.pause,
    fetch: async (_, options) => {
      const headers = /** @type {Record<string, string>} */ (options.headers);
      nonces.push(/nonce="(\d+)"/.exec(headers['Signature-Input'] ?? '')?.[1] ?? '');
      const refused = nonces.length !== 2;
      const said = { type: 'urn:towpath:problem:counter', title: '', status: 409, counter: 41 };
      const type = refused ? 'application/problem+json' : 'application/json';
      return new Response(JSON.stringify(refused ? said : {}), {
        status: refused ? 409 : 200,
        headers: { 'Content-Type': type },
      });
    },
  });
  const signed = new SignedApi(http, MEMBER);
  await signed.putMembers([]);
  assert.deepEqual(nonces, ['1', '42']);
  await assert.rejects(signed.putMembers([]), { kind: 'answer' });
  assert.deepEqual(nonces.slice(2), ['43', '44', '45', '46']);
});
