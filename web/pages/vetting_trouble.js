// What a trouble is called for an admin and for an applicant, and what to do then.

import { Trouble } from '../flows/troubles.js';
import { troubleText } from './trouble.js';

const OWN = new Set(
  (
    'passphrase admin_file no_admin retired network unsigned locked stale entries_full unreadable ' +
    'missing not_shown answered statement days serials forged_log refused too_long input few_admins key_file ' +
    'store_file no_store no_application removed damaged older full crowded limited date ' +
    'not_readable not_vetted not_witnessed'
  ).split(' '),
);

/**
 * Return two sentences: what went wrong, and what to do.
 * @param {import('./words.js').Words} words
 * @param {unknown} trouble anything that was thrown
 * @returns {string}
 */
export function troubleOf(words, trouble) {
  const kind = trouble instanceof Trouble ? trouble.kind : '';
  if (!OWN.has(kind)) return troubleText(words, trouble);
  return `${words.t(`vetting.trouble.${kind}`)} ${words.t(`vetting.trouble.${kind}.then`)}`;
}
