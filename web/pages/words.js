/**
 * The texts of one language, as tools/generate_words.py writes them from words/catalogues: those
 * of a page, and those of what it loads later.
 *
 * A key that is not there is a fault of ours, not of who reads: it throws, and is never shown.
 * The build compares every key that a page uses with every language, so that no page meets it.
 *
 * In what is built, keys are numbers: web/build/keys.js puts them in place of the keys here, and
 * tools/generate_words.py into the files. `KEYS` says of which build they are, so that a page and
 * words that do not belong together never show one text for another.
 */

/** Its own key, as `keys` of a file has it. */
export const KEYS = 'words.keys';

/**
 * @typedef {{id: number, text: string, hint: string}} Choice
 * @typedef {Choice & {offered: boolean, under: Row[]}} Row
 * @typedef {{keys: string, texts: Record<string, string | string[]>, lists: Record<string, any[]>}} Part
 * @typedef {Part & {code: string, dir: "ltr" | "rtl", language: number, unreviewed: boolean,
 *   forms: string[]}} File
 */

const DAY = 86_400_000;
// Gregorian days and one kind of digits, those of codes and receipts, on every device.
const EVERYWHERE = "-u-ca-gregory-nu-latn";
// Letters from right to left, and signs that change the direction of what stands around them.
const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const DIRECTING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @typedef {(part: string, code: string) => Promise<any>} Get what fetches one file */

/**
 * Fetches the texts of a page in a language from the page's own origin.
 *
 * @param {string} page as it stands in the name of the file
 * @param {string} code BCP 47, as it stands there too
 * @param {Get} [get] tests give their own
 * @returns {Promise<Words>} rejects where the file cannot be had or is none
 */
export async function load(page, code, get = fetchPart) {
  return new Words(await get(page, code), get);
}

/** @type {Get} */
async function fetchPart(part, code) {
  const answer = await fetch(`/static/words.${part}.${code}.json`, { credentials: "omit" });
  if (!answer.ok) throw new Error("words");
  return answer.json();
}

/** The texts and lists of one language. */
export class Words {
  /**
   * @param {File} file what a words.<page>.<language>.json holds
   * @param {Get} [get] what fetches more
   */
  constructor(file, get = fetchPart) {
    this.code = file.code;
    this.dir = file.dir;
    /** The number of this language in the list of languages. */
    this.language = file.language;
    /** Whether a machine translated a part of this and nobody has checked it. */
    this.unreviewed = file.unreviewed;
    /** Of which build its keys are. */
    this.keys = file.keys;
    this._file = file;
    this._get = get;
    this._rules = new Intl.PluralRules(file.code);
    this._numbers = new Intl.NumberFormat(file.code + EVERYWHERE);
    this._dates = new Intl.DateTimeFormat(file.code + EVERYWHERE, {
      day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
    });
  }

  /**
   * Fetches what a page shows only later, and adds it.
   *
   * @param {string} part as it stands in the name of the file
   * @returns {Promise<void>} rejects where it cannot be had: then nothing was added
   */
  async more(part) {
    /** @type {Part} */
    const { keys, texts, lists } = await this._get(part, this.code);
    if (keys !== this.keys) throw new Error("words: keys");
    this._file.texts = { ...this._file.texts, ...texts };
    this._file.lists = { ...this._file.lists, ...lists };
  }

  /**
   * The text of a key.
   *
   * @param {string} key
   * @param {Record<string, string | number>} [values] what stands in for each {name} of the text
   * @returns {string} throws where the key, or a value, is not there
   */
  t(key, values = {}) {
    const text = this._text(key);
    if (typeof text !== "string") throw new Error(`words: ${key} has plural forms`);
    return this._filled(text, values);
  }

  /**
   * The text of a key in the plural form of a count, which stands in for {n}.
   *
   * @param {string} key
   * @param {number} count a whole number from 0
   * @param {Record<string, string | number>} [values]
   * @returns {string} throws where the key, or a value, is not there
   */
  n(key, count, values = {}) {
    const texts = this._text(key);
    if (typeof texts === "string") throw new Error(`words: ${key} has no plural forms`);
    // A form for numbers beyond 999 alone (Spanish "de") has no text of its own.
    const form = texts[this._file.forms.indexOf(this._rules.select(count))] ?? texts.at(-1);
    return this._filled(/** @type {string} */ (form), { n: count, ...values });
  }

  /**
   * The choices that a form offers, in their order.
   *
   * @param {string} name as in words/*.toml
   * @param {number} [parent] the number of a choice: those that narrow it
   * @returns {Choice[]} none where the choice has none; throws where there is no such list
   */
  list(name, parent) {
    const all = this._rows(name);
    const rows = parent === undefined ? all : all.find((row) => row.id === parent)?.under ?? [];
    return rows.filter((row) => row.offered);
  }

  /**
   * The text of a choice by its number, retired ones included.
   *
   * @param {string} name
   * @param {number} id
   * @returns {string} for a number of a newer client: shared.unknown. Throws where there is no such list
   */
  textOf(name, id) {
    const all = this._rows(name).flatMap((row) => [row, ...row.under]);
    return all.find((row) => row.id === id)?.text ?? this.t("shared.unknown");
  }

  /**
   * @param {number} epoch days since 1970-01-01, UTC
   * @returns {string} the day as people of this language write it
   */
  date(epoch) {
    return this._dates.format(epoch * DAY);
  }

  /**
   * @param {number} value
   * @returns {string} grouped as in this language
   */
  number(value) {
    return this._numbers.format(value);
  }

  /** @param {string} key @returns {string | string[]} */
  _text(key) {
    if (!Object.hasOwn(this._file.texts, key)) throw new Error(`words: no ${key}`);
    return /** @type {string | string[]} */ (this._file.texts[key]);
  }

  /** @param {string} name @returns {Row[]} */
  _rows(name) {
    const rows = Object.hasOwn(this._file.lists, name) && this._file.lists[name];
    if (!rows) throw new Error(`words: no list ${name}`);
    return read(rows, 0);
  }

  /** @param {string} text @param {Record<string, string | number>} values @returns {string} */
  _filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) throw new Error(`words: no value for ${name}`);
      return typeof value === "number" ? this.number(value) : this._apart(value);
    });
  }

  /**
   * A value keeps its own direction and cannot turn the sentence around it.
   *
   * @param {string} value @returns {string}
   */
  _apart(value) {
    const plain = value.replace(DIRECTING, "");
    return this.dir === "rtl" || TURNS.test(plain) ? `\u2068${plain}\u2069` : plain;
  }
}

/**
 * Rows as the file has them, made whole: tools/generate_words.py says what it leaves out.
 *
 * @param {any[]} rows
 * @param {number} before one less than the id of the first row, where it has none of its own
 * @returns {Row[]}
 */
function read(rows, before) {
  return rows.map((row) => {
    /** @type {any[]} */
    const rest = [].concat(row);
    const id = typeof rest[0] === "number" ? Number(rest.shift()) : before + 1;
    before = id;
    const [text, hint = "", under = [], retired] = rest;
    return { id, text, hint, offered: !retired, under: read(under, id * 100) };
  });
}
