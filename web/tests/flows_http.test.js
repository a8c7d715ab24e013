// The one way out, and what the server's answers become: nothing that is not whole is believed,
// nothing that stores is repeated by itself, and nothing tells one page from another.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Api } from '../flows/api.js';
import { Http } from '../flows/http.js';
import { Trouble } from '../flows/troubles.js';

const KEY = new Uint8Array(32);
const ID = new Uint8Array(16);
const PROBLEM = 'application/problem+json';
const LOST = Symbol('no answer');

/** @typedef {symbol | ((options: any) => any)} Answer */

/**
 * An Http whose answers are given one by one, and what was asked of it.
 * @param {...Answer} answers
 */
function made(...answers) {
  /** @type {any[]} */
  const calls = [];
  /** @type {number[]} */
  const waited = [];
  const http = new Http({
    base: '',
    time_limit: 20,
    pause: async (milliseconds) => void waited.push(milliseconds),
    fetch: async (url, options) => {
      calls.push({ url, ...options });
      const answer = answers.shift();
      if (typeof answer !== 'function') throw new TypeError('network');
      return answer(options);
    },
  });
  return { http, api: new Api(http), calls, waited };
}

/** @type {(value: unknown, status?: number, type?: string, headers?: object) => Answer} */
const said = (value, status = 200, type = 'application/json', headers = {}) => () =>
  new Response(typeof value === 'string' ? value : JSON.stringify(value), {
    status,
    headers: { 'content-type': type, ...headers },
  });
/** @type {(kind: string, status: number, headers?: object) => Answer} */
const problem = (kind, status, headers) =>
  said({ type: `urn:towpath:problem:${kind}`, title: 't', status, detail: 'd' }, status, PROBLEM, headers);
/** @param {{signal: AbortSignal}} options */
const never = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
/** @type {(kind: string) => (trouble: unknown) => boolean} */
const is = (kind) => (trouble) => trouble instanceof Trouble && trouble.kind === kind;
const renew = (/** @type {Api} */ api) => api.renew(ID, KEY);
const read = (/** @type {Api} */ api) => api.readBox(ID, KEY, [0]);

test('no call carries a cookie, a referrer or what is kept, and none follows a redirect', async () => {
  const { api, calls } = made(said({ last_epoch: 1 }));
  await renew(api);
  const [{ method, credentials, cache, redirect, referrerPolicy, url, headers }] = calls;
  assert.deepEqual(
    { method, credentials, cache, redirect, referrerPolicy, url, headers },
    {
      method: 'POST',
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      url: '/v1/boxes/renew',
      headers: { 'Content-Type': 'application/json' },
    },
  );
});

test('a call that stores is sent once, whatever became of it', async () => {
  /** @type {[Answer, string][]} */
  const cases = [
    [LOST, 'unreachable'],
    [never, 'unreachable'],
    [said('<html>', 502, 'text/html'), 'unreachable'],
    [said('<html>', 504, 'text/html'), 'unreachable'],
    [problem('busy', 503, { 'retry-after': '2' }), 'busy'],
  ];
  /** @type {((api: Api) => Promise<unknown>)[]} */
  const storing = [renew, (api) => api.withdraw(ID, KEY), (api) => api.add(ID, KEY, ID, KEY)];
  for (const [answer, kind] of cases) {
    for (const call of storing) {
      const { api, calls } = made(answer, said({ last_epoch: 1 }));
      await assert.rejects(call(api), is(kind));
      assert.equal(calls.length, 1);
    }
  }
});

test('a call that reads is sent a second time, and no third', async () => {
  const slot = Buffer.alloc(4096).toString('base64url');
  for (const first of [LOST, never, said('x', 503, 'text/plain'), problem('busy', 503)]) {
    const { api, calls, waited } = made(first, said({ slots: [slot] }));
    assert.equal((await read(api)).length, 1);
    assert.equal(calls.length, 2);
    assert.equal(calls[0].body, calls[1].body);
    assert.deepEqual(waited, [500]);
  }
  const { api, calls } = made(LOST, LOST, said({ slots: [slot] }));
  await assert.rejects(read(api), is('unreachable'));
  assert.equal(calls.length, 2);
});

test('of two tries the last whole answer counts', async () => {
  const { api } = made(problem('busy', 503), LOST);
  await assert.rejects(read(api), is('busy'));
});

test('the refusal is a value, and only the problem of that name is', async () => {
  assert.equal(await renew(made(problem('refused', 404)).api), null);
  for (const answer of [
    problem('no-route', 404),
    said({ type: 'urn:towpath:problem:refused', status: 200 }, 404, PROBLEM),
    said({ type: 'urn:other:problem:refused', status: 404 }, 404, PROBLEM),
    said({ type: 'urn:towpath:problem:refused', status: 404 }, 404),
    said({ type: 'urn:towpath:problem:refused', status: 200 }, 200, PROBLEM),
    said('{}', 404, PROBLEM),
    said('not found', 404, 'text/plain'),
  ]) {
    await assert.rejects(renew(made(answer).api), is('answer'));
  }
});

test('what a person can act on keeps its name, and how long to wait where that is said', async () => {
  const wait = async (/** @type {object} */ headers) =>
    renew(made(problem('limited', 429, headers)).api).catch((trouble) => trouble);
  assert.equal((await wait({ 'retry-after': '7' })).retry_after, 7);
  for (const odd of ['-1', 'soon', '1.5', '1234567', '']) {
    assert.equal((await wait({ 'retry-after': odd })).retry_after, undefined);
  }
  for (const kind of ['limited', 'busy', 'broken', 'work']) {
    await assert.rejects(renew(made(problem(kind, 500)).api), is(kind));
  }
  for (const kind of ['malformed', 'token', 'method', '', '__proto__']) {
    await assert.rejects(renew(made(problem(kind, 500)).api), is('answer'));
  }
});

test('a good answer of another form is none', async () => {
  for (const answer of [
    said({ last_epoch: 1 }, 201),
    said({ last_epoch: 1 }, 200, 'text/html'),
    said({ last_epoch: -1 }),
    said({ last_epoch: 2 ** 32 }),
    said({ last_epoch: '1' }),
    said('{"last_epoch":1,"last_epoch":2}'),
    said({}),
    said(''),
  ]) {
    await assert.rejects(renew(made(answer).api), is('answer'));
  }
});

test('a box gives as many slots as were asked for, of one size', async () => {
  const slot = Buffer.alloc(4096).toString('base64url');
  for (const slots of [[], [slot, slot], [slot.slice(4)], [`${slot}AAAA`], 'x', [1]]) {
    await assert.rejects(read(made(said({ slots })).api), is('answer'));
  }
});
