// Ending work on a request: giving it to somebody else, closing it, taking a copy of it.

import * as cases from '../flows/cases.js';
import * as members from '../flows/members.js';
import { RECOVERY } from '../flows/recovery.js';
import { csv, table } from '../flows/exporting.js';
import { button, choices, p, plainly } from './dom.js';
import { MARK, hand } from './file.js';
import { found } from './inbox_case.js';
import { list } from './inbox_list.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */

/**
 * Give a request to another member, or to nobody.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function give(state, case_id) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const all = members.listed(desk).filter(({ role }) => role !== RECOVERY);
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const options = [
    ...all.map(({ name }, at) => ({ value: at + 1, text: plainly(name) })),
    { value: all.length + 1, text: words.t('inbox.case.give.nobody') },
  ];
  /** @param {number[]} chosen */
  const on = ([chosen]) => {
    if (!chosen) return;
    void notice.during(
      async () => cases.give(desk, case_id, all[chosen - 1]?.member_id),
      () => flow.back(),
    );
  };
  flow.show(
    'give',
    words.t('inbox.case.give'),
    choices({ name: words.t('inbox.case.give'), options, on }),
    notice.box,
  );
}

/**
 * Close a request, after saying what that means.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function close(state, case_id) {
  const { flow, words, desk } = state;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const yes = () => {
    void notice.during(
      async () => desk && cases.close(desk, case_id),
      () => flow.anew(() => list(state)),
    );
  };
  flow.show(
    'close',
    words.t('inbox.close.title'),
    p('', words.t('inbox.close.what')),
    p('', words.t('inbox.close.until')),
    button(words.t('inbox.close.yes'), yes),
    button(words.t('inbox.close.no'), () => flow.back(), { kind: 'more' }),
    notice.box,
  );
}

/**
 * Give a copy of this one request out of the page, after saying who could read it.
 * @param {State} state
 * @param {Uint8Array} case_id
 */
export function copy(state, case_id) {
  const { flow, words } = state;
  const one = found(state, case_id);
  if (!one) return;
  let with_text = false;
  const options = [{ value: 1, text: words.t('inbox.case.export.text') }];
  const take = () => {
    const shown = with_text ? one : wordless(one);
    hand(new Blob([MARK, csv(table(shown, say(state)))], { type: 'text/csv' }), 'notes.csv');
    flow.back();
  };
  flow.show(
    'copy',
    words.t('inbox.case.export'),
    p('warn', words.t('inbox.case.export.what')),
    choices({
      name: words.t('inbox.case.export'),
      many: true,
      options,
      on: (chosen) => (with_text = chosen.length > 0),
    }),
    button(words.t('inbox.case.export.save'), take),
  );
}

/**
 * Hand a key file (201 bytes) to the browser.
 * @param {Uint8Array} key_file
 */
export const handKey = (key_file) =>
  hand(new Blob([new Uint8Array(key_file)], { type: 'application/octet-stream' }), 'notes.key');

/**
 * Return a request without their own words; answers and the note are the organisation's.
 * @param {import('../flows/cases.js').Opened} one
 */
const wordless = (one) => ({
  ...one,
  said: { ...one.said, text: '' },
  follow_ups: one.follow_ups.map(({ number, said }) => ({ number, said: { ...said, text: '' } })),
});

/** What the parts of a copy are called. @type {Record<string, string>} */
const PARTS = {
  needs: 'ask.topic.needs',
  languages: 'ask.topic.languages',
  region: 'ask.topic.region',
  people: 'ask.topic.people',
  who: 'ask.topic.who',
  children: 'ask.topic.children',
  soon: 'ask.topic.soon',
  peer: 'ask.topic.peer',
  wishes: 'ask.topic.wishes',
  text: 'ask.topic.text',
  never: 'ask.topic.never',
  hours: 'ask.topic.hours',
  contact: 'inbox.case.contact',
  safe_word: 'ask.topic.safe_word',
  channels: 'ask.topic.safe',
  case: 'inbox.list.title',
  arrived: 'inbox.copy.came',
  state: 'inbox.copy.state',
  taker: 'inbox.copy.taker',
  note: 'inbox.case.note',
  answer: 'inbox.answer.label',
  consent: 'inbox.copy.consent',
};

/** @param {State} state @returns {import('../flows/exporting.js').Say} */
const say = ({ words }) => ({
  field: (name) => words.t(PARTS[name] ?? 'shared.unknown'),
  choice: (list, id) => words.textOf({ channels: 'channel', wishes: 'wish' }[list] ?? list, id),
  day: (epoch) => words.date(epoch),
});
