// What holds on the pages for applying and vetting, whatever they look like: the criteria, where each
// comes from, and how keys and days are written.

import { VETTING_BLOCKING, VETTING_CRITERIA } from '../src/constants.js';

/** @typedef {import('./words.js').Words} Words */

/** The numbers of all criteria. */
export const CRITERIA = Array.from({ length: VETTING_CRITERIA }, (_, at) => at + 1);
/** Where each comes from, as words/vetting.toml has it. */
const SOURCES = [
  '"without precondition" (L500); L1298–1305',
  'A tip from an organisation brought the police (L3266); D1:14; D3:20',
  '"I don\'t want to be aligned with the police" (L3736); L142–46, 4411–14, 5468',
  '"more invasive with respect to the clients" (L5059); L805',
  'L1491–97, 2240–47, 4064–75, 4085',
  '"managers aren\'t trained" (L4092)',
  'L974–91, 5106',
  'L2840, 3899, 3033',
  'L2928, 3742',
  'L5118, 36',
  'L2677, 5169',
  'L1003–21',
  'L4642–45, 5343; nothing more is said of it there',
  'Shame after stories in the media (L1516); L3910',
  'L1500–11',
  '"nine months before it wasn\'t" (L3584); L5420',
];
const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const GROUP = /.{8}(?!$)/g;
const ISO = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' });
const DAYS_TO_1970 = 719_468; // from the first of March of the year 0

/** Return where a criterion comes from. @param {number} criterion */
export const sourceOf = (criterion) => SOURCES[criterion - 1] ?? '';

/** Say whether one person can't override a criterion. @param {number} criterion */
export const isBlocking = (criterion) => VETTING_BLOCKING.includes(criterion);

/**
 * Write a key so that two people can compare it by voice: eight signs at a time.
 * @param {Uint8Array} key
 */
export const written = (key) =>
  Array.from(key, (one) => one.toString(16).padStart(2, '0'))
    .join('')
    .replace(GROUP, '$& ');

/** Write a day as no language in particular does: 2026-11-29. @param {number} epoch */
export const isoDay = (epoch) => ISO.format(epoch * DAY_MS);

/**
 * Read a day that was typed so, as an epoch; undefined for what is none.
 * @param {string} typed
 */
export function dayOf(typed) {
  const [, year, month, day] = (DATE.exec(typed.trim()) ?? []).map(Number);
  if (!year || !month || !day) return undefined;
  // Years begin in March here, so that a leap day is the last (Gregorian; Fliegel and Van Flandern).
  const from_march = year - Number(month <= 2);
  const of_year = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leaps = Math.floor(from_march / 4) - Math.floor(from_march / 100) + Math.floor(from_march / 400);
  const at = 365 * from_march + leaps + of_year - DAYS_TO_1970;
  return at > 0 && isoDay(at) === typed.trim() ? at : undefined;
}

/**
 * Return the lines of a text that somebody wrote, without signs that would turn what stands around.
 * @param {string} text
 */
export const straight = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
