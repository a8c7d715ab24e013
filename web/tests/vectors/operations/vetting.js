/** Admins' reading keys, applications, what admins write to one another, and when one may sign. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import * as aead from '../../../src/client/aead.js';
import * as application from '../../../src/client/application.js';
import * as hpke from '../../../src/client/hpke.js';
import * as vetting_entries from '../../../src/client/vetting_entries.js';
import * as vetting_rules from '../../../src/client/vetting_rules.js';
import * as c from '../../../src/constants.js';
import { concat, equal, text } from '../../../src/encoding.js';
import { fixed } from '../../../src/fields.js';
import * as admin_keys from '../../../src/public/admin_keys.js';
import * as applications from '../../../src/public/applications.js';
import * as cover from '../../../src/public/cover.js';
import { publicOf } from '../../../src/public/note_signing.js';
import { changed, drawn, pick, unbytes, unlist } from '../values.js';
import { accepted } from './signed.js';

/** @typedef {import('../values.js').Given} Given */

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  make_admin_key(given) {
    const { seed, network_id } = pick(given, 'seed', 'network_id');
    const reading_seed = admin_keys.readingSeed(seed, network_id);
    return { admin_key: admin_keys.make(seed, network_id), reading_seed };
  },

  check_admin_key: async (given) => ({
    ...(await admin_keys.check(unbytes(given.admin_key), accepted(given))),
  }),

  application_keys(given) {
    const { secret, network_id } = pick(given, 'secret', 'network_id');
    const { application_id: id, ...keys } = application.readingKeys(secret, network_id);
    const write_key = application.writeKey(secret, network_id);
    return { id, write_key, reply_key: keys.reply_key, content_key: keys.content_key };
  },

  cover_application: (given) => ({
    cover: cover.application(unbytes(given.filler_key), unbytes(given.id)),
  }),

  async seal_application(given) {
    const rules = accepted(given);
    const keys = application.readingKeys(unbytes(given.secret), unbytes(given.network_id));
    const readers = await admin_keys.holding(unlist(given.admin_keys), rules);
    const eseeds = admin_keys
      .distinct(readers)
      .map(({ reader }) => unbytes(given.eseeds[bytesToHex(reader)]));
    const sealed = await application.seal(keys, {
      ...pick(given, 'organisation_seed', 'listing'),
      contact: given.contact,
      answers: given.answers.map(answer),
      readers,
      threshold: rules.threshold,
      random: drawn(unbytes(given.nonce), ...eseeds),
    });
    return { application: sealed };
  },

  async open_application(given) {
    const sealed = made(given);
    const key = hpke.loadPrivate(unbytes(given.reading_seed));
    const keys = application.findKeys(sealed, key, placeOf(given));
    return { ...secrets(keys), ...said(await application.open(sealed, keys)) };
  },

  seal_vetting_entry(given) {
    const author_seed = unbytes(given.author_seed);
    const entry = entryOf(given.entry, publicOf(author_seed));
    const random = drawn(unbytes(given.nonce));
    return { entry: vetting_entries.seal(entry, keysOf(given), given.n, { author_seed, random }) };
  },

  async open_vetting_entry(given) {
    const sealed = unbytes(given.entry);
    const found = await vetting_entries.open(sealed, keysOf(given), given.n, accepted(given));
    const { author, epoch, kind, criterion, state, text: written, note } = found;
    if (kind === c.VETTING_SIGNATURE) return { author, epoch, kind, note };
    if (kind !== c.VETTING_MARK) return { author, epoch, kind, text: written };
    return { author, epoch, kind, criterion, state, text: written };
  },

  async hand_on_application(given) {
    const key = await admin_keys.check(unbytes(given.admin_key), accepted(given));
    const random = drawn(unbytes(given.eseed));
    return { entry: vetting_entries.handOn(key, keysOf(given), { random }) };
  },

  open_handed_on(given) {
    const key = hpke.loadPrivate(unbytes(given.reading_seed));
    return secrets(vetting_entries.openHandedOn(unbytes(given.entry), key, placeOf(given)));
  },

  seal_application_reply(given) {
    const random = drawn(unbytes(given.nonce));
    const reply = { kind: given.kind, text: given.text };
    return { reply: vetting_entries.sealReply(reply, keysOf(given), { random }) };
  },

  open_application_reply: (given) => ({
    ...vetting_entries.openReply(unbytes(given.reply), keysOf(given)),
  }),

  async vetting_missing(given) {
    const said_text = text(unbytes(given.statement));
    const policy = accepted(given);
    const entries = given.entries.map((/** @type {Given} */ one) => entryOf(one, unbytes(one.author)));
    const listing = await applications.parseAndCheck(unbytes(given.listing), unbytes(given.network_id));
    const asked = { listing, entries, policy, admin: unbytes(given.admin), today: given.today };
    const found = vetting_rules.missing(said_text, asked);
    const lines = vetting_rules.linesUnder(said_text, entries, policy);
    return {
      missing: found.map((one) => [one.what, one.criterion, one.count, one.by, one.state]),
      lines: lines.map(({ admin }) => admin),
    };
  },
};

/** @param {Given} given */
function made(given) {
  const { key, nonce, aad, plaintext, head } = pick(given, 'key', 'nonce', 'aad', 'plaintext', 'head');
  const sealed = concat(head, nonce, aead.seal(key, { nonce, aad, plaintext }));
  const out = given.change ? changed(sealed, given.change) : sealed;
  if (given.sha256 && !equal(sha256(out), unbytes(given.sha256))) throw new Error('made otherwise');
  return out;
}

/** @param {Given} given */
const placeOf = (given) => ({
  network_id: unbytes(given.network_id),
  application_id: unbytes(given.id),
});

/** @param {Given} given @returns {application.ReadingKeys} */
function keysOf(given) {
  const held = (/** @type {string} */ name) => (given[name] ? unbytes(given[name]) : new Uint8Array(32));
  const { network_id, application_id } = placeOf(given);
  return {
    network_id: fixed(network_id, c.NETWORK_ID_BYTES),
    application_id: fixed(application_id, c.APPLICATION_ID_BYTES),
    content_key: fixed(held('content_key'), c.KEY_BYTES),
    reply_key: fixed(held('reply_key'), c.KEY_BYTES),
  };
}

/** @param {application.ReadingKeys} keys */
const secrets = ({ content_key, reply_key }) => ({ content_key, reply_key });

/** @param {[number, number, number, string]} given @returns {application.Answer} */
const answer = ([criterion, kind, epoch, written]) => ({ criterion, kind, epoch, text: written });

/** @param {application.Opened} found */
const said = ({ said: listing, contact, answers }) => ({
  listing,
  contact,
  answers: answers.map((one) => [one.criterion, one.kind, one.epoch, one.text]),
});

/** @param {Given} given @param {Uint8Array} author */
function entryOf({ note, epoch, kind, criterion = 0, state = 0, text: written = '' }, author) {
  const held = note ? { note: unbytes(note) } : {};
  return vetting_entries.make({ author, epoch, kind, criterion, state, text: written, ...held });
}
