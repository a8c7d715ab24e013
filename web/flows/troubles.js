/**
 * What can go wrong for somebody who uses the page; the words of each stand in the catalogues,
 * under `trouble.<kind>` (what happened) and `trouble.<kind>.then` (what to do).
 *
 * | kind          | what it means                                                                  |
 * |---------------|--------------------------------------------------------------------------------|
 * | unreachable   | no whole answer came: it is not known whether the request arrived               |
 * | answer        | what came back is not an answer of a Towpath server, or this client is too old  |
 * | limited       | too many for now: wait (`retry_after` in seconds, where the server said it)     |
 * | busy          | the server is busy, nothing was stored: try again                               |
 * | broken        | the server has a fault                                                          |
 * | refused       | the server does not take this code or receipt                                   |
 * | not_readable  | what lies there does not open, or does not have its form                        |
 * | newer         | a newer version made this: load the page anew                                   |
 * | not_vetted    | signatures, log or list do not hold: do not send anything here for now          |
 * | suspended     | the organisation is not listed any more, or its listing was replaced            |
 * | expired       | the last day of the code or of the listing has passed                           |
 * | not_yet       | the listing begins later than today: look at the date of this device            |
 * | not_witnessed | nobody outside has confirmed the public log of late                             |
 * | changed       | what the organisation says of itself was changed a moment ago: read it again    |
 * | closed        | the chosen organisation is not listed any more or takes no walk-ins now         |
 * | date          | the server does not take the day that this device says it is                    |
 * | consent       | there is no yes: nothing was sealed                                             |
 * | too_long      | something is longer than there is room for                                      |
 * | input         | something that was typed can't be used as it is (a word, a contact)             |
 *
 * Of what `src` refused, `why` says more: the step of network_view.js, where it was that, and the
 * category. pages/network_words.js has words for some.
 */

import { Refused } from '../src/errors.js';

/** Something stands in the way. It holds no value of what was typed, read or sent. */
export class Trouble extends Error {
  /**
   * @param {string} kind one of the table above
   * @param {{category?: string, why?: string, status?: number, retry_after?: number,
   *   problem?: import('./wire.js').Fields}} [more] the category of what `src` refused, and in which
   *   step; the status of an answer; how many seconds to wait; what a server's problem says
   */
  constructor(kind, more = {}) {
    super();
    this.kind = kind;
    this.category = more.category;
    this.why = more.why;
    this.status = more.status;
    this.retry_after = more.retry_after;
    this.problem = more.problem;
  }
}

/** @type {Record<string, string>} */
const OF_A_NETWORK = {
  Malformed: 'not_readable',
  CannotOpen: 'not_readable',
  Unsupported: 'newer',
  NotWitnessed: 'not_witnessed',
};

/** @type {Record<string, string>} */
const OF_A_LISTING = {
  ...OF_A_NETWORK,
  Suspended: 'suspended',
  Expired: 'expired',
  NotYetValid: 'not_yet',
};

/** @type {Record<string, string>} */
const OF_A_DRAFT = {
  Malformed: 'input',
  Unsupported: 'newer',
  ConsentMissing: 'consent',
  TooLong: 'too_long',
};

/**
 * What a refused policy, checkpoint or list of suspensions means: that this server's network does
 * not hold today. Returns what to throw: anything but a refusal as it is.
 * @param {unknown} refused
 * @param {string} [step] in which step: `rules`, `log`, `seen`, `day` or `list`
 */
export const ofNetwork = (refused, step) => of(refused, OF_A_NETWORK, step);

/**
 * What a refused record, listing or weekly key means to somebody who wants to send.
 * @param {unknown} refused
 */
export const ofListing = (refused) => of(refused, OF_A_LISTING);

/**
 * What a refused draft or word means to whoever typed it.
 * @param {unknown} refused
 */
export const ofDraft = (refused) => of(refused, OF_A_DRAFT);

/**
 * @param {unknown} refused
 * @param {Record<string, string>} kinds
 * @param {string} [step]
 */
function of(refused, kinds, step = '') {
  if (!(refused instanceof Refused)) return refused;
  const { category } = refused;
  return new Trouble(kinds[category] ?? 'not_vetted', { category, why: step + category });
}
