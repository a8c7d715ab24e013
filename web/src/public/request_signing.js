/**
 * Signed calls: HTTP message signatures (RFC 9421, RFC 9530) in the one form that Towpath takes.
 *
 * Source: docs/spec/http.md, 7
 */

import { sha256 } from '@noble/hashes/sha2.js';

import { COUNTER_MOST, ED25519_PUBLIC_KEY_BYTES, NETWORK_ID_BYTES } from '../constants.js';
import { b64, unb64, utf8 } from '../encoding.js';
import { BadSignature, Malformed } from '../errors.js';
import { fixed } from '../fields.js';
import * as ed25519 from './ed25519.js';
import * as note_signing from './note_signing.js';

const NAME = 'towpath=';
const COMPONENTS = '("@method" "@path" "@query" "content-digest")';
const PARAMETERS =
  /^;nonce="([1-9][0-9]{0,18})";keyid="([A-Za-z0-9_-]{43})";tag="towpath\/v1\/[A-Za-z0-9_-]{43}"$/;
const SIGNATURE = /^towpath=:([A-Za-z0-9+/]{86}==):$/;
// A line feed in one of these would let one request be signed and another be read.
const METHOD = /^[A-Z]{1,16}$/;
const PATH = /^\/[!-~]*$/;
const QUERY = /^[!-~]*$/;

/**
 * @typedef {object} Signed The values of the headers Content-Digest, Signature-Input, Signature.
 * @property {string} digest
 * @property {string} signature_input
 * @property {string} signature
 *
 * @typedef {object} Claim Who says that she signed.
 * @property {Uint8Array} key Her key, 32 bytes.
 * @property {bigint} counter That she gave the call.
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path As it stands in the request.
 * @property {string} query Without `?`, as it stands in the request.
 * @property {Uint8Array} body
 * @property {Uint8Array} network_id 32 bytes.
 */

/**
 * Sign a call with a member's or admin's Ed25519 seed (32 bytes).
 *
 * `counter` is 1 to 2^63 - 1, above every one before. Refuses as Malformed what can't stand there.
 *
 * Source: docs/spec/http.md, 7
 * @param {Uint8Array} seed
 * @param {Call & {counter: bigint}} call
 * @returns {Signed}
 */
export function sign(seed, call) {
  const { counter, network_id } = call;
  if (counter < 1n || counter > COUNTER_MOST) throw new Malformed();
  const signature_input = writeInput({ key: note_signing.publicOf(seed), counter }, network_id);
  const digest = digestOf(call.body);
  const signature = note_signing.sign(seed, baseOf(call, digest, signature_input));
  return { digest, signature_input, signature: `${NAME}:${b64(signature)}:` };
}

/**
 * Return who claims to have signed, of which nothing is checked yet, for a network (32 bytes).
 *
 * Refuses as BadSignature anything but the one form of this network.
 *
 * Source: docs/spec/http.md, 7
 * @param {string} signature_input
 * @param {Uint8Array} network_id
 * @returns {Claim}
 */
export function read(signature_input, network_id) {
  const parameters = signature_input.slice((NAME + COMPONENTS).length);
  const [, counter = '', keyid = ''] = PARAMETERS.exec(parameters) ?? [];
  if (!counter) throw new BadSignature();
  const claim = { key: keyOf(keyid), counter: BigInt(counter) };
  // Written again and compared: spare bits of the key, and the tag of another network.
  if (claim.counter > COUNTER_MOST || writeInput(claim, network_id) !== signature_input) {
    throw new BadSignature();
  }
  return claim;
}

/**
 * Check the three headers of a call and return who signed it, with her counter.
 *
 * Whether the key is known and the counter is new, the caller asks. Refuses as BadSignature.
 *
 * Source: docs/spec/http.md, 7
 * @param {Signed} signed
 * @param {Call} call
 * @returns {Promise<Claim>}
 */
export async function verify(signed, call) {
  const claim = read(signed.signature_input, call.network_id);
  const [, encoded = ''] = SIGNATURE.exec(signed.signature) ?? [];
  // The digest is of the body, so that it is no secret.
  if (!encoded || signed.digest !== digestOf(call.body)) throw new BadSignature();
  let message, signature;
  try {
    message = baseOf(call, signed.digest, signed.signature_input);
    signature = unb64(encoded);
  } catch {
    throw new BadSignature();
  }
  await ed25519.verify(claim.key, message, signature);
  return claim;
}

/** @param {Uint8Array} body */
function digestOf(body) {
  return `sha-256=:${b64(sha256(body))}:`;
}

/**
 * @param {Claim} claim
 * @param {Uint8Array} network_id
 */
function writeInput({ key, counter }, network_id) {
  const tag = `towpath/v1/${b64url(fixed(network_id, NETWORK_ID_BYTES))}`;
  return `${NAME}${COMPONENTS};nonce="${counter}";keyid="${b64url(key)}";tag="${tag}"`;
}

/**
 * @param {Call} call
 * @param {string} digest
 * @param {string} signature_input
 */
function baseOf({ method, path, query }, digest, signature_input) {
  if (!METHOD.test(method) || !PATH.test(path) || !QUERY.test(query)) throw new Malformed();
  const lines = [
    `"@method": ${method}`,
    `"@path": ${path}`,
    `"@query": ?${query}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${signature_input.slice(NAME.length)}`,
  ];
  return utf8(lines.join('\n'));
}

/** @param {Uint8Array} value */
function b64url(value) {
  return b64(value).replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
}

/** @param {string} value 43 characters of base64url; spare bits are forgiven. */
function keyOf(value) {
  const bytes = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from({ length: ED25519_PUBLIC_KEY_BYTES }, (_, at) => bytes.charCodeAt(at));
}
