// The read-back of everything that was said, to whom it is sealed, and what comes then: keys, or
// handing in.

import * as applying from '../flows/apply.js';
import { button, h, p } from './dom.js';
import { answersOf, change, profileOf, STEPS } from './apply_form.js';
import { filesToKeep, keys } from './apply_keys.js';
import { sent } from './apply_sent.js';
import { profileRows } from './profile_said.js';
import { row, SAID } from './ask_reader.js';
import { said } from './vetting_checklist.js';
import { CRITERIA } from './vetting_rules.js';
import { troubleOf } from './vetting_trouble.js';

/** @typedef {import('./apply.js').State} State */

/**
 * Show everything that was said.
 * @param {State} state
 */
export function check(state) {
  const { flow, words, draft, admins, desk } = state;
  if (!admins) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const { regions } = admins.view.policy;
  const profile = profileOf(draft);
  const answers = answersOf(draft);
  const told = { name: draft.name, profile, contact: draft.contact.trim(), answers };
  const renew = () =>
    void notice.during(
      async () => {
        if (!desk) return {};
        const before = await applying.renew(desk, admins, told);
        if (applying.isOnServer(desk)) {
          await applying.keep(desk);
          await applying.post(desk, before);
        }
        return before ? { before } : {};
      },
      (rest) => flow.anew(() => (desk && applying.isOnServer(desk) ? sent(state) : filesToKeep(state, rest))),
    );
  const names = admins.names.join(', ');
  const is_too_long = applying.wrongProfile(profile);
  flow.show(
    'check',
    words.t('apply.check.title'),
    p('', words.t('apply.check.what')),
    h('h2', {}, words.t('apply.check.public')),
    h('dl', {}, row(words.t('apply.name.label'), [draft.name])),
    profileRows(words, profile, regions),
    is_too_long && p('warn', words.t('apply.check.long')),
    h('h2', {}, words.t('apply.check.sealed')),
    h('dl', {}, row(words.t('apply.contact.label'), [draft.contact])),
    h(
      'ol',
      { class: 'criteria' },
      CRITERIA.map((one) => {
        const answer = answers.find(({ criterion }) => criterion === one);
        return h(
          'li',
          {},
          h('h3', {}, `V${one}. `, words.t(`vetting.criterion.${one}`)),
          answer ? said(state, answer) : p('', words.t('vetting.item.unanswered')),
        );
      }),
    ),
    h('h2', {}, words.t('apply.check.change')),
    h('nav', { class: 'also', 'aria-label': words.t('apply.check.change') }, changes(state)),
    p('lead', words.n('apply.check.admins', admins.readers.length, { names })),
    p('note', words.t('apply.check.server')),
    notice.box,
    !is_too_long &&
      (desk
        ? button(words.t('apply.check.go'), renew)
        : button(words.t('apply.check.keys'), () => flow.go(() => keys(state, told)))),
  );
}

/** @param {State} state */
function changes(state) {
  const { words } = state;
  /** @param {string} step */
  const label = (step) => {
    const [key] = SAID.find(([, one]) => one === step) ?? [];
    if (key) return words.t(key);
    if (step === 'name') return words.t('apply.name.label');
    return step === 'contact' ? words.t('apply.contact.label') : step.toUpperCase();
  };
  return STEPS.map(([step]) => button(label(step), () => change(state, step), { kind: 'more' }));
}

