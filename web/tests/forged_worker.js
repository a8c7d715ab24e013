// Takes what a server shows of an organisation, one line of JSON each (tests/threats/forging.py), and
// says what the page makes of it: behind a code, and in the directory. An empty string: accepted.

import { createInterface } from 'node:readline';

import { Api } from '../flows/api.js';
import * as choosing from '../flows/choosing.js';
import { directory as listed } from '../flows/directory.js';
import * as network_view from '../flows/network_view.js';
import { Trouble } from '../flows/troubles.js';
import { unb64url } from '../flows/wire.js';
import * as record from '../src/client/record.js';
import * as record_check from '../src/client/record_check.js';
import { utf8 } from '../src/encoding.js';
import { Refused } from '../src/errors.js';
import { checkWeeklyKey } from '../src/public/organisation_keys.js';

/** @typedef {Record<string, any>} Given */

/** @type {any} the code's keys, said first */
let keys;
let day = 0;

/** @param {Given} given */
function session({ network, directory, before }) {
  /** @type {Record<string, unknown>} */
  const said = { '/v1/network': network, '/v1/directory': directory };
  const call = async (/** @type {string} */ path) => ({
    status: 200,
    header: () => 'application/json',
    body: utf8(JSON.stringify(said[path])),
  });
  const seen = before && {
    ...before,
    size: BigInt(before.size),
    root: unb64url(before.root),
    network_id: unb64url(before.network_id),
  };
  return /** @type {any} */ ({
    api: new Api(/** @type {any} */ ({ call })),
    today: () => day,
    pause: async () => undefined,
    seen,
  });
}

/** @param {() => Promise<unknown>} look */
async function refusal(look) {
  try {
    await look();
    return '';
  } catch (refused) {
    if (refused instanceof Refused) return refused.category;
    if (refused instanceof Trouble) return refused.category ?? refused.kind;
    throw refused;
  }
}

/**
 * What one page makes of what a server shows it in turn, in one visit: `why` of each, or an empty string.
 * @param {Given[]} networks
 */
async function visited(networks) {
  const here = session({ network: networks[0] });
  const said = [];
  for (const network of networks) {
    here.api = session({ network }).api;
    try {
      await network_view.fetch(here);
      said.push('');
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      said.push(trouble.why ?? trouble.kind);
    }
  }
  return said;
}

/** @param {Given} given */
async function looked(given) {
  const here = session(given);
  /** @type {network_view.View | undefined} */
  let view;
  const network = await refusal(async () => {
    view = await network_view.fetch(here);
  });
  if (!view) return { code: network, directory: network, chosen: 0 };
  const { network: now, policy } = view;
  const code = await refusal(async () => {
    const contents = record.open(unb64url(given.record), keys, policy.network_id);
    await record_check.check(contents, keys.locator, now);
  });
  const directory = await refusal(async () => {
    const [one] = await listed(here.api);
    if (!one || !view) throw new Error('nobody is listed');
    const { statement } = await choosing.checkListed(one, view);
    const [key] = one.weekly_keys;
    if (key) await checkWeeklyKey(key, statement, view.today);
  });
  const { organisations } = await choosing.fetch(here);
  return { code, directory, chosen: choosing.matching(organisations).length };
}

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  if (given.keys) {
    keys = Object.fromEntries(
      Object.entries(given.keys).map(([name, value]) => [name, unb64url(/** @type {string} */ (value))]),
    );
    day = given.day;
  } else {
    const made = await (given.visit ? visited(given.visit) : looked(given));
    process.stdout.write(`${JSON.stringify(made)}\n`);
  }
}
