// Which of the languages that a page has is nearest to those of a browser.

/**
 * Return the first of the wanted languages that is offered, by its whole tag or its first part.
 * @param {string[]} offered
 * @param {readonly string[]} wanted
 */
export function nearest(offered, wanted) {
  for (const tag of wanted) {
    const found =
      offered.find((one) => tag.toLowerCase() === one.toLowerCase()) ??
      offered.find((one) => tag.split('-')[0] === one.split('-')[0]);
    if (found) return found;
  }
  return undefined;
}
