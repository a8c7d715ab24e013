/**
 * Publishing codes of the stock, unnamed, one at a time.
 *
 * Only a code whose seed lies on the server in the sealed store is published: otherwise a page that
 * is closed too early would leave a code behind whose requests nobody can open. The record is kept
 * before it is sent, and what got no answer is sent again byte for byte.
 *
 * Source: docs/spec/http.md, 4; docs/spec/record.md, 2; docs/spec/tokens.md, 5.
 */

import * as codes from '../src/client/codes.js';
import * as hpke from '../src/client/hpke.js';
import * as record from '../src/client/record.js';
import * as signing from '../src/client/signing.js';
import { SeedEntry } from '../src/client/store_entries.js';
import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { keyHash } from '../src/public/keys.js';
import { problemOf } from './member_troubles.js';
import * as schedule from './schedule.js';
import * as stock_data from './stock_data.js';
import { Trouble } from './troubles.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {import('./listing.js').Place} Place */
/** @typedef {import('./stock_data.js').Waiting} Waiting */
/** @typedef {import('../src/client/store.js').Store} Store */

/**
 * How many codes were published just now, how many got lost, and how many wait.
 * @typedef {{published: number, lost: number, waiting: number}} Published
 */

/** What is wrong with this one code; all else is thrown. */
const ITS_OWN = ['token', 'taken', 'malformed'];

/**
 * Publishes one code that is due now, if there is one; where several are, the others get new
 * moments. Throws Trouble `ends_soon`, `date` and those of the call: the code then waits.
 * @param {Desk} desk
 * @param {Place} place
 * @returns {Promise<Published>}
 */
export async function publishDue(desk, place) {
  const { now, today, random } = desk.session;
  const seconds = Math.floor(now() / 1000);
  const due = schedule.due(saved(desk), seconds);
  const [first, ...late] = due;
  if (!first) return result(desk, 0, 0);
  checkRoomForCodes(place, today());
  const later = schedule.spread(late, seconds, random);
  desk.edit((store) => withStock(store, desk, (stock) => later.reduce(stock_data.withWaiting, stock)));
  const done = await publishOne(desk, place, first);
  return result(desk, Number(done), Number(!done));
}

/**
 * Throws Trouble `ends_soon` where a code published today would outlive the organisation's listing.
 *
 * Source: docs/spec/record.md, 2.
 * @param {Place} place
 * @param {number} today
 */
export function checkRoomForCodes({ statement }, today) {
  if (codes.lastEpoch(today) > statement.until) throw new Trouble('ends_soon');
}

/**
 * Returns what waits here and whose seed lies on the server.
 * @param {Desk} desk
 */
export const saved = (desk) =>
  stock_data
    .of(desk.read(), desk.device)
    .waiting.filter(({ locator }) => desk.base.store.get(c.ENTRY_SEED, locator));

/**
 * Publishes one; false where it can't be, and is given up.
 * @param {Desk} desk
 * @param {Place} place
 * @param {Waiting} waiting
 */
async function publishOne(desk, place, waiting) {
  const today = desk.session.today();
  const { locator } = waiting;
  const value = desk.read().get(c.ENTRY_SEED, locator);
  const code = value && SeedEntry.decode(value);
  if (!code || code.state !== c.SEED_MADE || waiting.token.until < today) {
    desk.edit((store) => givenUp(store, desk, locator));
    return false;
  }
  const keys = await codes.codeKeys(code.code, desk.network_id);
  const last = codes.lastEpoch(today);
  if (waiting.record.length) {
    const before = await send(desk, keys, waiting, code.last_epoch);
    if (before !== 'malformed' || code.last_epoch === last) {
      return await settle(desk, keys, { locator, last_epoch: code.last_epoch, problem: before });
    }
    // It never arrived, and its week is over: the same code goes out with this week's last day.
  }
  const ready = { ...waiting, record: recordOf(desk, place, { keys, code, last_epoch: last }) };
  desk.edit((store) =>
    withStock(changed(store, locator, { last_epoch: last }), desk, (stock) =>
      stock_data.withWaiting(stock, ready),
    ),
  );
  const problem = await send(desk, keys, ready, last);
  return await settle(desk, keys, { locator, last_epoch: last, problem });
}

/**
 * Sends it and returns '' or what was wrong with this one code; throws all else.
 * @param {Desk} desk
 * @param {codes.CodeKeys} keys
 * @param {Waiting} waiting
 * @param {number} last_epoch
 */
async function send(desk, keys, { locator, record: sealed, token }, last_epoch) {
  const write_key_hash = keyHash(keys.write_key);
  try {
    await desk.api.publishCode({
      locator,
      write_key_hash,
      record: sealed,
      last_epoch,
      token: token.value,
    });
  } catch (trouble) {
    const problem = problemOf(trouble);
    if (!ITS_OWN.includes(problem)) throw trouble;
    return problem;
  }
  return '';
}

/**
 * Writes down what became of a code; false where it is given up.
 * @param {Desk} desk
 * @param {codes.CodeKeys} keys
 * @param {{locator: Uint8Array, last_epoch: number, problem: string}} sent
 */
async function settle(desk, keys, { locator, last_epoch, problem }) {
  if (problem === 'malformed') throw new Trouble('date');
  const until = problem === 'taken' ? await ownRecordThere(desk, keys) : problem ? 0 : last_epoch;
  if (!until) {
    desk.edit((store) => givenUp(store, desk, locator));
    return false;
  }
  desk.edit((store) => {
    const published = changed(store, locator, { last_epoch: until, state: c.SEED_PUBLISHED });
    return withStock(published, desk, (stock) => stock_data.without(stock, locator));
  });
  return true;
}

/**
 * Returns the last epoch of a record of ours that lies there already, or 0.
 *
 * So it is where a page was closed after a publication and before the next sync.
 * @param {Desk} desk
 * @param {codes.CodeKeys} keys
 */
async function ownRecordThere(desk, keys) {
  const value = desk.read().get(c.ENTRY_SEED, keys.locator);
  const stored = await desk.api.openCode(keys.locator);
  if (!value || !stored) return 0;
  try {
    const opened = record.open(stored, keys, desk.network_id);
    const ours = hpke.publicKey(SeedEntry.decode(value).xwing_seed);
    return equal(opened.public_key, ours) ? opened.last_epoch : 0;
  } catch (refused) {
    if (refused instanceof Refused) return 0;
    throw refused;
  }
}

/**
 * @param {Desk} desk
 * @param {Place} place
 * @param {{keys: codes.CodeKeys, code: stock_data.Seed, last_epoch: number}} given
 */
function recordOf(desk, { listing }, { keys, code, last_epoch }) {
  const { network_id } = desk;
  const public_key = hpke.publicKey(code.xwing_seed);
  const signed = { network_id, locator: keys.locator, last_epoch, public_key };
  const signature = signing.signOneTimeKey(desk.read().organisation_seed, signed);
  const contents = { last_epoch, public_key, signature, ...listing };
  return record.seal(contents, keys, network_id, { random: desk.session.random });
}

/**
 * Forgets a code that nobody was given and nobody will be; one that was cancelled stays so.
 * @param {Store} store
 * @param {Desk} desk
 * @param {Uint8Array} locator
 */
function givenUp(store, desk, locator) {
  const value = store.get(c.ENTRY_SEED, locator);
  const made = value && SeedEntry.decode(value).state === c.SEED_MADE;
  const left = made ? store.withoutEntry(c.ENTRY_SEED, locator) : store;
  return withStock(left, desk, (stock) => stock_data.without(stock, locator));
}

/**
 * @param {Store} store
 * @param {Uint8Array} locator
 * @param {{last_epoch: number, state?: number}} what
 */
function changed(store, locator, { last_epoch, state = c.SEED_MADE }) {
  const value = store.get(c.ENTRY_SEED, locator);
  const code = value && SeedEntry.decode(value);
  if (!code || code.state !== c.SEED_MADE) return store;
  return store.withEntry(c.ENTRY_SEED, locator, SeedEntry.encode({ ...code, state, last_epoch }));
}

/**
 * @param {Store} store
 * @param {Desk} desk
 * @param {(stock: stock_data.Stock) => stock_data.Stock} change
 */
const withStock = (store, { device }, change) =>
  stock_data.put(store, device, change(stock_data.of(store, device)));

/**
 * @param {Desk} desk
 * @param {number} published
 * @param {number} lost
 */
const result = (desk, published, lost) => ({
  published,
  lost,
  waiting: stock_data.of(desk.read(), desk.device).waiting.length,
});
