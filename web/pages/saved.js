// The page for asking as one file that works without a network: what was kept for it is put in and
// checked, the way to ask is the same, and at its end stands a text to carry. It posts nothing: its
// policy lets it reach nothing, and saved_send.js stands in the place of what would.

import { now, pause, random, today } from '../flows/ambient.js';
import * as carried from '../flows/carried.js';
import { Trouble } from '../flows/troubles.js';
import { make } from '../src/client/message.js';
import { codeField } from './ask_code.js';
import { eyes } from './ask_eyes.js';
import { organisation } from './ask_list.js';
import { more } from './ask_more.js';
import { reader } from './ask_reader.js';
import { network } from './carry.js';
import { addSprite, button, field, h, newId, p } from './dom.js';
import { guard } from './exit.js';
import { Flow } from './flow.js';
import { offer, speak } from './languages.js';
import { tellLater } from './later_words.js';
import { tellNetwork } from './network_words.js';
import { LATER, SPRITE } from './sprite.js';
import { troubleText } from './trouble.js';
import { Words } from './words.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/carried.js').Saved} Saved */

const AWAY = 'about:blank';
/** @type {State | undefined} */
let state;

guard(() => {
  state?.forget();
  state = undefined;
}, AWAY);
const main = document.getElementById('main');
const texts = JSON.parse(document.getElementById('words')?.textContent ?? '{}');
if (main) {
  offer(main, ({ lang }) => {
    const words = new Words(sealing(texts[lang]));
    speak(words);
    state = begin(main, words);
  });
}

/**
 * The same words, where the last button seals and does not send.
 * @param {any} file
 */
const sealing = (file) => ({
  ...file,
  texts: { ...file.texts, 'ask.receipt.send': file.texts['ask.carry.seal'] },
});

/**
 * Begin at the first screen, in a language.
 * @param {HTMLElement} main
 * @param {Words} words
 */
function begin(main, words) {
  // There is no server, so there are no calls: whatever needs them is not in this file.
  const session = /** @type {State['session']} */ (/** @type {unknown} */ ({ today, now, random, pause }));
  const made = /** @type {State} */ (/** @type {unknown} */ ({
    main,
    words,
    session,
    rest: { eyes, more },
    draft: make({ languages: words.language ? [words.language] : [] }),
    typed: { code: '', channels: [], contact: {}, word: '', first: '' },
    filter: { languages: [], accepts: [] },
    corrected: '',
    progress: () => {},
    forget: () => {
      made.flow.end();
      main.replaceChildren();
    },
  }));
  made.flow = new Flow(made);
  addSprite({ ...SPRITE, ...LATER });
  tellLater();
  tellNetwork();
  made.flow.go(open);
  return made;
}

/**
 * Ask for the text that was kept, typed in or as a file.
 * @param {State} state
 */
function open(state) {
  const { flow, words, session } = state;
  /** @param {string} key */
  const t = (key) => words.t(key);
  const notice = flow.notice((trouble) => troubleText(words, trouble));
  let text = '';
  const input = field({
    label: t('ask.carry.open.label'),
    multiline: true,
    on: (value) => {
      text = value;
    },
  });
  const look = () => {
    try {
      const found = carried.read(text);
      void notice.during(() => carried.check(session, found), (saved) => flow.go(() => opened(state, saved)));
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      input.fail(trouble.kind === 'newer' ? troubleText(words, trouble) : t('ask.carry.open.none'));
    }
  };
  const id = newId();
  const choose = h('input', {
    id,
    type: 'file',
    accept: '.txt,text/plain',
    change: async (/** @type {{target: HTMLInputElement}} */ { target }) => {
      const [file] = target.files ?? [];
      if (!file) return;
      text = await file.text();
      look();
    },
  });
  flow.show(
    'open',
    t('ask.carry.open'),
    words.unreviewed && p('warn', t('shared.unreviewed')),
    p('lead', t('ask.carry.open.what')),
    h('div', { class: 'field' }, h('label', { for: id }, t('ask.carry.open.file')), choose),
    input.box,
    notice.box,
    button(t('shared.next'), look),
    p('note', t('ask.code.exit')),
  );
}

/**
 * What was kept: the code's field, or the organisations that can still be chosen. Where nothing can
 * be used any more, that is said before anything is asked.
 * @param {State} state
 * @param {Saved} saved
 */
function opened(state, saved) {
  const { flow, words } = state;
  const { organisations, last, view, carried: found } = saved;
  const body = found.record ? [byCode(state, saved)] : [byList(state, saved)];
  const able = found.record || organisations.length;
  flow.show(
    able ? 'opened' : 'past',
    words.t(able ? 'ask.carry.opened' : 'ask.carry.past'),
    able && p('warn', words.t('ask.carry.trust')),
    able && network(state, view.policy.network_id),
    !able && last > 0 && p('lead', words.t('ask.carry.past.until', { date: words.date(last) })),
    !able && p('lead', words.t('ask.carry.past.then')),
    able && p('note', words.t('ask.carry.old')),
    able && !found.record && p('note', words.t('ask.carry.keep.until', { date: words.date(last - 1) })),
    ...(able ? body : []),
  );
}

/** @param {State} state @param {Saved} saved */
function byCode(state, saved) {
  const { flow, words, session } = state;
  const notice = flow.notice((trouble) => {
    const other = trouble instanceof Trouble && trouble.kind === 'not_readable';
    return other ? words.t('ask.carry.other') : troubleText(words, trouble);
  });
  const { box, look } = codeField(
    state,
    (secret) =>
      void notice.during(
        () => carried.byRecord(session, saved, secret),
        (way) => {
          state.way = way;
          state.until = way.last_epoch;
          flow.go(reader);
        },
      ),
  );
  return h('div', {}, box, notice.box, button(words.t('shared.next'), look));
}

/** @param {State} state @param {Saved} saved */
function byList(state, saved) {
  const { flow, words, session } = state;
  const progress = (/** @type {[number, number]} */ ...made) => state.progress(...made);
  const choices = saved.organisations.map((one) =>
    organisation(words, one, () => {
      state.way = carried.byKey(session, saved, one, progress);
      state.until = one.weekly_key?.last ?? 0;
      state.corrected = '';
      flow.go(reader);
    }),
  );
  return h('div', { class: 'choices' }, choices);
}
