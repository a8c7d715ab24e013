// What holds on the page for applying, whatever it looks like: what a reply is called.

import { REPLY_DECLINED, REPLY_LISTED, REPLY_QUESTION } from '../src/constants.js';

export const QUESTION = REPLY_QUESTION;

/** @type {Record<number, string>} */
const SAID = {
  [REPLY_DECLINED]: 'apply.standing.declined',
  [REPLY_QUESTION]: 'apply.standing.question',
  [REPLY_LISTED]: 'apply.standing.signed',
};

/** Return the key of what admins said. @param {number} kind */
export const standingKey = (kind) => SAID[kind] ?? 'shared.unknown';
