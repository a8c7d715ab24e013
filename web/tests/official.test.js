/** Published vectors that nobody made for Towpath, through the browser's modules. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

import * as aead from '../src/client/aead.js';
import { utf8 } from '../src/encoding.js';
import { BadSignature, CannotOpen, Malformed } from '../src/errors.js';
import { hkdf, pbkdf2 } from '../src/kdf.js';
import * as ed25519 from '../src/public/ed25519.js';

const DATA = new URL('../../tests/official/data/', import.meta.url);

/**
 * Every test of a committed file of Wycheproof, with its group.
 * @param {string} name
 * @returns {{group: any, one: any}[]}
 */
function wycheproof(name) {
  const document = JSON.parse(readFileSync(new URL(name, DATA), 'utf8'));
  const tests = document.testGroups.flatMap((/** @type {any} */ group) =>
    group.tests.map((/** @type {any} */ one) => ({ group, one })),
  );
  assert.equal(tests.length, document.numberOfTests);
  return tests;
}

test('Ed25519: what Wycheproof says is valid verifies; what is not, and small orders, do not', async () => {
  for (const { group, one } of wycheproof('wycheproof_ed25519.json')) {
    // Left to the verifier; tests/crossing holds it to what Python says.
    if (one.result === 'acceptable' && one.flags.includes('MixedOrderPublicKey')) continue;
    const [message, signature] = [hexToBytes(one.msg), hexToBytes(one.sig)];
    const verify = () => ed25519.verify(hexToBytes(group.publicKey.pk), message, signature);
    if (one.result === 'valid') await verify();
    else await assert.rejects(verify, BadSignature, `${one.tcId}`);
  }
});

test('XChaCha20-Poly1305: Wycheproof seals, opens and refuses in its class', () => {
  for (const { one } of wycheproof('wycheproof_xchacha20_poly1305.json')) {
    const [key, nonce, aad] = [one.key, one.iv, one.aad].map(hexToBytes);
    const plaintext = hexToBytes(one.msg);
    const ciphertext = hexToBytes(one.ct + one.tag);
    assert(key && nonce && aad);
    if (one.result === 'valid') {
      assert.deepEqual(aead.seal(key, { nonce, aad, plaintext }), ciphertext, `${one.tcId}`);
      assert.deepEqual(aead.open(key, { nonce, aad, ciphertext }), plaintext, `${one.tcId}`);
    } else {
      const refusal = nonce.length === 24 ? CannotOpen : Malformed;
      assert.throws(() => aead.open(key, { nonce, aad, ciphertext }), refusal, `${one.tcId}`);
    }
  }
});

test('HKDF-SHA256: Wycheproof without a salt gives its bytes, and refuses too many', () => {
  const unsalted = wycheproof('wycheproof_hkdf_sha256.json').filter(({ one }) => !one.salt);
  assert(unsalted.length > 20);
  for (const { one } of unsalted) {
    const derive = () => hkdf(hexToBytes(one.ikm), { info: hexToBytes(one.info), length: one.size });
    if (one.result === 'valid') assert.equal(bytesToHex(derive()), one.okm, `${one.tcId}`);
    else assert.throws(derive);
  }
});

test('PBKDF2-HMAC-SHA256: the two cases of RFC 7914 give the first 32 bytes', async () => {
  const one = await pbkdf2(utf8('passwd'), utf8('salt'), 1);
  const other = await pbkdf2(utf8('Password'), utf8('NaCl'), 80000);
  assert.equal(
    bytesToHex(one),
    '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
  );
  assert.equal(
    bytesToHex(other),
    '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56',
  );
});
