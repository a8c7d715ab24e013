/**
 * What can go wrong for a member of an organisation; the words of each stand in the catalogue of the
 * inbox, under `inbox.trouble.<kind>` (what happened) and `inbox.trouble.<kind>.then` (what to do).
 * Those of troubles.js come as well.
 *
 * | kind         | what it means                                                                   |
 * |--------------|---------------------------------------------------------------------------------|
 * | passphrase   | the key file does not open with this passphrase, or none was given               |
 * | key_file     | this is not a member's key file                                                  |
 * | network      | the key file is of another network than this server's                            |
 * | unsigned     | the server takes no signature of this member: not listed, suspended, or removed  |
 * | stopped      | an admin has suspended the organisation: the log says so                          |
 * | other_log    | the network's public log is not the one that the organisation saw before         |
 * | no_store     | the server has no store of this organisation                                     |
 * | date_ahead   | the device's date is far ahead of the network's list, and nobody said it is right |
 * | removed      | the store does not open with this member's keys                                  |
 * | damaged      | what the server gave is not a store of this organisation                         |
 * | older        | the server gave an older store than it did a moment ago                          |
 * | full         | the store has no room left: close what is done                                   |
 * | crowded      | others were writing the store each time: the next time tries again               |
 * | locked       | this page was locked: the key file and passphrase open it again                  |
 * | no_case      | the case is not there any more                                                   |
 * | case_closed  | the case is closed, and what could open more of it is erased                     |
 * | no_box       | no answer is wanted: the person asked that nobody can read one                   |
 * | box_full     | all the answers that a box has room for are used                                 |
 * | no_member    | there is no such member                                                          |
 * | yourself     | a member can't remove herself                                                    |
 * | same_name    | there is a member of this name already                                           |
 * | members_full | there are sixteen members, and no room for more                                  |
 * | not_listed   | the organisation is not in the directory now                                     |
 * | ends_soon    | the listing ends before codes of this week would                                 |
 * | stock        | there are fewer codes in stock than were asked for                               |
 * | no_code      | this code is not one of those in the store                                       |
 * | used_code    | a request has come with this code already                                        |
 * | tokens       | the batch of tokens does not hold                                                |
 * | invite       | the invitation is not there: mistyped, ended, used, or not answered yet          |
 */

import { Trouble } from './troubles.js';

/** The device says it is `today`, far ahead of the day of the network's newest `list`. */
export class DateAhead extends Trouble {
  /** @param {{today: number, list: number}} days epochs */
  constructor(days) {
    super('date_ahead');
    this.days = days;
  }
}

/**
 * Returns the name of the problem that a server said (the part after `urn:towpath:problem:`), or ''.
 * @param {unknown} trouble
 */
export function problemOf(trouble) {
  if (!(trouble instanceof Trouble) || !trouble.problem) return '';
  return trouble.problem.text('type').split(':').at(-1) ?? '';
}

/**
 * Returns what to throw in place of what a signed call threw: `unsigned` and `date` told plainly.
 *
 * `malformed` of a signed call mostly means that the device's date is wrong.
 * @param {unknown} trouble
 */
export function ofSigned(trouble) {
  const kind = { unsigned: 'unsigned', malformed: 'date' }[problemOf(trouble)];
  return kind ? new Trouble(kind) : trouble;
}
