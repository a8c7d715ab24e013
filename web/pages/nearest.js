// Which of the languages that a page has is nearest to those of a browser.

// What browsers call it that is offered under another tag. A script that is named counts more than
// a place: zh-Hans-HK is simplified.
const CALLED = /** @type {const} */ ([
  [/^(zh|cmn|yue)-hans\b/, 'zh-hans'],
  [/^(yue|(zh|cmn)-(hant|tw|hk|mo))\b/, 'zh-hant'],
  [/^(zh|cmn)\b/, 'zh-hans'],
  [/^fil\b/, 'tl'],
  [/^in\b/, 'id'],
]);

/**
 * Return the first of the wanted languages that is offered, by its whole tag or its first part.
 * @param {string[]} offered
 * @param {readonly string[]} wanted
 */
export function nearest(offered, wanted) {
  for (const tag of wanted.map(called)) {
    const found =
      offered.find((one) => tag === one.toLowerCase()) ??
      offered.find((one) => tag.split('-')[0] === one.split('-')[0]);
    if (found) return found;
  }
  return undefined;
}

/** @param {string} tag */
function called(tag) {
  const small = tag.toLowerCase();
  return CALLED.find(([form]) => form.test(small))?.[1] ?? small;
}
