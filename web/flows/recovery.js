/** The recovery sheet: a member's keys from a secret on paper. */

import { Trouble } from './troubles.js';

/** @param {import('./desk.js').Desk} desk @returns {string} */
export function make(desk) {
  throw new Trouble('other', { status: desk ? 0 : 1 });
}

/** @param {string} typed */
export const isSecret = (typed) => typed.length > 0;

/**
 * @param {import('./ambient.js').Session} session
 * @param {{typed: string, name: string, passphrase: string, onProgress: (done: number) => void}} given
 * @returns {Promise<{desk: import('./desk.js').Desk, key_file: Uint8Array}>}
 */
export async function recover(session, given) {
  throw new Trouble('other', { status: session && given ? 0 : 1 });
}
