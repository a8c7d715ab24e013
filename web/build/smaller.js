// Makes a bundle smaller by what esbuild does not see, and changes nothing that a page does.
//
//   messages  what errors say. Ours say nothing, so that none can hold a secret; those of the
//             packages hold sizes and values, and nobody reads them. What is refused, and where,
//             stays as it is.
//   members   methods and properties of the packages' classes and objects that no line of this
//             bundle names: halves of primitives that a page has no use for, such as decapsulating.
//
// Both are found in the syntax of a bundle that still says which file each line is of.
import { parse } from 'acorn';
import { transform } from 'esbuild';
import { minify } from 'terser';

const ERRORS = /^(?:Range|Syntax|Type)?Error$/;
/** What esbuild writes before each file of a bundle that is not minified. */
const FILE = /^\/\/ (\S+)$/gm;
const PACKAGE = /^node_modules\//;
const FUNCTION = /^(?:Arrow)?Function/;
/** What the language calls or reads without its being named. */
const UNNAMED = new Set([
  ...['constructor', 'then', 'next', 'return', 'throw', 'done', 'toJSON', 'toString', 'valueOf'],
  ...['configurable', 'enumerable', 'get', 'set', 'value', 'writable'],
  ...['apply', 'construct', 'has', 'deleteProperty', 'ownKeys', 'getPrototypeOf'],
]);
/** What reads an object's properties whatever they are called, as constructors of a browser do. */
const READING = new Set(['keys', 'values', 'entries']);

/**
 * Stands first in a bundle of which a visit needs nearly all: so V8 compiles it beside the page while it
 * arrives, and a slow phone not function by function when somebody waits. Others take it for a comment.
 */
export const NEEDED_AT_ONCE = '//# allFunctionsCalledOnLoad\n';

/** @typedef {any} Node of acorn's syntax tree (ESTree) */
/** @typedef {[number, number]} Span from, and up to, a character */
/**
 * A method or property that may be left out.
 * @typedef {object} Member
 * @property {Node} node
 * @property {Node[]} beside all that stand in the same class or object, in their order
 * @property {string} name
 * @property {string[]} names what is named in it
 */

/**
 * Return a bundle, with what no page needs taken out, in as few characters as there may be.
 * @param {string} text as esbuild bundles it without minifying
 * @param {string[]} [others] bundles that use what is in this one
 * @returns {Promise<string>}
 */
export async function smaller(text, others = []) {
  const named = others.flatMap((one) => [...namesIn(read(one))]);
  const { code: short } = await transform(withoutMessages(withoutMembers(text, named)), {
    minify: true, format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'none',
  });
  // Arrow functions may stand for functions here: none is called with `new`, none uses `this`.
  const compress = {
    passes: 5, unsafe_arrows: true, pure_getters: true, keep_fargs: false, sequences: false,
  };
  const { code = '' } = await minify(short, { module: true, ecma: 2020, compress });
  return code;
}

/** @param {string} text @returns {Node} */
const read = (text) => parse(text, { ecmaVersion: 2022, sourceType: 'module' });

/**
 * Return the text without what is said in errors that are made in it.
 * @param {string} text
 */
export function withoutMessages(text) {
  /** @type {Span[]} */
  const said = [];
  walk(read(text), ({ type, callee, arguments: given }) => {
    if (type !== 'NewExpression' || !given.length || !ERRORS.test(callee.name)) return true;
    said.push([given[0].start, given.at(-1).end]);
    return false;
  });
  return without(text, said);
}

/**
 * Return the text without the members of packages that nothing reaches: each is kept whose name
 * stands in a line outside all of them, or in a member that is kept.
 *
 * A name counts wherever it stands as one, in a text in quotes too, whatever it is of. So what goes
 * is what cannot be reached but by a name that is put together, or by whatever reads all properties
 * of an object. web/tests/smaller.test.js lists what goes today: whoever takes another version of a
 * package looks at what comes to the list.
 * @param {string} text with a comment before each file that says which it is
 * @param {string[]} [named] outside of it
 */
export function withoutMembers(text, named = []) {
  return without(text, unreached(text, named).map(spanOf));
}

/**
 * Return the members of packages that nothing reaches; see `withoutMembers`.
 * @param {string} text
 * @param {string[]} [named]
 */
export function unreached(text, named = []) {
  const tree = read(text);
  const members = membersIn(tree, packagesIn(text));
  const inside = new Map(members.map((member) => [member.node, member]));
  const found = [...named, ...namesIn(tree, inside)];
  for (const member of members) member.names = [...namesIn(member.node.value, inside)];
  /** @type {Set<string>} */
  const kept = new Set();
  for (let name = found.pop(); name !== undefined; name = found.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    for (const member of members) if (member.name === name) found.push(...member.names);
  }
  return members.filter(({ name }) => !kept.has(name));
}

/**
 * Return where in a bundle the files of packages stand.
 * @param {string} text
 * @returns {Span[]}
 */
function packagesIn(text) {
  const files = [...text.matchAll(FILE)].map(({ index, 1: name = '' }) => ({ index, name }));
  if (!files.length) throw new Error('esbuild does not say any more which file a line is of.');
  return files.flatMap(({ index, name }, at) =>
    PACKAGE.test(name) ? [/** @type {Span} */ ([index, files[at + 1]?.index ?? text.length])] : [],
  );
}

/**
 * Return what may be left out, if its name stands nowhere: methods, and properties whose value is
 * made without doing anything.
 * @param {Node} tree
 * @param {Span[]} places
 * @returns {Member[]}
 */
function membersIn(tree, places) {
  /** @type {Member[]} */
  const found = [];
  /** @type {Set<Node>} */
  const whole = new Set();
  walk(tree, (node) => {
    for (const one of readWhole(node)) whole.add(one);
    if (whole.has(node) || !['ClassBody', 'ObjectExpression'].includes(node.type)) return true;
    const beside = node.type === 'ClassBody' ? node.body : node.properties;
    if (!places.some(([from, to]) => from <= node.start && node.end <= to)) return true;
    for (const one of beside) {
      const { type, name } = one.key ?? {}; // what is spread into an object has none
      if (one.computed || type !== 'Identifier' || UNNAMED.has(name)) continue;
      if (isIdle(one.value)) found.push({ node: one, beside, name, names: [] });
    }
    return true;
  });
  return found;
}

/**
 * Return what is given to something that may read all properties of it.
 * @param {Node} node
 * @returns {Node[]}
 */
function readWhole({ type, callee, arguments: given = [] }) {
  if (type === 'NewExpression') return given;
  return type === 'CallExpression' && READING.has(callee.property?.name) ? given : [];
}

/** Say whether making a value does nothing else. @param {Node} value */
const isIdle = (value) =>
  !value || FUNCTION.test(value.type) || ['Identifier', 'Literal'].includes(value.type);

/**
 * Return the names that stand in a part of a tree, but for what stands in its members.
 * @param {Node} part
 * @param {ReadonlyMap<Node, Member>} [members]
 * @returns {Set<string>}
 */
function namesIn(part, members) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {unknown} text */
  const words = (text) => String(text).split(/[^\w$]+/).forEach((word) => names.add(word));
  walk(part, (node) => {
    if (members?.has(node)) return false;
    if (node.type === 'MemberExpression' && !node.computed) names.add(node.property.name);
    if (node.type === 'ObjectPattern') {
      for (const { key } of node.properties) if (key) words(key.name ?? key.value);
    }
    if (node.type === 'Literal') words(node.value);
    if (node.type === 'TemplateElement') words(node.value.cooked);
    return true;
  });
  return names;
}

/**
 * Return what to take out for a member: the comma of an object's property with it.
 * @param {Member} member
 * @returns {Span}
 */
function spanOf({ node, beside }) {
  const at = beside.indexOf(node);
  if (node.type !== 'Property') return [node.start, node.end];
  return [node.start, beside[at + 1]?.start ?? node.end];
}

/**
 * Return a text without these parts of it; those within another go with it.
 * @param {string} text
 * @param {Span[]} spans
 */
function without(text, spans) {
  let end = 0;
  let left = '';
  for (const [from, to] of spans.sort(([one], [other]) => one - other)) {
    if (from < end) continue;
    left += text.slice(end, from);
    end = to;
  }
  return left + text.slice(end);
}

/**
 * Look at a node and at all in it; where `look` returns false, not at what is in that one.
 * @param {Node} node
 * @param {(node: Node) => boolean} look
 */
function walk(node, look) {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, look);
  } else if (node && typeof node.type === 'string' && look(node)) {
    for (const [name, part] of Object.entries(node)) {
      if (typeof part === 'object' && name !== 'regex') walk(part, look);
    }
  }
}
