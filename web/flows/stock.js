/**
 * Drawing the week's tokens and making as many codes: the stock from which codes are handed out.
 *
 * Every provider draws the network's number each week, whether it needs them or not. What a draw
 * blinds can't be written down: a page that dies in between has lost that batch, and draws another
 * (three a week).
 *
 * Source: docs/spec/tokens.md, 3; docs/spec/codes.md, 1 and 8.
 */

import * as codes from '../src/client/codes.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal, monday } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import * as tokens from '../src/public/tokens.js';
import { issuingKey } from './issuing_key.js';
import * as kept from './kept.js';
import { problemOf } from './member_troubles.js';
import * as schedule from './schedule.js';
import * as stock_data from './stock_data.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('../src/client/store.js').Store} Store */
/** @typedef {import('./network_view.js').View} View */
/** @typedef {import('./stock_data.js').Token} Token */

/**
 * A fresh code (10 bytes), what it gives, its one-time seed, and the token it is published with.
 * @typedef {{token: Token, code: Uint8Array, keys: codes.CodeKeys, seed: Uint8Array}} Made
 */

/**
 * Draws this week's batch, if this member has not; returns how many tokens came.
 *
 * The drop key that comes with it is kept too. Throws Trouble, `tokens` for a batch that does not
 * hold, and before anything is asked for where the log has no such issuing key.
 * @param {Desk} desk
 * @param {View} view
 * @returns {Promise<number>}
 */
export async function draw(desk, view) {
  const { random, today, pause } = desk.session;
  const week = monday(today());
  if (stock_data.of(desk.read(), desk.device).week >= week) return 0;
  const count = view.document.said.number('tokens_a_week', c.TOKEN_BATCH_MOST);
  issuingKey(view.document);
  const blinded = tokens.draw(count, { random });
  const drawn = await drawnFrom(desk, week, blinded);
  await pause(0);
  const got = drawn ? finalized(blinded, drawn, view) : [];
  desk.edit((store) => {
    const stock = stock_data.of(store, desk.device);
    const all = { ...stock, week, tokens: [...stock.tokens, ...got] };
    const with_tokens = stock_data.put(store, desk.device, all);
    if (!drawn) return with_tokens;
    return kept.withDropKey(with_tokens, drawn.drop_week, drawn.drop_key);
  });
  return got.length;
}

/**
 * Makes a code for every token in hand, one after the other; returns how many.
 *
 * Each is in the store, with its one-time seed and the moment of its publication; it is published
 * only when the store was saved since (publish.js).
 * @param {Desk} desk
 * @param {(made: number, left: number) => void} [onProgress]
 * @returns {Promise<number>}
 */
export async function makeCodes(desk, onProgress = () => undefined) {
  for (let made = 0; ; made++) {
    const [token, ...left] = stock_data.of(desk.read(), desk.device).tokens;
    if (!token) return made;
    const { random, now } = desk.session;
    const code = codes.newSecret(random);
    const keys = await codes.codeKeys(code, desk.network_id);
    const fresh = { token, code, keys, seed: random(c.XWING_SEED_BYTES) };
    desk.edit((store) => withCode(store, desk.device, fresh, { now: now(), random }));
    onProgress(made + 1, left.length);
  }
}

/**
 * Returns the server's half of a draw, or undefined where the week's batches are used up: by other
 * members, or by batches that got lost.
 * @param {Desk} desk
 * @param {number} week
 * @param {tokens.Draw} blinded
 */
async function drawnFrom(desk, week, blinded) {
  try {
    return await desk.signed.tokens(week, blinded.request);
  } catch (trouble) {
    if (problemOf(trouble) === 'drawn') return undefined;
    throw trouble;
  }
}

/**
 * Checks the batch against the key that everybody sees, never one that comes with it.
 * @param {tokens.Draw} blinded
 * @param {import('./signed_api.js').Drawn} drawn
 * @param {View} view
 * @returns {Token[]}
 */
function finalized(blinded, { period, evaluated }, view) {
  const public_key = issuingKey(view.document, period);
  const until = tokens.lastEpochOf(period);
  try {
    return blinded.finalize(evaluated, public_key).map((value) => ({ until, value }));
  } catch (refused) {
    throw refused instanceof Refused ? new Trouble('tokens') : refused;
  }
}

/**
 * @param {Store} store
 * @param {Uint8Array} device
 * @param {Made} made
 * @param {{now: number, random: import('../src/encoding.js').Random}} at POSIX milliseconds
 */
function withCode(store, device, { token, code, keys, seed }, { now, random }) {
  const stock = stock_data.of(store, device);
  const is = (/** @type {Token} */ one) => equal(one.value, token.value);
  if (!stock.tokens.some(is)) return store; // merged away meanwhile: another page was quicker
  const seconds = Math.floor(now / 1000);
  const entry = SeedEntry.encode({
    state: c.SEED_MADE,
    batch: stock_data.batch(device, stock.week),
    last_epoch: codes.lastEpoch(Math.floor(seconds / schedule.DAY_S)),
    code,
    psk: keys.psk,
    write_key: keys.write_key,
    xwing_seed: seed,
  });
  const due = BigInt(schedule.forDrawn(stock.week, seconds, random));
  const waiting = { locator: keys.locator, due, token, record: new Uint8Array() };
  return stock_data.put(store.withEntry(c.ENTRY_SEED, keys.locator, entry), device, {
    ...stock,
    tokens: stock.tokens.filter((one) => !is(one)),
    waiting: [...stock.waiting, waiting],
  });
}
