// In the file that works without a network, in the place of ask_send.js: sealing, and the text that
// somebody carries. There is nothing here that could post it.

import { armour } from '../src/public/requests.js';
import { formsOf, shown } from './ask_receipt.js';
import { carriedText } from './carry_text.js';
import { button, h, p, status } from './dom.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */

/**
 * Seal what was said, once, and show it as text. Until then, going back stops it.
 * @param {State} state
 */
export function send(state) {
  const { flow, words, way, draft, receipt } = state;
  if (!way) return;
  const here = flow.here();
  const now = status(words.t('ask.sending.seal'));
  const place = h('div');
  state.progress = (tried, expected) => {
    if (!here()) throw new Error(); // nobody waits for it any more
    now.textContent = words.t('ask.sending.work');
    const value = Math.min(tried / expected, 1);
    place.replaceChildren(h('progress', { max: 1, value, 'aria-label': words.t('shared.wait') }));
  };
  const work = async () => {
    const request = state.request ?? (await way.seal(draft, receipt ?? null));
    if (!here()) return;
    state.request = request;
    flow.anew(sealed);
  };
  flow.show('sending', words.t('shared.wait'), now, place);
  work().catch((trouble) => here() && flow.swap(() => failed(state, trouble)));
}

/** @param {State} state */
function sealed(state) {
  const { flow, words, request, receipt, until = 0 } = state;
  if (!request) return;
  const label = words.t('ask.carry.paste.label');
  flow.show(
    'sealed',
    words.t('ask.carry.sealed'),
    p('lead', words.t('ask.carry.sealed.what')),
    p('note', words.t('ask.carry.sealed.until', { date: words.date(until - 1) })),
    carriedText(state, label, armour(request)),
    p('note', words.t('ask.carry.sealed.finder')),
    receipt && shown(formsOf(receipt.secret)),
    receipt && p('note', words.t('ask.done.how')),
    h('a', { class: 'next', href: '/bye' }, words.t('shared.leave')),
  );
}

/** @param {State} state @param {unknown} trouble */
function failed({ flow, words }, trouble) {
  flow.show(
    'failed',
    words.t('ask.carry.failed'),
    p('warn', troubleText(words, trouble)),
    button(words.t('shared.again'), () => flow.swap(send)),
  );
}
