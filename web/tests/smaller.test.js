// What the build takes out of a bundle, and what it must leave.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { build } from 'esbuild';

import { smaller, unreached, withoutMembers, withoutMessages } from '../build/smaller.js';

/** A bundle of two files, as esbuild writes one. @param {string} library @param {string} ours */
const bundle = (library, ours) =>
  `// node_modules/@a/b.js\n${library}\n// pages/c.js\n${ours}\n`;

test('a member of a package that nothing names goes, its comma with it', () => {
  const text = bundle('const kem = { open() { return 1; }, seal: () => 2, size: 3 };', 'kem.seal();');
  assert.equal(
    withoutMembers(text),
    bundle('const kem = { seal: () => 2,  };', 'kem.seal();'),
  );
});

test('what only members name that go, goes too, in rings as well', () => {
  const text = bundle('class A { one() { this.two(); } two() { this.one(); } three() {} }', 'x.three();');
  assert.equal(withoutMembers(text), bundle('class A {   three() {} }', 'x.three();'));
});

for (const [name, ours] of Object.entries({
  'after a dot': 'x.open();',
  'after a question mark': 'x?.open();',
  'in a pattern': 'const { open: mine } = x;',
  'in a text': 'x["open"]();',
  'among other words of a text': 'x("close open");',
  'in a template': 'x(`${y} open`);',
  'on the left of an equals sign': 'x.open = y;',
})) {
  test(`a member stays that is named ${name}`, () => {
    const text = bundle('class A { open() {} }', ours);
    assert.equal(withoutMembers(text), text);
  });
}

test('a member stays that one names which stays, or another bundle', () => {
  const text = bundle('class A { one() { this.two(); } two() {} }', 'x.one();');
  assert.equal(withoutMembers(text), text);
  const alone = bundle('class A { one() {} }', '');
  assert.equal(withoutMembers(alone, ['one']), alone);
  assert.notEqual(withoutMembers(alone, ['two']), alone);
});

test('what is called without a name stays, and what is computed or does something', () => {
  const text = bundle(
    'class A { constructor() {} toString() {} [x]() {} one = y(); static { z(); } }\n' +
      'Object.defineProperty(A, "x", { get() {}, enumerable: true });',
    '',
  );
  assert.equal(withoutMembers(text), text);
});

test('what is given to something that may read all of it stays', () => {
  const text = bundle(
    'new TextDecoder("utf-8", { fatal: true }); Object.values({ a: 1 }); Object.entries({ b() {} });',
    '',
  );
  assert.equal(withoutMembers(text), text);
});

for (const page of ['ask', 'answers']) {
  test(`${page}.js goes without these members of its packages, and no other`, async () => {
    const { outputFiles } = await build({
      absWorkingDir: new URL('..', import.meta.url).pathname,
      entryPoints: [`pages/${page}.js`],
      bundle: true,
      write: false,
      format: 'esm',
      external: ['./rest.js'],
    });
    const names = unreached(outputFiles[0]?.text ?? '').map((member) => member.name);
    // Copies, other names for lengths and orders, drawing keys, the halves that open, and what is
    // asked of small orders: public/ed25519.js asks it of the encoding.
    assert.deepEqual([...new Set(names)].sort(), [
      'Gx', 'Gy', 'RBGstrength', 'assertValidity', 'blockSize', 'calls', 'clearCofactor', 'clone',
      'decapsulate', 'fromAffine', 'getPublicKey', 'getSharedSecret', 'inv', 'isSmallOrder',
      'isTorsionFree', 'keygen', 'msg', 'msgRand', 'multiplyUnsafe', 'prepare', 'randomSecretKey',
      'smod', 'stats', 'xof', 'xofs',
    ]);
  });
}

test('nothing of ours goes, named or not', () => {
  const text = bundle('', 'const x = { open() {}, size: 1 }; class A { close() {} }');
  assert.equal(withoutMembers(text), text);
});

test('a bundle that does not say which file a line is of is refused', () => {
  assert.throws(() => withoutMembers('class A { open() {} }'), /which file/);
});

test('what errors say goes, and nothing else of them', () => {
  assert.equal(
    withoutMessages('if (x) throw new Error("size " + x, { cause }); throw new TypeError(`a${b}`);'),
    'if (x) throw new Error(); throw new TypeError();',
  );
  const others = 'throw new Trouble("answer"); Error("a"); new Map([["Error", "b"]]);';
  assert.equal(withoutMessages(others), others);
});

test('what is left does the same', async () => {
  const text = bundle(
    'class Sum { constructor(a) { this.a = a; } plus(b) { if (!b) throw new Error("none"); return this.a + b; } minus(b) { return this.a - b; } }',
    'export const three = new Sum(1).plus(2);',
  );
  const made = await smaller(text);
  assert.doesNotMatch(made, /minus|none/);
  const { three } = await import(`data:text/javascript,${encodeURIComponent(made)}`);
  assert.equal(three, 3);
});
