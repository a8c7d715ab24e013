/**
 * The key that issues tokens: taken only where everybody sees it, in the log.
 *
 * A server that issues under another key for one provider could tell that one's tokens from all
 * others when they are spent.
 *
 * Source: docs/spec/tokens.md, 1; docs/spec/log.md, 1 and 4.
 */

import { HASH_BYTES, LABEL_TOKEN_KEY_ENTRY, TOKEN_ELEMENT_BYTES } from '../src/constants.js';
import { Refused } from '../src/errors.js';
import * as checkpoint from '../src/public/checkpoint.js';
import * as log from '../src/public/log.js';
import { formatEntry } from '../src/public/log_entries.js';
import * as notes from '../src/public/notes.js';
import { Trouble } from './troubles.js';
import * as wire from './wire.js';

/** @typedef {import('./api.js').NetworkDocument} NetworkDocument */

/**
 * Returns the key (32 bytes) of the period that begins at epoch `period`, or of the newest one.
 *
 * `document` has been checked (network_view.js), so that its checkpoint holds. Throws Trouble,
 * `tokens`, where it shows none, or one that the checkpoint's log does not have.
 *
 * Source: docs/spec/tokens.md, 1
 * @param {NetworkDocument} document
 * @param {number} [period]
 * @returns {Uint8Array}
 */
export function issuingKey(document, period) {
  const all = document.said.list('token_keys').map((value) => new wire.Fields(value));
  const wanted = period ?? Math.max(...all.map((one) => one.number('period')));
  const [shown, ...more] = all.filter((one) => one.number('period') === wanted);
  if (!shown || more.length) throw new Trouble('tokens');
  const key = shown.raw('public_key', TOKEN_ELEMENT_BYTES);
  const inclusion = {
    index: BigInt(shown.number('index')),
    hashes: shown.raws('hashes', HASH_BYTES),
  };
  try {
    checkLogged(document, { network_id: document.network_id, period: wanted, key }, inclusion);
  } catch (refused) {
    throw refused instanceof Refused ? new Trouble('tokens') : refused;
  }
  return key;
}

/**
 * @param {NetworkDocument} document
 * @param {import('../src/public/log_entries.js').TokenKeyEntry} said
 * @param {log.Inclusion} inclusion
 */
function checkLogged(document, said, inclusion) {
  const tree = checkpoint.parse(notes.parse(document.checkpoint).text);
  const entry = formatEntry({ label: LABEL_TOKEN_KEY_ENTRY, said });
  log.verifyInclusion(log.leafHash(entry), inclusion, tree);
}
