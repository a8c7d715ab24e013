// Who is listed, and ending a listing at once: one admin is enough.

import * as vetting from '../flows/vetting.js';
import * as scenes from '../flows/vetting_scene.js';
import { bdi, button, h, p } from './dom.js';
import { profileRows } from './profile_said.js';
import { statement } from './vetting_sign.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./vetting.js').State} State */
/** @typedef {import('../src/public/statements.js').Statement} Statement */

/**
 * Show who is listed.
 * @param {State} state
 */
export function suspendable(state) {
  const { flow, words, desk } = state;
  if (!desk || desk.locked) return;
  const { listed, policy } = desk.scene;
  const rows = listed.map((one) => {
    const { statement: said, profile } = one;
    const notice = flow.notice((trouble) => troubleOf(words, trouble));
    const begin = () =>
      void notice.during(
        () => vetting.suspension(desk, one),
        (ending) => flow.go(() => suspend(state, ending)),
      );
    return h(
      'li',
      { class: 'request' },
      h('h2', {}, bdi(said.name)),
      p('', words.t('vetting.list.until', { date: words.date(said.until) })),
      profileRows(words, profile, policy.regions),
      notice.box,
      button(words.t('vetting.suspend.begin', { name: said.name }), begin, { kind: 'more' }),
    );
  });
  flow.show(
    'listed',
    words.t('vetting.list.listed'),
    h('ul', { class: 'requests' }, rows.length ? rows : h('li', {}, words.t('vetting.suspend.nobody'))),
  );
}

/**
 * Say what ends, and end it.
 * @param {State} state
 * @param {Statement} said
 */
function suspend(state, said) {
  const { flow, words, desk } = state;
  if (!desk || !scenes.listedOf(desk.scene, said.organisation)) {
    return flow.show('gone', words.t('vetting.list.listed'), p('warn', words.t('vetting.suspend.gone')));
  }
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const go = () =>
    void notice.during(
      () => vetting.suspend(desk, said),
      () => flow.swap(() => suspended(state)),
    );
  return flow.show(
    'suspend',
    words.t('vetting.suspend.title', { name: said.name }),
    p('warn', words.t('vetting.suspend.what')),
    p('', words.t('vetting.suspend.back', { k: desk.scene.policy.threshold })),
    h('h2', {}, words.t('vetting.sign.exactly')),
    statement(state, said),
    notice.box,
    button(words.t('vetting.suspend.go', { name: desk.self.name }), go),
  );
}

/** @param {State} state */
function suspended({ flow, words }) {
  flow.show(
    'suspended',
    words.t('vetting.suspended.title'),
    p('done', words.t('vetting.suspended.then')),
    flow.done(),
  );
}
