// The pictograms: one hidden drawing in the document, from which they are used by name.

const SVG = 'http://www.w3.org/2000/svg';
const POINTING = new Set(['back', 'next']); // the other way where writing goes from right to left

/**
 * Add pictograms to the document, once.
 * @param {Readonly<Record<string, string>>} sprite the path of each, by its name
 */
export function addSprite(sprite) {
  const all = svg('svg', { hidden: '' });
  for (const [name, d] of Object.entries(sprite)) {
    const symbol = svg('symbol', { id: `i-${name}`, viewBox: '0 0 24 24' });
    symbol.append(svg('path', { d }));
    all.append(symbol);
  }
  document.body.append(all);
}

/** @param {string} tag @param {Record<string, string>} attributes */
function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/**
 * Return the pictogram of a name ('needs-12', 'lock'), nothing where there is none.
 * @param {string} [name]
 * @returns {Element | undefined}
 */
export function icon(name) {
  if (!name || !document.getElementById(`i-${name}`)) return undefined;
  const look = POINTING.has(name) ? 'icon mirrored' : 'icon';
  const drawn = svg('svg', { class: look, 'aria-hidden': 'true', focusable: 'false' });
  drawn.append(svg('use', { href: `#i-${name}` }));
  return drawn;
}
