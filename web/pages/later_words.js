// Keys of what only some people see: their texts come with the second part of the page for asking,
// so the first does not name them (web/build/keys.js holds it to that).

import { LABELS } from './ask_said.js';
import { tell } from './trouble.js';

/** Have words for it: what can go wrong without a code, and what can be said besides. */
export function tellLater() {
  tell({
    changed: ['trouble.changed', 'trouble.changed.then'],
    closed: ['trouble.closed', 'trouble.closed.then'],
    date: ['trouble.date', 'trouble.date.then'],
  });
  Object.assign(LABELS, {
    exactly: 'ask.topic.exactly',
    soon: 'ask.topic.soon',
    region: 'ask.topic.region',
    people: 'ask.topic.people',
    who: 'ask.topic.who',
    children: 'ask.topic.children',
    hours: 'ask.topic.hours',
    never: 'ask.topic.never',
    safe_word: 'ask.topic.safe_word',
    wishes: 'ask.topic.wishes',
    peer: 'ask.topic.peer',
    text: 'ask.topic.text',
  });
}
