// The lint rule by which every check of a signature is waited for.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'acorn';

const WEB = path.dirname(import.meta.dirname);
/** @type {ReadonlySet<string>} */
const NONE = new Set();

/** Return the folder of web/ that a file is in. @param {string} file */
export const roomOf = (file) => path.relative(WEB, file).split(path.sep)[0] ?? '';

/**
 * Return the names of a module, in one of these rooms, that have to be awaited.
 * @param {string} file
 * @param {string[]} rooms
 */
function namesOf(file, rooms) {
  // A module that is missing is refused by tsc.
  if (!rooms.includes(roomOf(file)) || !existsSync(file)) return NONE;
  return asyncNames(file, readFileSync(file, 'utf8'), rooms);
}

/**
 * Return the names that a module's text declares or hands on and that have to be awaited.
 * @param {string} file
 * @param {string} text
 * @param {string[]} rooms
 * @returns {ReadonlySet<string>}
 */
function asyncNames(file, text, rooms) {
  if (!rooms.includes(roomOf(file))) return NONE;
  const tree = parse(text, { ecmaVersion: 2022, sourceType: 'module' });
  return new Set(
    tree.body.flatMap((/** @type {any} */ node) => {
      const { type, async, id, declarations = [] } = node.declaration ?? node;
      if (type === 'FunctionDeclaration') return async ? [id.name] : [];
      const named = declarations.filter((/** @type {any} */ one) => one.init?.async);
      return [...named.map((/** @type {any} */ one) => one.id.name), ...handedOn(file, node, rooms)];
    }),
  );
}

/**
 * Return what has to be awaited of what a module takes from another and hands on.
 * @param {string} file
 * @param {any} node
 * @param {string[]} rooms
 * @returns {string[]}
 */
function handedOn(file, { type, source, specifiers }, rooms) {
  if (!source || type === 'ImportDeclaration') return [];
  const names = namesOf(path.resolve(path.dirname(file), source.value), rooms);
  if (type === 'ExportAllDeclaration') return [...names];
  return specifiers
    .filter((/** @type {any} */ one) => names.has(one.local.name))
    .map((/** @type {any} */ one) => one.exported.name);
}

/**
 * Say whether a function is awaited right where it is called, alone or in an awaited Promise.all.
 * @param {any} callee
 */
function isAwaited(callee) {
  const call = callee.parent;
  if (call.type !== 'CallExpression' || call.callee !== callee) return false;
  if (call.parent.type === 'AwaitExpression') return true;
  const all = call.parent.type === 'ArrayExpression' ? call.parent.parent : undefined;
  return all?.callee?.property?.name === 'all' && all.parent.type === 'AwaitExpression';
}

/**
 * Return the uses of a module's variable that have to be awaited: itself, or what is taken from it.
 * @param {any} variable
 * @param {(source: string) => ReadonlySet<unknown>} namesIn names of what has to be awaited, by module; ''
 *   is the module itself
 */
function usesToAwait({ name, defs: [definition], references }, namesIn) {
  const imported = definition?.type === 'ImportBinding' ? definition : undefined;
  const names = namesIn(imported ? imported.parent.source.value : '');
  const uses = references
    .filter((/** @type {any} */ one) => one.isRead())
    .map((/** @type {any} */ one) => one.identifier);
  if (imported?.node.type !== 'ImportNamespaceSpecifier') {
    return names.has(imported?.node.imported?.name ?? name) ? uses : [];
  }
  // A whole module that is handed on could be used in any way.
  return uses.flatMap((/** @type {any} */ use) => {
    const { type, computed, property } = use.parent;
    if (type !== 'MemberExpression' || computed) return names.size ? [use] : [];
    return names.has(property.name) ? [use.parent] : [];
  });
}

/**
 * Whatever is asynchronous in src is awaited right where it is called, and so is what flows have of
 * each other: a signature whose check nobody waits for would not be checked. Who waits is
 * asynchronous too, and so is held to the same (docs/decisions/0006-page-choices.md).
 * @type {import('eslint').Rule.RuleModule}
 */
export const awaited = {
  create(context) {
    const here = context.filename;
    const rooms = roomOf(here) === 'pages' ? ['src'] : ['src', 'flows'];
    /** @param {string} source */
    const namesIn = (source) => {
      if (!source) return asyncNames(here, context.sourceCode.text, rooms);
      return source.startsWith('.') ? namesOf(path.resolve(path.dirname(here), source), rooms) : NONE;
    };
    return {
      Program() {
        const scopes = context.sourceCode.scopeManager?.scopes ?? [];
        const variables = scopes.find(({ type }) => type === 'module')?.variables ?? [];
        const uses = variables.flatMap((variable) => usesToAwait(variable, namesIn));
        for (const node of uses.filter((use) => !isAwaited(use))) {
          context.report({ node, message: 'Await it, right where it is called.' });
        }
      },
    };
  },
};
