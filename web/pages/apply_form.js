// What an organisation says: its name, one screen for each field of its profile, how admins reach it,
// one screen for each criterion. Everything can be changed from the read-back.

import * as applying from '../flows/apply.js';
import * as c from '../src/constants.js';
import * as profiles from '../src/public/profile.js';
import { check } from './apply_check.js';
import { alarm, button, bytes, choices, field, p } from './dom.js';
import { options } from './options.js';
import { SAID } from './ask_reader.js';
import { CRITERIA, dayOf, isBlocking } from './vetting_rules.js';

/** @typedef {import('./apply.js').State} State */
/** @typedef {import('./dom.js').Option} Option */
/** @typedef {(state: State, then: () => void) => void} Step one screen, and what comes after it */

/** Field of the profile: how many at most, whether it must be there. @type {Record<string, [number, boolean]>} */
const FIELDS = {
  kind: [1, true],
  police_ties: [c.PROFILE_POLICE_TIES_MOST, true],
  funding: [c.PROFILE_FUNDING_MOST, true],
  reporting: [c.PROFILE_REPORTING_MOST, true],
  services: [c.PROFILE_SERVICES_MOST, true],
  privilege: [c.PROFILE_PRIVILEGE_MOST, false],
  languages: [c.PROFILE_LANGUAGES_MOST, false],
  regions: [c.PROFILE_REGIONS_MOST, false],
  accepts: [c.PROFILE_ACCEPTS_MOST, false],
  housing: [c.PROFILE_HOUSING_MOST, false],
  pledge: [1, false],
};
const KINDS = [c.CRITERION_YES, c.CRITERION_NO, c.CRITERION_PART, c.CRITERION_NONE];

/** Every screen in its order, by what it asks for. @type {[string, Step][]} */
export const STEPS = [
  ['name', name],
  ...Object.keys(FIELDS).map((one) => /** @type {[string, Step]} */ ([one, (state, then) => profile(state, one, then)])),
  ['contact', contact],
  ...CRITERIA.map((one) => /** @type {[string, Step]} */ ([`v${one}`, (state, then) => criterion(state, one, then)])),
];

/**
 * Ask for everything, one screen after the other, then read it back.
 * @param {State} state
 * @param {number} [at]
 */
export function ask(state, at = 0) {
  const { flow } = state;
  const step = STEPS[at];
  if (!step) return flow.go(() => check(state));
  return flow.go(() => step[1](state, () => ask(state, at + 1)));
}

/**
 * Ask for one thing again, and go back to where it was read.
 * @param {State} state
 * @param {string} wanted
 */
export function change(state, wanted) {
  const [, step] = STEPS.find(([one]) => one === wanted) ?? [];
  if (step) state.flow.go(() => step(state, () => state.flow.back()));
}

/**
 * Return the profile as it was said.
 * @param {import('./apply.js').Draft} draft
 */
export const profileOf = ({ profile: ids }) => profiles.make(/** @type {{}} */ (ids));

/**
 * Return the answers as they are sealed: those that were given.
 * @param {import('./apply.js').Draft} draft
 */
export const answersOf = ({ answers }) =>
  CRITERIA.flatMap((one) => {
    const said = answers[one];
    if (!said?.kind) return [];
    const { kind, text, day } = said;
    return [{ criterion: one, kind, epoch: dayOf(day) ?? 0, text: text.trim() }];
  });

/** @type {Step} */
function name(state, then) {
  const { flow, words, draft } = state;
  const typed = field({
    label: words.t('apply.name.label'),
    hint: words.t('apply.name.hint'),
    value: draft.name,
    max: c.ORGANISATION_NAME_BYTES,
    left: left(state),
    on: (value) => (draft.name = value),
    enter: () => go(),
  });
  const go = () => {
    draft.name = typed.input.value.trim().normalize('NFC');
    if (bytes(draft.name) > c.ORGANISATION_NAME_BYTES) typed.fail(words.t('shared.too_long'));
    else if (applying.wrongName(draft.name)) typed.fail(words.t('apply.name.wrong'));
    else then();
  };
  flow.show('name', words.t('apply.name.title'), typed.box, button(words.t('shared.next'), go));
}

/** @param {State} state @param {string} wanted @param {() => void} then */
function profile(state, wanted, then) {
  const { flow, words, draft } = state;
  const [label, , list] = SAID.find(([, one]) => one === wanted) ?? SAID[0];
  const [most, is_needed] = FIELDS[wanted] ?? [1, false];
  const wrong = alarm();
  const go = () => {
    if (is_needed && !draft.profile[wanted]?.length) wrong.fail(words.t('apply.profile.needed'));
    else then();
  };
  flow.show(
    'profile',
    words.t(label),
    p('', words.t(`apply.profile.${wanted}`)),
    most > 1 && p('choice-hint', words.t('apply.profile.most', { most })),
    choices({
      name: words.t(label),
      options: offered(state, list),
      chosen: draft.profile[wanted] ?? [],
      many: most > 1,
      most: () => most,
      on: (chosen) => {
        draft.profile[wanted] = chosen;
        wrong.fail('');
      },
    }),
    wrong.box,
    button(words.t('shared.next'), go),
  );
}

/** @type {Step} */
function contact(state, then) {
  const { flow, words, draft } = state;
  const typed = field({
    label: words.t('apply.contact.label'),
    hint: words.t('apply.contact.hint'),
    value: draft.contact,
    multiline: true,
    max: c.APPLICATION_CONTACT_BYTES,
    left: left(state),
    on: (value) => (draft.contact = value),
  });
  const go = () => {
    if (!draft.contact.trim()) typed.fail(words.t('apply.contact.needed'));
    else if (bytes(draft.contact.trim()) > c.APPLICATION_CONTACT_BYTES) typed.fail(words.t('shared.too_long'));
    else if (applying.wrongText(draft.contact)) typed.fail(words.t('apply.text.wrong'));
    else then();
  };
  flow.show('contact', words.t('apply.contact.title'), typed.box, button(words.t('shared.next'), go));
}

/** @param {State} state @param {number} number @param {() => void} then */
function criterion(state, number, then) {
  const { flow, words, draft } = state;
  const said = (draft.answers[number] ??= { kind: 0, text: '', day: '' });
  const wrong = alarm();
  const text = field({
    label: words.t('apply.answer.text'),
    hint: words.t('apply.answer.text.hint'),
    value: said.text,
    multiline: true,
    max: c.ANSWER_TEXT_BYTES,
    left: left(state),
    on: (value) => (said.text = value),
  });
  const day = field({
    label: words.t('apply.answer.day'),
    hint: words.t('apply.answer.day.hint'),
    value: said.day,
    inputmode: 'numeric',
    on: (value) => (said.day = value),
  });
  const go = () => {
    if (!said.kind && isBlocking(number)) wrong.fail(words.t('apply.answer.needed'));
    else if (bytes(said.text.trim()) > c.ANSWER_TEXT_BYTES) text.fail(words.t('shared.too_long'));
    else if (applying.wrongText(said.text)) text.fail(words.t('apply.text.wrong'));
    else if (said.day.trim() && dayOf(said.day) === undefined) day.fail(words.t('apply.answer.day.wrong'));
    else then();
  };
  flow.show(
    'answer',
    words.t('apply.answer.title', { criterion: `V${number}` }),
    p('lead', words.t(`vetting.criterion.${number}`)),
    p('choice-hint', words.t(`vetting.evidence.${number}`)),
    isBlocking(number) && p('note', words.t('apply.answer.blocking')),
    choices({
      name: words.t('apply.answer.kind'),
      options: KINDS.map((value) => ({ value, text: words.t(`vetting.answer.${value}`) })),
      chosen: said.kind ? [said.kind] : [],
      on: ([one]) => {
        said.kind = one ?? 0;
        wrong.fail('');
      },
    }),
    wrong.box,
    text.box,
    day.box,
    button(words.t('shared.next'), go),
  );
}

/** @param {State} state @param {string} list @returns {Option[]} */
function offered({ words, admins }, list) {
  const own = list === 'regions' ? (admins?.view.policy.regions ?? []) : [];
  return [...options(words, list), ...own.map((one) => ({ value: one.number, text: one.name }))];
}

/** @param {State} state */
const left =
  ({ words }) =>
  (/** @type {number} */ room) =>
    room < 0 ? words.t('shared.over', { n: -room }) : words.t('shared.left', { n: room });

