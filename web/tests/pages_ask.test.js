// The page for asking, driven in Node: what is asked in which order, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Trouble } from '../flows/troubles.js';
import { PROFILE, fakeWay, page } from './pages_support.js';

/** Go the short way to the receipt. @param {any} she */
async function toReceipt(she) {
  she.tap('Go on');
  she.tap('A safe place now');
  she.tap('Next');
  she.tap('I will come back here');
  she.tap('I send this for myself');
  await she.until('receipt', () => she.has('Send'));
}

/** The first four signs of the receipt that is shown. @param {any} she */
const first = (she) =>
  she.main.all.find((/** @type {any} */ one) => one.getAttribute('class') === 'receipt').textContent.slice(0, 4);

test('the short way is six taps from who will read it to sending', async () => {
  const she = await page();
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('done');
  assert.equal(she.counted.taps, 6);
});

test('who will read it is shown in full before anything is asked', async () => {
  const she = await page();
  assert.equal(she.screen(), 'reader');
  for (const part of ['Harbour', 'No ties to police', 'Paid in part by a government', 'Nothing that it must report']) {
    assert.ok(she.says(part), part);
  }
});

test('nothing is sealed or sent before the receipt was copied', async () => {
  const way = fakeWay();
  const she = await page(way);
  await toReceipt(she);
  she.type('AAAA');
  she.tap('Send');
  assert.match(she.errors(), /not the first four/);
  assert.deepEqual([she.screen(), way.sealed, way.sent], ['receipt', [], []]);
});

test('without a need there is no next screen', async () => {
  const she = await page();
  she.tap('Go on');
  she.tap('Next');
  assert.equal(she.screen(), 'needs');
  assert.match(she.errors(), /at least one/);
});

test('a way to answer that needs a number does not go on without it', async () => {
  const she = await page();
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('A phone call');
  she.tap('Next');
  assert.equal(she.screen(), 'safe');
  assert.match(she.errors(), /fill this in/);
  she.type(' 555\t0100 ');
  she.tap('Next');
  assert.equal(she.screen(), 'check');
  assert.equal(she.state.draft.contact, '555 0100');
});

test('a way to answer that was left with Back is not taken over without its number', async () => {
  const she = await page();
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('I will come back here');
  she.tap('Add or change');
  await she.until('more');
  she.tap('Safe way to answer');
  she.tap('A phone call');
  she.tap('Back');
  she.tap('Back');
  assert.equal(she.screen(), 'check');
  assert.deepEqual(she.state.draft.channels, [1]);
  she.tap('Add or change');
  await she.until('more');
  she.tap('Safe way to answer');
  const [call] = she.main.all.filter((/** @type {any} */ one) => one.textContent === 'A phone call');
  assert.equal(call?.getAttribute('aria-pressed'), 'true');
});

test('a no sends nothing', async () => {
  const way = fakeWay();
  const she = await page(way);
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('I will come back here');
  she.tap('No, do not send it');
  assert.equal(she.screen(), 'no');
  assert.equal(she.state.draft.consent, 0);
  assert.deepEqual(way.sealed, []);
});

test('a yes is asked anew after something was changed', async () => {
  const she = await page();
  await toReceipt(she);
  assert.equal(she.state.draft.consent, 2);
  she.tap('Back');
  assert.equal(she.screen(), 'check');
  assert.equal(she.state.draft.consent, 0);
});

test('what must be reported of people under 18 is said again before the yes', async () => {
  const reports = { ...PROFILE, reporting: [2] };
  const she = await page(fakeWay({ profile: reports }));
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('I will come back here');
  assert.ok(!she.says('they must report harm'));
  she.tap('Add or change');
  await she.until('more');
  she.tap('Who it is for');
  she.tap('Someone under 18');
  she.tap('Done');
  she.tap('Done');
  assert.equal(she.screen(), 'check');
  assert.ok(she.says('they must report harm'));
});

test('after a lost answer the very same request is posted again', async () => {
  const way = fakeWay();
  let times = 0;
  way.send = async (request) => {
    way.sent.push(request);
    times += 1;
    if (times === 1) throw new Trouble('unreachable');
    return { request, last_epoch: 20900 };
  };
  const she = await page(way);
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('unknown');
  assert.ok(she.says('never arrives twice'));
  assert.ok(!she.has('Back'));
  she.tap('Try again');
  await she.until('done');
  assert.equal(way.sealed.length, 1);
  assert.equal(way.sent[0], way.sent[1]);
});

test('what was not posted can still be changed, and is sealed anew', async () => {
  const way = fakeWay();
  let times = 0;
  const seal = way.seal;
  way.seal = async (draft, receipt) => {
    times += 1;
    if (times === 1) throw new Trouble('suspended');
    return seal.call(way, draft, receipt);
  };
  const she = await page(way);
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('failed');
  assert.deepEqual(way.sent, []);
  assert.ok(she.has('Type another code') && she.has('Back'));
  she.tap('Try again');
  await she.until('done');
  assert.equal(way.sent.length, 1);
});

test('a busy server is asked again only after the time that it named', async () => {
  const way = fakeWay({
    send: async () => {
      throw new Trouble('limited', { retry_after: 3 });
    },
  });
  const she = await page(way);
  /** @type {(() => void)[]} */
  const waiting = [];
  she.state.session.pause = () => new Promise((resolve) => waiting.push(resolve));
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('failed');
  assert.ok(she.says('Seconds to wait: 3'));
  const again = she.main.all.find((/** @type {any} */ one) => one.textContent === 'Try again');
  assert.equal(again?.getAttribute('disabled'), '');
});

test('a refused code keeps the answers, and asks for another code', async () => {
  const way = fakeWay({ send: async (/** @type {any} */ request) => ({ request, last_epoch: null }) });
  const she = await page(way);
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('refused');
  assert.ok(she.says('Your answers are still here'));
  assert.deepEqual(she.state.draft.needs, [1]);
  assert.equal(she.state.request, undefined);
});

test('when it was sent, nothing typed, chosen or made is kept', async () => {
  const she = await page();
  await toReceipt(she);
  const signs = first(she);
  she.type(signs);
  she.tap('Send');
  await she.until('done');
  const { draft, typed, receipt, request, way } = she.state;
  assert.deepEqual([draft.needs, draft.channels, draft.consent, typed.first], [[], [], 0, '']);
  assert.deepEqual([receipt, request, way], [undefined, undefined, undefined]);
  assert.ok(she.says(signs));
  she.tap('I have copied the receipt');
  assert.ok(!she.says(signs));
});

test('forgetting empties the screen and stops what is under way', async () => {
  const way = fakeWay();
  /** @type {(value: any) => void} */
  let finish = () => {};
  way.seal = () => new Promise((resolve) => (finish = resolve));
  const she = await page(way);
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  she.state.forget();
  finish({});
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(way.sent, []);
  assert.equal(she.main.textContent, '');
  assert.deepEqual(she.state.draft.needs, []);
});

test('going back while the work is done stops it, and nothing is posted', async () => {
  const way = fakeWay();
  const she = await page(way);
  let steps = 0;
  way.seal = async () => {
    for (; steps < 200; steps += 1) {
      she.state.progress(steps, 100);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return { envelope: 0 };
  };
  await toReceipt(she);
  she.type(first(she));
  she.tap('Send');
  await she.until('sending', () => she.says('some work to do'));
  she.tap('Back');
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(she.screen(), 'receipt');
  assert.ok(steps < 200);
  assert.deepEqual(way.sent, []);
});

test('nobody to read the answers: no receipt, and the request says so', async () => {
  const way = fakeWay();
  const she = await page(way);
  await toReceipt(she);
  she.tap('Who may read the answers');
  await she.until('eyes');
  she.tap('Nobody: no answer is wanted');
  she.tap('Done');
  await she.until('receipt', () => she.has('Send'));
  assert.ok(she.says('there is no receipt'));
  she.tap('Send');
  await she.until('done');
  const [[draft, receipt]] = way.sealed;
  assert.deepEqual([draft.eyes, receipt], [3, null]);
});

test('a word of her own changes what the receipt gives, and not the receipt', async () => {
  const way = fakeWay();
  const she = await page(way);
  await toReceipt(she);
  const before = she.state.receipt;
  she.tap('Who may read the answers');
  await she.until('eyes');
  she.tap('Only the person, with a word');
  she.tap('Done');
  assert.match(she.errors(), /type a word/);
  she.type('river');
  she.tap('Done');
  await she.until('receipt', () => she.has('Send'));
  assert.deepEqual(she.state.receipt?.secret, before?.secret);
  assert.notDeepEqual(she.state.receipt?.keys, before?.keys);
  assert.equal(she.state.draft.eyes, 1);
});

test('own words come with their warning, and what is too long is not kept', async () => {
  const she = await page();
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('I will come back here');
  she.tap('Add or change');
  await she.until('more');
  she.tap('In your own words');
  const warning = she.main.textContent.indexOf('no names and no addresses');
  assert.ok(warning >= 0 && warning < she.main.textContent.indexOf('In any language'));
  she.type('ग'.repeat(1000));
  assert.equal(she.state.draft.text.length, 1000);
  she.type('ग'.repeat(1001));
  she.tap('Done');
  assert.match(she.errors(), /too long/);
  assert.ok(she.says('Letters too many: 1'));
  assert.equal(she.state.draft.text.length, 1000);
});

test('what is loaded later and cannot be had says so, keeps everything, and is tried again', async () => {
  const she = await page();
  const more = she.state.words.more.bind(she.state.words);
  she.state.words.more = async () => {
    throw new TypeError();
  };
  she.tap('Go on');
  she.tap('Money');
  she.tap('Next');
  she.tap('I will come back here');
  she.tap('Add or change');
  await she.until('check', () => she.errors() !== '');
  assert.match(she.errors(), /No answer came back/);
  assert.equal(she.state.rest, undefined);
  assert.deepEqual([she.screen(), she.says('Money')], ['check', true]);
  she.state.words.more = more;
  she.tap('Add or change');
  await she.until('more');
  she.tap('How many people');
  she.tap('3');
  she.tap('Done');
  she.tap('Done');
  assert.equal(she.screen(), 'check');
  assert.equal(she.state.draft.people, 3);
});

test('everything that was said is read back, in the words of its list', async () => {
  const she = await page();
  await she.state.words.more('rest');
  const given = {
    needs: [1, 2, 201], soon: 2, region: 1000, languages: [1], people: 4, who: [2], children: [1],
    channels: [1], contact: '555', hours: [1], never: [1], safe_word: 'Ana called', wishes: [1],
    peer: 1, text: 'One\nTwo',
  };
  Object.assign(she.state.draft, given);
  const { check } = await import('../pages/ask_check.js');
  she.state.flow.go(check);
  const { words } = she.state;
  for (const [list, id] of /** @type {const} */ ([
    ['needs', 1], ['needs', 201], ['soon', 2], ['languages', 1], ['who', 2], ['children', 1],
    ['channel', 1], ['hours', 1], ['never', 1], ['wish', 1], ['peer', 1],
  ])) assert.ok(she.says(words.textOf(list, id)), list);
  for (const text of ['The valley', '4', '555', 'Ana called', 'One', 'Two']) assert.ok(she.says(text), text);
});
