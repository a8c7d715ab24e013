/**
 * One case as a table that a spreadsheet can open and a text that anybody can read.
 *
 * There is no export of several: what leaves the store is what somebody decided to take out. No cell
 * begins with a sign that a spreadsheet would take for a formula.
 */

/** @typedef {import('./cases.js').Opened} Opened */
/** @typedef {import('../src/client/message.js').Message} Message */
/** @typedef {import('../src/client/answers.js').Answer} Answer */

/**
 * How the page names things: `field` is the name of a part, `choice` the text of an id of a list of
 * `words`, `day` an epoch as people write it.
 * @typedef {object} Say
 * @property {(name: string) => string} field
 * @property {(list: string, id: number) => string} choice
 * @property {(epoch: number) => string} day
 */

/** @typedef {[part: string, value: string]} Line */

const FORMULA = /^[=+\-@\t\r]/;
// Where commas are decimal points a spreadsheet begins a cell after a semicolon, quotes or none.
const WITHIN = /([;\t\r][\s"]*)([=+\-@])/g;
const QUOTED = /[",;\t\r\n]/;
/** The parts of a message in the order in which they matter, and the list that their ids are of. */
/** @type {[keyof Message, string][]} */
const PARTS = [
  ['never', 'never'],
  ['channels', 'channels'],
  ['hours', 'hours'],
  ['contact', ''],
  ['safe_word', ''],
  ['needs', 'needs'],
  ['languages', 'languages'],
  ['region', 'regions'],
  ['people', ''],
  ['who', 'who'],
  ['children', 'children'],
  ['soon', 'soon'],
  ['peer', 'peer'],
  ['wishes', 'wishes'],
  ['consent', 'consent'],
  ['text', ''],
];

/**
 * Returns the parts of a case, first how to make contact as it holds now; what was not said is left
 * out.
 * @param {Opened} one
 * @param {Say} say
 * @returns {Line[]}
 */
export function table(one, say) {
  return [
    [say.field('case'), one.name],
    ...messageLines({ ...one.said, ...one.contact_rule }, say),
    [say.field('arrived'), say.day(one.arrived)],
    [say.field('state'), say.choice('state', one.state)],
    ...(one.taker ? [/** @type {Line} */ ([say.field('taker'), one.taker])] : []),
    ...one.follow_ups.flatMap(({ said }) => messageLines(said, say)),
    ...one.answers.flatMap(({ answer }) => answerLines(answer, say)),
    ...(one.note ? [/** @type {Line} */ ([say.field('note'), one.note])] : []),
  ];
}

/**
 * Writes lines as CSV (RFC 4180) of which no cell begins as a formula would.
 * @param {Line[]} lines
 */
export const csv = (lines) =>
  lines.map((line) => `${line.map((value) => cell(value)).join(',')}\r\n`).join('');

/**
 * Returns a value as a cell: with an apostrophe before what a spreadsheet would work out, and in
 * quotes where it needs them.
 * @param {string} value
 */
export function cell(value) {
  const safe = value
    .split('\n')
    .map((line) => (FORMULA.test(line) ? `'${line}` : line).replace(WITHIN, "$1'$2"))
    .join('\n');
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {Message} said
 * @param {Say} say
 * @returns {Line[]}
 */
function messageLines(said, say) {
  return PARTS.flatMap(([name, list]) => {
    const value = said[name];
    const values = Array.isArray(value) ? value : value ? [value] : [];
    if (!values.length) return [];
    const shown = values.map((one) => (list ? say.choice(list, Number(one)) : String(one)));
    return [/** @type {Line} */ ([say.field(name), shown.join('; ')])];
  });
}

/**
 * @param {Answer} answer
 * @param {Say} say
 * @returns {Line[]}
 */
function answerLines({ epoch, state, text }, say) {
  const said = `${say.day(epoch)} ${say.choice('state', state)}`;
  return [[say.field('answer'), text ? `${said}\n${text}` : said]];
}
