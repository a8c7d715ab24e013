/**
 * Runs one scenario and says whether it came out as its file expects.
 *
 * Nothing here or in the operations needs Node, so that a browser can run the same.
 */

import { Refused } from '../../src/errors.js';
import { OPERATIONS as admission } from './operations/admission.js';
import { OPERATIONS as calls } from './operations/calls.js';
import { OPERATIONS as invites } from './operations/invites.js';
import { OPERATIONS as logs } from './operations/logs.js';
import { OPERATIONS as plain } from './operations/plain.js';
import { OPERATIONS as records } from './operations/records.js';
import { OPERATIONS as sealed } from './operations/sealed.js';
import { OPERATIONS as secrets } from './operations/secrets.js';
import { OPERATIONS as signed } from './operations/signed.js';
import { OPERATIONS as stores } from './operations/stores.js';
import { OPERATIONS as vetting } from './operations/vetting.js';
import { same } from './values.js';

/** @typedef {import('./values.js').Operation} Operation */

/**
 * What a file says.
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} expect
 * @property {string} section
 * @property {string} comment
 * @property {string} operation
 * @property {import('./values.js').Given} inputs
 * @property {import('./values.js').Given} [output]
 */

export const OK = 'ok';
const KEYS = ['name', 'expect', 'section', 'comment', 'operation', 'inputs', 'output'];

/** @type {Readonly<Record<string, Operation>>} */
export const OPERATIONS = {
  ...secrets,
  ...plain,
  ...sealed,
  ...admission,
  ...signed,
  ...records,
  ...stores,
  ...calls,
  ...invites,
  ...logs,
  ...vetting,
};

/**
 * Read the text of a file; another key than those of a scenario is an error.
 * @param {string} text
 * @returns {Scenario}
 */
export function parse(text) {
  const scenario = JSON.parse(text);
  for (const key of Object.keys(scenario)) {
    if (!KEYS.includes(key)) throw new Error(`another key: ${key}`);
  }
  return scenario;
}

/**
 * Say what came out otherwise than expected; undefined when nothing did.
 * @param {Scenario} scenario
 * @returns {Promise<string | undefined>}
 */
export async function fault(scenario) {
  const operation = OPERATIONS[scenario.operation];
  if (!operation) return `no operation ${scenario.operation}`;
  let output;
  try {
    output = await operation(scenario.inputs);
  } catch (error) {
    if (!(error instanceof Refused)) return `ended in ${error}`;
    return error.category === scenario.expect ? undefined : `refused as ${error.category}`;
  }
  if (scenario.expect !== OK) return 'not refused';
  return same(scenario.output, output) ? undefined : 'another output';
}
