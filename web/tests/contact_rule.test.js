// How somebody may be reached now, additions included (R15).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ruleOf } from '../flows/contact_rule.js';
import { make } from '../src/client/message.js';

const SAID = make({
  never: [1, 2],
  channels: [1],
  hours: [3],
  contact: 'the bakery',
  safe_word: 'heron',
});

/** @param {Partial<import('../src/client/message.js').Message>[]} all */
const after = (...all) => ruleOf(SAID, all.map((said, at) => ({ number: at + 1, said: make(said) })));

test('what was said at first holds as long as nothing else was said', () => {
  const rule = after({ text: 'thank you' }, { needs: [1] });
  assert.deepEqual(rule, {
    never: [1, 2],
    channels: [1],
    hours: [3],
    contact: 'the bakery',
    safe_word: 'heron',
    changed: 0,
  });
});

test('the latest word on each point holds, and the others stay', () => {
  const rule = after({ channels: [2], contact: 'the school' }, { hours: [5] });
  assert.deepEqual(
    [rule.channels, rule.contact, rule.hours, rule.safe_word, rule.changed],
    [[2], 'the school', [5], 'heron', 2],
  );
});

test('what must never be done only grows: no addition takes anything back', () => {
  assert.deepEqual(after({ never: [4] }, { never: [2] }, { channels: [2] }).never, [1, 2, 4]);
  assert.equal(after({}, { never: [4] }, {}).changed, 2);
});
