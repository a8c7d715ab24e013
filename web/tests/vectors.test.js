/** Every scenario of docs/spec/vectors comes out in the browser's modules as it says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as errors from '../src/errors.js';
import { scenarios } from './vectors/files.js';
import { fault, OK, OPERATIONS, parse } from './vectors/runner.js';
import { same } from './vectors/values.js';

const NEVER_REFUSED = [
  'add_suspended',
  'code_last_epoch',
  'may_be_withheld',
  'sender_today',
  'token_period',
  'vetting_missing',
];
const ALL = scenarios();
const NAMES = [...new Set(ALL.map(({ scenario }) => scenario.operation))].sort();

for (const { file, scenario } of ALL) {
  test(scenario.name, async () => {
    assert.equal(file, `${scenario.name}.json`);
    const found = await fault(scenario);
    const { comment, expect } = scenario;
    assert.equal(found, undefined, `${comment} Expected ${expect}, but ${found}`);
  });
}

/**
 * @param {string} expect
 * @param {string} operation
 */
function one(expect, operation) {
  const found = ALL.find(
    ({ scenario }) => scenario.expect === expect && scenario.operation === operation,
  );
  assert(found);
  return found.scenario;
}

/**
 * @param {object} output
 * @param {string} name
 */
function lacking(output, name) {
  return Object.fromEntries(Object.entries(output).filter(([one]) => one !== name));
}

test('the scenarios use every operation here, and no other', () => {
  assert.deepEqual(Object.keys(OPERATIONS).sort(), NAMES);
});

test('each operation comes out well somewhere and is refused somewhere', () => {
  for (const name of NAMES) {
    const expected = ALL.filter(({ scenario }) => scenario.operation === name);
    assert(expected.some(({ scenario }) => scenario.expect === OK), name);
    const refused = expected.some(({ scenario }) => scenario.expect !== OK);
    assert.equal(refused, !NEVER_REFUSED.includes(name), name);
  }
});

test('the categories of the scenarios are the refusals here, and no other', () => {
  const categories = Object.values(errors).map((Refusal) => new Refusal().category || OK);
  const expected = new Set(ALL.map(({ scenario }) => scenario.expect));
  assert.deepEqual([...expected].sort(), categories.sort());
});

test('a wrong expectation is noticed', async () => {
  const [refused, held] = [one('CannotOpen', 'open_record'), one(OK, 'code_keys')];
  const psk = { ...held.output, psk: '00'.repeat(32) };
  const without = lacking(psk, 'psk');
  const wrong = [
    { ...refused, expect: 'Malformed' },
    { ...refused, expect: 'BadSignature' },
    { ...refused, expect: OK, output: {} },
    { ...held, expect: 'Malformed' },
    { ...held, operation: 'no_such_operation' },
    { ...held, inputs: {} },
    ...[psk, without, { ...held.output, more: 1 }, undefined].map((output) => ({ ...held, output })),
  ];
  assert.equal(await fault(refused), undefined);
  assert.equal(await fault(held), undefined);
  for (const scenario of wrong) assert(await fault(scenario));
});

test('another key in a file is noticed', () => {
  assert.throws(() => parse('{"name": "x", "operations": "read_code"}'));
});

for (const operation of NAMES) {
  test(`${operation}: changed outputs are noticed`, async () => {
    const { inputs, output = {} } = one(OK, operation);
    const actual = await OPERATIONS[operation]?.(inputs);
    assert(same(output, actual));
    assert(!same({ ...output, more: '' }, actual));
    for (const name of Object.keys(output)) {
      assert(!same({ ...output, [name]: '00' }, actual), name);
      assert(!same(lacking(output, name), actual), name);
    }
  });
}
