// Everything that can be said, as it is read back: its name, and what was said of it.

/** @typedef {import('./ask.js').State} State */

/** The list of the words that ids are from; what is not here is a number or a text. @type {Record<string, string>} */
const LISTS = {
  needs: 'needs',
  soon: 'soon',
  region: 'regions',
  languages: 'languages',
  who: 'who',
  children: 'children',
  safe: 'channel',
  hours: 'hours',
  never: 'never',
  wishes: 'wish',
  peer: 'peer',
};

/** In the order in which all of it is offered and read back. */
export const NAMES =
  'needs soon region languages people who children safe hours never safe_word wishes peer text'.split(' ');

/** What each is called; later_words.js adds more. @type {Record<string, string>} */
export const LABELS = {
  needs: 'ask.topic.needs',
  languages: 'ask.topic.languages',
  safe: 'ask.topic.safe',
};

/** Return what it is called. @param {State} state @param {string} name */
export const label = ({ words }, name) => words.t(LABELS[name] ?? '');

/**
 * Return what was said of it, as people read it; nothing where nothing was.
 * @param {State} state
 * @param {string} name
 * @returns {string[]}
 */
export function said(state, name) {
  const { words, draft } = state;
  const list = LISTS[name];
  const kept = /** @type {Record<string, any>} */ (draft);
  const value = kept[name === 'safe' ? 'channels' : name] ?? '';
  if (name === 'people') return value ? [words.number(value)] : [];
  if (!list) return lines(value);
  const texts = [value].flat().filter(Boolean).map((id) => textOf(state, list, id));
  return name === 'safe' ? [...texts, ...lines(draft.contact)] : texts;
}

/** @param {string} text */
const lines = (text) => text.split('\n').filter(Boolean);

/**
 * Return the text of a choice; some regions are this network's own.
 * @param {State} state
 * @param {string} list
 * @param {number} id
 */
export const textOf = (state, list, id) =>
  (list === 'regions' && ownRegions(state).find((one) => one.number === id)?.name) ||
  state.words.textOf(list, id);

/** Return the regions that only this network has. @param {State} state */
export const ownRegions = ({ way, directory }) => (way?.view ?? directory?.view)?.policy.regions ?? [];
