// An organisation's profile in words, police ties and funding first: what people will see of it.

import { h } from './dom.js';
import { row, SAID, TIES } from './ask_reader.js';

/** @typedef {import('./words.js').Words} Words */
/** @typedef {import('../src/public/profile.js').Profile} Profile */
/** @typedef {{number: number, name: string}[]} Regions those of the network alone */

/** What must not be overlooked stands first. */
const ORDER = [...SAID].sort(
  ([, one], [, other]) => Number(TIES.includes(other)) - Number(TIES.includes(one)),
);

/**
 * Return the texts of some ids of a list; some regions are the network's own.
 * @param {Words} words
 * @param {string} list
 * @param {number[]} ids
 * @param {Regions} regions
 */
export const textsOf = (words, list, ids, regions) =>
  ids.map(
    (id) =>
      (list === 'regions' && regions.find((one) => one.number === id)?.name) || words.textOf(list, id),
  );

/**
 * Show a profile, every field of it: what was not said stands there as that.
 * @param {Words} words
 * @param {Profile} profile
 * @param {Regions} regions
 */
export function profileRows(words, profile, regions) {
  const rows = ORDER.map(([label, field, list]) => {
    const texts = textsOf(words, list, profile[field], regions);
    const said = texts.length ? texts : [words.t('vetting.profile.not_said')];
    return row(words.t(label), said, TIES.includes(field) && 'tie');
  });
  const more = profile.unknown.map(() => words.t('shared.unknown'));
  return h('dl', { class: 'reader' }, rows, row(words.t('ask.reader.more'), more));
}

/**
 * Show in which fields two profiles differ; nothing where they don't.
 * @param {Words} words
 * @param {Profile} before
 * @param {Profile} after
 * @param {Regions} regions
 */
export function profileChanges(words, before, after, regions) {
  const rows = ORDER.map(([label, field, list]) => {
    const come = after[field].filter((id) => !before[field].includes(id));
    const gone = before[field].filter((id) => !after[field].includes(id));
    const said = [
      ...textsOf(words, list, come, regions).map((text) => words.t('vetting.profile.new', { text })),
      ...textsOf(words, list, gone, regions).map((text) => words.t('vetting.profile.gone', { text })),
    ];
    return row(words.t(label), said, TIES.includes(field) && 'tie');
  });
  return rows.some(Boolean) && h('dl', { class: 'reader' }, rows);
}
