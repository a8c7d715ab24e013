/**
 * What holds at the page for members by the clock: looking before locking, locking when idle, a date
 * that is wrong, and what the list says of it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DateAhead } from '../flows/member_troubles.js';
import { Trouble } from '../flows/troubles.js';
import { IDLE_MINUTES } from '../pages/idle.js';
import { Watch } from '../pages/inbox_clock.js';
import { listing, logNews } from '../pages/inbox_log.js';
import { standing, written } from '../pages/inbox_standing.js';
import { u32 } from '../src/encoding.js';
import { freshDocument } from './fake_document.js';
import { words } from './pages_support.js';

const MINUTE_MS = 60_000;

/**
 * A page whose server is not there; `ask` is called for each look.
 * @param {import('node:test').TestContext} t
 * @param {() => Promise<void>} [ask]
 */
function watched(t, ask = async () => undefined) {
  const { window } = freshDocument();
  const at = { now: 1_800_000_000_000, locked: 0 };
  const network = async () => {
    await ask();
    throw new Trouble('unreachable');
  };
  const session = { now: () => at.now, today: () => 20_833, api: { network } };
  const desk = { read: () => ({ get: () => undefined }), session, unsaved: true, date_is_right: false };
  const state = /** @type {any} */ ({ desk, session, words: words('inbox') });
  const watch = new Watch(state, () => (at.locked += 1));
  t.after(() => watch.end());
  return { at, watch, window, desk, state: Object.assign(state, { watch }) };
}

const DAYS = { today: 20_854, list: 20_833 };
/** How long somebody is at the device's settings. */
const SETTING_MS = 3 * MINUTE_MS;

test('P10: what is done during a look is written by a look of its own before locking', async (t) => {
  let looks = 0;
  /** @type {() => void} */
  let go = () => undefined;
  const first = new Promise((resolve) => (go = () => resolve(undefined)));
  const { watch } = watched(t, async () => {
    looks += 1;
    if (looks === 1) await first;
  });
  const looking = watch.look();
  const before_locking = watch.leave();
  await Promise.resolve();
  assert.equal(looks, 1);
  go();
  await Promise.all([looking, before_locking]);
  assert.equal(looks, 2);
});

test('a device that slept for longer than the page may be idle finds it locked', (t) => {
  for (const event of ['visibilitychange', 'focus', 'pageshow', 'pointerdown', 'keydown']) {
    const { at, window } = watched(t);
    at.now += (IDLE_MINUTES - 1) * MINUTE_MS;
    window.fire('pointerdown');
    at.now += IDLE_MINUTES * MINUTE_MS - 1;
    window.fire(event);
    assert.equal(at.locked, 0, event);
    at.now += IDLE_MINUTES * MINUTE_MS;
    window.fire(event);
    assert.equal(at.locked, 1, event);
  }
});

test('looking on touches nothing: coming back is no use of the page', (t) => {
  const { at, window } = watched(t);
  for (let minute = 0; minute < IDLE_MINUTES; minute++) {
    assert.equal(at.locked, 0);
    at.now += MINUTE_MS;
    window.fire('visibilitychange');
  }
  assert.equal(at.locked, 1);
});

test('P10 T57: a date that is put right after the page asked locks nothing, and is looked at once', async (t) => {
  let looks = 0;
  const { at, watch, window } = watched(t, async () => {
    looks += 1;
    if (looks === 1) throw new DateAhead(DAYS);
  });
  await watch.look();
  at.now -= 21 * 86_400_000 - SETTING_MS;
  window.fire('focus');
  await watch.lookAgain();
  assert.equal(at.locked, 0);
  assert.ok(looks > 1, 'it looked by itself');
  assert.ok(!watch.date_ahead);
  at.now -= 86_400_000;
  window.fire('focus');
  assert.equal(at.locked, 1, 'a clock that is set back otherwise locks');
});

test('a page that waits for the date is locked all the same when nobody uses it', async (t) => {
  const { at, watch, window } = watched(t, () => Promise.reject(new DateAhead(DAYS)));
  await watch.look();
  at.now += IDLE_MINUTES * MINUTE_MS;
  window.fire('focus');
  assert.equal(at.locked, 1);
});

test('a look that stopped for the date names both days once, and a tap goes on', async (t) => {
  let looks = 0;
  const { watch, desk, state } = watched(t, async () => {
    looks += 1;
    if (!desk.date_is_right) throw new DateAhead(DAYS);
  });
  const box = /** @type {any} */ (standing(state, () => undefined));
  const [, wrong, go_on] = box.childNodes;
  assert.ok(go_on.hidden);
  await watch.look();
  for (const day of Object.values(DAYS)) assert.ok(wrong.textContent.includes(words('inbox').date(day)));
  assert.ok(!go_on.hidden);
  const said = wrong.firstChild;
  await watch.look();
  assert.equal(wrong.firstChild, said, 'what is read aloud stands as it was');
  go_on.fire('click');
  await watch.lookAgain();
  assert.ok(desk.date_is_right);
  assert.ok(looks > 2);
  assert.ok(go_on.hidden);
});

test('R31 T56: the list says who last wrote what came, and on which day', () => {
  const mine = new Uint8Array(16).fill(1);
  const hers = new Uint8Array(16).fill(2);
  const date = words('inbox').date(20_769);
  /** @param {object} [opened] */
  const said = (opened) => {
    freshDocument();
    const desk = { member: { member_id: mine }, opened };
    return written(/** @type {any} */ ({ words: words('inbox'), desk })).textContent ?? '';
  };
  const day = 20_769;
  assert.match(said({ member_id: hers, name: 'Maria', role: 1, day }), new RegExp(`by Maria, on ${date}`));
  assert.match(said({ member_id: mine, name: 'Anna', role: 2, day }), new RegExp(`by you, on ${date}`));
  assert.match(said({ member_id: hers, day }), /not a member/);
  assert.match(said({ member_id: hers, name: 'recovery', role: 3, day }), /Recovery sheet/);
  assert.match(said(undefined), /does not say/);
  for (const one of [{ member_id: hers, day }, undefined]) assert.match(said(one), /stop and ask/);
});

/**
 * A page whose log said something, at a listing until this day.
 * @param {import('../flows/watch.js').News[]} news
 * @param {number} [until]
 */
function logged(news, until) {
  freshDocument();
  const entry = until === undefined ? undefined : u32(until);
  /** @type {Uint8Array[]} */
  const kept = [];
  const store = { get: () => entry, withEntry: (/** @type {any} */ ...[, , value]) => kept.push(value) };
  const desk = {
    locked: false,
    log: { edge: { size: 1, hashes: [new Uint8Array(32)] }, news },
    session: { today: () => 20_833 },
    read: () => store,
    edit: (/** @type {(all: any) => unknown} */ change) => change({ ...store, get: () => undefined }),
  };
  return { kept, desk, state: /** @type {any} */ ({ words: words('inbox'), desk }) };
}

test('P9 T76: what nobody asked for is said as a warning, with whom to tell and not through here', () => {
  for (const kind of /** @type {const} */ (['other', 'suspended', 'key'])) {
    const { state } = logged([{ kind, day: 20_834, name: 'Harbour' }]);
    const [box] = /** @type {any[]} */ (logNews(state));
    assert.equal(box.getAttribute('class'), 'warn', kind);
    assert.match(box.textContent, /not through this server/);
    assert.match(box.textContent, kind === 'other' ? /Harbour/ : new RegExp(words('inbox').date(20_834)));
  }
  const [renewed] = /** @type {any[]} */ (logNews(logged([{ kind: 'renewed', day: 20_834, name: '' }]).state));
  assert.equal(renewed.getAttribute('class'), 'note');
  assert.doesNotMatch(renewed.textContent, /tell the admins/);
  assert.deepEqual(logNews(logged([]).state), []);
});

test('what the log said stays until a tap puts it away, and is then seen for all members', () => {
  const { state, kept, desk } = logged([{ kind: 'key', day: 20_832, name: '' }]);
  const [box] = /** @type {any[]} */ (logNews(state));
  assert.equal(logNews(state).length, 1);
  assert.equal(kept.length, 0);
  box.all.find((/** @type {any} */ one) => one.tag === 'button').fire('click');
  assert.deepEqual(logNews(state), []);
  assert.deepEqual(desk.log.news, []);
  assert.equal(kept.length, 1, 'the edge');
});

test('a listing that ends in 56 days is said with its last day, and one that ended with the day after', () => {
  const said = (/** @type {number | undefined} */ until) =>
    listing(logged([], until).state).map((one) => one.textContent ?? '').join('');
  const date = (/** @type {number} */ day) => new RegExp(words('inbox').date(day));
  assert.equal(said(undefined), '');
  assert.equal(said(20_833 + 57), '');
  assert.match(said(20_833 + 56), date(20_833 + 56));
  assert.match(said(20_833), /ends on/);
  assert.match(said(20_832), date(20_833));
  assert.match(said(20_832), /not listed any more/);
});
