// One application: what to look at twice, what people would see, the checklist, what admins wrote,
// and what can be done.

import * as vetting from '../flows/vetting.js';
import * as desks from '../flows/vetting_desk.js';
import * as scenes from '../flows/vetting_scene.js';
import { bdi, button, h, p } from './dom.js';
import { profileChanges, profileRows } from './profile_said.js';
import { checklist } from './vetting_checklist.js';
import { written as lines } from './vetting_entries.js';
import { signedOf } from './vetting_list.js';
import { minutes } from './vetting_minutes.js';
import { written } from './vetting_rules.js';
import { plan, signing } from './vetting_sign.js';
import { troubleOf } from './vetting_trouble.js';
import { decline, note, question } from './vetting_write.js';
import { decode } from '../src/public/profile.js';
import { equal } from '../src/encoding.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting_desk.js').Item} Item */
/** @typedef {import('../src/client/application.js').Opened} Opened */

/**
 * Return an application by its key; where it is not there any more, say so and return nothing.
 * @param {State} state
 * @param {string} key
 */
export function found(state, key) {
  const { flow, words, desk } = state;
  const item = desk?.items.find((one) => one.key === key);
  if (desk && !desk.locked && item?.opened) return { desk, item, opened: item.opened };
  flow.show('gone', words.t('vetting.list.title'), p('warn', words.t('vetting.item.gone')));
  return undefined;
}

/**
 * Show an application.
 * @param {State} state
 * @param {string} key
 */
export function application(state, key) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item, opened } = there;
  const { listing, contact } = opened;
  const { regions } = desk.scene.policy;
  flow.show(
    'application',
    words.t('vetting.item.title', { name: listing.name }),
    warnings(state, item, opened),
    p('lead', signedOf(state, item)),
    h('h2', {}, words.t('vetting.item.public')),
    profileRows(words, decode(listing.profile), regions),
    before(state, opened),
    h('h2', {}, words.t('vetting.item.admins')),
    h(
      'dl',
      {},
      h('dt', {}, words.t('vetting.item.contact')),
      h('dd', {}, bdi(contact)),
      h('dt', {}, words.t('vetting.item.key')),
      h('dd', { dir: 'ltr', class: 'key' }, written(listing.organisation)),
      h('dt', {}, words.t('vetting.item.came')),
      h('dd', {}, words.date(listing.epoch)),
    ),
    p('note', words.t('vetting.item.key.then')),
    h('h2', {}, words.t('vetting.item.checklist')),
    p('note', words.t('vetting.caution')),
    checklist(state, item, opened),
    h('h2', {}, words.t('vetting.item.written')),
    lines(state, item),
    doing(state, item),
  );
}

/** @param {State} state @param {Item} item @param {Opened} opened */
function warnings({ words, desk }, item, { listing }) {
  if (!desk) return [];
  const flags = scenes.flagsOf(listing, desk.scene, desks.otherListings(desk, item));
  const wrong = vetting.drafts(desk, item).filter((one) => one.wrong.length > 0);
  return [
    desks.isReplaced(desk, item) && p('warn', words.t('vetting.flag.replaced')),
    ...flags.map(({ kind, name }) => p('warn', words.t(`vetting.flag.${kind}`, name ? { name } : {}))),
    ...wrong
      .filter((one) => !one.wrong.includes('serial'))
      .flatMap((one) => one.wrong.map((why) => p('warn', words.t(`vetting.wrong.${why}`)))),
  ];
}

/** Show what would change, where the organisation is listed. @param {State} state @param {Opened} opened */
function before({ words, desk }, { listing }) {
  const listed = desk && scenes.listedOf(desk.scene, listing.organisation);
  if (!desk || !listed) return p('', words.t('vetting.item.new'));
  const { statement, profile, encoded } = listed;
  const { regions } = desk.scene.policy;
  const is_same = statement.name === listing.name && equal(encoded, listing.profile);
  return [
    p('', words.t('vetting.item.listed', { date: words.date(statement.until) })),
    is_same && p('', words.t('vetting.item.same')),
    statement.name !== listing.name && p('warn', words.t('vetting.item.renamed', { name: statement.name })),
    profileChanges(words, profile, decode(listing.profile), regions),
  ];
}

/** @param {State} state @param {Item} item */
function doing(state, item) {
  const { flow, words, desk } = state;
  if (!desk) return false;
  const { key } = item;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  /** @param {string} text @param {(state: State, key: string) => void} screen */
  const way = (text, screen) =>
    button(words.t(text), () => flow.go(() => screen(state, key)), { kind: 'more' });
  const nameOf = (/** @type {Uint8Array} */ admin) =>
    desk.scene.policy.admins.find(({ public_key }) => equal(public_key, admin))?.name ?? '';
  const handing = desks.withoutKeys(desk, item).map((reader) =>
    button(
      words.t('vetting.item.hand', { name: nameOf(reader.admin) }),
      () => void notice.during(() => vetting.handOn(desk, item, reader), () => flow.draw()),
      { kind: 'more' },
    ),
  );
  const sign = () =>
    void notice.during(
      () => plan(state, desk, item),
      (planned) => flow.go(() => signing(state, key, planned)),
    );
  const again = () => void notice.during(() => desks.read(desk, item), () => flow.draw());
  return h(
    'div',
    {},
    notice.box,
    button(words.t('vetting.item.sign'), sign),
    way('vetting.item.note', note),
    way('vetting.item.question', question),
    way('vetting.item.decline', decline),
    button(words.t('vetting.item.again'), again, { kind: 'more' }),
    way('vetting.item.minutes', minutes),
    handing,
  );
}
