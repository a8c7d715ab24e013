/**
 * Answers a line of JSON with another, so that tests in Python can set their side against this one.
 *
 * A question is {"operation": name, "inputs": as in a scenario}; an answer {"output": its parts,
 * bytes in hexadecimal}, {"refused": category} or {"error": text}. Beside the operations of the
 * scenarios there are a few that no scenario reaches.
 */

import process from 'node:process';
import { createInterface } from 'node:readline';

import { bytesToHex } from '@noble/hashes/utils.js';

import * as hpke from '../src/client/hpke.js';
import * as store from '../src/client/store.js';
import { Refused } from '../src/errors.js';
import * as wrapping from '../src/public/wrapping.js';
import { OPERATIONS } from './vectors/runner.js';
import { drawn, pick, unbytes } from './vectors/values.js';

/** @type {Record<string, import('./vectors/values.js').Operation>} */
const MORE = {
  hpke_public_key: (given) => ({ public_key: hpke.publicKey(unbytes(given.seed)) }),

  hpke_seal(given) {
    const { public_key, eseed, ...what } = pick(given, 'public_key', 'eseed', 'info', 'plaintext');
    return { sealed: hpke.seal(public_key, { ...what, random: drawn(eseed) }) };
  },

  hpke_open(given) {
    const { seed, ...what } = pick(given, 'seed', 'info', 'sealed');
    return { plaintext: hpke.open(seed, what) };
  },

  wrap(given) {
    const { wrap_key, lookup, plaintext } = pick(given, 'wrap_key', 'lookup', 'plaintext');
    const random = drawn(unbytes(given.nonce));
    return { wrapped: wrapping.wrap(wrap_key, given.table, lookup, plaintext, { random }) };
  },

  unwrap(given) {
    const { wrap_key, lookup, wrapped } = pick(given, 'wrap_key', 'lookup', 'wrapped');
    return { plaintext: wrapping.unwrap(wrap_key, given.table, lookup, wrapped) };
  },

  wrap_lookup: (given) => ({
    lookup: wrapping.lookup(unbytes(given.wrap_key), given.table, unbytes(given.id)),
  }),

  /** Open a store, and seal again what was in it. */
  reseal_store(given) {
    const secret = pick(given.secret, ...Object.keys(given.secret));
    const opened = store.openStore(unbytes(given.store), secret, 0n);
    return { store: store.sealStore(opened, { random: expanding(unbytes(given.random)) }) };
  },
};

/**
 * Return a source of randomness that cuts what it gives from these bytes.
 * @param {Uint8Array} bytes
 */
function expanding(bytes) {
  let at = 0;
  return (/** @type {number} */ size) => {
    at += size;
    if (at > bytes.length) throw new Error('no more bytes');
    return bytes.slice(at - size, at);
  };
}

/** @param {string} line */
async function answer(line) {
  const { operation, inputs } = JSON.parse(line);
  const found = MORE[operation] ?? OPERATIONS[operation];
  if (!found) return { error: 'no such operation' };
  try {
    return { output: await found(inputs) };
  } catch (error) {
    return error instanceof Refused ? { refused: error.category } : { error: String(error) };
  }
}

/**
 * @param {string} _name
 * @param {unknown} value
 */
function written(_name, value) {
  if (value instanceof Uint8Array) return bytesToHex(value);
  return typeof value === 'bigint' ? String(value) : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line), written)}\n`);
}
