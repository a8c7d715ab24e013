// Minutes of an application, to be printed: what admins wrote ends with it.

import * as scenes from '../flows/vetting_scene.js';
import { decode } from '../src/public/profile.js';
import { bdi, button, h, p } from './dom.js';
import { profileRows } from './profile_said.js';
import { checklist } from './vetting_checklist.js';
import { written as lines } from './vetting_entries.js';
import { found } from './vetting_item.js';
import { signedOf } from './vetting_list.js';
import { written } from './vetting_rules.js';

/** @typedef {import('./vetting.js').State} State */

/**
 * Show all of an application on one sheet.
 * @param {State} state
 * @param {string} key
 */
export function minutes(state, key) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item, opened } = there;
  const { listing, contact } = opened;
  const listed = scenes.listedOf(desk.scene, listing.organisation);
  const until = listed && words.t('vetting.item.listed', { date: words.date(listed.statement.until) });
  flow.show(
    'minutes',
    words.t('vetting.minutes.title'),
    p('', words.t('vetting.minutes.what')),
    button(words.t('vetting.minutes.print'), () => print()),
    h(
      'article',
      { class: 'minutes' },
      h('h2', {}, bdi(listing.name)),
      p('', words.t('vetting.minutes.day', { date: words.date(desk.session.today()), name: desk.self.name })),
      p('', signedOf(state, item)),
      until && p('', until),
      h(
        'dl',
        {},
        h('dt', {}, words.t('vetting.item.key')),
        h('dd', { dir: 'ltr', class: 'key' }, written(listing.organisation)),
        h('dt', {}, words.t('vetting.item.contact')),
        h('dd', {}, bdi(contact)),
      ),
      h('h2', {}, words.t('vetting.item.public')),
      profileRows(words, decode(listing.profile), desk.scene.policy.regions),
      h('h2', {}, words.t('vetting.item.checklist')),
      checklist(state, item, opened, true),
      h('h2', {}, words.t('vetting.item.written')),
      lines(state, item),
    ),
  );
}
