// What is said where this page does not take what the server shows of its network. Few people ever
// see it, so on the page for asking the texts come with the second part, when something is wrong.

import { tell } from './trouble.js';

const THEN = 'trouble.two_logs.then';
const OLD_RULES = ['trouble.old_rules', THEN];

/** Have words for each step of network_view.js, and for what is of tomorrow or of a newer version. */
export function tellNetwork() {
  tell({
    rulesRollback: OLD_RULES,
    logRollback: OLD_RULES,
    logNotWitnessed: ['trouble.few_witnesses', 'trouble.not_witnessed.then'],
    dayNotWitnessed: ['trouble.not_witnessed', 'trouble.not_witnessed.then'],
    not_yet: ['trouble.not_yet', 'trouble.not_yet.then'],
    newer: ['trouble.newer', 'trouble.newer.then'],
    seenRollback: ['trouble.old_log', THEN],
    seenNotInLog: ['trouble.two_logs', THEN],
    listBadSignature: ['trouble.other_list', THEN],
  });
}
