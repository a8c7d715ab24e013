// The texts of a language: what pages get of them, and what they are refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KEYS, Words, load } from '../pages/words.js';
import { wordsFile } from './words_files.js';

const PARTS = ['ask', 'rest', 'answers'];
const file = wordsFile;

/** A file of our own making, so that no test depends on a translation. @param {object} [other] */
const made = (other = {}) =>
  new Words({
    keys: KEYS,
    code: 'en',
    dir: 'ltr',
    language: 1,
    unreviewed: false,
    forms: ['one', 'other'],
    texts: { 'shared.unknown': 'Unknown', 'a.to': 'To {name}.', 'a.days': ['{n} day', '{n} days'] },
    lists: {
      needs: [
        ['A place', 'Now'],
        ['A home', '', ['Own phone', [205, 'Men too'], 'Couples']],
        [7, 'Not offered', '', [], 1],
        'Papers',
      ],
      hours: ['Mornings', [11, 'Mondays', 'Each week'], 'Tuesdays'],
    },
    ...other,
  });

const ARABIC_DAYS = {
  code: 'ar',
  dir: 'rtl',
  forms: ['zero', 'one', 'two', 'few', 'many', 'other'],
  texts: { 'a.days': ['zero', 'one', 'two', 'few {n}', 'many {n}', 'other {n}'], 'a.to': '← {name}.' },
};

test('R16: an Arabic count takes each of the six forms', () => {
  const words = made(ARABIC_DAYS);
  const forms = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111].map((n) => words.n('a.days', n));
  assert.deepEqual(forms, [
    'zero', 'one', 'two', 'few 3', 'few 10', 'many 11', 'many 99', 'other 100', 'other 102',
    'few 103', 'many 111',
  ]);
});

test('R16: in Hindi nothing is counted like one, in English like many', () => {
  assert.equal(made({ code: 'hi' }).n('a.days', 0), '0 day');
  assert.equal(made().n('a.days', 0), '0 days');
  assert.equal(made().n('a.days', 1), '1 day');
});

test('R16: a form that a language keeps for millions is said as the last one', () => {
  assert.equal(made({ code: 'es' }).n('a.days', 1_000_000), '1.000.000 days');
});

test('a key that is not there throws, and so does one of the other kind', () => {
  const words = made();
  for (const key of ['a.none', '', 'toString', '__proto__']) {
    assert.throws(() => words.t(key), /words: no /);
    assert.throws(() => words.n(key, 1), /words: no /);
  }
  assert.throws(() => words.t('a.days'), /plural/);
  assert.throws(() => words.n('a.to', 1), /plural/);
});

test('a place without a value throws, and is never shown', () => {
  assert.throws(() => made().t('a.to'), /no value for name/);
  assert.throws(() => made({ texts: { x: '{toString}' } }).t('x'), /no value/);
});

test('a value is text alone: placeholders and replacement signs in it stay as they are', () => {
  assert.equal(made().t('a.to', { name: '{name} $& $1 <b>' }), 'To {name} $& $1 <b>.');
});

test('a value cannot turn the direction of the sentence around it', () => {
  assert.equal(made().t('a.to', { name: 'A\u202e\u2069\u200fB' }), 'To AB.');
  assert.equal(made().t('a.to', { name: 'بيت' }), 'To \u2068بيت\u2069.');
  assert.equal(made(ARABIC_DAYS).t('a.to', { name: 'House\u2069' }), '← \u2068House\u2069.');
});

test('numbers have the digits of codes in every language', () => {
  for (const code of ['en', 'ar', 'hi', 'ko', 'es', 'fa', 'ne', 'my']) {
    assert.match(made({ code }).number(12), /^12$/);
  }
});

test('a day is written in UTC and in the words of the language, whatever the device is set to', () => {
  const epoch = 20_780; // 2026-11-23
  assert.equal(made().date(epoch), 'November 23, 2026');
  assert.equal(made({ code: 'es' }).date(epoch), '23 de noviembre de 2026');
  assert.equal(made({ code: 'ko' }).date(epoch), '2026년 11월 23일');
  assert.match(made({ code: 'ar' }).date(epoch), /23.*نوفمبر.*2026/);
  assert.match(made({ code: 'hi' }).date(epoch), /23 नवंबर 2026/);
  assert.match(made({ code: 'th' }).date(epoch), /2026/, 'not the Buddhist year');
});

test('a list is offered in its order, with ids and hints made whole', () => {
  const words = made();
  assert.deepEqual(
    words.list('needs').map(({ id, text, hint }) => [id, text, hint]),
    [
      [1, 'A place', 'Now'],
      [2, 'A home', ''],
      [8, 'Papers', ''],
    ],
  );
  assert.deepEqual(
    words.list('needs', 2).map(({ id, text }) => [id, text]),
    [
      [201, 'Own phone'],
      [205, 'Men too'],
      [206, 'Couples'],
    ],
  );
  assert.deepEqual(
    words.list('hours').map(({ id, hint }) => [id, hint]),
    [
      [1, ''],
      [11, 'Each week'],
      [12, ''],
    ],
  );
});

test('what nothing narrows has no choices under it, and a list that is none throws', () => {
  const words = made();
  assert.deepEqual(words.list('needs', 8), []);
  assert.deepEqual(words.list('needs', 99), []);
  for (const name of ['nothing', 'constructor', '']) {
    assert.throws(() => words.list(name), /no list/);
    assert.throws(() => words.textOf(name, 1), /no list/);
  }
});

test('the number of a newer client is said to be unknown, a retired one keeps its text', () => {
  const words = made();
  for (const id of [0, 3, 204, 65_535]) assert.equal(words.textOf('needs', id), 'Unknown');
  assert.equal(words.textOf('needs', 7), 'Not offered');
  assert.equal(words.textOf('needs', 205), 'Men too');
  assert.equal(words.textOf('needs', 1), 'A place');
});

test('a language is fetched from its own address without cookies, and a refusal rejects', async (t) => {
  /** @type {any[]} */
  const asked = [];
  const answers = (/** @type {boolean} */ ok, /** @type {any} */ what) =>
    t.mock.method(globalThis, 'fetch', async (/** @type {any[]} */ ...how) => {
      asked.push(how);
      return { ok, json: async () => what };
    });
  answers(true, file('ask', 'en'));
  const words = await load('ask', 'en');
  assert.deepEqual(asked, [['/static/words.ask.en.json', { credentials: 'omit' }]]);
  assert.deepEqual([words.code, words.language, words.unreviewed], ['en', 1, false]);
  answers(false, file('ask', 'en'));
  await assert.rejects(load('ask', 'xx'));
  answers(true, {});
  await assert.rejects(load('ask', 'xx'));
});

test('what is loaded later is added, and where that fails nothing changes', async () => {
  let fails = true;
  /** @type {string[][]} */
  const asked = [];
  const words = new Words(file('ask', 'es'), async (...what) => {
    asked.push(what);
    if (fails) throw new Error();
    return file('rest', 'es');
  });
  await assert.rejects(words.more('rest'));
  assert.throws(() => words.t('ask.more.title'), /words: no/);
  fails = false;
  await words.more('rest');
  assert.equal(words.t('ask.more.title'), file('rest', 'es').texts['ask.more.title']);
  assert.equal(words.t('ask.code.title'), file('ask', 'es').texts['ask.code.title']);
  assert.ok(words.list('soon').length && words.list('needs').length);
  assert.equal(words.textOf('language_codes', words.language), 'es');
  assert.deepEqual(asked, [['rest', 'es'], ['rest', 'es']]);
});

for (const code of ['en', 'es', 'ko', 'hi', 'ar', 'vi', 'tl', 'id']) {
  test(`R16: ${code} gives every choice of every list a number of its own and a text`, () => {
    const parts = PARTS.map((part) => file(part, code));
    const lists = Object.assign({}, ...parts.map((part) => part.lists));
    const words = new Words({ ...parts[0], lists });
    assert.equal(words.dir, code === 'ar' ? 'rtl' : 'ltr');
    assert.equal(words.unreviewed, code !== 'en');
    for (const name of Object.keys(lists)) {
      const all = words.list(name).flatMap((one) => [one, ...words.list(name, one.id)]);
      assert.equal(new Set(all.map((one) => one.id)).size, all.length, name);
      for (const one of all) assert.equal(words.textOf(name, one.id), one.text);
    }
  });
}
