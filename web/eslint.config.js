// What no line of the browser's client may do, and who may import whom (docs/map.md, 2).
// Types are tsc's business; unknown names are found here too.
import path from 'node:path';

import js from '@eslint/js';
import globals from 'globals';

import { awaited, roomOf } from './lint/awaited.js';

const WEB = import.meta.dirname;

/** Which rooms a room may import; src alone may import a package, and only @noble; see SQUARE. */
const WALLS = { src: ['src'], flows: ['src', 'flows'], pages: ['src', 'flows', 'pages'] };

/** The one module that draws squares, and the package that it has for that. */
const SQUARE = path.join(WEB, 'pages', 'sheet.js');

/** The modules that load another by an address: a page's own bundle, and its part, when wanted. */
const LOADERS = ['start.js', 'later.js'].map((name) => path.join(WEB, 'pages', name));

/**
 * Say why a module may not import another; "" where it may.
 * @param {string} file path of the importing module
 * @param {unknown} source what it imports, as written
 */
function trespass(file, source) {
  if (typeof source !== 'string') {
    return LOADERS.includes(file) ? '' : 'Import by a written name, so that the walls see it.';
  }
  const room = roomOf(file);
  const allowed = WALLS[/** @type {keyof typeof WALLS} */ (room)] ?? [];
  if (!source.startsWith('.')) {
    const may = file === SQUARE ? source === 'qr' : room === 'src' && source.startsWith('@noble/');
    return may ? '' : `${room} imports no ${source}.`;
  }
  const target = path.relative(WEB, path.resolve(path.dirname(file), source)).split(path.sep);
  return target.length > 1 && allowed.includes(target[0] ?? '') ? '' : `${room} imports ${source}.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const walls = {
  create(context) {
    /** @param {any} node */
    const look = (node) => {
      if (!node.source) return;
      const message = trespass(context.filename, node.source.value);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: look,
      ImportExpression: look,
      ExportAllDeclaration: look,
      ExportNamedDeclaration: look,
    };
  },
};

const AMBIENT = 'Pass it in; flows/ambient.js alone reads clock and randomness.';
const NO_HTML = 'Text becomes text: use textContent.';
const NO_TRACE = 'It would stay on the phone.';
const NO_LOG = 'Nothing is written down.';

/** @type {(names: string[], message: string) => { name: string, message: string }[]} */
const named = (names, message) => names.map((name) => ({ name, message }));
/** @type {(names: string[], message: string) => { property: string, message: string }[]} */
const onAnything = (names, message) => names.map((property) => ({ property, message }));

const STORAGE = ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'];
const CLOCKS = named(['Date', 'performance', 'Temporal'], AMBIENT);
const GLOBALS = [
  ...named(STORAGE, NO_TRACE),
  ...named(['console'], NO_LOG),
  ...named(['name', 'event', 'status', 'origin'], 'Say window. or name it; it is a global by accident.'),
  ...named(['WebAssembly'], 'Some browsers have it switched off.'),
  ...named(['XMLHttpRequest', 'WebSocket', 'EventSource'], 'flows/http.js uses fetch.'),
  ...named(['speechSynthesis'], 'The voice may be a stranger’s server.'),
];
const CLOCK_PROPERTIES = [
  { object: 'Math', property: 'random', message: AMBIENT },
  ...onAnything(['getRandomValues', 'randomUUID', 'generateKey', 'timeOrigin'], AMBIENT),
];
const PROPERTIES = [
  ...onAnything(
    ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'srcdoc',
      'createContextualFragment', 'parseFromString', 'write', 'writeln'],
    NO_HTML,
  ),
  ...onAnything([...STORAGE, 'serviceWorker', 'cookie', 'pushState', 'replaceState'], NO_TRACE),
  ...onAnything(['sendBeacon'], 'flows/http.js uses fetch.'),
];
const SYNTAX = [
  {
    selector: "CallExpression[callee.property.name='setAttribute'] > Literal[value=/^(on|srcdoc)/i]",
    message: NO_HTML,
  },
];
const ASYNC_FUNCTION = ':matches(ArrowFunctionExpression, FunctionExpression)[async=true]';
const HANDED_ON =
  '/^(map|flatMap|filter|some|every|find\\w*|forEach|reduce\\w*|sort|toSorted|then|catch|finally)$/';
const NAMED = 'Declare it as a function of the module.';
const NESTED = ':function FunctionDeclaration[async=true]';
/** What the rule `awaited` would not see. */
const SYNTAX_OF = {
  src: [
    { selector: `:matches(${ASYNC_FUNCTION}, ${NESTED})`, message: NAMED },
    { selector: 'FunctionDeclaration[async=true][generator=true]', message: 'Return a promise.' },
  ],
  flows: [
    {
      selector: `:matches(${NESTED}, :function VariableDeclarator > ${ASYNC_FUNCTION})`,
      message: NAMED,
    },
    {
      selector: `CallExpression[callee.property.name=${HANDED_ON}] > ${ASYNC_FUNCTION}`,
      message: 'Loop, and await one after the other.',
    },
    {
      selector: 'ExpressionStatement > CallExpression[callee.property.name=/^(again|look)$/]',
      message: 'Await it.',
    },
  ],
  pages: [],
};
const CLOCK_SYNTAX = [
  { selector: "CallExpression[callee.property.name='format'][arguments.length=0]", message: AMBIENT },
];

export default [
  { ignores: ['node_modules/', 'pages/sprite.js'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      // Which control characters are refused is what some patterns are about.
      'no-control-regex': 'off',
    },
  },
  ...Object.entries(SYNTAX_OF).map(([room, syntax]) => ({
    files: [`${room}/**`],
    languageOptions: { globals: globals.browser },
    plugins: { towpath: { rules: { walls, awaited } } },
    rules: {
      'towpath/walls': 'error',
      'towpath/awaited': 'error',
      'no-restricted-globals': ['error', ...GLOBALS, ...CLOCKS],
      'no-restricted-properties': ['error', ...PROPERTIES, ...CLOCK_PROPERTIES],
      'no-restricted-syntax': ['error', ...SYNTAX, ...CLOCK_SYNTAX, ...syntax],
    },
  })),
  {
    // The one room where clock and randomness enter.
    files: ['flows/ambient.js'],
    rules: {
      'no-restricted-globals': ['error', ...GLOBALS],
      'no-restricted-properties': ['error', ...PROPERTIES],
      'no-restricted-syntax': ['error', ...SYNTAX, ...SYNTAX_OF.flows],
    },
  },
  {
    files: ['tests/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExpressionStatement > CallExpression[callee.property.name=/^(rejects|doesNotReject)$/]',
          message: 'Await it.',
        },
      ],
    },
  },
  { files: ['tests/**', 'build/**', 'lint/**', '*.js'], languageOptions: { globals: globals.node } },
];
