/** Requests as they travel: what the scenarios leave out of the canonical form and its armour. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Malformed } from '../src/errors.js';
import * as requests from '../src/public/requests.js';

const WALK_IN = requests.walkIn({
  epoch: 20780,
  nonce: new Uint8Array(8).fill(1),
  envelope: new Uint8Array(5273).fill(2),
});
const MARKS = ['-----BEGIN TOWPATH REQUEST-----', '-----END TOWPATH REQUEST-----'];

test('a walk-in of every other kind is none', () => {
  const form = requests.encode(WALK_IN);
  assert.deepEqual(requests.decode(form), { ...WALK_IN, box: undefined });
  for (const kind of [0, 1, 2, 4, 255]) {
    const other = form.map((byte, at) => (at ? byte : kind));
    assert.throws(() => requests.decode(other), Malformed);
  }
});

test('a mark more, before or behind, makes none of an armour', () => {
  const armour = requests.armour(WALK_IN);
  assert.deepEqual(requests.fromArmour(`> ${armour}\n>`), { ...WALK_IN, box: undefined });
  for (const mark of MARKS) {
    assert.throws(() => requests.fromArmour(`${armour}${mark}`), Malformed);
    assert.throws(() => requests.fromArmour(`${mark}\n${armour}`), Malformed);
  }
  const [begin, end] = MARKS;
  const inside = armour.split('\n').slice(1, -2).join('\n');
  assert.throws(() => requests.fromArmour(`${end}\n${begin}\n${inside}x`), Malformed);
});

test('a part of another length is refused when it is put in', () => {
  const short = new Uint8Array(3);
  for (const name of ['nonce', 'envelope']) {
    assert.throws(() => requests.walkIn({ ...WALK_IN, [name]: short }), Malformed);
  }
  for (const epoch of [-1, 2 ** 32, 0.5, NaN]) {
    assert.throws(() => requests.walkIn({ ...WALK_IN, epoch }), Malformed);
  }
  assert.throws(() => requests.walkInTag(short), Malformed);
});

test("a walk-in's tag by the browser's own hash is the same, and refuses the same", async () => {
  const envelope = Uint8Array.from({ length: 5273 }, (_, at) => at % 251);
  assert.deepEqual(await requests.walkInTagQuickly(envelope), requests.walkInTag(envelope));
  for (const length of [0, 5272, 5274]) {
    await assert.rejects(requests.walkInTagQuickly(new Uint8Array(length)), Malformed);
  }
});
