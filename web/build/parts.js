// A page in two bundles: what everybody needs, and a part that some need, which takes from the first
// what is there already, so that there is one of each module in a page.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { smaller } from './smaller.js';

const WHOLE = './ask.js';
/** What stands for the first until the part is written: flows/ask.js is called './ask.js' as well. */
export const TAKEN = 'taken-from-ask';
// What holds nothing and is nobody's kind, so that each bundle takes of it what it needs.
const EACH_ITS_OWN = new Set(['sprite.js', 'constants.js', 'organisation_keys.js']);

/**
 * Let a part take what it imports of some modules from the bundle that they are in, so that there
 * is one of each in a page. In it, `name` of a module is called after both.
 * @param {ReadonlySet<string>} modules their paths
 * @param {string} web the folder that they are below
 * @returns {import('esbuild').Plugin}
 */
export const sharing = (modules, web) => ({
  name: 'sharing',
  setup(builder) {
    builder.onResolve({ filter: /./ }, async ({ path: name, pluginData, kind, ...from }) => {
      if (pluginData === 'asked' || kind !== 'import-statement' || name === TAKEN) return undefined;
      const found = await builder.resolve(name, { ...from, kind, pluginData: 'asked' });
      const shared = modules.has(found.path) && !EACH_ITS_OWN.has(path.basename(found.path));
      return shared ? { path: found.path, namespace: 'shared' } : undefined;
    });
    builder.onLoad({ filter: /./, namespace: 'shared' }, ({ path: file }) => {
      const names = exportsOf(readFileSync(file, 'utf8'));
      const as = names.map((name) => `${JSON.stringify(`${path.relative(web, file)}:${name}`)} as ${name}`);
      return { contents: `export { ${as.join(', ')} } from '${TAKEN}';` };
    });
  },
});

/** Return the names that a module exports where it says what they are. @param {string} source */
const exportsOf = (source) =>
  [...source.matchAll(/^export (?:async )?(?:const|function\*?|class) ([\w$]+)/gm)].map(([, name]) => name);

/**
 * Return a part that takes what it imports from wherever its page has loaded the rest, under short
 * names, and the entry of a bundle that gives those names out.
 *
 * Where loading failed once, a page loads ask.js under an address with something after "#", as a
 * browser may remember the failure: what stands there tells the part which one is meant.
 * @param {string} text
 */
export async function imported(text) {
  /** @type {Map<string, string>} */
  const given = new Map();
  /** @type {string[]} */
  const taken = [];
  const body = text.replaceAll(/import\s*\{([^}]*)\}\s*from\s*"taken-from-ask";?/g, (_, list) => {
    for (const [, file, name, own] of list.matchAll(/"([^":]+):([\w$]+)"\s*as\s*([\w$]+)/g)) {
      const short = `_${given.size}`;
      taken.push(`${short}: ${own}`);
      given.set(short, `export { ${name} as ${short} } from './${file}';`);
    }
    return '';
  });
  const whole = `await import('${WHOLE}' + new URL(import.meta.url).hash.replace(/#?~.*/, ''))`;
  const small = await smaller(`const { ${taken.join(', ')} } = ${whole};\n${body}`);
  const [used = ''] = /^const\{[^}]*\}/.exec(small) ?? [];
  const wanted = [...given].filter(([short]) => used.includes(`${short}:`));
  // What is taken is numbered anew, without holes.
  const names = new Map(wanted.map(([short], at) => [short, `_${at.toString(36)}`]));
  const lines = wanted.map(([short, line]) => line.replace(`as ${short} `, `as ${names.get(short)} `));
  const renamed = used.replaceAll(/(_\d+):/g, (_, short) => `${names.get(short)}:`);
  const part = renamed + small.slice(used.length);
  return { text: part, entry: ["export { begin } from './pages/ask.js';", ...lines].join('\n') };
}
