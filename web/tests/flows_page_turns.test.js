/** What one page may have given away, no other page gives away: killed, reopened, or two at once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shake256 } from '@noble/hashes/sha3.js';

import * as cancelling from '../flows/cancelling.js';
import { Desk } from '../flows/desk.js';
import * as handing from '../flows/handing.js';
import * as kept from '../flows/kept.js';
import * as page_turns from '../flows/page_turns.js';
import * as stock_data from '../flows/stock_data.js';
import { counted } from '../flows/stocking.js';
import * as store_sync from '../flows/store_sync.js';
import { Trouble } from '../flows/troubles.js';
import { Fields } from '../flows/wire.js';
import * as hpke from '../src/client/hpke.js';
import * as member_file from '../src/client/member_file.js';
import { pagesOf } from '../src/client/settings.js';
import { openStore, sealStore, Store } from '../src/client/store.js';
import { MemberEntry, SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { concat, equal, utf8 } from '../src/encoding.js';
import { sha256 } from '../src/public/keys.js';
import { publicOf } from '../src/public/note_signing.js';

const TODAY = 20_780;
let calls = 0;
const random = (/** @type {number} */ size) =>
  shake256(utf8(`page turns ${calls++}`), { dkLen: size });
const NETWORK = random(32);
const ORGANISATION = new Uint8Array(32).fill(7);
const ANNA = member_file.newMember({
  network_id: NETWORK,
  organisation_key: publicOf(ORGANISATION),
  random,
});
const DEVICE = sha256(ANNA.member_id).slice(0, c.DEVICE_BYTES);
const SIZE = /** @type {number} */ (c.STORE_STEPS[0]);

/** @param {{state?: number, last_epoch?: number}} [given] */
function code({ state = c.SEED_PUBLISHED, last_epoch = TODAY + 50 } = {}) {
  const entry = {
    state,
    batch: stock_data.batch(DEVICE, TODAY),
    last_epoch,
    code: random(c.CODE_BYTES),
    psk: random(32),
    write_key: random(32),
    xwing_seed: random(32),
  };
  return { kind: c.ENTRY_SEED, id: random(16), value: SeedEntry.encode(entry) };
}

/** A server with a stock of so many codes, and pages of one member that come and go. */
class Server {
  /** @param {number} stock */
  constructor(stock) {
    const value = MemberEntry.encode({
      role: 1,
      xwing_public_key: hpke.publicKey(ANNA.xwing_seed),
      ed25519_public_key: publicOf(ANNA.ed25519_seed),
      since: TODAY,
      name: 'Anna',
    });
    const her = { kind: c.ENTRY_MEMBER, id: ANNA.member_id, value };
    const codes = Array.from({ length: stock }, () => code());
    this.sealed = sealStore(
      new Store({ network_id: NETWORK, organisation_seed: ORGANISATION.slice(), entries: [her, ...codes] }),
      { random, size: SIZE },
    );
    this.writes = 0;
  }

  get store() {
    return openStore(this.sealed.slice(), ANNA, 0n);
  }

  /** @param {Uint8Array} [page] */
  opens(page) {
    const now = () => TODAY * 86_400_000;
    const session = /** @type {any} */ ({ now, today: () => TODAY, random, api: { http: {} } });
    const secret = { ...ANNA };
    for (const name of /** @type {const} */ (['member_id', 'xwing_seed', 'ed25519_seed'])) {
      secret[name] = ANNA[name].slice();
    }
    const desk = new Desk(session, secret, { sealed: this.sealed.slice(), store: this.store }, page);
    desk.signed.getStore = async () => this.sealed.slice();
    desk.signed.putStore = async (bytes, replaced) => {
      if (!replaced || !equal(replaced, this.sealed)) {
        throw new Trouble('answer', { problem: new Fields({ type: 'urn:towpath:problem:stale' }) });
      }
      this.writes += 1;
      this.sealed = bytes.slice();
    };
    return desk;
  }
}

/** @param {Desk} desk */
async function looks(desk, { leaving = false } = {}) {
  let aside = 0;
  await store_sync.fetch(desk);
  await store_sync.save(desk, SIZE, () => {
    if (leaving) page_turns.leave(desk);
    else aside += page_turns.enter(desk);
  });
  return aside;
}

/** @param {Server} server */
async function opened(server) {
  const desk = server.opens();
  await looks(desk);
  return desk;
}

/** @param {Desk} desk @param {number} count */
const hands = (desk, count) => handing.handOut(desk, count).map(({ symbols }) => symbols);

/** @param {string[]} codes */
const allDiffer = (codes) => assert.equal(new Set(codes).size, codes.length, 'a code was given twice');

test('P4: a page that was killed gave nothing that is given again, however many pages die in a row', async () => {
  for (let given = 1; given <= c.SET_ASIDE_MOST; given++) {
    const server = new Server(128);
    /** @type {string[]} */
    const codes = [];
    // After each hand-out the page is gone: nobody sees its store again.
    for (let page = 0; page < 6; page++) codes.push(...hands(await opened(server), given));
    assert.equal(codes.length, 6 * given);
    allDiffer(codes);
  }
});

test('P4: what is no list of pages keeps nobody from looking, and the page enters itself anew', async () => {
  const server = new Server(20);
  const writer = await opened(server);
  writer.edit((store) => kept.put(store, pagesOf(DEVICE), new Uint8Array(3)));
  await store_sync.save(writer, SIZE);
  const desk = await opened(server);
  assert.equal(hands(desk, 2).length, 2);
  assert.equal(page_turns.of(server.store, DEVICE).turns.size, 1);
});

test('P4: what two pages of one member hand out differs, with and without a look between', async () => {
  const server = new Server(60);
  const one = await opened(server);
  const codes = hands(one, 3);
  const other = await opened(server);
  for (let round = 0; round < 4; round++) {
    codes.push(...hands(one, 2), ...hands(other, 2));
    if (round % 2) await looks(one);
    codes.push(...hands(other, 1), ...hands(one, 1));
    if (round % 3 === 2) await looks(other);
  }
  allDiffer(codes);
  await looks(one);
  await looks(other);
  const out = server.store.ofKind(c.ENTRY_SEED).map(({ value }) => SeedEntry.decode(value));
  assert.equal(out.filter(({ state }) => state === c.SEED_HANDED_OUT).length, codes.length);
});

test('P4: pages that are opened at the same moment hand out different codes', async () => {
  const server = new Server(40);
  const [one, other] = [server.opens(), server.opens()];
  await store_sync.fetch(one);
  await store_sync.fetch(other);
  await store_sync.save(one, SIZE, () => page_turns.enter(one));
  await store_sync.save(other, SIZE, () => page_turns.enter(other));
  assert.notEqual(one.turn, other.turn);
  allDiffer([...hands(one, 9), ...hands(other, 9)]);
});

test('P4: a sheet that a dead page took is given to nobody by the pages of the next weeks', async () => {
  const server = new Server(256);
  const codes = hands(await opened(server), 100);
  for (let page = 0; page < 3; page++) {
    const desk = await opened(server);
    codes.push(...hands(desk, 20));
    await looks(desk);
    await looks(desk, { leaving: true });
  }
  codes.push(...hands(await opened(server), 10), ...hands(await opened(server), 10));
  allDiffer(codes);
});

test('P4: before its entry lies on the server a page hands out nothing', async () => {
  const server = new Server(20);
  const desk = server.opens();
  assert.throws(() => hands(desk, 1), { kind: 'not_entered' });
  await store_sync.fetch(desk);
  desk.signed.putStore = async () => {
    throw new Trouble('unreachable');
  };
  await assert.rejects(
    store_sync.save(desk, SIZE, () => page_turns.enter(desk)),
    { kind: 'unreachable' },
  );
  assert.throws(() => hands(desk, 1), { kind: 'not_entered' });
  assert.equal(page_turns.of(server.store, DEVICE).turns.size, 0);
});

test('P4: a page whose entry another took away goes on, and enters itself again', async () => {
  const server = new Server(90);
  const one = await opened(server);
  const codes = hands(one, 2);
  const other = await opened(server);
  await looks(one);
  assert.equal(page_turns.of(server.store, DEVICE).turns.size, 2);
  codes.push(...hands(one, 5), ...hands(other, 5));
  // Both die.
  const third = await opened(server);
  assert.equal(page_turns.of(server.store, DEVICE).turns.size, 1);
  codes.push(...hands(third, 20));
  allDiffer(codes);
});

test('P4: what was published since the last look waits for the next one', async () => {
  const server = new Server(1);
  const desk = await opened(server);
  const fresh = code();
  desk.edit((store) => store.withEntry(fresh.kind, fresh.id, fresh.value));
  assert.equal(counted(desk).ready, 1);
  assert.throws(() => hands(desk, 2), { kind: 'stock' });
  await looks(desk);
  assert.equal(hands(desk, 2).length, 2);
});

test('a page that was locked on purpose, or that is opened again in its tab, costs no code', async () => {
  const server = new Server(20);
  const desk = await opened(server);
  hands(desk, 2);
  await looks(desk, { leaving: true });
  assert.throws(() => hands(desk, 1), { kind: 'not_entered' });
  const { page } = desk;
  desk.lock();
  const again = server.opens(page);
  assert.equal(await looks(again), 0);
  hands(again, 2);
  await looks(again);
  again.lock(); // nobody touched it: nothing is written
  const tab = server.opens(page);
  assert.equal(await looks(tab), 0);
  assert.equal(hands(tab, 16).length, 16, 'all that is left');
});

test('so many are set aside: at most eight, half of a small stock, and once', async () => {
  for (const [stock, aside] of [[1, 1], [2, 1], [5, 3], [15, 8], [16, 8], [200, 8]]) {
    const server = new Server(/** @type {number} */ (stock));
    await opened(server);
    const desk = server.opens();
    assert.equal(await looks(desk), aside, `of ${stock}`);
    assert.equal(await looks(desk), 0);
    assert.deepEqual(handing.aside(desk), { all: aside, own: aside });
    assert.equal(counted(desk).ready, /** @type {number} */ (stock) - /** @type {number} */ (aside));
    assert.deepEqual(handing.batches(desk), []);
  }
});

test('a page that had to write again, since another was quicker, sets aside once', async () => {
  const server = new Server(100);
  await opened(server);
  const late = server.opens();
  await store_sync.fetch(late);
  await opened(server); // takes the dead one's entry away, and sets aside for it
  let aside = 0;
  await store_sync.save(late, SIZE, () => (aside += page_turns.enter(late)));
  const states = server.store.ofKind(c.ENTRY_SEED).map(({ value }) => SeedEntry.decode(value).state);
  assert.equal(states.filter((state) => state === c.SEED_SET_ASIDE).length, 2 * c.SET_ASIDE_MOST);
  assert.equal(page_turns.of(server.store, DEVICE).turns.size, 1);
});

test('what is set aside can be put back, and ends with all others', async () => {
  const server = new Server(30);
  await opened(server);
  const desk = await opened(server);
  handing.putAsideBack(desk);
  assert.deepEqual(handing.aside(desk), { all: 0, own: 0 });
  await looks(desk);
  assert.equal(counted(desk).ready, 30);
  const next = await opened(server);
  assert.equal(handing.aside(next).all, c.SET_ASIDE_MOST);
  assert.equal(handing.cancelAside(next), c.SET_ASIDE_MOST);
  assert.equal(handing.aside(next).all, 0);
  const last = await opened(server);
  const all = stock_data.codes(last.read()).map(({ locator }) => locator);
  assert.equal(cancelling.cancelOverADay(last, all), 30, 'set aside or not');
});

test('each turn hands out all codes, those that live longest first, from a place of its own', () => {
  const entry = (/** @type {number} */ at, /** @type {number} */ last_epoch) => ({
    locator: concat(Uint8Array.of(at), random(15)),
    code: SeedEntry.decode(code({ last_epoch }).value),
  });
  const later = Array.from({ length: 256 }, (_, at) => entry(at, TODAY + 50));
  const sooner = Array.from({ length: 256 }, (_, at) => entry(at, TODAY + 8));
  const first = (/** @type {number} */ turn) => page_turns.ordered(later, turn)[0]?.locator[0];
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(first), [0, 255, 128, 127, 64, 63, 192, 191]);
  for (const turn of [0, 1, 2, 7, 100, c.PAGE_TURN_MOST]) {
    const all = page_turns.ordered([...sooner, ...later], turn);
    assert.equal(new Set(all).size, 512);
    assert.ok(all.slice(0, 256).every((one) => one.code.last_epoch === TODAY + 50), `turn ${turn}`);
  }
  const forth = page_turns.ordered(later, 0);
  assert.deepEqual(page_turns.ordered(later, 1), [...forth].reverse());
});
