// The second part of the page for asking: see later.js.

import { addSprite } from './icons.js';
import { LATER } from './sprite.js';

export { choose } from './ask_list.js';
export { more } from './ask_more.js';
export { eyes } from './ask_eyes.js';

/** Add the pictograms that only these screens show. */
export const begin = () => addSprite(LATER);
