/**
 * What an admin writes and signs: notes, marks, her line under a statement, declining, suspending.
 *
 * Signing is on her own device. Whatever is signed says exactly what the page has shown: a plan is
 * made once, shown, and signed as it is.
 *
 * Source: docs/spec/vetting.md, 4 and 5; docs/spec/statements.md, 5 and 8.
 */

import * as entries from '../src/client/vetting_entries.js';
import * as rules from '../src/client/vetting_rules.js';
import * as c from '../src/constants.js';
import { equal } from '../src/encoding.js';
import { Refused, TooLong } from '../src/errors.js';
import * as note_signing from '../src/public/note_signing.js';
import * as notes from '../src/public/notes.js';
import { profileHash } from '../src/public/profile.js';
import * as statements from '../src/public/statements.js';
import * as log_serials from './log_serials.js';
import { problemOf } from './member_troubles.js';
import { Trouble } from './troubles.js';
import * as api from './vetting_api.js';
import * as desks from './vetting_desk.js';
import * as scenes from './vetting_scene.js';

/** @typedef {desks.Desk} Desk */
/** @typedef {desks.Item} Item */
/** @typedef {import('../src/client/vetting_entries.js').Entry} Entry */
/** @typedef {statements.Statement} Statement */

/**
 * What an admin would sign, and what stands in the way of it.
 * @typedef {object} Plan
 * @property {string} text of the statement
 * @property {Statement} statement
 * @property {{admin: Uint8Array, line: notes.SignatureLine}[]} signed lines of others under it
 * @property {boolean} is_own whether this admin's line stands there already
 * @property {rules.Missing[]} missing
 * @property {boolean} completes whether with this admin's line there are enough
 */

/** What is told to whoever is told it: the kinds of a reply. */
export const REPLIES = {
  declined: c.REPLY_DECLINED,
  question: c.REPLY_QUESTION,
  listed: c.REPLY_LISTED,
};

/**
 * Writes an entry under an application as the next number.
 *
 * Throws Trouble `stale` where somebody wrote meanwhile: what they wrote is in `item.lines` then, to
 * be read first, and the same call again writes behind it. Also `too_long`, `input`, `full`,
 * `refused` where the application ended, and those of the call; after a lost answer the same call
 * again never makes two.
 * @param {Desk} desk
 * @param {Item} item
 * @param {Pick<Entry, 'kind'> & Partial<Entry>} said
 */
export async function add(desk, item, said) {
  desk.check();
  const number = item.lines.length;
  if (number >= c.VETTING_ENTRIES_MOST) throw new Trouble('entries_full');
  const sealed = sealedOnce(desk, item, said, number);
  await put(desk, item, number, sealed);
}

/**
 * Hands an application's keys on to one more admin, whose own key was checked. Throws as `add`.
 * @param {Desk} desk
 * @param {Item} item
 * @param {import('../src/public/admin_keys.js').AdminKey} reader
 */
export async function handOn(desk, item, reader) {
  desk.check();
  const { random } = desk.session;
  if (!item.keys) throw new Trouble('unreadable');
  await put(desk, item, item.lines.length, entries.handOn(reader, item.keys, { random }));
  item.handed.push(reader.reader);
}

/**
 * Returns what this admin would sign: the statement that others have begun, where one holds, or a
 * new one for so many days.
 *
 * For a new one the public log is read: its number is above the last there. Throws Trouble `unreadable`
 * for an application that did not open, `forged_log` and `serials`, and those of the calls.
 * @param {Desk} desk
 * @param {Item} item
 * @param {number} [days] today among them, 1 to 90
 * @returns {Promise<Plan>}
 */
export async function plan(desk, item, days = c.VETTED_DAYS) {
  desk.check();
  if (!item.opened) throw new Trouble('unreadable');
  const { listing } = item.opened;
  const [begun] = drafts(desk, item).filter(({ wrong }) => !wrong.length);
  const statement = begun?.statement ?? (await newStatement(desk, item, days));
  const text = begun?.text ?? statements.formatText(statement);
  const { policy, today } = desk.scene;
  const all = desks.entriesOf(item);
  const admin = desk.self.public_key;
  const lines = rules.linesUnder(text, all, policy);
  const signed = lines.filter((one) => !equal(one.admin, admin));
  return {
    text,
    statement,
    signed,
    is_own: signed.length < lines.length,
    missing: rules.missing(text, { listing, entries: all, policy, admin, today }),
    completes: signed.length + 1 >= policy.threshold,
  };
}

/**
 * A statement that somebody has signed, who, and what is wrong with it: keys of its words.
 * @typedef {{text: string, statement: Statement, by: Uint8Array[], wrong: string[]}} Draft
 */

/**
 * Returns the statements that current admins have signed, that with most lines first.
 * @param {Desk} desk
 * @param {Item} item
 * @returns {Draft[]}
 */
export function drafts(desk, item) {
  const { policy } = desk.scene;
  const all = desks.entriesOf(item);
  const texts = rules.lastSignatures(all).map(({ note }) => notes.parse(note, c.STATEMENT_BYTES).text);
  return [...new Set(texts)]
    .map((text) => {
      const statement = statements.parse(text);
      const by = rules.linesUnder(text, all, policy).map(({ admin }) => admin);
      return { text, statement, by, wrong: wrongOf(desk, item, statement) };
    })
    .filter(({ by }) => by.length)
    .sort((one, other) => other.by.length - one.by.length);
}

/**
 * Says how many admins have signed the statement that is nearest to listing, and how many must.
 * @param {Desk} desk
 * @param {Item} item
 */
export function threshold(desk, item) {
  const [best] = drafts(desk, item).filter(({ wrong }) => !wrong.length);
  return { signed: best?.by.length ?? 0, needed: desk.scene.policy.threshold };
}

/**
 * Signs what was planned and shown: writes the line, and where it completes the statement hands that
 * in and tells the applicant. Returns whether it is listed now, as this page has checked it.
 *
 * Throws Trouble `missing` where something stands in the way of it, `stale` as `add`,
 * `not_shown` where the server took it and does not show it, and those of the calls.
 * @param {Desk} desk
 * @param {Item} item
 * @param {Plan} planned
 * @returns {Promise<boolean>}
 */
export async function sign(desk, item, planned) {
  desk.check();
  const { policy, today } = desk.scene;
  const { text, is_own } = planned;
  const { opened } = item;
  if (!opened) throw new Trouble('unreadable');
  const admin = desk.self.public_key;
  const all = desks.entriesOf(item);
  const given = { listing: opened.listing, entries: all, policy, admin, today };
  if (rules.missing(text, given).length) throw new Trouble('missing');
  if (!is_own) {
    const note = note_signing.signNote(text, [desk.signer], c.STATEMENT_BYTES);
    await add(desk, item, { kind: c.VETTING_SIGNATURE, note });
  }
  return await publish(desk, item, text);
}

/**
 * Hands in a statement that enough admins have signed; false where too few have.
 * @param {Desk} desk
 * @param {Item} item
 * @param {string} text
 */
async function publish(desk, item, text) {
  const lines = rules.linesUnder(text, desks.entriesOf(item), desk.scene.policy);
  if (lines.length < desk.scene.policy.threshold || !item.opened) return false;
  const note = notes.formatNote(text, lines.map(({ line }) => line), c.STATEMENT_BYTES);
  await posted(desk, note, item.opened.said);
  if (!(await stands(desk, statements.parse(text)))) throw new Trouble('not_shown');
  await tellListed(desk, item);
  return true;
}

/**
 * Tells the applicant that the organisation is listed, where nothing was told before: the directory
 * says it as well, so that nothing is lost where this does not arrive.
 * @param {Desk} desk
 * @param {Item} item
 */
async function tellListed(desk, item) {
  try {
    await tell(desk, item, { kind: c.REPLY_LISTED, text: '' });
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
  }
}

/**
 * Declines: the reason for the other admins, and what the applicant is told.
 *
 * Throws as `add`, and `answered` where the applicant was told something before.
 * @param {Desk} desk
 * @param {Item} item
 * @param {{reason: string, told: string}} said
 */
export async function decline(desk, item, { reason, told }) {
  const before = desks.entriesOf(item).at(-1);
  const is_own = before !== undefined && equal(before.author, desk.self.public_key);
  const is_written = is_own && before.kind === c.VETTING_DECLINE && before.text === reason;
  if (!is_written) await add(desk, item, { kind: c.VETTING_DECLINE, text: reason });
  await tell(desk, item, { kind: c.REPLY_DECLINED, text: told });
}

/**
 * Gives the applicant the one reply that there is room for.
 *
 * Throws Trouble `answered` where there is one, `too_long`, `input` and those of the call.
 * @param {Desk} desk
 * @param {Item} item
 * @param {import('../src/client/vetting_entries.js').Reply} reply
 */
export async function tell(desk, item, reply) {
  desk.check();
  if (!item.keys) throw new Trouble('unreadable');
  const { random } = desk.session;
  const { keys } = item;
  const sealed = made(() => entries.sealReply(reply, keys, { random }));
  try {
    await api.answer(desk.signed, { id: item.id, reply: sealed });
  } catch (trouble) {
    throw problemOf(trouble) === 'taken' ? new Trouble('answered') : trouble;
  }
}

/**
 * Returns what would end a listing from today on; this admin's line is enough.
 *
 * The public log is read, so that a listing that still waits for witnesses ends, too. Throws Trouble
 * `forged_log` and `serials`, and those of the calls.
 * @param {Desk} desk
 * @param {scenes.Listed} listed
 * @returns {Promise<Statement>}
 */
export async function suspension(desk, { statement }) {
  desk.check();
  const logged = await lastLogged(desk, statement.organisation);
  const { scene } = desk;
  return {
    ...statement,
    kind: statements.SUSPENDED,
    serial: serialAbove([logged, scenes.lastSerial(scene, statement.organisation)], scene.today),
    first: scene.today,
    until: Math.max(statement.until, scene.today),
  };
}

/**
 * Signs a suspension as it was shown and hands it in. Throws Trouble `not_shown` where the server
 * took it and does not show it, and those of the calls.
 * @param {Desk} desk
 * @param {Statement} statement
 */
export async function suspend(desk, statement) {
  desk.check();
  const text = statements.formatText(statement);
  const note = note_signing.signNote(text, [desk.signer], c.STATEMENT_BYTES);
  await posted(desk, note, null);
  if (!(await stands(desk, statement))) throw new Trouble('not_shown');
}

/**
 * @param {Desk} desk
 * @param {Uint8Array} note
 * @param {Uint8Array | null} listing
 */
async function posted(desk, note, listing) {
  try {
    await api.postStatement(desk.session.api.http, { note, listing });
  } catch (trouble) {
    // Another statement came first, or the policy is another by now.
    throw ['malformed', 'unsigned'].includes(problemOf(trouble)) ? new Trouble('statement') : trouble;
  }
}

/**
 * Looks at the network again and says whether a statement shows in what holds now.
 * @param {Desk} desk
 * @param {Statement} said
 */
async function stands(desk, said) {
  desk.scene = await scenes.see(desk.session);
  const listed = scenes.listedOf(desk.scene, said.organisation);
  if (said.kind === statements.SUSPENDED) return !listed;
  return listed?.statement.serial === said.serial && equal(listed.statement.profile, said.profile);
}

/**
 * @param {Desk} desk
 * @param {Item} item
 * @param {number} number
 * @param {Uint8Array} sealed
 */
async function put(desk, item, number, sealed) {
  try {
    await api.add(desk.signed, { id: item.id, n: number, entry: sealed });
  } catch (trouble) {
    if (problemOf(trouble) !== 'stale') throw trouble;
    await desks.read(desk, item);
    // Its own answer may have got lost: then it stands there.
    if (item.lines.slice(number).some((one) => equal(one.sealed, sealed))) return;
    throw new Trouble('stale');
  }
  await desks.read(desk, item);
}

/** The last entry that was sealed for an application, to be sent again as it is.
 * @type {WeakMap<Item, {said: string, number: number, sealed: Uint8Array}>} */
const SEALED = new WeakMap();

/**
 * @param {Desk} desk
 * @param {Item} item
 * @param {Pick<Entry, 'kind'> & Partial<Entry>} given
 * @param {number} number
 */
function sealedOnce(desk, item, given, number) {
  const { keys } = item;
  if (!keys) throw new Trouble('unreadable');
  const said = JSON.stringify({ ...given, note: [...(given.note ?? [])] });
  const before = SEALED.get(item);
  if (before?.said === said && before.number === number) return before.sealed;
  const { random } = desk.session;
  const entry = entries.make({ author: desk.self.public_key, epoch: desk.scene.today, ...given });
  const author_seed = desk.signer.seed;
  const sealed = made(() => entries.seal(entry, keys, number, { author_seed, random }));
  SEALED.set(item, { said, number, sealed });
  return sealed;
}

/**
 * @param {() => Uint8Array} make
 */
function made(make) {
  try {
    return make();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    const { category } = refused;
    throw new Trouble(refused instanceof TooLong ? 'too_long' : 'input', { category });
  }
}

/**
 * It holds from yesterday on, so that a sender whose date is a day behind takes it, too.
 * @param {Desk} desk
 * @param {Item} item
 * @param {number} days
 * @returns {Promise<Statement>}
 */
async function newStatement(desk, item, days) {
  if (!item.opened) throw new Trouble('unreadable');
  if (!(days >= 1 && days <= c.VETTED_DAYS)) throw new Trouble('days');
  const { network_id, organisation, profile, name } = item.opened.listing;
  const logged = await lastLogged(desk, organisation);
  const { scene } = desk;
  const most = scenes.highestSerial(scene, organisation);
  const drafted = drafts(desk, item)
    .map(({ statement }) => statement.serial)
    .filter((serial) => serial < most);
  return {
    network_id,
    kind: statements.VETTED,
    serial: serialAbove([logged, scenes.lastSerial(scene, organisation), ...drafted], scene.today),
    organisation,
    profile: profileHash(profile),
    first: scene.today - 1,
    until: scene.today - 1 + days,
    name,
  };
}

/**
 * @param {Desk} desk
 * @param {Uint8Array} organisation
 */
async function lastLogged({ session, scene }, organisation) {
  return await log_serials.last(session, organisation, scene.policy);
}

/**
 * @param {number[]} serials
 * @param {number} today
 */
function serialAbove(serials, today) {
  const serial = Math.max(...serials, today - 1, 0) + 1;
  if (serial > c.SERIAL_MOST) throw new Trouble('serials');
  return serial;
}

/**
 * @param {Desk} desk
 * @param {Item} item
 * @param {Statement} said
 */
function wrongOf({ scene }, { opened }, said) {
  if (!opened) return ['other'];
  const { listing } = opened;
  /** @type {[boolean, string][]} */
  const tests = [
    [equal(said.network_id, listing.network_id), 'other'],
    [equal(said.organisation, listing.organisation), 'other'],
    [said.name === listing.name, 'name'],
    [equal(said.profile, profileHash(listing.profile)), 'profile'],
    [said.serial > scenes.lastSerial(scene, listing.organisation), 'serial'],
    [said.serial <= scenes.highestSerial(scene, listing.organisation), 'serial'],
    [said.first <= scene.today, 'later'],
    [scene.today <= said.until, 'over'],
  ];
  return tests.flatMap(([holds, key]) => (holds ? [] : [key]));
}
