// The page for answers, driven in Node: what it says of a box, what it refuses, and what it asks
// before it does anything.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BUILD_EPOCH } from '../flows/build.js';
import { Trouble } from '../flows/troubles.js';
import { Fields } from '../flows/wire.js';
import { begin } from '../pages/answers.js';
import { make as makeAnswer } from '../src/client/answers.js';
import * as boxes from '../src/client/box.js';
import { digits, symbols } from '../src/client/code_text.js';
import { receiptKeys } from '../src/client/codes.js';
import { publicOf } from '../src/public/note_signing.js';
import { publicKey } from '../src/public/sealing.js';
import { FakeElement, freshDocument } from './fake_document.js';
import { hands, words } from './pages_support.js';

const NETWORK = new Uint8Array(32).fill(9);
const RECEIPT = Uint8Array.from({ length: 10 }, (_, at) => at * 25);
const LETTERS = symbols(RECEIPT, 'receipt');
const EMPTY = new Uint8Array(4096);
let drawn = 0;
const random = (/** @type {number} */ size) => new Uint8Array(size).fill((drawn += 1));
const KEYS = new Map();

/** A signing key of somebody, made from a name. */
const seedOf = (/** @type {string} */ name) => new Uint8Array(32).fill(name.length);

/** What a receipt gives with a word; derived once, since it is slow on purpose. */
async function keysOf(word = '') {
  if (!KEYS.has(word)) KEYS.set(word, await receiptKeys(RECEIPT, word, NETWORK));
  return KEYS.get(word);
}

/**
 * A server that holds one box, and notes what is asked of it.
 * @param {any[]} said answers: state, and what else is to stand in the slot
 */
async function server(said = [], { word = '', sent = BUILD_EPOCH, name = 'Harbour' } = {}) {
  const { box_id, holder_key, box_key } = await keysOf(word);
  const place = { network_id: NETWORK, box_id };
  const delivered = makeAnswer({
    state: 1,
    epoch: sent,
    last_epoch: sent + 14,
    organisation: publicOf(seedOf('harbour')),
    name,
    public_key: publicKey(seedOf('harbour')),
  });
  /** @type {Uint8Array[]} */
  const slots = Array.from({ length: 32 }, () => EMPTY);
  slots[0] = boxes.sealDelivered(delivered, { ...place, holder_key, random });
  for (const [at, { signer = 'harbour', ...one }] of said.entries()) {
    const answer = makeAnswer({ epoch: sent + 1, ...one });
    const seal = { ...place, box_key, slot: at + 1, organisation_seed: seedOf(signer), random };
    slots[at + 1] = boxes.sealAnswer(answer, seal);
  }
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  const api = {
    asked,
    lose: 0,
    slots,
    network: async () => ({ network_id: NETWORK }),
    get: async () => new Fields({ organisations: [] }),
    /** @param {Uint8Array} id @param {Uint8Array} key @param {number[]} numbers */
    readBox: async (id, key, numbers) => {
      asked.push(`read ${numbers}`);
      const right = String(id) === String(box_id) && String(key) === String(holder_key);
      return numbers.map((at) => (right && !api.gone ? slots[at] : EMPTY));
    },
    /** @param {...Uint8Array} given box id, holder key, tag and envelope */
    add: async (...given) => {
      asked.push(given.map(String));
      if (api.lose) {
        api.lose -= 1;
        throw new Trouble('unreachable');
      }
      return api.full ? null : sent + 20;
    },
    withdraw: async () => {
      asked.push('withdraw');
      api.gone = !api.stubborn;
    },
    renew: async () => (api.gone ? null : sent + 30),
  };
  return api;
}

/** Begin with the receipt. @param {any} api */
function page(api, { today = BUILD_EPOCH } = {}) {
  const { main } = freshDocument();
  const session = { api, random, today: () => today, now: () => 0, pause: async () => {} };
  const given = /** @type {any} */ ({ main, words: words('answers'), session });
  const state = begin(given);
  return { state, main, ...hands(main) };
}

/** Open the box with the receipt. @param {any} api @param {{today?: number}} [given] */
async function opened(api, given) {
  const she = page(api, given);
  she.type(LETTERS);
  she.tap('Next');
  she.tap('There is no word');
  await she.until(api.gone ? 'nothing' : 'box');
  return she;
}

test('what is no receipt is said in the page, and nothing is asked of the server', async () => {
  const api = await server();
  const she = page(api);
  /** @type {[string, RegExp][]} */
  const cases = [
    ['', /type the receipt first/],
    ['x', /not a receipt/],
    [symbols(RECEIPT, 'code'), /This is a code/],
    [digits(RECEIPT, 'code'), /This is a code/],
  ];
  for (const [typed, sentence] of cases) {
    she.type(typed);
    she.tap('Next');
    assert.match(she.errors(), sentence);
    assert.equal(she.screen(), 'receipt');
  }
  assert.ok(she.has('I have a code'));
  assert.deepEqual(api.asked, []);
});

test('one wrong sign is put right and said, two are only suggested', async () => {
  const she = page(await server());
  const wrong = (/** @type {number} */ at) => (LETTERS[at] === '0' ? '1' : '0');
  const one = wrong(0) + LETTERS.slice(1);
  she.type(one.slice(0, -1) + wrong(LETTERS.length - 1));
  she.tap('Next');
  assert.equal(she.screen(), 'receipt');
  assert.ok(she.says(LETTERS));
  she.tap('No');
  assert.match(she.errors(), /not a receipt/);
  she.type(one);
  she.tap('Next');
  assert.equal(she.screen(), 'word');
  assert.ok(she.says('put right'));
  assert.ok(she.says(LETTERS));
});

test('a word is needed where "Next" is tapped, and has to be one', async () => {
  const api = await server();
  const she = page(api);
  she.type(LETTERS);
  she.tap('Next');
  she.tap('Next');
  assert.match(she.errors(), /type a word/);
  she.type('x'.repeat(65));
  she.tap('Next');
  assert.match(she.errors(), /cannot be the word/);
  assert.deepEqual(api.asked, []);
});

test('a wrong word opens nothing, and every reason is named', async () => {
  const she = page(await server([], { word: 'rain' }));
  she.type(LETTERS);
  she.tap('Next');
  she.tap('There is no word');
  await she.until('nothing');
  for (const cause of ['typed differently', 'left out', 'never sent', 'taken back', 'last day']) {
    assert.ok(she.says(cause), cause);
  }
  she.tap('Type it again');
  she.tap('Next');
  she.type('Rain ');
  she.tap('Next');
  await she.until('box');
});

test('R14: nobody answered for so many days, and choosing somebody else comes first', async () => {
  const read = [{ state: 2 }];
  const she = await opened(await server(read), { today: BUILD_EPOCH + 3 });
  assert.ok(she.says('Unanswered for 3 days'));
  const buttons = she.main.all.filter((/** @type {any} */ one) => one.tag === 'button').map((/** @type {any} */ one) => one.textContent);
  assert.match(String(buttons[0]), /Choose somebody else/);
  assert.ok((await opened(await server(), { today: BUILD_EPOCH + 1 })).says('for 1 day.'));
  /** @type {[object[], number][]} */
  const cases = [
    [[], 0],
    [[{ state: 3, text: 'x' }], 9],
    [[{ state: 4 }], 9],
  ];
  for (const [said, today] of cases) {
    const other = await opened(await server(said), { today: BUILD_EPOCH + today });
    assert.ok(!other.says('Unanswered'));
  }
});

test('answers are texts, and turn nothing around them', async () => {
  const text = '<img src=x onerror=alert(1)>\n\u202egnp.\u2066x\u2069';
  const she = await opened(await server([{ state: 3, text }]));
  assert.ok(she.says('<img src=x onerror=alert(1)>\ngnp.x'));
  assert.equal(she.main.all.filter((/** @type {any} */ one) => one.tag === 'img').length, 0);
});

test('P2: what the organisation did not sign is said and not shown', async () => {
  const said = [{ state: 3, text: 'Come to the forest.', signer: 'somebody' }, { state: 2 }];
  const she = await opened(await server(said));
  assert.ok(!she.says('forest'));
  assert.ok(she.says('not signed by this organisation'));
  assert.ok(she.says('It was read, and not answered yet'));
});

test('R22: whom an answer names is shown by a name that was checked, or as nobody listed', async () => {
  const named = publicOf(seedOf('elsewhere'));
  const api = await server([{ state: 5, try_another: [named] }]);
  api.get = async () => {
    throw new Trouble('unreachable');
  };
  const she = await opened(api);
  assert.ok(she.says('not on the list today'));
  assert.ok(she.says('Nothing was passed on'));
});

test('nothing is added without something said, and without a yes', async () => {
  const api = await server();
  const she = await opened(api);
  api.asked.length = 0;
  she.tap('Add something');
  she.tap('Next');
  assert.match(she.errors(), /write or tap something/);
  write(she, 'one thing more');
  she.tap('Next');
  assert.equal(she.screen(), 'yes');
  assert.ok(she.says('one thing more'));
  she.tap('No, do not send it');
  assert.equal(she.screen(), 'no');
  assert.deepEqual(api.asked, []);
  she.tap('Back to the answers');
  she.tap('Add something');
  assert.ok(!she.says('one thing more'));
});

test('P10: after a lost answer the very same is added, and only by a tap', async () => {
  const api = await server();
  const she = await opened(api);
  api.asked.length = 0;
  api.lose = 1;
  she.tap('Add something');
  write(she, 'one thing more');
  she.tap('Next');
  she.tap('I send this for myself');
  await she.until('unknown');
  assert.ok(she.says('never arrives twice'));
  she.tap('Try again');
  await she.until('added');
  assert.equal(api.asked.length, 2);
  assert.deepEqual(api.asked[0], api.asked[1]);
});

/**
 * @param {Awaited<ReturnType<typeof server>>} api
 * @param {Awaited<ReturnType<typeof opened>>} she
 */
async function addsWithoutRoom(api, she) {
  api.full = true;
  she.tap('Add something');
  write(she, 'one thing more');
  she.tap('Next');
  she.tap('The person said yes');
  await she.until('full');
}

test('an addition for which there is no room is said to be none', async () => {
  const api = await server();
  const she = await opened(api);
  await addsWithoutRoom(api, she);
  assert.ok(she.says('Nothing more can be added'));
});

test('R37: no file is handed over but after a tap and a yes, with the answers alone in it', async () => {
  const handed = noteFiles();
  const text = 'Sign nothing.\n29 November 2026\n\u202eyas I\u2069';
  const api = await server([{ state: 3, text }, { state: 2 }]);
  const she = await opened(api);
  api.asked.length = 0;
  she.tap('Keep the answers on this device');
  assert.ok(she.says('can find it and read it'));
  assert.ok(!she.says('What goes into the file?'), 'there is nothing else to go into it');
  she.tap('No, keep nothing');
  assert.deepEqual([she.screen(), handed], ['box', []]);
  she.tap('Keep the answers on this device');
  she.tap('Yes, keep the file');
  assert.equal(she.screen(), 'kept');
  assert.ok(she.says('notes.txt'));
  const day = words('answers').date(BUILD_EPOCH + 1);
  const lines = [`\ufeff${day}`, '  Sign nothing.', '  29 November 2026', '  yas I', ''];
  assert.deepEqual(handed, [['notes.txt', 'text/plain', lines.join('\n')]]);
  assert.deepEqual(api.asked, [], 'nobody is told');
});

test('R37: what was added here goes in by another tap, anew each time', async () => {
  const handed = noteFiles();
  const she = await opened(await server([{ state: 3, text: 'Sign nothing.' }]));
  for (const text of ['one thing more', 'and another']) {
    she.tap('Add something');
    write(she, text);
    she.tap('Next');
    she.tap('I send this for myself');
    await she.until('added');
    she.tap('Back to the answers');
  }
  for (const own_too of [false, true, false]) {
    she.tap('Keep the answers on this device');
    assert.ok(she.says('What goes into the file?'));
    if (own_too) she.tap('Also what you added');
    she.tap('Yes, keep the file');
    she.tap('Back to the answers');
  }
  const own = '\nIn your own words\n  one thing more\n  and another\n';
  assert.deepEqual(handed.map(([, , text]) => text.endsWith(own)), [false, true, false]);
  assert.deepEqual(handed.map(([, , text]) => text.includes('more')), [false, true, false]);
  she.state.forget();
  assert.deepEqual(she.state.added, []);
});

test('R37: what was not added is not kept for a file', async () => {
  const api = await server([{ state: 3, text: 'Sign nothing.' }]);
  const she = await opened(api);
  await addsWithoutRoom(api, she);
  assert.deepEqual(she.state.added, []);
});

test('R37: where they said nothing, there is nothing to keep', async () => {
  /** @type {[object[], boolean][]} */
  const cases = [
    [[], false],
    [[{ state: 2 }], false],
    [[{ state: 4 }, { state: 6 }], false],
    [[{ state: 5, try_another: [publicOf(seedOf('elsewhere'))] }], true],
    [[{ state: 2 }, { state: 4, text: 'Not this week.' }], true],
  ];
  for (const [said, is_offered] of cases) {
    const api = await server(said);
    api.get = async () => {
      throw new Trouble('unreachable');
    };
    assert.equal((await opened(api)).has('Keep the answers'), is_offered);
  }
});

test('everything is taken back only after a second yes, and read again then', async () => {
  const api = await server();
  const she = await opened(api);
  api.asked.length = 0;
  she.tap('Take everything back');
  she.tap('No, leave it there');
  assert.deepEqual([she.screen(), api.asked], ['box', []]);
  she.tap('Take everything back');
  she.tap('Yes, take it back');
  await she.until('gone');
  assert.deepEqual(api.asked, ['withdraw', 'read 0']);
  assert.deepEqual([she.state.holder, she.state.box, she.state.secret], [undefined, undefined, undefined]);
});

test('what is still there after taking it back is not called gone', async () => {
  const api = await server();
  const she = await opened(api);
  api.stubborn = true;
  she.tap('Take everything back');
  she.tap('Yes, take it back');
  await she.until('still');
});

test('choosing somebody else says that nothing is passed on, and sends nothing', async () => {
  const api = await server();
  const she = await opened(api);
  api.asked.length = 0;
  she.tap('Choose somebody else');
  assert.ok(she.says('Nothing is passed on'));
  assert.ok(she.says('Harbour keeps what was sent'));
  assert.deepEqual(api.asked, []);
});

test('what ended meanwhile is neither kept longer nor shown', async () => {
  const api = await server();
  const she = await opened(api);
  api.gone = true;
  she.tap('Keep it for longer');
  await she.until('nothing');
  const other = await server();
  const again = await opened(other);
  other.gone = true;
  again.tap('Look again');
  await again.until('nothing');
});

test('P6: leaving lets go of everything, and no work finds a screen any more', async () => {
  const api = await server();
  const she = await opened(api);
  she.tap('Look again');
  she.state.forget();
  const { written, word, secret, holder, box, names } = she.state;
  assert.deepEqual([written, word, secret, holder, box, names.size], ['', '', undefined, undefined, undefined, 0]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(she.main.textContent, '');
});

const later = globalThis.setTimeout;

/** Note what is handed to the browser as a file: name, kind and text. */
function noteFiles() {
  /** @type {[name: string, type: string, text: string][]} */
  const handed = [];
  class Noted {
    /** @param {string[]} parts @param {{type: string}} kind */
    constructor(parts, { type }) {
      Object.assign(this, { text: parts.join(''), type });
    }
  }
  /** @type {any[]} */
  const made = [];
  Object.assign(globalThis, { Blob: Noted });
  URL.createObjectURL = (/** @type {any} */ blob) => `blob:${made.push(blob) - 1}`;
  URL.revokeObjectURL = () => {};
  FakeElement.prototype.click = function () {
    const { type, text } = made[Number(this.getAttribute('href')?.slice('blob:'.length))];
    handed.push([this.getAttribute('download') ?? '', type, text]);
  };
  // Nobody waits here until what was handed over is let go of.
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {() => void} */ on, /** @type {number} */ ms) => (ms < 60_000 ? later(on, ms) : 0)
  );
  return handed;
}

/** Write in one's own words, from the list of what can be added. @param {any} she @param {string} text */
function write(she, text) {
  she.tap('In your own words');
  she.type(text);
  she.tap('Done');
}
