// Plays the pages for asking and for answers, without pages: one command a line on the standard
// input ({"do": name, ...}), one answer a line on the standard output. Secrets come and go here
// alone. tests/web/test_flows.py drives it against a real server.


import * as ambient from '../flows/ambient.js';
import * as answers from '../flows/answers.js';
import * as ask from '../flows/ask.js';
import { byChoice } from '../flows/by_choice.js';
import * as choosing from '../flows/choosing.js';
import * as network_view from '../flows/network_view.js';
import * as ways from '../flows/ways.js';
import * as code_text from '../src/client/code_text.js';
import { make } from '../src/client/message.js';
import { b64 } from '../src/encoding.js';
import { serve } from './serve.js';

/** @typedef {Record<string, any>} Given what a command is told */

const at = { days: 0, seconds: 0 };
let session = ambient.session();
/** @type {choosing.Directory} */
let directory;
/** @type {any} */
let way;
/** @type {ask.Receipt | null} */
let receipt = null;
/** @type {any} */
let request;
/** @type {answers.Adding} */
let adding;
let worked = 0;

/** @param {ways.Way} way */
const shown = ({ statement, profile, last_epoch, view }) => ({
  name: statement.name,
  until: statement.until,
  profile,
  last_epoch,
  today: view.today,
  witnessed: view.witnessed,
  may_be_withheld: view.may_be_withheld,
});

/** @param {answers.Box} box */
const box = ({ delivered, answers: found, newer, unsigned }) => ({
  name: delivered.name,
  epoch: delivered.epoch,
  last_epoch: delivered.last_epoch,
  answers: found.map(({ slot, answer }) => ({
    slot,
    state: answer.state,
    epoch: answer.epoch,
    text: answer.text,
    try_another: answer.try_another.map(b64),
  })),
  newer,
  unsigned,
});

/** @param {Given} given */
async function holder({ receipt: typed, word = '' }) {
  const { secret } = code_text.read(typed, 'receipt');
  const { network_id } = await session.api.network();
  return answers.holder(secret, word, network_id);
}

/** @type {Record<string, (given: Given) => unknown>} */
const commands = {
  server({ base, days = 0, seconds = 0 }) {
    Object.assign(at, { days, seconds });
    const made = ambient.session(base);
    session = {
      ...made,
      today: () => made.today() + at.days,
      now: () => made.now() + at.seconds * 1000,
    };
  },
  later({ days = 0, seconds = 0 }) {
    Object.assign(at, { days: at.days + days, seconds: at.seconds + seconds });
  },
  async network() {
    const view = await network_view.fetch(session);
    return { version: view.policy.version, today: view.today };
  },
  async open({ code }) {
    way = await ways.byCode(session, code_text.read(code, 'code').secret);
    return way && shown(way);
  },
  async list(wanted) {
    directory = await choosing.fetch(session);
    return choosing.matching(directory.organisations, wanted).map((one) => one.statement.name);
  },
  choose({ name }) {
    const chosen = directory.organisations.find((one) => one.statement.name === name);
    if (!chosen) throw new Error('nobody of this name');
    way = byChoice(session, directory.view, chosen, () => {
      worked += 1;
    });
    return shown(way);
  },
  async receipt({ word = '' }) {
    receipt = await ask.makeReceipt(way.view.policy.network_id, word, session.random);
    return code_text.symbols(receipt.secret, 'receipt');
  },
  noReceipt() {
    receipt = null;
  },
  again: () => way.again(),
  async seal({ draft }) {
    request = await way.seal(make(draft), receipt);
    return { worked, bytes: request.envelope.length };
  },
  async send() {
    const sent = await way.send(request);
    request = sent.request;
    return sent.last_epoch;
  },
  delivered: () =>
    receipt && ask.isDelivered(session, request, receipt),
  async read(typed) {
    const found = await answers.read(session.api, await holder(typed));
    return found && box(found);
  },
  async startAdding({ said, ...typed }) {
    const who = await holder(typed);
    const delivered = await answers.delivered(session.api, who);
    if (delivered) adding = answers.startAdding(who, delivered, make(said));
  },
  add: () => answers.add(session.api, adding, session.random),
  withdraw: async (typed) => answers.withdraw(session.api, await holder(typed)),
  renew: async (typed) => answers.renew(session.api, await holder(typed)),
};

await serve(commands);
