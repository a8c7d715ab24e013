// Plays an admin's page without a page: one command a line on the standard input ({"do": name, ...}),
// one answer a line on the standard output. tests/web/test_log_serials.py drives it.


import * as ambient from '../flows/ambient.js';
import * as log_serials from '../flows/log_serials.js';
import * as vetting from '../flows/vetting.js';
import * as desks from '../flows/vetting_desk.js';
import { unb64 } from '../src/encoding.js';
import * as policies from '../src/public/policy.js';
import { serve } from './serve.js';

/** @typedef {Record<string, any>} Given what a command is told */

let session = ambient.session();
/** @type {desks.Desk} */
let desk;

/** @param {string} name */
function itemOf(name) {
  const found = desk.items.find(({ opened }) => opened?.listing.name === name);
  if (!found) throw new Error('no application of this name');
  return found;
}

/** @type {Record<string, (given: Given) => unknown>} */
const commands = {
  server: ({ base }) => void (session = ambient.session(base)),
  serial: ({ organisation, policy }) =>
    log_serials.last(session, unb64(organisation), policies.parse(policy)),
  async unlock({ file, passphrase }) {
    desk = await desks.unlock({ file: unb64(file), passphrase, session });
  },
  async look() {
    await desks.look(desk);
    return desk.scene.listed.map(({ statement }) => statement.name);
  },
  mark: ({ name, ...mark }) => vetting.add(desk, itemOf(name), /** @type {any} */ (mark)),
  plan: async ({ name, days }) => (await vetting.plan(desk, itemOf(name), days)).statement.serial,
  async sign({ name }) {
    const item = itemOf(name);
    return vetting.sign(desk, item, await vetting.plan(desk, item));
  },
  suspension: async ({ name }) => (await ending(name)).serial,
  suspend: async ({ name }) => vetting.suspend(desk, await ending(name)),
};

/** @param {string} name */
async function ending(name) {
  const listed = desk.scene.listed.find(({ statement }) => statement.name === name);
  if (!listed) throw new Error('nobody of this name is listed');
  return await vetting.suspension(desk, listed);
}

await serve(commands);
