// What the pages for applying and vetting hold whatever they look like: look-alikes, days, criteria.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as look_alikes from '../flows/look_alikes.js';
import { dayOf, isBlocking, isoDay, sourceOf, straight, written } from '../pages/vetting_rules.js';
import { VETTING_CRITERIA } from '../src/constants.js';
import * as profiles from '../src/public/profile.js';

const SAID = { kind: [1], services: [1, 2, 3], police_ties: [1], funding: [1], reporting: [1] };

test('R21: names that people could take for one another are found', () => {
  for (const other of ['harbour  house', 'HARBOUR HOUSE', 'Härbour-House', 'Ｈarbour House']) {
    assert.deepEqual(look_alikes.alike('Harbour House', [other, 'Harbour Mill']), [other]);
  }
  assert.deepEqual(look_alikes.alike('Strasse', ['Straße']), ['Straße']);
});

test('R21: a word of several scripts is found, and no word of a language that mixes them', () => {
  for (const name of ['H\u0430rbour House', 'Harb\u03bfur']) assert(look_alikes.mixesScripts(name), name);
  for (const name of ['Harbour Дом', '東京ハウスの家', 'Casa de la Mañana', 'दीपक घर', '한국 漢字']) {
    assert(!look_alikes.mixesScripts(name), name);
  }
});

test('R21: a profile that is the same, or nearly the same, as another is found', () => {
  const one = profiles.make(SAID);
  const more = (/** @type {number[]} */ services) => profiles.make({ ...SAID, services });
  assert.equal(look_alikes.howAlike(one, more([3, 2, 1])), 'profile');
  assert.equal(look_alikes.howAlike(one, more([1, 2, 3, 4])), 'nearly');
  assert.equal(look_alikes.howAlike(one, more([1, 2])), 'nearly');
  assert.equal(look_alikes.howAlike(one, more([4, 5, 6])), undefined);
});

test('a day is read as it is written, each of a hundred years', () => {
  for (let epoch = 1; epoch < 40_000; epoch += 7) assert.equal(dayOf(isoDay(epoch)), epoch);
  assert.equal(dayOf(' 2024-02-29 '), 19_782);
});

test('what is no day is none', () => {
  const wrong = ['', 'yesterday', '2026-02-29', '2026-13-01', '2026-00-10', '29.11.2026', '1969-12-31'];
  for (const typed of wrong) assert.equal(dayOf(typed), undefined, typed);
});

test('R21: each criterion has a source, and five of them block', () => {
  const all = Array.from({ length: VETTING_CRITERIA }, (_, at) => at + 1);
  assert(all.every((one) => sourceOf(one) !== ''));
  assert.deepEqual(all.filter(isBlocking), [1, 2, 3, 5, 7]);
});

test('a key is written so that two people can compare it, and no text turns another', () => {
  assert.equal(written(Uint8Array.of(0, 1, 2, 253, 254, 255)), '000102fd feff');
  assert.equal(straight('a\u202eb\u2066c'), 'abc');
});
