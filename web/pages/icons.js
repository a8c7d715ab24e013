// The pictograms: one hidden drawing in the document, from which they are used by name.

const SVG = 'http://www.w3.org/2000/svg';
const POINTING = new Set(['back', 'next']); // the other way where writing goes from right to left

/**
 * Add the pictograms to the document, once.
 * @param {Readonly<Record<string, [tag: string, attributes: Record<string, string>][]>>} sprite
 *   by id: its <symbol>, then the shapes in it
 */
export function addSprite(sprite) {
  const all = svg('svg', { hidden: '' });
  for (const [id, drawing] of Object.entries(sprite)) {
    const [symbol, ...shapes] = drawing.map(([tag, attributes]) => svg(tag, attributes));
    symbol?.setAttribute('id', id);
    symbol?.append(...shapes);
    if (symbol) all.append(symbol);
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
 * Return the pictogram of a name ('needs-money', 'lock'), nothing where there is none.
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
