// Other ways than asking here and now: handing in what was sealed elsewhere, and what is needed to
// seal in a place without a network. Nothing is kept on the device but what she keeps herself.

import * as carried from '../flows/carried.js';
import * as pasting from '../flows/pasting.js';
import { Trouble } from '../flows/troubles.js';
import { codeField, refused, written } from './ask_code.js';
import { carriedText } from './carry_text.js';
import { button, field, h, p } from './dom.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/pasting.js').Request} Request */

/**
 * Offer the other ways.
 * @param {State} state
 */
export function ways({ flow, words }) {
  flow.show(
    'ways',
    words.t('ask.code.ways'),
    button(words.t('ask.carry.paste'), () => flow.go(paste)),
    button(words.t('ask.carry.keep'), () => flow.go(keep)),
  );
}

/**
 * Take a text that was sealed elsewhere, and send it.
 * @param {State} state
 */
function paste(state) {
  const { flow, words } = state;
  const notice = noticeOf(state);
  let text = '';
  const input = field({
    label: words.t('ask.carry.paste.label'),
    multiline: true,
    on: (value) => {
      text = value;
    },
  });
  const send = () => {
    try {
      post(state, notice, pasting.read(text));
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      input.fail(words.t('ask.carry.paste.none'));
    }
  };
  flow.show(
    'paste',
    words.t('ask.carry.paste'),
    p('lead', words.t('ask.carry.paste.what')),
    input.box,
    notice.box,
    button(words.t('ask.receipt.send'), send),
  );
}

/**
 * Post it; after a trouble the same button posts the very same again.
 * @param {State} state
 * @param {ReturnType<typeof noticeOf>} notice
 * @param {Request} request
 */
function post(state, notice, request) {
  const { flow, session } = state;
  const here = flow.here();
  const progress = () => {
    if (!here()) throw new Error(); // nobody waits for it any more
  };
  void notice.during(
    () => pasting.send(session, request, progress),
    (last_epoch) => flow.anew(() => (last_epoch === null ? notTaken(state) : sent(state, last_epoch))),
  );
}

/** @param {State} state @param {number} last_epoch */
function sent({ flow, words }, last_epoch) {
  flow.show(
    'pasted',
    words.t('ask.done.title'),
    p('lead', words.t('ask.done.kept', { date: words.date(last_epoch - 1) })),
    p('note', words.t('ask.carry.paste.again')),
    button(words.t('ask.carry.paste.more'), () => flow.anew(paste), { kind: 'more' }),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}

/** @param {State} state */
function notTaken({ flow, words }) {
  flow.show(
    'refused',
    words.t('ask.carry.paste.refused'),
    p('lead', words.t('ask.carry.paste.why')),
    button(words.t('ask.carry.paste.more'), () => flow.anew(paste), { kind: 'more' }),
  );
}

/**
 * Offer the page as a file, and what it needs: what lies behind a code, or the list.
 * @param {State} state
 */
function keep(state) {
  const { flow, words, session } = state;
  const notice = noticeOf(state);
  const { box, look } = codeField(
    state,
    (secret) =>
      void notice.during(
        () => carried.saveRecord(session, secret),
        (made) => {
          if (!made) return flow.go(refused);
          const name = made.recipient.statement.name;
          const of = words.t('ask.carry.keep.of', { name, date: words.date(made.last - 1) });
          flow.go(() => kept(state, made, of));
        },
      ),
  );
  const list = () =>
    void notice.during(
      () => carried.saveDirectory(session),
      (made) => {
        const of = words.t('ask.carry.keep.until', { date: words.date(made.last - 1) });
        flow.go(() => kept(state, made, of));
      },
    );
  flow.show(
    'keep',
    words.t('ask.carry.keep'),
    p('lead', words.t('ask.carry.keep.what')),
    p('note', words.t('ask.carry.keep.finder')),
    h('a', { class: 'next', href: '/saved', download: 'notes.html' }, words.t('ask.carry.keep.page')),
    h('h2', {}, words.t('ask.carry.keep.needs')),
    box,
    notice.box,
    button(words.t('shared.next'), look),
    button(words.t('ask.code.none'), list, { kind: 'more' }),
  );
}

/**
 * Show what is to be kept, and what it is.
 * @param {State} state
 * @param {{text: string, view: import('../flows/network_view.js').View}} made
 * @param {string} of
 */
function kept(state, { text, view }, of) {
  const { flow, words } = state;
  const label = words.t('ask.carry.open.label');
  flow.show(
    'kept',
    label,
    p('lead', of),
    carriedText(state, label, text),
    p('note', words.t('ask.carry.keep.finder')),
    network(state, view.policy.network_id),
  );
}

/**
 * Say of which network something is, so that it can be compared.
 * @param {State} state
 * @param {Uint8Array} network_id 32 bytes
 */
export function network({ words }, network_id) {
  const digits = [...network_id].map((one) => one.toString(16).padStart(2, '0')).join('');
  const groups = digits.match(/.{4}/g) ?? [];
  return h('div', {}, p('note', words.t('ask.carry.network')), written(groups.join(' ')));
}

/** @param {State} state */
const noticeOf = ({ flow, words }) => flow.notice((trouble) => troubleText(words, trouble));
