/** What holds at a member's page whatever the server does: costs, exports, moments, locking. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shake256 } from '@noble/hashes/sha3.js';

import { breathe } from '../flows/ambient.js';
import * as answering from '../flows/answering.js';
import { Desk } from '../flows/desk.js';
import { cell, csv } from '../flows/exporting.js';
import { confirm } from '../flows/inviting.js';
import * as kept from '../flows/kept.js';
import { picker, rows } from '../flows/picking.js';
import * as schedule from '../flows/schedule.js';
import { GRID_MS, untilNext } from '../flows/schedule_of_syncs.js';
import { Keeper } from '../flows/stocking.js';
import * as store_sync from '../flows/store_sync.js';
import { Trouble } from '../flows/troubles.js';
import { Http } from '../flows/http.js';
import { SignedApi } from '../flows/signed_api.js';
import * as envelope from '../src/client/envelope.js';
import * as hpke from '../src/client/hpke.js';
import * as member_file from '../src/client/member_file.js';
import * as message from '../src/client/message.js';
import { stretch, stretchSlowly } from '../src/client/passphrase.js';
import { openStore, sealStore, Store } from '../src/client/store.js';
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
  assert.ok(told.length > 2 && told.length <= 101, 'each hundredth once');
  assert.ok(told.every((one) => one >= 0 && one <= 1));
});

test('a breath needs no timer, a pause does', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await breathe(0);
  let over = false;
  const waits = breathe(5).then(() => (over = true));
  await breathe(0);
  assert.ok(!over);
  t.mock.timers.tick(5);
  await waits;
  assert.ok(over);
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
  const context = walk_in.context(NETWORK, hpke.loadPrivate(WEEKLY).public);
  const mine = await hpke.loadQuick(WEEKLY, context.info);
  const theirs = { ...(await hpke.loadQuick(random(32), context.info)), native: undefined };
  const sealed = await envelope.loadTried(walkIn(WEEKLY));
  for (const tried of [sealed, { ...sealed, native: undefined }]) {
    for (const key of [mine, { ...mine, native: undefined }]) {
      assert.deepEqual(await envelope.openQuickly(tried, key, context), message.encode(SAID));
    }
    await assert.rejects(envelope.openQuickly(tried, theirs, context), CannotOpen);
  }
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
});

test('no cell of an export begins as a formula where a semicolon begins a cell', () => {
  for (const sign of ['=', '+', '-', '@']) {
    for (const before of ['x;', 'x; ', 'x;"', 'x\t', 'x\r', 'x;\u00a0']) {
      assert.doesNotMatch(cell(`${before}${sign}1+1;y`), /[;\t\r][\s"]*[=+\-@]/);
    }
  }
  assert.equal(cell('by call; by e-mail'), '"by call; by e-mail"');
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

/** A desk whose server answers every call with what `lies` gives. */
function deskAt(/** @type {() => Uint8Array} */ lies, /** @type {any} */ lying) {
  const http = new Http({
    base: '',
    pause: PACE.pause,
    fetch: async () =>
      new Response(new Uint8Array(lies()), { headers: { 'Content-Type': 'application/octet-stream' } }),
  });
  const session = /** @type {any} */ ({ ...PACE, today: () => TODAY, random, api: { http } });
  return new Desk(session, MEMBER, lying);
}

/** @param {bigint} generation @param {string} [name] of a setting */
function sealedStore(generation, name) {
  const all = name ? kept.put(store(), name, Uint8Array.of(1)) : store();
  const { network_id, organisation_seed, entries: there } = all;
  const made = new Store({ network_id, organisation_seed, generation, entries: there });
  return sealStore(made, { random });
}

test('P2 T22: another store of the same generation takes nothing away', async () => {
  const sealed = sealedStore(4n, 'a request');
  const forked = sealedStore(4n);
  let lies = sealed;
  const desk = deskAt(() => lies, { sealed, store: openStore(sealed, MEMBER, 0n) });
  await store_sync.fetch(desk);
  lies = forked;
  await assert.rejects(store_sync.fetch(desk), { kind: 'older' });
  lies = sealedStore(3n);
  await assert.rejects(store_sync.fetch(desk), { kind: 'older' });
  assert.ok(kept.get(desk.read(), 'a request'));
  lies = sealedStore(5n);
  await store_sync.fetch(desk);
  assert.equal(kept.get(desk.read(), 'a request'), undefined);
});

test('P10: a write whose answer got lost overrules nothing that was done since', async () => {
  const sealed = sealedStore(4n);
  const desk = deskAt(() => sealed, { sealed, store: openStore(sealed, MEMBER, 0n) });
  desk.edit((all) => kept.put(all, 'said', Uint8Array.of(1)));
  let put = sealed;
  desk.signed.putStore = async (bytes) => {
    put = bytes;
    throw new Trouble('unreachable');
  };
  await assert.rejects(store_sync.save(desk, sealed.length), { kind: 'unreachable' });
  desk.edit((all) => kept.put(all, 'said', Uint8Array.of(2)));
  desk.signed.getStore = async () => put;
  assert.deepEqual(await store_sync.fetch(desk), []);
  assert.deepEqual(kept.get(desk.read(), 'said'), Uint8Array.of(2));
});

test('P9: whoever answers an invitation takes the place of no member', () => {
  const desk = deskAt(() => new Uint8Array(), { sealed: null, store: store() });
  const mine = {
    member_id: MEMBER.member_id,
    xwing_public_key: hpke.publicKey(MEMBER.xwing_seed),
    ed25519_public_key: publicOf(MEMBER.ed25519_seed),
  };
  const fresh = () => ({
    member_id: random(16),
    xwing_public_key: hpke.publicKey(random(32)),
    ed25519_public_key: publicOf(random(32)),
  });
  const before = desk.read();
  const invited = /** @type {any} */ ({ name: 'Bo', role: 1 });
  for (const part of /** @type {(keyof typeof mine)[]} */ (Object.keys(mine))) {
    const reply = { ...fresh(), [part]: mine[part] };
    assert.throws(() => confirm(desk, { invited, number: '', reply }), { kind: 'invite' }, part);
  }
  const left = random(16);
  const value = entries.Left.encode({ since: TODAY });
  desk.edit((all) => all.withEntry(c.ENTRY_LEFT, left, value));
  const again = { ...fresh(), member_id: left };
  assert.throws(() => confirm(desk, { invited, number: '', reply: again }), { kind: 'invite' });
  assert.equal(desk.read().ofKind(c.ENTRY_MEMBER).length, before.ofKind(c.ENTRY_MEMBER).length);
  confirm(desk, { invited, number: '', reply: fresh() });
  assert.equal(desk.read().ofKind(c.ENTRY_MEMBER).length, 2);
});

test('R31 T56: a write says who wrote and on which day, and a page shows what came before its own', async () => {
  const hers = random(16);
  const before = kept.withWritten(store(), hers, TODAY - 9);
  const sealed = sealStore(before, { random });
  const desk = deskAt(() => sealed, { sealed, store: openStore(sealed, MEMBER, 0n) });
  assert.deepEqual(desk.opened, { member_id: hers, day: TODAY - 9 });
  /** @type {Uint8Array[]} */
  const put = [];
  desk.signed.putStore = async (bytes) => void put.push(bytes);
  await store_sync.save(desk, sealed.length);
  await store_sync.save(desk, sealed.length);
  const { member_id } = MEMBER;
  for (const one of put) {
    const there = kept.written(openStore(one, MEMBER, 0n));
    assert.deepEqual(there, { member_id, day: TODAY, name: 'Anna', role: 1 });
  }
  assert.equal(put.length, 2);
  assert.ok(!desk.unsaved, 'nothing waits because of it');
  assert.deepEqual(desk.opened, { member_id: hers, day: TODAY - 9 });
});

test('a setting that is not as it should be says nothing of who wrote', () => {
  for (const bytes of [0, 16, 19, 21]) {
    assert.equal(kept.written(kept.put(store(), 'written', new Uint8Array(bytes))), undefined);
  }
  assert.equal(kept.written(store()), undefined);
});

test('P10 T57: nothing is fetched, merged, made or cancelled on a date far ahead without a yes', async () => {
  const sealed = sealedStore(4n);
  const desk = deskAt(() => sealedStore(5n), { sealed, store: openStore(sealed, MEMBER, 0n) });
  const read = desk.read();
  const doing = { turn: () => new Keeper(desk).turn(), fetch: () => store_sync.fetch(desk) };
  for (const [list_day, stops] of /** @type {const} */ ([[TODAY - 8, true], [TODAY - 7, false]])) {
    desk.list_day = list_day;
    if (!stops) assert.doesNotThrow(() => desk.checkDate());
    else for (const one of Object.values(doing)) await assert.rejects(one(), { kind: 'date_ahead' });
    assert.equal(desk.read(), read);
  }
  desk.list_day = TODAY - 8;
  desk.date_is_right = true;
  await store_sync.fetch(desk);
  assert.notEqual(desk.read(), read);
});
