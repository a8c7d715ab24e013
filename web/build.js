// Builds what the server serves: node web/build.js [--out DIR] [--check]
//
//   bundles and styles   web/pages/*.js and *.css -> server/static, minified; rest.js uses
//                        what is in ask.js, which a page has loaded before (see `imported`)
//   the sprite           web/pages/sprite.svg -> web/pages/sprite.js
//   saved.html           the page for asking in one file, with its script, styles and every language
//   licences             of the packages that are in the bundles
//   .br and .gz of each file, of words and pages (*.json, *.html) too, and SHA256SUMS over all
//
// The same sources give the same bytes in any folder, time zone and locale. --out builds
// elsewhere and writes nothing here; --check writes nothing and names what is stale.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import { atOnce, common, numbered } from './build/keys.js';
import { TAKEN, imported, sharing } from './build/parts.js';
import { INSTEAD, savedFile } from './build/saved.js';
import { NEEDED_AT_ONCE, smaller } from './build/smaller.js';

const WEB = import.meta.dirname;
const STATIC = path.join(WEB, '..', 'server', 'static');
const KEYS = path.join(WEB, '..', 'words', 'built', 'keys.json');
const PAGES = path.join(WEB, 'pages');
const SPRITE_SOURCE = path.join(PAGES, 'sprite.svg');
const SPRITE = path.join(PAGES, 'sprite.js');

/** Each bundle is one request: nothing is split, and what start.js loads later stays outside. */
const BUNDLES = ['start.js', 'answers.js', 'inbox.js', 'apply.js', 'vetting.js'];
/** What start.js loads when a language was chosen. */
const LOADED = ['./ask.js', './answers.js', './inbox.js', './apply.js', './vetting.js'];
// The page for asking is two: what everybody needs, and what takes the rest from it.
const PART = 'rest.js';
// Pictograms that the short way of asking does not show.
const LATER = /^(soon|who|children|eyes)-/;
// The page for asking as one file that works without a network.
const SAVED = 'saved.html';
const STYLE = 'page.css';
const STYLES = [STYLE, 'inbox.css', 'vetting.css'];
const LICENCES = 'LICENSES.txt';
const SUMS = 'SHA256SUMS';
const GIVEN = /^(?:words\.[a-z]+\.[A-Za-z-]+\.json|[a-z_-]+\.html)$/;
const SYMBOL =
  /<symbol id="i-([a-z\d-]+)" viewBox="0 0 24 24"> ?<path d="([\w .,-]+)" ?\/> ?<\/symbol>/g;

/** @typedef {Map<string, Uint8Array>} Files what is made, by name */

/**
 * Return the module that holds the drawings of an SVG sprite, as data.
 * @param {string} svg an <svg> of <symbol id="i-..." viewBox="0 0 24 24">, each of one <path d>
 * @returns {string}
 */
function spriteModule(svg) {
  /** @type {Map<string, string>} */
  const drawings = new Map();
  const bare = svg.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/\s+/g, ' ');
  const rest = bare.replaceAll(SYMBOL, (_, id, path) => {
    if (drawings.has(id)) throw new Error(`sprite.svg: ${id} stands there twice.`);
    drawings.set(id, path.trim());
    return '';
  });
  const [wrong] = /<(?!\/?svg\b)[^>]*>/.exec(rest) ?? [];
  if (wrong) throw new Error(`sprite.svg: ${wrong} is not a symbol with an id and one path.`);
  /** @param {boolean} later */
  const lines = (later) =>
    [...drawings]
      .filter(([id]) => LATER.test(id) === later)
      .map(([id, path]) => `  '${id}': '${path}',\n`)
      .join('');
  return [
    '// Made by web/build.js from sprite.svg: the path of each drawing, 24 by 24.\n\n',
    `/** @type {Readonly<Record<string, string>>} */\nexport const SPRITE = {\n${lines(false)}};\n\n`,
    '/** What the page for asking shows later. @type {Readonly<Record<string, string>>} */\n',
    `export const LATER = {\n${lines(true)}};\n`,
  ].join('');
}

/**
 * Bundle the pages and their styles.
 * @param {string} sprite the module that stands for sprite.js, whatever lies there
 * @returns {Promise<Files>}
 */
async function bundle(sprite) {
  const drawn = spritePlugin(sprite);
  /** @type {Record<'ask' | 'answers' | 'inbox' | 'apply' | 'vetting', import('./build/keys.js').Keys>} */
  const keys = JSON.parse(readFileSync(KEYS, 'utf8'));
  const keysOf = new Map([
    ['start.js', common(Object.values(keys))],
    ['answers.js', keys.answers],
    ['inbox.js', keys.inbox],
    ['apply.js', keys.apply],
    ['vetting.js', keys.vetting],
  ]);
  /** @type {Files} */
  const files = new Map();
  for (const name of [...BUNDLES, ...STYLES]) {
    const given = name === 'start.js' ? { external: LOADED } : {};
    const { text } = await bundled({ entryPoints: [path.join(PAGES, name)], plugins: [drawn], ...given });
    const its = keysOf.get(name);
    files.set(name, Buffer.from(its ? numbered(await smaller(text), its) : text));
  }
  const whole = await bundled({ entryPoints: [path.join(PAGES, 'ask.js')], plugins: [drawn] });
  const part = await bundled({
    entryPoints: [path.join(PAGES, PART)],
    plugins: [drawn, sharing(new Set(whole.modules), WEB)],
    external: [TAKEN],
  });
  const { text, entry } = await imported(part.text);
  files.set(PART, Buffer.from(numbered(text, keys.ask)));
  const stdin = { contents: entry, resolveDir: WEB };
  const asked = await bundled({ stdin, plugins: [drawn] });
  const short = numbered(await smaller(asked.text, [text]), atOnce(keys.ask));
  files.set('ask.js', Buffer.from(NEEDED_AT_ONCE + short));
  const saved = await bundled({ entryPoints: [path.join(PAGES, 'saved.js')], plugins: [drawn, INSTEAD] });
  files.set(SAVED, Buffer.from(numbered(await smaller(saved.text), keys.ask)));
  return files;
}

/**
 * Return one bundle, and the modules that are in it, by their paths.
 * @param {import('esbuild').BuildOptions} given
 */
async function bundled(given) {
  const made = await build({
    absWorkingDir: WEB,
    outdir: STATIC,
    bundle: true,
    write: false,
    metafile: true,
    minify: given.entryPoints?.toString().endsWith('.css') ?? false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: false,
    preserveSymlinks: true,
    logLevel: 'warning',
    ...given,
  });
  const [file] = made.outputFiles ?? [];
  const [output] = Object.values(made.metafile?.outputs ?? {});
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput);
  return { text: file?.text ?? '', modules: inputs.map(([name]) => path.join(WEB, name)) };
}

/** @param {string} sprite @returns {import('esbuild').Plugin} */
const spritePlugin = (sprite) => ({
  name: 'sprite',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/sprite\.js$/ }, () => ({ path: SPRITE }));
    builder.onLoad({ filter: /[\\/]sprite\.js$/ }, () => ({ contents: sprite }));
  },
});

/** Return the licences of everything that may be in the bundles, as one text. */
function licences() {
  /** @param {string} file */
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const parts = ['The pages are part of Towpath, AGPL-3.0-or-later. They hold parts of:\n'];
  for (const name of Object.keys(read(path.join(WEB, 'package.json')).dependencies).sort()) {
    const folder = path.join(WEB, 'node_modules', name);
    const { version, license } = read(path.join(folder, 'package.json'));
    const text = readFileSync(path.join(folder, 'LICENSE'), 'utf8').trim();
    parts.push(`${name} ${version}, ${license}\n\n${text}\n`);
  }
  return parts.join(`\n${'-'.repeat(72)}\n\n`);
}

/** @param {Uint8Array} bytes */
function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** @param {Uint8Array} bytes */
function gzip(bytes) {
  const made = gzipSync(bytes, { level: 9 });
  // The tenth byte names the system that packed it; 255: unknown.
  made[9] = 255;
  return made;
}

/**
 * Add to each file its packed forms, and the sums of all.
 * @param {Files} files
 * @returns {Files}
 */
function withPacked(files) {
  /** @type {Files} */
  const all = new Map();
  for (const name of [...files.keys()].sort()) {
    const bytes = /** @type {Uint8Array} */ (files.get(name));
    all.set(name, bytes).set(`${name}.br`, brotli(bytes)).set(`${name}.gz`, gzip(bytes));
  }
  const lines = [...all].map(
    ([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`,
  );
  return all.set(SUMS, Buffer.from(lines.join('')));
}

/** Return the words and pages that lie in server/static, made by tools/generate_{words,pages}.py. */
function given() {
  const there = existsSync(STATIC) ? readdirSync(STATIC) : [];
  const names = there.filter((name) => GIVEN.test(name) && name !== SAVED);
  return names.map((name) => /** @type {const} */ ([name, readFileSync(path.join(STATIC, name))]));
}

/**
 * Return the names of files that are not there, are others, or are there for no reason.
 * @param {Files} files
 */
function stale(files) {
  const there = existsSync(STATIC) ? readdirSync(STATIC) : [];
  const wrong = [...files].filter(
    ([name, bytes]) => !there.includes(name) || !readFileSync(path.join(STATIC, name)).equals(bytes),
  );
  const strays = there.filter((name) => !files.has(name));
  return [...wrong.map(([name]) => name), ...strays].map((name) => `server/static/${name}`);
}

/**
 * Write files into a folder of their own; what else lies in server/static is removed.
 * @param {string} folder
 * @param {Files} files
 */
function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((one) => !files.has(one))) {
    if (folder !== STATIC) throw new Error(`${folder} holds other things: name an empty folder.`);
    rmSync(path.join(folder, name));
  }
  for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes);
}

const { values } = parseArgs({
  options: { out: { type: 'string' }, check: { type: 'boolean', default: false } },
});
const sprite = spriteModule(readFileSync(SPRITE_SOURCE, 'utf8'));
const made = new Map([...(await bundle(sprite)), [LICENCES, Buffer.from(licences())], ...given()]);
made.set(SAVED, Buffer.from(savedFile(made, SAVED, STYLE)));
const files = withPacked(made);
if (values.check) {
  const names = stale(files);
  if (!existsSync(SPRITE) || readFileSync(SPRITE, 'utf8') !== sprite) names.push('web/pages/sprite.js');
  for (const name of names) console.log(`stale: ${name} (./dev build)`);
  process.exitCode = names.length ? 1 : 0;
} else {
  if (values.out === undefined) writeFileSync(SPRITE, sprite);
  write(values.out ?? STATIC, files);
  for (const [name, bytes] of files) {
    if (!/\.(br|gz)$/.test(name)) {
      const packed = ['.br', '.gz'].map((end) => files.get(name + end)?.length ?? '-');
      console.log(`${name.padEnd(20)} ${bytes.length} bytes, brotli ${packed[0]}, gzip ${packed[1]}`);
    }
  }
}
