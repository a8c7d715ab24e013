/** What holds at the page for members by the clock: looking before locking, and locking when idle. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Trouble } from '../flows/troubles.js';
import { IDLE_MINUTES, Watch } from '../pages/inbox_clock.js';
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
  const desk = { read: () => undefined, session };
  const state = /** @type {any} */ ({ desk, session, words: words('inbox') });
  const watch = new Watch(state, () => (at.locked += 1));
  t.after(() => watch.end());
  return { at, watch, window };
}

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
  const before_locking = watch.lookAgain();
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
