// What comes back from a server is read strictly: what has not exactly its form is no answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Trouble } from '../flows/troubles.js';
import * as wire from '../flows/wire.js';

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const loads = (/** @type {string} */ text) => wire.loads(bytes(text));
const isGarbled = (/** @type {unknown} */ trouble) => trouble instanceof Trouble && trouble.kind === 'answer';
/** @param {() => unknown} read @param {string} [about] */
const refuses = (read, about) => assert.throws(read, isGarbled, about);

test('bytes go out as canonical base64url and come back as the same', () => {
  for (let size = 0; size < 70; size += 1) {
    const value = Uint8Array.from({ length: size }, (_, at) => (at * 89 + size * 151) & 255);
    const written = wire.b64url(value);
    assert.match(written, /^[-\w]*$/);
    assert.deepEqual(wire.unb64url(written), value);
  }
});

test('what is not canonical base64url is refused', () => {
  const wrong = ['AA==', 'A', 'AB', '+/+/', 'A A', 'AAAA\n', 'ÄÄ', '=', 'AAAA=', '\u0000'];
  for (const value of [...wrong, 1, null, undefined, [], {}]) {
    refuses(() => wire.unb64url(value), String(value));
  }
});

test('an object is written without loose ends: bytes as text, what is not there as null', () => {
  const values = { a: Uint8Array.of(255, 255), b: { c: [Uint8Array.of(0)] }, d: undefined, e: 0 };
  assert.equal(wire.dumps(values), '{"a":"__8","b":{"c":["AA"]},"d":null,"e":0}');
});

test('what is no JSON object, or a loose one, is refused', () => {
  const wrong = [
    '', '[]', 'null', '1', '"a"', '{', '{"a":1,}', "{'a':1}", '{"a":NaN}', '{"a":Infinity}',
    '{"a":1}{"b":2}', '\ufeff{}', '{"a":1,"a":2}', '{"b":{"a":1,"a":1}}', '{"b":[{"a":1,"a":2}]}',
    '{"\\u0061":1,"a":2}', '{"a":1.0}', '{"a":1e0}', '{"a":1E2}', '{"__proto__":1,"__proto__":2}',
  ];
  for (const text of wrong) refuses(() => loads(text), text);
  refuses(() => wire.loads(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), 'no UTF-8');
  refuses(() => loads(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 'very deep');
});

test('a key that this version does not know is left alone, and so are signs within texts', () => {
  const said = loads('{"a":1,"b":{"x:y":"1.5 {\\"c\\":2e3,\\\\"},"d":[true,null,"\\u003a"]}');
  assert.equal(said.number('a'), 1);
});

test('a key that is missing is refused, whatever objects have of themselves', () => {
  const said = loads('{"a":1}');
  for (const key of ['b', 'toString', '__proto__', 'constructor', 'length']) {
    refuses(() => said.number(key), key);
    refuses(() => said.text(key), key);
    refuses(() => said.raw(key), key);
  }
});

test('each value is of its kind and size, or refused', () => {
  const text =
    '{"n":-1,"f":9007199254740993,"t":true,"s":"AAAA","l":["AAAA","AA"],"o":[{"n":3},1],"z":null}';
  const said = loads(text);
  assert.equal(said.get('t'), true);
  assert.equal(said.list('o').length, 2);
  assert.equal(said.raw('s', 3).length, 3);
  assert.equal(said.raws('l').length, 2);
  const wrong = [
    () => said.number('n'),
    () => said.number('f'),
    () => said.number('t'),
    () => said.number('s'),
    () => said.number('z'),
    () => said.text('t'),
    () => said.text('l'),
    () => said.utf8('l'),
    () => said.utf8s('o'),
    () => said.utf8s('s'),
    () => said.raw('s', 4),
    () => said.raw('l'),
    () => said.raws('l', 3),
    () => said.raws('s'),
    () => said.raws('o'),
    () => said.list('n'),
    () => said.list('t'),
  ];
  for (const read of wrong) refuses(read, String(read));
  refuses(() => loads('{"n":256}').number('n', 255));
});

test('a text is what was written, byte for byte, or refused where half of a letter is written', () => {
  const said = loads('{"t":"— \\ud83d\\ude00\\n","l":["é",""],"h":"\\ud83d","k":["a","\\udc00"]}');
  assert.equal(said.text('t'), '— 😀\n');
  assert.deepEqual(said.utf8('t'), bytes('— 😀\n'));
  assert.deepEqual(said.utf8s('l'), [bytes('é'), bytes('')]);
  for (const read of [() => said.text('h'), () => said.utf8('h'), () => said.utf8s('k')]) refuses(read);
});
