/**
 * Two copies of a store made one: no case is lost, and nothing that was erased comes back.
 *
 * Source: docs/spec/store.md, section 9.
 */

import * as c from '../constants.js';
import { compare, equal, u32 } from '../encoding.js';
import { BadSignature, WrongNetwork } from '../errors.js';
import { closedElsewhere, mergeCases } from './merge_case.js';
import { mergeSettings } from './merge_settings.js';
import { sameBytes, settled, Sides } from './merge_sides.js';
import { Store } from './store.js';
import { Case, MemberEntry, SeedEntry } from './store_entries.js';

/**
 * @typedef {import('./merge_sides.js').Overruled} Overruled
 * @typedef {import('./merge_sides.js').Place} Place
 * @typedef {import('./merge_sides.js').Value} Value
 */

const RANKS = [
  c.SEED_MADE,
  c.SEED_PUBLISHED,
  c.SEED_SET_ASIDE,
  c.SEED_HANDED_OUT,
  c.SEED_CANCELLED,
  c.SEED_ARRIVED,
];
const LAST_EPOCH = 2 ** 32 - 1;
const STAYS_GONE = [c.ENTRY_ERASED, c.ENTRY_LEFT];

/**
 * Return what two copies come to that were both made of `base`, and what of mine does not stand in
 * it, ascending; `today` is an epoch.
 *
 * WrongNetwork or BadSignature for copies of different stores, Malformed where the outcome would be
 * no store. Source: docs/spec/store.md, section 9.
 * @param {Store | undefined} base
 * @param {Store} mine
 * @param {Store} theirs
 * @param {{today: number}} given
 * @returns {{store: Store, overruled: Overruled[]}}
 */
export function merge(base, mine, theirs, { today }) {
  const { network_id, organisation_seed } = mine;
  const copies = base ? [theirs, base] : [theirs];
  if (!copies.every((one) => equal(one.network_id, network_id))) throw new WrongNetwork();
  if (!copies.every((one) => equal(one.organisation_seed, organisation_seed))) {
    throw new BadSignature();
  }
  const sides = new Sides({
    base: base?.expire(today).entries ?? [],
    mine: mine.expire(today).entries,
    theirs: theirs.expire(today).entries,
    today,
  });
  mergeEntries(sides);
  mergeSettings(sides);
  const generation = mine.generation > theirs.generation ? mine.generation : theirs.generation;
  const store = new Store({ network_id, organisation_seed, generation, entries: sides.entries });
  return { store, overruled: sides.overruled };
}

/**
 * Let stand what stays gone first, since it decides about the rest; settings come later.
 * @param {Sides} sides
 */
function mergeEntries(sides) {
  const gone = sides.places((kind) => STAYS_GONE.includes(kind));
  for (const place of gone) sides.put(place, goneOf(sides, place));
  const rest = (/** @type {number} */ kind) => kind !== c.ENTRY_SETTING && !STAYS_GONE.includes(kind);
  for (const place of sides.places(rest)) sides.put(place, standing(sides, place));
  limitMembers(sides);
}

/**
 * @param {Sides} sides
 * @param {Place} place
 * @returns {Value}
 */
function standing(sides, place) {
  switch (place.kind) {
    case c.ENTRY_MEMBER:
      return sides.standing(c.ENTRY_LEFT, place.id) ? undefined : sides.plain(place);
    case c.ENTRY_SEED:
      return sides.standing(c.ENTRY_ERASED, place.id) ? undefined : seedOf(sides, place);
    case c.ENTRY_CASE:
      return caseOf(sides, place);
    default:
      return sides.plain(place);
  }
}

/**
 * Source: docs/spec/store.md, 9.2; the values are numbers of one size.
 * @param {Sides} sides
 * @param {Place} place
 */
function goneOf(sides, place) {
  const { mine, theirs } = sides.three(place);
  const there = [mine, theirs].flatMap((one) => (one ? [one] : []));
  if (place.kind === c.ENTRY_LEFT) return there.sort(compare)[0];
  const seeds = sides.three({ kind: c.ENTRY_SEED, id: place.id });
  for (const seed of [seeds.mine, seeds.theirs]) {
    if (!seed) continue;
    const over = SeedEntry.decode(seed).last_epoch + c.SEED_DAYS_AFTER_CODE;
    there.push(u32(Math.min(over, LAST_EPOCH)));
  }
  return there.sort(compare).at(-1);
}

/**
 * Source: docs/spec/store.md, 9.3.
 * @param {Sides} sides
 */
function limitMembers(sides) {
  const members = sides.entries
    .filter(({ kind }) => kind === c.ENTRY_MEMBER)
    .map((entry) => ({
      entry,
      is_mine: Number(!sides.theirs.has(entry)),
      since: MemberEntry.decode(entry.value).since,
    }))
    .sort((a, b) => a.is_mine - b.is_mine || a.since - b.since || compare(a.entry.id, b.entry.id));
  for (const { entry } of members.slice(c.STORE_SLOTS)) {
    sides.tell(entry, entry.value);
    sides.drop(entry);
  }
}

/**
 * Source: docs/spec/store.md, 9.4.
 * @param {Sides} sides
 * @param {Place} place
 * @returns {Value}
 */
function seedOf(sides, place) {
  const { base, mine, theirs } = sides.three(place);
  if (!mine || !theirs) return mine ?? theirs;
  const { alone, value } = settled(base, mine, theirs, sameBytes);
  if (alone) return value;
  const [ours, others] = [SeedEntry.decode(mine), SeedEntry.decode(theirs)];
  const later = RANKS.indexOf(ours.state) > RANKS.indexOf(others.state) ? ours : others;
  const before = base && SeedEntry.decode(base).batch;
  const batch = settled(before, ours.batch, others.batch, sameBytes);
  const changed = {
    state: later.state,
    batch: (batch.alone && batch.value) || later.batch,
    last_epoch: Math.max(ours.last_epoch, others.last_epoch),
  };
  const stands = SeedEntry.encode({ ...others, ...changed });
  const kept = batch.alone ? changed : { ...changed, batch: ours.batch };
  if (!equal(SeedEntry.encode({ ...ours, ...kept }), stands)) sides.tell(place, mine);
  return stands;
}

/**
 * Source: docs/spec/store.md, 9.5.
 * @param {Sides} sides
 * @param {Place} place
 * @returns {Value}
 */
function caseOf(sides, place) {
  const { base, mine, theirs } = sides.three(place);
  const { alone, value } = settled(base, mine, theirs, sameBytes);
  if (mine && theirs) return alone ? value : bothCases(sides, place, { base, mine, theirs });
  if (base) {
    if (alone) return undefined;
    sides.tell(place, new Uint8Array());
  }
  const there = /** @type {Uint8Array} */ (mine ?? theirs);
  const [has, lacks] = mine ? [sides.mine, sides.theirs] : [sides.theirs, sides.mine];
  const erased = { kind: c.ENTRY_ERASED, id: place.id };
  if (!lacks.has(erased) || has.has(erased)) return there;
  return Case.encode(closedElsewhere(Case.decode(there), sides.today));
}

/**
 * @param {Sides} sides
 * @param {Place} place
 * @param {{base: Value, mine: Uint8Array, theirs: Uint8Array}} three
 */
function bothCases(sides, place, { base, mine, theirs }) {
  const before = base && Case.decode(base);
  const { one, lost } = mergeCases(before, Case.decode(mine), Case.decode(theirs));
  for (const [number, value] of lost) sides.tell(place, value, number);
  return Case.encode(one);
}
