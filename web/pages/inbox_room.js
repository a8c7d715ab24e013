// Whether requests without a code are taken, and how much room there is: the directory shows it.

import * as kept from '../flows/kept.js';
import { setRoom } from '../flows/walk_in_keys.js';
import { button, choices, p } from './dom.js';
import { troubleOf } from './inbox_trouble.js';

/** @typedef {import('./inbox.js').State} State */

/**
 * Show what the directory says now, and change it.
 * @param {State} state
 */
export function room(state) {
  const { flow, words, desk } = state;
  if (!desk) return;
  const said = { ...kept.room(desk.read()) };
  const notice = flow.notice((trouble) => troubleOf(words, trouble));
  const taken = ['inbox.room.open', 'inbox.room.closed'].map((key, at) => ({ value: at + 1, text: words.t(key) }));
  const much = words.list('capacity').map(({ id, text, hint }) => ({ value: id, text, hint }));
  const show = () => void notice.during(() => setRoom(desk, said), () => flow.back());
  flow.show(
    'room',
    words.t('inbox.room.title'),
    p('', words.t('inbox.room.what')),
    choices({
      name: words.t('inbox.room.walk_ins'),
      shown: true,
      options: taken,
      chosen: [said.walk_ins ? 1 : 2],
      on: ([chosen]) => (said.walk_ins = chosen === 1),
    }),
    choices({
      name: words.t('inbox.room.room'),
      shown: true,
      options: much,
      chosen: said.capacity ? [said.capacity] : [],
      on: ([chosen]) => (said.capacity = chosen ?? 0),
    }),
    button(words.t('inbox.room.save'), show),
    notice.box,
  );
}
