/**
 * A code as a member typed it: one that is only near to what was typed is none.
 *
 * Source: docs/spec/codes.md, 4.
 */

import * as code_text from '../src/client/code_text.js';
import { Refused } from '../src/errors.js';
import { Trouble } from './troubles.js';

/**
 * Returns the code (10 bytes); throws Trouble `input`.
 * @param {string} typed
 * @returns {Uint8Array}
 */
export function typedCode(typed) {
  try {
    const { secret, how } = code_text.read(typed, 'code');
    if (how === 'suggested') throw new Trouble('input');
    return secret;
  } catch (refused) {
    if (refused instanceof Refused) throw new Trouble('input', { category: refused.category });
    throw refused;
  }
}
