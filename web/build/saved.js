// The page for asking as one file that works without a network: everything is in it, and its policy
// lets it reach nothing.
import { createHash } from 'node:crypto';
import path from 'node:path';

/** What stands in the file in the place of what posts. @type {import('esbuild').Plugin} */
export const INSTEAD = {
  name: 'instead',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/ask_send\.js$/ }, ({ resolveDir }) => ({
      path: path.join(resolveDir, 'saved_send.js'),
    }));
  },
};

/**
 * Return the file: the page for asking as it is served, with script, styles and words in it.
 * @param {Map<string, Uint8Array>} files what was built; under `name` the script
 * @param {string} name
 * @param {string} styles
 */
export function savedFile(files, name, styles) {
  /** @param {string} file */
  const text = (file) => {
    const found = files.get(file);
    if (!found) throw new Error(`${file} is not there: make words and pages first.`);
    return Buffer.from(found).toString('utf8').trimEnd();
  };
  const [script, style] = [text(name), text(styles)];
  if (/<\/script|<!--|[\0\r]/i.test(script) || /<\//.test(style)) throw new Error(`${name}: it would end early.`);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const words = `<script type="application/json" id="words">${wordsOf(files, text)}</script>`;
  return [
    ['<meta charset="utf-8">', `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`],
    ['<link rel="stylesheet" href="/static/page.css">', `<style>${style}</style>`],
    ['<script type="module" src="/static/start.js"></script>\n', ''],
    [' data-page="ask"', ''],
    ['</body>', `${words}\n<script type="module">${script}</script>\n</body>`],
  ].reduce(replaced, text('ask.html').replaceAll(/<a href="\/plain#[^"]*">([^<]*)<\/a>/g, '$1'));
}

/**
 * Put something into the place of what stands there once.
 * @param {string} whole
 * @param {string[]} change
 */
function replaced(whole, [what = '', by = '']) {
  if (whole.split(what).length !== 2) throw new Error(`ask.html: ${what} does not stand there once.`);
  return whole.split(what).join(by);
}

/**
 * The words of each language, those for later among them, as JSON in which no markup can begin.
 * @param {Map<string, Uint8Array>} files
 * @param {(file: string) => string} text
 */
function wordsOf(files, text) {
  /** @type {Record<string, any>} */
  const all = {};
  for (const file of [...files.keys()].sort()) {
    const [, code] = /^words\.ask\.([A-Za-z-]+)\.json$/.exec(file) ?? [];
    if (!code) continue;
    const [first, rest] = [JSON.parse(text(file)), JSON.parse(text(`words.rest.${code}.json`))];
    all[code] = {
      ...first,
      texts: { ...first.texts, ...rest.texts },
      lists: { ...first.lists, ...rest.lists },
    };
  }
  return JSON.stringify(all).replaceAll('<', '\\u003c');
}

/** @param {string} text */
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
