// Plays the inbox of a provider without a page: one command a line on the standard input
// ({"do": name, ...}), one answer a line on the standard output. Secrets come and go here alone.
// tests/web/test_desk.py drives it against a real server.


import * as ambient from '../flows/ambient.js';
import * as answering from '../flows/answering.js';
import * as cancelling from '../flows/cancelling.js';
import * as cases from '../flows/cases.js';
import * as desks from '../flows/desk.js';
import * as exporting from '../flows/exporting.js';
import * as handing from '../flows/handing.js';
import * as joining from '../flows/joining.js';
import * as kept from '../flows/kept.js';
import * as members from '../flows/members.js';
import * as publish from '../flows/publish.js';
import * as stock_data from '../flows/stock_data.js';
import { counted, Keeper } from '../flows/stocking.js';
import * as store_sync from '../flows/store_sync.js';
import * as syncs from '../flows/sync.js';
import * as watch from '../flows/watch.js';
import * as walk_in_keys from '../flows/walk_in_keys.js';
import { b64, unb64 } from '../src/encoding.js';
import { Trouble } from '../flows/troubles.js';
import { serve } from './serve.js';

/** @typedef {Record<string, any>} Given what a command is told */

const at = { days: 0, seconds: 0 };
let session = ambient.session();
/** @type {desks.Desk} */
let desk;
/** @type {Keeper} */
let keeper;
/** @type {any} */
let invited;
/** @type {any} */
let accepted;
/** @type {any} */
let invitation;

const SAY = {
  field: (/** @type {string} */ name) => name,
  choice: (/** @type {string} */ list, /** @type {number} */ id) => `${list}:${id}`,
  day: (/** @type {number} */ epoch) => `day ${epoch}`,
};

/** @param {string} name */
function idOf(name) {
  const all = [...cases.listed(desk.read()), ...cases.listed(desk.read(), { closed: true })];
  const found = all.find((one) => one.name === name);
  if (!found) throw new Trouble('no_case');
  return found.case_id;
}

/** @param {cases.Opened} one */
const shown = (one) => ({
  name: one.name,
  rule: one.contact_rule,
  state: one.state,
  taker: one.taker,
  note: one.note,
  text: one.said.text,
  needs: one.said.needs,
  additions: one.follow_ups.map(({ said }) => said.text),
  answers: one.answers.map(({ slot, answer }) => ({ slot, state: answer.state, text: answer.text })),
  waiting: one.waiting?.text ?? null,
  wants_answers: one.wants_answers,
});

/** @param {syncs.Synced} done */
const synced = ({ filed, rows, sent, taken, overruled, may_be_withheld }) => ({
  ...filed,
  rows,
  sent,
  taken: taken.map(({ answer }) => answer.text),
  overruled: overruled.length,
  may_be_withheld,
});

/** @type {Record<string, (given: Given) => unknown>} */
const commands = {
  server({ base, days = 0, seconds = 0 }) {
    Object.assign(at, { days, seconds });
    const made = ambient.session(base);
    session = {
      ...made,
      today: () => made.today() + at.days,
      now: () => made.now() + at.days * 86_400_000 + at.seconds * 1000,
    };
  },
  later({ days = 0, seconds = 0 }) {
    Object.assign(at, { days: at.days + days, seconds: at.seconds + seconds });
  },
  async unlock({ file, passphrase }) {
    let told = 0;
    const onProgress = () => (told += 1);
    desk = await desks.unlock({ file: unb64(file), passphrase, session, onProgress });
    keeper = new Keeper(desk);
    return told > 2;
  },
  async sync() {
    return synced(await syncs.sync(desk));
  },
  async fetch() {
    return (await store_sync.fetch(desk)).length;
  },
  news: () => (desk.log?.news ?? []).map(({ kind }) => kind),
  putAway: () => watch.putAway(desk),
  due: () => watch.due(desk)?.kind ?? null,
  seen: () => kept.logEdge(desk.read()).size,
  unsaved: () => desk.unsaved,
  dateIsRight: () => void (desk.date_is_right = true),
  opened: () => desk.opened && { name: desk.opened.name ?? null, day: desk.opened.day },
  generation: () => Number(desk.base.store.generation),
  list: ({ closed = false }) => cases.listed(desk.read(), { closed }).map((one) => one.name),
  show: ({ name }) => shown(cases.find(desk.read(), idOf(name))),
  take: ({ name }) => cases.take(desk, idOf(name)),
  note: ({ name, text }) => cases.note(desk, idOf(name), text),
  close: ({ name }) => cases.close(desk, idOf(name)),
  workload: () =>
    cases.workload(desk.read()).map((one) => ({ ...one, member_id: undefined })),
  answer: ({ name, try_another, ...wanted }) =>
    answering.answer(desk, idOf(name), {
      .../** @type {answering.Wanted} */ (wanted),
      ...(try_another ? { try_another: try_another.map(unb64) } : {}),
    }),
  others: async (wanted) =>
    (await answering.others(desk, wanted)).map(({ statement }) => ({
      name: statement.name,
      key: b64(statement.organisation),
    })),
  csv: ({ name }) => exporting.csv(exporting.table(cases.find(desk.read(), idOf(name)), SAY)),
  lock: async () => {
    await syncs.sync(desk, { leaving: true });
    desk.lock();
  },
  forget: () => desk.lock(),
  room: ({ walk_ins, capacity = 0 }) => walk_in_keys.setRoom(desk, { walk_ins, capacity }),
  turn: () => keeper.turn(),
  // The moments of a stock are next week's, when a server of today would not take its codes: here
  // they are brought forward, and the stock's own clock stays.
  async turnLater() {
    desk.edit((store) => {
      const stock = stock_data.of(store, desk.device);
      const waiting = stock.waiting.map((one, index) => (index ? one : { ...one, due: 1n }));
      return stock_data.put(store, desk.device, { ...stock, waiting });
    });
    return keeper.turn();
  },
  counted: () => counted(desk),
  saved: () => publish.saved(desk).length,
  moments: () => stock_data.of(desk.read(), desk.device).waiting.map((one) => Number(one.due)),
  hand({ count }) {
    return handing.handOut(desk, count).map(({ symbols }) => symbols);
  },
  batches: () => handing.batches(desk),
  cancel: ({ code }) => cancelling.cancel(desk, code),
  cancelBatch: ({ batch }) => handing.cancelBatch(desk, batch),
  cancelDue: () => cancelling.cancelDue(desk),
  members: () => members.listed(desk).map(({ name, role, self }) => ({ name, role, self })),
  async invite(given) {
    invited = await members.invite(desk, /** @type {any} */ (given));
    return invited.symbols;
  },
  async reply() {
    accepted = await members.reply(desk, invited);
    return accepted && accepted.number;
  },
  confirm: () => members.confirm(desk, accepted),
  remove({ name }) {
    const found = members.listed(desk).find((one) => one.name === name);
    if (!found) throw new Trouble('no_member');
    return members.remove(desk, found.member_id);
  },
  async join({ code }) {
    invitation = await joining.open(session, code);
    return { organisation: invitation.organisation, name: invitation.name, role: invitation.role };
  },
  async accept({ passphrase }) {
    const joined = await joining.accept(session, invitation, { passphrase });
    return { number: joined.number, file: b64(joined.key_file) };
  },
};

await serve(commands);
