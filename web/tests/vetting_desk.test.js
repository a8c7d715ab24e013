// What one admin or a server writes under an application keeps no other admin from her work.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as vetting from '../flows/vetting.js';
import * as desks from '../flows/vetting_desk.js';
import * as wire from '../flows/wire.js';
import * as application from '../src/client/application.js';
import * as entries from '../src/client/vetting_entries.js';
import * as c from '../src/constants.js';
import { equal, utf8 } from '../src/encoding.js';
import * as admin_keys from '../src/public/admin_keys.js';
import * as listings from '../src/public/applications.js';
import * as note_signing from '../src/public/note_signing.js';
import { profileHash } from '../src/public/profile.js';
import * as statements from '../src/public/statements.js';
import { scenarios } from './vectors/files.js';
import { accepted } from './vectors/operations/signed.js';
import { unbytes, unlist } from './vectors/values.js';

const GIVEN = /** @type {Record<string, any>} */ (inputs('application_seal'));
const POLICY = accepted(GIVEN);
const { network_id } = POLICY;
const SEED = unbytes(inputs('admin_key_make').seed);
const LISTING = unbytes(GIVEN.listing);
const KEYS = application.readingKeys(unbytes(GIVEN.secret), network_id);
const HELD = await admin_keys.holding(unlist(GIVEN.admin_keys), POLICY);
const TODAY = 20_502;
const EMPTY_LOG = unbytes(inputs('checkpoint_empty_log').checkpoint);
const SELF = note_signing.publicOf(SEED);
const OWN = ofAdmin(SELF);
const [SECOND, THIRD] = HELD.filter((one) => one !== OWN);

/** @param {string} name */
function inputs(name) {
  const found = scenarios().find(({ scenario }) => scenario.name === name);
  assert(found);
  return /** @type {Record<string, any>} */ (found.scenario.inputs);
}

/** @param {Uint8Array} admin */
function ofAdmin(admin) {
  const found = HELD.find((one) => equal(one.admin, admin));
  assert(found);
  return found;
}

/** @param {number} size */
const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** @param {(admin_keys.AdminKey | undefined)[]} readers */
function sealed(...readers) {
  return application.seal(KEYS, {
    organisation_seed: unbytes(GIVEN.organisation_seed),
    listing: LISTING,
    contact: 'x',
    answers: c.VETTING_BLOCKING.map((criterion) => ({ criterion, kind: 1, epoch: 0, text: '' })),
    readers: readers.flatMap((one) => one ?? []),
    threshold: POLICY.threshold,
    random,
  });
}

function desk() {
  const signer = { name: POLICY.admins.find((one) => equal(one.public_key, SELF))?.name, seed: SEED };
  const scene = { policy: POLICY, today: TODAY, listed: [], ended: new Map() };
  const call = async () => ({ status: 200, header: () => 'text/plain', body: EMPTY_LOG });
  const session = { api: { http: { call } }, random, pause: async () => undefined };
  const made = new desks.Desk(.../** @type {[any, any, any]} */ ([session, signer, scene]));
  made.readers = HELD;
  return made;
}

/** @returns {desks.Item} */
const item = (parts = {}) => ({
  id: KEYS.application_id,
  key: '',
  last_epoch: TODAY,
  sealed: new Uint8Array(),
  lines: [],
  handed: [],
  ...parts,
});

/**
 * Read an application as this server shows it.
 * @param {Uint8Array} shown
 * @param {Uint8Array[]} written
 */
async function read(shown, written) {
  const at = desk();
  const found = item();
  const sendJson = async (/** @type {string[]} */ ...[, , asked]) => {
    const { after } = /** @type {any} */ (asked);
    const said = { application: wire.b64url(shown), entries: written.slice(after).map(wire.b64url) };
    return wire.loads(utf8(JSON.stringify(said)));
  };
  at.signed = /** @type {any} */ ({ sendJson });
  await desks.read(at, found);
  return found;
}

test('P9 T66: wrong keys sealed to an admin keep her from nothing that is handed on', async () => {
  const wrong = { ...KEYS, content_key: random(c.KEY_BYTES) };
  const shown = await sealed(OWN, SECOND);
  const at = 2 + application.readersOf(shown).findIndex((one) => equal(one, OWN.reader)) * c.READER_SEALED_BYTES;
  shown.set(application.sealKeys(OWN.public_key, wrong, random), at);
  const [bad, good] = [wrong, KEYS].map((keys) => entries.handOn(OWN, keys, { random }));
  assert(bad && good);
  for (const written of [[], [bad]]) {
    assert.equal((await read(shown, written)).broken, 'CannotOpen');
  }
  for (const written of [[good], [bad, good], [bad, bad, good, bad]]) {
    const found = await read(shown, written);
    assert.deepEqual([found.broken, found.opened?.said], [undefined, LISTING]);
    assert.deepEqual(found.keys, KEYS);
  }
});

test('P9 T66: an entry that names an admin does not show that she can read', async () => {
  assert(SECOND && THIRD);
  const shown = await sealed(OWN, SECOND);
  const wrong = entries.handOn(THIRD, { ...KEYS, content_key: random(c.KEY_BYTES) }, { random });
  const found = item({ sealed: shown, lines: [{ number: 0, sealed: wrong, handed: true }] });
  assert.deepEqual(desks.withoutKeys(desk(), found), [THIRD]);
  assert.deepEqual(desks.withoutKeys(desk(), { ...found, handed: [THIRD.reader] }), []);
  const entry = entries.make({ author: THIRD.admin, epoch: TODAY, kind: c.VETTING_NOTE, text: 'x' });
  found.lines.push({ number: 1, sealed: wrong, entry });
  assert.deepEqual(desks.withoutKeys(desk(), found), []);
});

test('P9 T66: a draft that uses up the numbers is not signed, and no number goes above it', async () => {
  const shown = await sealed(OWN, SECOND);
  const { lines, ...opened } = await read(shown, []);
  const { organisation, profile, name } = await listings.parseAndCheck(LISTING, network_id);
  const planned = async (/** @type {number} */ serial) => {
    const days = { first: TODAY - 1, until: TODAY + 1 };
    const kind = statements.VETTED;
    const said = { network_id, kind, serial, organisation, profile: profileHash(profile), name, ...days };
    const at = desk();
    const text = statements.formatText(said);
    const note = note_signing.signNote(text, [at.signer], c.STATEMENT_BYTES);
    const entry = entries.make({ author: SELF, epoch: TODAY, kind: c.VETTING_SIGNATURE, note });
    const line = { number: 0, sealed: new Uint8Array(), entry };
    const { statement } = await vetting.plan(at, { ...opened, lines: [...lines, line] });
    return statement.serial;
  };
  const most = c.SERIAL_MOST - c.SERIALS_LEFT;
  const cases = [TODAY + 5, most, most + 1, c.SERIAL_MOST - 1];
  assert.deepEqual(await Promise.all(cases.map(planned)), [TODAY + 5, most, TODAY, TODAY]);
});

test('P9 T66: what another admin declined with is not taken for what one wrote oneself', async () => {
  for (const [author, own] of /** @type {const} */ ([[SELF, 0], [THIRD?.admin, 1]])) {
    assert(author);
    const at = desk();
    /** @type {string[]} */
    const called = [];
    const sendJson = async (/** @type {string[]} */ ...[, path]) => {
      called.push(path ?? '');
      return wire.loads(utf8('{"application": null, "entries": []}'));
    };
    at.signed = /** @type {any} */ ({ sendJson });
    const entry = entries.make({ author, epoch: TODAY, kind: c.VETTING_DECLINE, text: 'V3.' });
    const found = item({ keys: KEYS, lines: [{ number: 0, sealed: new Uint8Array(), entry }] });
    await vetting.decline(at, found, { reason: 'V3.', told: '' });
    assert.equal(called.filter((one) => one === '/v1/applications/entries').length, own);
    assert.equal(called.at(-1), '/v1/applications/answer');
  }
});
