// The applications, what is due to be looked at again, and who is listed.

import { threshold } from '../flows/vetting.js';
import * as desks from '../flows/vetting_desk.js';
import * as scenes from '../flows/vetting_scene.js';
import { bdi, button, h, p } from './dom.js';
import { IDLE_MINUTES } from './idle.js';
import { application } from './vetting_item.js';
import { lock } from './vetting_open.js';
import { suspendable } from './vetting_suspend.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting_desk.js').Item} Item */

/**
 * Show the applications.
 * @param {State} state
 */
export function list(state) {
  const { flow, words, desk } = state;
  if (!desk || desk.locked) return;
  const { scene, items, self } = desk;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const again = () => void notice.during(() => desks.look(desk), () => flow.draw());
  flow.show(
    'list',
    words.t('vetting.list.title'),
    p('', words.t('vetting.list.self', { name: self.name })),
    !scene.view.witnessed && p('note', words.t('ask.reader.unwitnessed')),
    scene.view.may_be_withheld && p('warn', words.t('vetting.list.withheld')),
    scene.broken > 0 && p('warn', words.n('vetting.list.broken', scene.broken)),
    h(
      'nav',
      { class: 'also', 'aria-label': words.t('vetting.list.also') },
      button(words.t('vetting.list.again'), again, { kind: 'more' }),
      button(words.t('vetting.list.listed'), () => flow.go(() => suspendable(state)), { kind: 'more' }),
      button(words.t('vetting.list.lock'), () => lock(state), { kind: 'more' }),
    ),
    notice.box,
    due(state),
    h(
      'ul',
      { class: 'requests' },
      items.length ? items.map((item) => row(state, item)) : h('li', {}, words.t('vetting.list.none')),
    ),
    p('note', words.t('vetting.list.last', { minutes: IDLE_MINUTES })),
  );
}

/** @param {State} state */
function due({ words, desk }) {
  const found = desk ? scenes.due(desk.scene) : [];
  if (!found.length) return false;
  const lines = found.map(({ statement }) =>
    h('li', {}, bdi(statement.name), ' · ', words.t('vetting.list.until', { date: words.date(statement.until) })),
  );
  return h(
    'section',
    {},
    h('h2', {}, words.t('vetting.list.due')),
    p('', words.t('vetting.list.due.then')),
    h('ul', {}, lines),
  );
}

/** @param {State} state @param {Item} item */
function row(state, item) {
  const { flow, words, desk } = state;
  const until = words.t('vetting.list.open', { date: words.date(item.last_epoch) });
  if (!desk) return false;
  if (!item.opened) {
    const why = item.broken === 'CannotOpen' ? 'vetting.list.sealed' : 'vetting.list.wrong';
    return h('li', { class: 'request' }, p('warn', words.t(why)), p('', until));
  }
  const { listing } = item.opened;
  const on = () => flow.go(() => application(state, item.key));
  const flags = scenes.flagsOf(listing, desk.scene, desks.otherListings(desk, item));
  const listed = scenes.listedOf(desk.scene, listing.organisation);
  return h(
    'li',
    { class: 'request' },
    h('h2', {}, button(words.t('vetting.item.title', { name: listing.name }), on, { kind: 'more' })),
    desks.isReplaced(desk, item) && p('warn', words.t('vetting.flag.replaced')),
    p('', signedOf(state, item)),
    listed && p('', words.t('vetting.item.listed', { date: words.date(listed.statement.until) })),
    flags.length > 0 && p('warn', words.n('vetting.list.flags', flags.length)),
    p('', words.n('vetting.list.entries', item.lines.length), ' · ', until),
  );
}

/**
 * Say how many of those that must have signed.
 * @param {State} state
 * @param {Item} item
 */
export function signedOf({ words, desk }, item) {
  if (!desk) return '';
  const { signed, needed } = threshold(desk, item);
  return words.t('vetting.list.signed', { signed, needed });
}
