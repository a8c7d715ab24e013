// Codes to give away: how many are ready, taking some, printing them, and ending a batch.

import { bareAddress, sheet } from './sheet.js';
import * as handing from '../flows/handing.js';
import { counted } from '../flows/stocking.js';
import { button, choices, field, h, p } from './dom.js';
import { troubleOf } from './inbox_trouble.js';
import { load } from './words.js';

/** @typedef {import('./inbox.js').State} State */
/** @typedef {import('../flows/desk.js').Desk} Desk */
/** @typedef {import('../flows/handing.js').Handed} Handed */

/** So many are taken at once at most. */
const MOST = 500;
const FORMS = /** @type {const} */ (['cards', 'strips']);
const PAPERS = /** @type {const} */ (['a4', 'letter']);
const PAPER_NAMES = ['A4', 'Letter'];

/**
 * Show the stock, what was given away, and take codes from it.
 * @param {State} state
 */
export function codes(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const { ready, waiting } = counted(desk);
  const asked = { count: Math.min(ready, 1), name: '', form: 0, paper: 0, language: '', cover: false };
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const number = field({
    label: words.t('inbox.codes.count'),
    inputmode: 'numeric',
    value: String(asked.count),
    on: (value) => (asked.count = /^\d{1,3}$/.test(value.trim()) ? Number(value.trim()) : 0),
  });
  const name = field({
    label: words.t('inbox.codes.batch'),
    hint: words.t('inbox.codes.batch.hint'),
    on: (value) => (asked.name = value.trim()),
  });
  const take = () => {
    const most = Math.min(ready, MOST);
    if (asked.count < 1 || asked.count > MOST) {
      number.fail(words.t('inbox.codes.count.wrong', { most }));
      return;
    }
    void notice.during(
      async () => {
        const card_words = asked.language ? await load('sheet', asked.language) : undefined;
        return { card_words, handed: handing.handOut(desk, asked.count, asked.name) };
      },
      ({ card_words, handed }) => {
        const cover = asked.cover ? asked.name || words.t('inbox.codes.cover.text') : undefined;
        const layout = {
          form: FORMS[asked.form] ?? 'cards',
          paper: PAPERS[asked.paper] ?? 'a4',
          ...(card_words ? { words: card_words } : {}),
          ...(cover ? { cover } : {}),
        };
        flow.swap(() => taken(state, handed, layout));
      },
    );
  };
  flow.show(
    'codes',
    words.t('inbox.codes.title'),
    p('lead', words.n('inbox.codes.ready', ready)),
    waiting > 0 && p('', words.n('inbox.codes.waiting', waiting)),
    !ready && !waiting && p('note', words.t('inbox.codes.none')),
    ready > 0 && [number.box, name.box, ...looks(state, asked), button(words.t('inbox.codes.make'), take)],
    notice.box,
    aside(state),
    batches(state),
  );
}

/**
 * @param {State} state
 * @param {{form: number, paper: number, language: string, cover: boolean}} asked
 */
function looks({ words, languages }, asked) {
  return [
    choices({
      name: words.t('inbox.codes.layout'),
      shown: true,
      options: FORMS.map((form, at) => ({ value: at + 1, text: words.t(`inbox.codes.layout.${form}`) })),
      chosen: [1],
      on: ([chosen]) => (asked.form = (chosen ?? 1) - 1),
    }),
    choices({
      name: words.t('inbox.codes.paper'),
      shown: true,
      options: PAPER_NAMES.map((text, at) => ({ value: at + 1, text })),
      chosen: [1],
      on: ([chosen]) => (asked.paper = (chosen ?? 1) - 1),
    }),
    choices({
      name: words.t('inbox.codes.language'),
      shown: true,
      options: [
        { value: 1, text: words.t('inbox.codes.language.none') },
        ...languages.map(({ code, name }, at) => ({ value: at + 2, text: name, lang: code })),
      ],
      chosen: [1],
      on: ([chosen]) => (asked.language = languages[(chosen ?? 1) - 2]?.code ?? ''),
    }),
    choices({
      name: words.t('inbox.codes.cover'),
      many: true,
      options: [{ value: 1, text: words.t('inbox.codes.cover') }],
      on: (chosen) => (asked.cover = chosen.length > 0),
    }),
  ];
}

/**
 * Show codes that were taken, once, and print them.
 * @param {State} state
 * @param {Handed[]} handed
 * @param {import('./sheet.js').Layout} layout
 */
function taken(state, handed, layout) {
  const { flow, words } = state;
  flow.show(
    'codes taken',
    words.t('inbox.codes.title'),
    p('warn', words.t('inbox.codes.shown')),
    button(words.t('inbox.codes.print'), () => print()),
    h(
      'ul',
      { class: 'codes' },
      handed.map(({ symbols, digits }) =>
        h('li', { class: 'receipt' }, h('p', { dir: 'ltr' }, symbols), h('p', { class: 'digits' }, digits)),
      ),
    ),
    p('', words.t('inbox.codes.until', { date: words.date(handed[0]?.last_day ?? 0) })),
    flow.done(),
    sheet(handed, bareAddress(), layout),
  );
}

/**
 * Say which codes are given to nobody, since somebody may have them, and what can be done.
 * @param {State} state
 */
function aside(state) {
  const { flow, words, desk } = state;
  const { all, own } = desk ? handing.aside(desk) : { all: 0, own: 0 };
  if (!desk || !all) return [];
  const back = () => {
    handing.putAsideBack(desk);
    flow.swap(() => codes(state));
  };
  return [
    p('note', words.n('inbox.codes.aside', all)),
    p('', words.t('inbox.codes.aside.what')),
    own > 0 && button(words.t('inbox.codes.aside.back'), back, { kind: 'more' }),
    button(words.t('inbox.codes.aside.cancel'), () => flow.go(() => cancelling(state, ASIDE)), {
      kind: 'more',
    }),
  ];
}

/** @param {State} state */
function batches(state) {
  const { flow, words, desk } = state;
  const all = desk ? handing.batches(desk) : [];
  if (!all.length) return [];
  const rows = all.map(({ batch, name, out, used, cancelled }) =>
    h(
      'li',
      {},
      words.t('inbox.codes.batch.row', {
        name: name || words.t('inbox.codes.batch.unnamed'), out, used, cancelled,
      }),
      out > 0 &&
        button(words.t('inbox.codes.cancel'), () => flow.go(() => cancelling(state, ofBatch(batch))), {
          kind: 'more',
        }),
    ),
  );
  return [h('h2', {}, words.t('inbox.codes.taken')), h('ul', {}, rows)];
}

/**
 * What ends together: a batch, or all that was set aside.
 * @typedef {{spread: (desk: Desk) => number, now: (desk: Desk) => Promise<number>}} Ending
 */

/** @type {Ending} */
const ASIDE = { spread: handing.cancelAside, now: handing.cancelAsideNow };

/** @param {string} batch @returns {Ending} */
const ofBatch = (batch) => ({
  spread: (desk) => handing.cancelBatch(desk, batch),
  now: (desk) => handing.cancelBatchNow(desk, batch),
});

/**
 * End codes that nobody used: at once, or spread over a day.
 * @param {State} state
 * @param {Ending} ending
 */
function cancelling(state, ending) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const done = (/** @type {string} */ key, /** @type {number} */ count) =>
    flow.swap(() => flow.show('cancelled', words.t('inbox.codes.title'), p('done', words.n(key, count)), flow.done()));
  const spread = () =>
    void notice.during(
      async () => ending.spread(desk),
      (count) => done('inbox.codes.cancelling', count),
    );
  const now = () =>
    void notice.during(
      () => ending.now(desk),
      (count) => done('inbox.codes.cancelled', count),
    );
  flow.show(
    'cancelling',
    words.t('inbox.codes.cancel'),
    p('', words.t('inbox.codes.cancel.sure')),
    p('', words.t('inbox.codes.cancel.at_once')),
    button(words.t('inbox.codes.cancel.spread'), spread),
    button(words.t('inbox.codes.cancel.now'), now, { kind: 'more' }),
    notice.box,
  );
}
