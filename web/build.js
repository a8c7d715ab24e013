// Builds what the server serves: node web/build.js [--out DIR] [--check]
//
//   bundles and styles   web/pages/*.js and page.css -> server/static, minified
//   the sprite           web/pages/sprite.svg -> web/pages/sprite.js
//   licences             of the packages that are in the bundles
//   .br and .gz of each file, of words.<language>.json too, and SHA256SUMS over all of them
//
// The same sources give the same bytes in any folder, time zone and locale. --out builds
// elsewhere and writes nothing here; --check writes nothing and names what is stale.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { minify } from 'terser';

const WEB = import.meta.dirname;
const STATIC = path.join(WEB, '..', 'server', 'static');
const PAGES = path.join(WEB, 'pages');
const SPRITE_SOURCE = path.join(PAGES, 'sprite.svg');
const SPRITE = path.join(PAGES, 'sprite.js');

/** Each bundle is one request: nothing is split, and what start.js loads later stays outside. */
const BUNDLES = ['start.js', 'ask.js', 'answers.js'];
const LATER = ['./ask.js', './answers.js'];
const STYLES = 'page.css';
const LICENCES = 'LICENSES.txt';
const SUMS = 'SHA256SUMS';
const WORDS = /^words\.[A-Za-z-]+\.json$/;
const SHAPES = new Set(['path', 'circle', 'ellipse', 'rect', 'line', 'polyline', 'polygon']);

/** @typedef {Map<string, Uint8Array>} Files what is made, by name */

/**
 * Return the module that holds the drawings of an SVG sprite, as data.
 * @param {string} svg an <svg> of <symbol id=...> that hold nothing but shapes
 * @returns {string}
 */
function spriteModule(svg) {
  /** @type {Record<string, [string, Record<string, string>][]>} */
  const symbols = {};
  /** @type {[string, Record<string, string>][] | undefined} */
  let open;
  for (const [, end, tag = '', rest = ''] of svg
    .replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '')
    .matchAll(/<(\/?)([A-Za-z]+)([^>]*)>/g)) {
    if (end || tag === 'svg') {
      if (tag !== 'svg' && !SHAPES.has(tag)) open = undefined;
      continue;
    }
    const attributes = Object.fromEntries(
      [...rest.matchAll(/([A-Za-z-]+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value.replaceAll(/\s+/g, ' ').trim(),
      ]),
    );
    if (tag === 'symbol' && attributes.id) {
      const { id, ...others } = attributes;
      if (symbols[id]) throw new Error(`sprite.svg: ${id} stands there twice.`);
      symbols[id] = open = [['symbol', others]];
    } else if (open && SHAPES.has(tag)) {
      open.push([tag, attributes]);
    } else {
      throw new Error(`sprite.svg: <${tag}> is not a shape in a symbol with an id.`);
    }
  }
  const lines = Object.entries(symbols).map(
    ([id, parts]) => `  ${JSON.stringify(id)}: ${JSON.stringify(parts)},\n`,
  );
  return [
    '// Made by web/build.js from sprite.svg.\n',
    '// Each drawing: its <symbol> without the id, then its shapes.\n',
    '/** @type {Readonly<Record<string, [tag: string, attributes: Record<string, string>][]>>} */\n',
    `export const SPRITE = {\n${lines.join('')}};\n`,
  ].join('');
}

/**
 * Bundle the pages and their styles.
 * @param {string} sprite the module that stands for sprite.js, whatever lies there
 * @returns {Promise<Files>}
 */
async function bundle(sprite) {
  /** @type {Files} */
  const files = new Map();
  for (const name of [...BUNDLES, STYLES]) {
    const made = await build({
      absWorkingDir: WEB,
      entryPoints: [path.join(PAGES, name)],
      outfile: path.join(STATIC, name),
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      target: 'es2022',
      platform: 'browser',
      charset: 'utf8',
      legalComments: 'none',
      sourcemap: false,
      preserveSymlinks: true,
      logLevel: 'warning',
      external: name === 'start.js' ? LATER : [],
      plugins: [
        {
          name: 'sprite',
          setup(builder) {
            builder.onResolve({ filter: /^\.\/sprite\.js$/ }, () => ({ path: SPRITE }));
            builder.onLoad({ filter: /[\\/]sprite\.js$/ }, () => ({ contents: sprite }));
          },
        },
      ],
    });
    for (const file of made.outputFiles) {
      const small = name === STYLES ? file.contents : await smaller(file.text);
      files.set(path.basename(file.path), small);
    }
  }
  return files;
}

/**
 * Return a bundle with what esbuild does not see: values used once, functions called once.
 * @param {string} text
 * @returns {Promise<Uint8Array>}
 */
async function smaller(text) {
  // Arrow functions may stand for functions here: none is called with `new`, none uses `this`.
  const compress = { passes: 4, unsafe_arrows: true, pure_getters: true, keep_fargs: false };
  const { code } = await minify(text, { module: true, ecma: 2020, compress });
  return Buffer.from(code ?? '');
}

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

/** Return the words that lie in server/static; tools/generate_words.py makes them. */
function words() {
  const names = existsSync(STATIC) ? readdirSync(STATIC).filter((name) => WORDS.test(name)) : [];
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
const files = withPacked(
  new Map([...(await bundle(sprite)), [LICENCES, Buffer.from(licences())], ...words()]),
);
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
