/** Reads the scenarios from disk: the one part of the runner that needs Node. */

import { readdirSync, readFileSync } from 'node:fs';

import { parse } from './runner.js';

/** Where the scenarios lie; nobody copies them. */
export const FOLDER = new URL('../../../docs/spec/vectors/', import.meta.url);

/**
 * Read every scenario, with the name of its file.
 * @param {URL} [folder]
 * @returns {{file: string, scenario: import('./runner.js').Scenario}[]}
 */
export function scenarios(folder = FOLDER) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, scenario: parse(readFileSync(new URL(file, folder), 'utf8')) }));
}
