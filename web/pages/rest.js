// The second part of the page for asking: see later.js.

import { addSprite } from './icons.js';
import { LATER } from './sprite.js';
import { tellLater } from './later_words.js';
import { tellNetwork } from './network_words.js';

export { choose } from './ask_list.js';
export { more } from './ask_more.js';
export { eyes } from './ask_eyes.js';
export { ways } from './carry.js';

/** Add the pictograms, and what can go wrong, of these screens alone. */
export function begin() {
  addSprite(LATER);
  tellLater();
  tellNetwork();
}
