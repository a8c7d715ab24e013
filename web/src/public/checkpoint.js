/**
 * A checkpoint: the log's size and root on a day, signed by the log and seen by witnesses.
 *
 * Source: docs/spec/statements.md, 7
 */

import { CHECKPOINT_BYTES, COSIGNATURE_DAYS, LOG_NAME_BYTES } from '../constants.js';
import { b64, equal, text } from '../encoding.js';
import { BadSignature, Malformed, NotWitnessed, Rollback, WrongNetwork } from '../errors.js';
import * as lines from './lines.js';
import * as notes from './notes.js';
import { allWitnesses, textHash } from './policy.js';

/** @typedef {import('./policy.js').Policy} Policy */

const SECONDS_A_DAY = 86400n;

/**
 * What held already under a policy, by the notes' texts: a page asks the same of each organisation
 * in the directory, and on a phone a signature takes long. What was refused, or is still being
 * examined, is not in it.
 * @type {WeakMap<Policy, Map<string, Witnessed>>}
 */
const HELD = /* @__PURE__ */ new WeakMap();

/**
 * @typedef {object} Checkpoint What a checkpoint says.
 * @property {string} log_name
 * @property {bigint} size The log's number of entries.
 * @property {Uint8Array} root Its root hash, 32 bytes.
 * @property {number} policy_version Which policy was the newest, and
 * @property {Uint8Array} policy_hash the SHA-256 of its text.
 * @property {Uint8Array} suspensions The SHA-256 of the suspension list.
 *
 * @typedef {object} Witnessed A checkpoint that holds under a policy, and its day.
 * @property {Checkpoint} checkpoint
 * @property {number} [day] Not there where nobody need witness.
 */

/**
 * Read the text of a checkpoint; refuses as Malformed anything that is not one.
 *
 * Source: docs/spec/statements.md, 7
 * @param {string} text
 * @returns {Checkpoint}
 */
export function parse(text) {
  const reader = new lines.Lines(text);
  const log_name = readLogName(reader.line());
  const size = lines.bigNumber(reader.line(), lines.U64_LIMIT);
  const root = lines.hashOf(reader.line());
  const [version, policy_hash] = lines.split(reader.value('policy'));
  const checkpoint = {
    log_name,
    size,
    root,
    policy_version: lines.number(version),
    policy_hash: lines.hashOf(policy_hash),
    suspensions: reader.hash('suspensions'),
  };
  reader.end();
  return checkpoint;
}

/**
 * Write the text of a checkpoint.
 *
 * Refuses as TooLong a name of more than 32 bytes, as Malformed where `parse` would refuse the
 * text.
 * @param {Checkpoint} checkpoint
 * @returns {string}
 */
export function formatText(checkpoint) {
  lines.checkRoom(checkpoint.log_name.length, LOG_NAME_BYTES);
  const text = [
    checkpoint.log_name,
    checkpoint.size,
    b64(checkpoint.root),
    `policy ${checkpoint.policy_version} ${b64(checkpoint.policy_hash)}`,
    `suspensions ${b64(checkpoint.suspensions)}`,
    '',
  ].join('\n');
  lines.checkReadsBack(checkpoint, parse(text));
  return text;
}

/**
 * Return what a checkpoint's note (at most 1,200 bytes) says, if it holds, and its day.
 *
 * Refuses as Malformed, WrongNetwork, BadSignature, NotWitnessed or, where it names a later policy
 * than this one, Rollback; the first that applies, in this order.
 *
 * Source: docs/spec/statements.md, 7
 * @param {Uint8Array} note
 * @param {Policy} policy
 * @returns {Promise<Witnessed>}
 */
export async function check(note, policy) {
  const held = HELD.get(policy) ?? new Map();
  HELD.set(policy, held);
  const whole = text(note);
  const witnessed = held.get(whole) ?? (await examine(note, policy));
  held.set(whole, witnessed);
  return witnessed;
}

/**
 * Do what `check` does, for a note that was not seen before.
 * @param {Uint8Array} note
 * @param {Policy} policy
 * @returns {Promise<Witnessed>}
 */
async function examine(note, policy) {
  const read = notes.parse(note, CHECKPOINT_BYTES);
  const checkpoint = parse(read.text);
  if (checkpoint.log_name !== policy.log.name) throw new WrongNetwork();
  const signatures = await notes.verify(read, [policy.log, ...allWitnesses(policy)]);
  if (!notes.count(signatures, [policy.log])) throw new BadSignature();
  if (notes.count(signatures, policy.witnesses) < policy.witnesses_threshold) {
    throw new NotWitnessed();
  }
  if (checkpoint.policy_version > policy.version) throw new Rollback();
  return { checkpoint, day: dayOf(signatures, policy) };
}

/**
 * Return what the newest checkpoint's note says, if it holds and names this very policy.
 *
 * So a client that remembers nothing can't be shown an old policy, whose admins have since been
 * retired. Refuses as `check`; as Rollback also where it names an earlier policy, as BadSignature
 * where it names another of this version. How old it may be is asked by `checkFresh`.
 *
 * Source: docs/spec/statements.md, 7
 * @param {Uint8Array} note
 * @param {Policy} policy
 * @returns {Promise<Witnessed>}
 */
export async function checkNewest(note, policy) {
  const witnessed = await check(note, policy);
  const { policy_version, policy_hash } = witnessed.checkpoint;
  if (policy_version !== policy.version) throw new Rollback();
  if (!equal(policy_hash, await textHash(policy))) throw new BadSignature();
  return witnessed;
}

/**
 * Return the epoch of the w-th newest time among current witnesses; nothing where w is 0.
 *
 * Refuses as NotWitnessed for fewer than w.
 *
 * Source: docs/spec/statements.md, 7
 * @param {notes.Signature[]} signatures
 * @param {Policy} policy
 * @returns {number | undefined}
 */
export function dayOf(signatures, policy) {
  const needed = policy.witnesses_threshold;
  if (needed === 0) return undefined;
  const witnesses = new Set(policy.witnesses.map(notes.identity));
  const days = signatures.flatMap(({ key, time }) =>
    time !== undefined && witnesses.has(notes.identity(key)) ? [Number(time / SECONDS_A_DAY)] : [],
  );
  if (days.length < needed) throw new NotWitnessed();
  return days.sort((one, other) => other - one)[needed - 1];
}

/**
 * Check that a checkpoint of this day is new enough at epoch `today`.
 *
 * Refuses as NotWitnessed where it is more than 7 days old. Of a checkpoint without a day nothing
 * can be said, and the client must tell the person so.
 *
 * Source: docs/spec/statements.md, 7
 * @param {number | undefined} day
 * @param {number} today
 */
export function checkFresh(day, today) {
  if (mayBeWithheld(day, today)) throw new NotWitnessed();
}

/**
 * Say whether the person must be told that the list of suspensions may be kept back.
 *
 * True where the device's own day is more than 7 days after the newest checkpoint's: either the
 * device's date is wrong, or somebody shows an old log.
 *
 * Source: docs/spec/statements.md, 7
 * @param {number | undefined} day
 * @param {number} device_epoch
 */
export function mayBeWithheld(day, device_epoch) {
  return day !== undefined && day < device_epoch - COSIGNATURE_DAYS;
}

/**
 * Return the epoch that a sender takes for today.
 *
 * `day` is the newest checkpoint's, `build_epoch` the client's own, `device_epoch` the device's,
 * which counts only where no witness says anything.
 *
 * Source: docs/spec/statements.md, 7
 * @param {number | undefined} day
 * @param {number} build_epoch
 * @param {number} device_epoch
 */
export function todayForSender(day, build_epoch, device_epoch) {
  return Math.max(build_epoch, day ?? device_epoch);
}

/** @param {string} line */
function readLogName(line) {
  if (!notes.isKeyName(line) || line.length > LOG_NAME_BYTES) throw new Malformed();
  return line;
}
