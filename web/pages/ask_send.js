// Sealing and sending: what is going on, what went wrong, and the same again.

import { Trouble } from '../flows/troubles.js';
import { others, refused } from './ask_code.js';
import { done } from './ask_done.js';
import { button, h, p, status } from './dom.js';
import { learn } from './later.js';
import { troubleText } from './trouble.js';

/** @typedef {import('./ask.js').State} State */
/** @typedef {import('../flows/ways.js').Sent} Sent */

const LOST = ['unreachable', 'answer']; // it may have arrived
const SECOND = 1000;

/**
 * Seal what was said, once, and post it. Until it is posted, going back stops it.
 * @param {State} state
 */
export function send(state) {
  const { flow, words, way, draft, receipt } = state;
  if (!way) return;
  const here = flow.here();
  const now = status(words.t('ask.sending.seal'));
  const place = h('div');
  const show = () => flow.show('sending', words.t('ask.sending.title'), now, place);
  state.progress = (tried, expected) => {
    if (!here()) throw new Error(); // nobody waits for it any more
    if (!place.firstChild) now.textContent = words.t('ask.sending.work');
    place.replaceChildren(bar(Math.min(tried / expected, 1), words.t('ask.sending.title')));
  };
  const work = async () => {
    const request = state.request ?? (await way.seal(draft, receipt ?? null));
    if (!here()) return;
    state.request = request;
    flow.screens = [send]; // what may have arrived is not changed any more
    now.textContent = words.t('ask.sending.post');
    place.replaceChildren();
    show();
    const sent = await way.send(request);
    if (here()) arrived(state, sent);
  };
  show();
  work().catch(async (trouble) => {
    await learn(state, trouble);
    if (here()) failed(state, trouble);
  });
}

/** @param {number} part 0 to 1 @param {string} name */
const bar = (part, name) =>
  h('progress', { max: 1, value: part, 'aria-label': name });

/** @param {State} state @param {Sent} sent */
function arrived(state, { request, last_epoch }) {
  const { flow } = state;
  state.request = last_epoch === null ? undefined : request;
  if (last_epoch === null) flow.anew(refused);
  else flow.anew(() => done(state, last_epoch));
}

/** @param {State} state @param {unknown} trouble */
function failed(state, trouble) {
  const { flow, words, request } = state;
  const { kind = '', retry_after = 0 } = trouble instanceof Trouble ? trouble : {};
  const lost = request && LOST.includes(kind);
  flow.swap(() => {
    const again = button(words.t('shared.again'), () => flow.swap(send));
    const notice = flow.notice((other) => troubleText(words, other));
    const left = status();
    flow.show(
      lost ? 'unknown' : 'failed',
      words.t(lost ? 'ask.unknown.title' : 'ask.failed.title'),
      p('warn', troubleText(words, trouble)),
      lost && p('lead', words.t('ask.unknown.what')),
      left,
      again,
      notice.box,
      !request && others(state, notice),
    );
    void countDown(state, retry_after, again, left);
  });
}

/**
 * Let "Try again" wait as long as the server asked for, and say how long that is.
 * @param {State} state
 * @param {number} seconds
 * @param {HTMLElement} again
 * @param {HTMLElement} left
 */
export async function countDown({ flow, session, words }, seconds, again, left) {
  const here = flow.here();
  for (let n = seconds; n > 0 && here(); n -= 1) {
    again.setAttribute('disabled', '');
    left.textContent = words.t('shared.seconds', { n });
    await session.pause(SECOND);
  }
  again.removeAttribute('disabled');
  left.textContent = '';
}
