// What a trouble is called for a member of an organisation, and what to do then.

import { DateAhead } from '../flows/member_troubles.js';
import { Trouble } from '../flows/troubles.js';
import { troubleText } from './trouble.js';

const OWN = new Set(
  (
    'passphrase key_file network unsigned stopped other_log no_store date_ahead removed damaged older full crowded locked no_case ' +
    'case_closed no_box box_full no_member yourself same_name members_full not_listed ends_soon ' +
    'stock not_entered no_code used_code tokens invite'
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
  const days = trouble instanceof DateAhead ? trouble.days : undefined;
  const said = days && { today: words.date(days.today), list: words.date(days.list) };
  return `${words.t(`inbox.trouble.${kind}`, said)} ${words.t(`inbox.trouble.${kind}.then`)}`;
}
