// What holds on the page for asking, whatever it looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  clean,
  contactAsked,
  contactOf,
  isCopied,
  line,
  needOf,
  readCode,
  saysMinors,
  withExact,
  withNeeds,
} from '../pages/ask_rules.js';
import { nearest } from '../pages/nearest.js';
import { troubleText } from '../pages/trouble.js';
import { Trouble } from '../flows/troubles.js';
import { digits, symbols } from '../src/client/code_text.js';
import { words } from './pages_support.js';

const CHANNELS = words().list('channel');
const SECRET = Uint8Array.from({ length: 10 }, (_, n) => 16 * n + 5);
const [COME_BACK, CALL, TEXT_MESSAGE, , EMAIL, THROUGH_WRITER] = CHANNELS.map((one) => one.id);
const ids = (/** @type {(number | undefined)[]} */ ...chosen) => chosen.map(Number);

test('ways to answer that reach nobody outside ask for nothing', () => {
  assert.deepEqual(contactAsked(CHANNELS, ids(COME_BACK, THROUGH_WRITER)), []);
});

test('a call and a text message ask for one number', () => {
  assert.deepEqual(contactAsked(CHANNELS, ids(TEXT_MESSAGE, CALL, EMAIL)), ['number', 'email']);
});

test('a contact that is empty, or only of signs that are not sent, is missing', () => {
  assert.equal(contactOf(['number', 'email'], { number: '1' }).missing, 'email');
  assert.equal(contactOf(['number'], { number: ' \u0000\n' }).missing, 'number');
});

test('a contact is counted in bytes, all lines together', () => {
  assert.equal(contactOf(['app', 'email'], { app: 'ग'.repeat(53), email: '' + 'a' }).long, 'email');
  assert.equal(contactOf(['app', 'email'], { app: 'ग'.repeat(52), email: 'abc' }).contact.length, 56);
});

test('no control character but line feed is sent, and no half of a character', () => {
  assert.equal(clean(' a\r\nb\rc\td\u0000\u001b\u0085\ud800e\n '), 'a\nb\nc de');
  assert.equal(clean('a\u202eb\u2066c'), 'abc');
  assert.equal(line('a\n\n b'), 'a b');
  assert.equal(clean('👍🏽 नमस्ते שלום'), '👍🏽 नमस्ते שלום');
});

test('an empty field, a receipt and what is near no code are told apart', () => {
  assert.equal(readCode(' \n').how, 'empty');
  assert.equal(readCode('0000').how, 'mistyped');
  assert.equal(readCode(symbols(SECRET, 'receipt')).how, 'receipt');
  assert.equal(readCode(digits(SECRET, 'receipt')).how, 'receipt');
});

test('one wrong sign is put right, two are only suggested', () => {
  const code = symbols(SECRET, 'code');
  const wrong = (/** @type {number} */ at) => (code[at] === 'A' ? 'B' : 'A');
  assert.equal(readCode(code).how, 'exact');
  assert.equal(readCode(digits(SECRET, 'code')).how, 'exact');
  assert.equal(readCode(wrong(0) + code.slice(1)).how, 'corrected');
  assert.equal(readCode(wrong(0) + wrong(1) + code.slice(2)).how, 'suggested');
});

test('the copy is known by four signs of either form, in any script of digits', () => {
  const forms = [symbols(SECRET, 'receipt'), digits(SECRET, 'receipt')];
  const [letters = '', numbers = ''] = forms;
  assert.ok(isCopied(` ${letters.slice(0, 4).toLowerCase()} `, forms));
  assert.ok(isCopied(letters, forms));
  assert.ok(isCopied(numbers.slice(0, 5), forms));
  const arabic = numbers.slice(0, 5).replace(/\d/g, (one) => String.fromCodePoint(0x660 + Number(one)));
  assert.ok(isCopied(arabic, forms));
});

test('fewer than four signs, or others, are no copy', () => {
  const forms = [symbols(SECRET, 'receipt'), digits(SECRET, 'receipt')];
  for (const typed of ['', ' -- ', forms[0]?.slice(0, 3) ?? '', forms[0]?.slice(1, 5) ?? '', `${forms[0]}0`]) {
    assert.ok(!isCopied(typed, forms), typed);
  }
});

test('people under 18 are named by either question, and only where it must be reported', () => {
  const reports = { reporting: [3, 2] };
  assert.ok(saysMinors(reports, { who: [2], children: [] }));
  assert.ok(saysMinors(reports, { who: [], children: [1] }));
  assert.ok(!saysMinors(reports, { who: [1], children: [5, 6] }));
  assert.ok(!saysMinors({ reporting: [1, 3] }, { who: [2], children: [1] }));
});

test('what narrows a need goes with the need', () => {
  assert.equal(needOf(1602), 16);
  assert.deepEqual(withNeeds([2, 12, 201, 1203], [12, 1]), [12, 1, 1203]);
  assert.deepEqual(withExact([2, 12, 201, 1203], 2, [205]), [2, 12, 1203, 205]);
});

test("the browser's language is found by its whole tag first, and none is made up", () => {
  assert.equal(nearest(['en', 'zh-Hans', 'zh-Hant'], ['zh-Hant', 'en']), 'zh-Hant');
  assert.equal(nearest(['en', 'ko'], ['fr', 'ko-KR']), 'ko');
  assert.equal(nearest(['en', 'ko'], ['fr']), undefined);
});

test('R16: a language is found by every tag that browsers have for it', () => {
  const all = 'en es zh-Hans zh-Hant ko th hi vi tl ru pt ar fr ht id ne'.split(' ');
  const called = {
    'zh-TW': 'zh-Hant', 'zh-HK': 'zh-Hant', 'zh-MO': 'zh-Hant', 'zh-Hant-CN': 'zh-Hant',
    'yue-HK': 'zh-Hant', 'zh-CN': 'zh-Hans', 'zh-SG': 'zh-Hans', 'zh-Hans-HK': 'zh-Hans',
    zh: 'zh-Hans', 'fil-PH': 'tl', tl: 'tl', in: 'id', 'in-ID': 'id', id: 'id', 'pt-BR': 'pt',
    'pt-PT': 'pt', 'es-419': 'es', 'fr-CA': 'fr', 'ht-HT': 'ht', 'ne-NP': 'ne', 'EN-us': 'en',
  };
  for (const [tag, code] of Object.entries(called)) assert.equal(nearest(all, [tag]), code, tag);
  for (const tag of ['inh', 'tlh', 'zha', 'my', '']) assert.equal(nearest(all, [tag]), undefined, tag);
  assert.equal(nearest(['en', 'zh-Hans'], ['zh-TW', 'en']), 'zh-Hans');
});

test('every trouble has words, also one of which nothing is known', async () => {
  const all = words();
  await all.more('rest');
  const kinds = 'unreachable answer limited busy broken refused not_readable newer not_vetted suspended expired not_yet not_witnessed changed closed date consent too_long input';
  for (const kind of kinds.split(' ')) assert.match(troubleText(all, new Trouble(kind)), /\. /);
  assert.match(troubleText(all, new TypeError('x')), /went wrong/);
});
