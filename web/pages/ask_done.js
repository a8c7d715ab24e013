// It was sent: what happens next. Nothing of it is kept in this page, but the receipt on the
// screen until it has been copied.

import { isDelivered } from '../flows/ask.js';
import { drop } from './ask.js';
import { answers } from './ask_code.js';
import { formsOf, shown } from './ask_receipt.js';
import { button, h, p, status } from './dom.js';

/** @typedef {import('./ask.js').State} State */

/**
 * Say that it was sent and until when it is kept; read it back meanwhile.
 * @param {State} state
 * @param {number} last_epoch
 */
export function done(state, last_epoch) {
  const { flow, words, receipt } = state;
  const delivered = status();
  void readBack(state, delivered);
  flow.show(
    'done',
    words.t('ask.done.title'),
    delivered,
    receipt && p('lead', words.t('ask.done.next')),
    p('note', words.t('ask.done.kept', { date: words.date(last_epoch - 1) })),
    receipt && keep(state, formsOf(receipt.secret)),
    receipt && p('note', words.t('ask.done.how')),
    p('note', words.t('ask.done.gone')),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
    receipt && answers(words.t('ask.done.look')),
  );
  drop(state);
}

/**
 * Look the request up with its receipt, as anybody who has the receipt can.
 * @param {State} state
 * @param {HTMLElement} place
 */
async function readBack({ session, words, flow, way, request, receipt }, place) {
  if (!way || !request || !receipt) return;
  const here = flow.here();
  place.textContent = words.t('shared.wait');
  const found = await isDelivered(session, request, receipt).catch(() => false);
  if (here()) place.textContent = words.t(found ? 'ask.done.delivered' : 'ask.done.taken');
}

/**
 * Show the receipt once more, until somebody says that it was copied.
 * @param {State} state
 * @param {string[]} forms
 */
function keep({ words }, forms) {
  const copied = button(words.t('ask.done.copied'), () => {
    box.remove();
    document.querySelector('h1')?.focus();
  });
  const box = h('div', {}, shown(forms), copied);
  return box;
}
