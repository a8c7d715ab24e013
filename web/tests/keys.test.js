// Numbers in place of keys, in what is built.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atOnce, common, numbered } from '../build/keys.js';
import { begin } from '../pages/ask.js';
import { KEYS } from '../pages/words.js';
import { words } from './pages_support.js';

const GIVEN = { stamp: 'abc', keys: ['shared.leave', 'ask.code.title'] };

test('a key becomes its number, and nothing else changes', () => {
  const text = 't("ask.code.title"),t(a?"shared.leave":"x"),u("./ask.js#1","ask"),"words.keys"';
  assert.equal(numbered(text, GIVEN), 't(1),t(a?0:"x"),u("./ask.js#1","ask"),"abc"');
});

test('what has the form of a key and is none fails the build', () => {
  assert.throws(() => numbered('t("ask.code.titel")', GIVEN), /ask\.code\.titel/);
  assert.throws(() => numbered('t(`ask.code.${a}`)', GIVEN), /put together/);
});

test('what is loaded at once names nothing of what is loaded later', () => {
  assert.throws(() => numbered('t("ask.code.title")', atOnce({ ...GIVEN, first: 1 })), /no key/);
});

test('every page has what all of them load under one number', () => {
  const pages = [GIVEN, { stamp: 'def', keys: ['shared.leave', 'answers.title'] }];
  assert.deepEqual(common(pages).keys, ['shared.leave']);
});

test('a page takes no words of another build', async () => {
  const others = words();
  others.keys = 'others';
  assert.throws(() => begin({ main: /** @type {any} */ ({}), words: others }));
  await assert.rejects(others.more('rest'));
  assert.equal(words().keys, KEYS);
});
