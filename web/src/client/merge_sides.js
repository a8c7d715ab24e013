/**
 * The three sides of a merge, what stands so far, and what was overruled.
 *
 * Source: docs/spec/store.md, sections 9 and 9.1.
 */

import { compare, equal } from '../encoding.js';
import { keyOf, order } from './store.js';

/**
 * @typedef {import('./store.js').Entry} Entry
 * @typedef {Uint8Array | undefined} Value An entry's value, undefined where it is not there.
 * @typedef {{kind: number, id: Uint8Array}} Place
 */

/**
 * What does not stand of one's own: where, which field (that of a case, or 0 for a whole entry),
 * its bytes. Without bytes, what was overruled is that something was removed.
 * @typedef {{kind: number, id: Uint8Array, field: number, lost: Uint8Array}} Overruled
 */

const WHOLE = 0;

/**
 * Say whether at most one side changed a value, and what stands (theirs, if both did).
 * @template T
 * @param {T} base
 * @param {T} mine
 * @param {T} theirs
 * @param {(one: T, other: T) => boolean} same
 * @returns {{alone: boolean, value: T}}
 */
export function settled(base, mine, theirs, same) {
  if (same(theirs, base)) return { alone: true, value: mine };
  return { alone: same(mine, theirs) || same(mine, base), value: theirs };
}

/**
 * Say whether two values are the same, also where one is not there.
 * @param {Value} one
 * @param {Value} other
 * @returns {boolean}
 */
export function sameBytes(one, other) {
  return one && other ? equal(one, other) : one === other;
}

/** The entries of a store by their places. */
class Side {
  /** @param {readonly Entry[]} entries */
  constructor(entries) {
    this.entries = entries;
    /** @type {Map<string, Uint8Array>} */
    this.values = new Map(entries.map(({ kind, id, value }) => [keyOf(kind, id), value]));
  }

  /** @param {Place} place */
  get({ kind, id }) {
    return this.values.get(keyOf(kind, id));
  }

  /** @param {Place} place */
  has({ kind, id }) {
    return this.values.has(keyOf(kind, id));
  }
}

/** Base, mine and theirs without what is over at `today`, an epoch; the outcome grows. */
export class Sides {
  /** @type {Map<string, Entry>} */
  #outcome = new Map();

  /** @type {Overruled[]} */
  #overruled = [];

  /**
   * @param {object} given
   * @param {readonly Entry[]} given.base
   * @param {readonly Entry[]} given.mine
   * @param {readonly Entry[]} given.theirs
   * @param {number} given.today
   */
  constructor({ base, mine, theirs, today }) {
    this.base = new Side(base);
    this.mine = new Side(mine);
    this.theirs = new Side(theirs);
    this.today = today;
  }

  /** What stands. */
  get entries() {
    return [...this.#outcome.values()];
  }

  /** What was overruled, ascending. */
  get overruled() {
    return this.#overruled.sort(
      (one, other) =>
        order(one, other) || one.field - other.field || compare(one.lost, other.lost),
    );
  }

  /**
   * Give the places that mine or theirs has, of all kinds or one, ascending.
   * @param {(kind: number) => boolean} [wanted]
   * @returns {Place[]}
   */
  places(wanted = () => true) {
    const theirs_only = this.theirs.entries.filter((one) => !this.mine.has(one));
    const all = [...this.mine.entries, ...theirs_only];
    return all.filter(({ kind }) => wanted(kind)).sort(order);
  }

  /**
   * Return an entry's value in base, mine and theirs.
   * @param {Place} place
   */
  three(place) {
    return {
      base: this.base.get(place),
      mine: this.mine.get(place),
      theirs: this.theirs.get(place),
    };
  }

  /**
   * Return the value that stands, if one does.
   * @param {number} kind
   * @param {Uint8Array} id
   * @returns {Value}
   */
  standing(kind, id) {
    return this.#outcome.get(keyOf(kind, id))?.value;
  }

  /**
   * Let a value stand, if it is one.
   * @param {Place} place
   * @param {Value} value
   */
  put({ kind, id }, value) {
    if (value) this.#outcome.set(keyOf(kind, id), { kind, id, value });
  }

  /**
   * Let what stands not stand.
   * @param {Place} place
   */
  drop({ kind, id }) {
    this.#outcome.delete(keyOf(kind, id));
  }

  /**
   * Note what does not stand.
   * @param {Place} place
   * @param {Uint8Array} lost
   * @param {number} [field]
   */
  tell({ kind, id }, lost, field = WHOLE) {
    this.#overruled.push({ kind, id, field, lost });
  }

  /**
   * Return what stands by the rule for every entry. Source: docs/spec/store.md, 9.1.
   * @param {Place} place
   * @returns {Value}
   */
  plain(place) {
    const { base, mine, theirs } = this.three(place);
    const { alone, value } = settled(base, mine, theirs, sameBytes);
    if (alone) return value;
    this.tell(place, mine && theirs ? mine : new Uint8Array());
    return theirs ?? mine;
  }
}
