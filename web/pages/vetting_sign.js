// Signing: exactly what is signed, police ties and funding first, and what stands in the way of it.

import * as vetting from '../flows/vetting.js';
import * as scenes from '../flows/vetting_scene.js';
import * as c from '../src/constants.js';
import { OBJECTION, OTHERS, OWN } from '../src/client/vetting_rules.js';
import { decode } from '../src/public/profile.js';
import { bdi, button, field, h, p } from './dom.js';
import { profileRows } from './profile_said.js';
import { nameOf } from './vetting_entries.js';
import { found } from './vetting_item.js';
import { isoDay, written } from './vetting_rules.js';
import { troubleOf } from './vetting_trouble.js';
import { sender } from './vetting_write.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../flows/vetting.js').Plan} Plan */
/** @typedef {import('../src/public/statements.js').Statement} Statement */

/**
 * Return what would be signed of an application, for the days that were chosen. Throws Trouble.
 * @param {State} state
 * @param {import('../flows/vetting_desk.js').Desk} desk
 * @param {import('../flows/vetting_desk.js').Item} item
 */
export const plan = (state, desk, item) => vetting.plan(desk, item, daysOf(state, item.key));

/**
 * Show what would be signed, as it was planned, and sign it.
 * @param {State} state
 * @param {string} key
 * @param {Plan} planned
 */
export function signing(state, key, planned) {
  const { flow, words } = state;
  const there = found(state, key);
  if (!there) return;
  const { desk, item, opened } = there;
  const { listing } = opened;
  const { regions } = desk.scene.policy;
  const sending = sender(state, item, []);
  const go = () =>
    sending.finish(
      () => vetting.sign(desk, item, planned),
      (is_listed) => flow.swap(() => signed(state, is_listed)),
    );
  const is_begun = planned.signed.length > 0 || planned.is_own;
  const can_sign = planned.missing.length === 0 && (!planned.is_own || planned.completes);
  flow.show(
    'sign',
    words.t('vetting.sign.title', { name: listing.name }),
    p('', words.t('vetting.sign.first')),
    profileRows(words, decode(listing.profile), regions),
    h('h2', {}, words.t('vetting.sign.exactly')),
    statement(state, planned.statement),
    scenes.listedOf(desk.scene, listing.organisation) && p('note', words.t('vetting.sign.again')),
    planned.signed.length > 0 && p('', words.t('vetting.sign.by', { names: names(state, planned) })),
    planned.is_own && p('', words.t('vetting.sign.own')),
    missing(state, planned),
    !is_begun && howLong(state, key, () => plan(state, desk, item)),
    sending.box,
    can_sign && p('', words.t(planned.completes ? 'vetting.sign.last' : 'vetting.sign.more')),
    can_sign && button(words.t('vetting.sign.go', { name: desk.self.name }), go),
  );
}

/**
 * Show a statement as it is signed, line by line in words.
 * @param {State} state
 * @param {Statement} said
 */
export function statement({ words }, said) {
  const is_vetted = said.kind === 'vetted';
  /** @param {string} key @param {string | Node} value @param {boolean} [ltr] */
  const row = (key, value, ltr = false) =>
    h('div', {}, h('dt', {}, words.t(key)), h('dd', ltr ? { dir: 'ltr', class: 'key' } : {}, value));
  return h(
    'dl',
    { class: 'statement' },
    row('vetting.sign.kind', words.t(is_vetted ? 'vetting.sign.vetted' : 'vetting.sign.suspended')),
    row('vetting.sign.name', bdi(said.name)),
    row('vetting.sign.key', written(said.organisation), true),
    row('vetting.sign.days', words.t('vetting.sign.from', {
      first: words.date(said.first),
      until: words.date(said.until),
    })),
    row('vetting.sign.profile', written(said.profile), true),
    row('vetting.sign.serial', String(said.serial), true),
  );
}

/** @param {State} state @param {string} key */
function daysOf({ drafts }, key) {
  const days = Number(drafts.get(`days ${key}`) ?? c.VETTED_DAYS);
  return days >= 1 && days <= c.VETTED_DAYS ? days : c.VETTED_DAYS;
}

/** @param {State} state @param {string} key @param {() => Promise<Plan>} planAnew */
function howLong(state, key, planAnew) {
  const { flow, words, drafts, desk } = state;
  const days = daysOf(state, key);
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const until = desk ? isoDay(desk.scene.today - 1 + days) : '';
  const typed = field({
    label: words.t('vetting.sign.for'),
    hint: words.t('vetting.sign.for.hint', { most: c.VETTED_DAYS, until }),
    value: String(days),
    inputmode: 'numeric',
    on: (value) => drafts.set(`days ${key}`, value),
  });
  const change = () => {
    const wanted = Number(typed.input.value);
    if (!(Number.isInteger(wanted) && wanted >= 1 && wanted <= c.VETTED_DAYS)) {
      typed.fail(words.t('vetting.sign.for.wrong', { most: c.VETTED_DAYS }));
    } else {
      void notice.during(planAnew, (planned) => flow.swap(() => signing(state, key, planned)));
    }
  };
  return h('div', {}, typed.box, notice.box, button(words.t('vetting.sign.for.change'), change, { kind: 'more' }));
}

/** @param {State} state @param {Plan} planned */
const names = (state, { signed: lines }) => lines.map(({ admin }) => nameOf(state, admin)).join(', ');

/** @param {State} state @param {Plan} planned */
function missing(state, { missing: found_missing }) {
  const { words } = state;
  if (!found_missing.length) return false;
  const lines = found_missing.map(({ what, criterion, count, by }) => {
    const number = `V${criterion}`;
    if (what === OWN) return words.t('vetting.missing.own', { criterion: number });
    if (what === OTHERS) return words.n('vetting.missing.others', count, { criterion: number });
    if (what === OBJECTION) {
      return words.t('vetting.missing.objection', { criterion: number, name: nameOf(state, by) });
    }
    return words.t('vetting.missing.statement');
  });
  return [
    p('warn', words.t('vetting.missing')),
    h('ul', { class: 'missing' }, lines.map((line) => h('li', {}, line))),
  ];
}

/** @param {State} state @param {boolean} is_listed */
function signed(state, is_listed) {
  const { flow, words } = state;
  flow.show(
    'signed',
    words.t('vetting.signed.title'),
    p('done', words.t(is_listed ? 'vetting.signed.listed' : 'vetting.signed.more')),
    flow.done(),
  );
}

