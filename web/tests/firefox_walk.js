// Walks through the pages in Firefox: asks with a code, and reads the answer with the receipt.
//
// One line of JSON comes in: `Given`. One line goes out when it was sent: {receipt, screens,
// faults}; then one line comes in when there is an answer, and a last one goes out: {answers,
// screens, faults}.

import { createInterface } from 'node:readline';

import { launch } from 'puppeteer-core';

/**
 * @typedef {object} Given
 * @property {string} url
 * @property {string} program the path of Firefox
 * @property {string} language its own name
 * @property {string} code
 * @property {Record<string, string>} words texts by key
 * @property {string[]} needs the texts of what is chosen
 * @property {string} way the text of the safe way
 * @property {string} consent
 */

const PATIENCE_MS = 60_000;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** @type {Given} */
const given = JSON.parse(String((await lines.next()).value));
const browser = await launch({ browser: 'firefox', executablePath: given.program, headless: true });
const page = await browser.newPage();
page.setDefaultTimeout(PATIENCE_MS);

/** @type {string[]} */
const faults = [];
/** @type {string[]} */
const screens = [];
page.on('pageerror', (error) => faults.push(`error of the page: ${error}`));
page.on('console', (message) => {
  const [kind, text] = [message.type(), message.text()];
  if (kind === 'error' || /content-security-policy|trusted/i.test(text)) faults.push(text);
});
page.on('request', (request) => {
  const { origin, protocol } = new URL(request.url());
  if (protocol !== 'data:' && origin !== given.url) faults.push(`elsewhere: ${request.url()}`);
});
// Firefox tells violations to the page alone, so a script that comes before it listens.
await page.evaluateOnNewDocument(`
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', (event) =>
    violations.push(event.effectiveDirective + ' ' + event.blockedURI), true);
`);

/** Take over the violations of the page that is shown. */
const look = async () => {
  const found = /** @type {string[]} */ (await page.evaluate('globalThis.violations'));
  faults.push(...found.map((one) => `violation: ${one}`));
};
/** @param {string} path */
const open = async (path) => {
  await page.goto(given.url + path);
};
/** Tap a button, a choice or a link by its text. @param {string} text */
const tap = async (text) => {
  const found = await page.waitForFunction(`[...document.querySelectorAll('main button, main a')]
    .find((one) => [one, ...one.querySelectorAll('span')]
      .some((each) => each.textContent.trim() === ${JSON.stringify(text)}))`);
  await /** @type {import('puppeteer-core').ElementHandle<Element>} */ (found).click();
};
/** @param {string} key */
const says = (key) => tap(given.words[key] ?? key);
/** Wait for a screen. @param {string} name */
const screen = async (name) => {
  await page.locator(`main[data-screen="${name}"]`).wait();
  screens.push(name);
};
/** Type into the field of the screen. @param {string} text */
const type = (text) => page.locator('main input, main textarea').fill(text);
/** @param {object} said */
const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

try {
  for (const path of ['/plain', '/about']) {
    await open(path);
    await look();
  }
  await open('/');
  await tap(given.language);
  await screen('code');
  await type(given.code);
  await says('shared.next');
  await screen('reader');
  await says('ask.reader.go');
  await screen('needs');
  for (const need of given.needs) await tap(need);
  await says('shared.next');
  await screen('safe');
  await tap(given.way);
  await screen('check');
  await tap(given.consent);
  await screen('receipt');
  await page.locator('.receipt p').wait();
  const receipt = String(await page.evaluate("document.querySelector('.receipt p').textContent"));
  await type(receipt.slice(0, 4));
  await says('ask.receipt.send');
  await screen('done');
  await page.waitForFunction(
    `document.body.innerText.includes(${JSON.stringify(given.words['ask.done.delivered'])})`,
  );
  await look();
  tell({ receipt, screens, faults });

  await lines.next();
  await open('/answers');
  await tap(given.language);
  await screen('receipt');
  await type(receipt);
  await says('shared.next');
  await screen('word');
  await says('answers.word.none');
  await screen('box');
  const answers = await page.evaluate(
    "[...document.querySelectorAll('article p[translate=no]')].map((one) => one.textContent)",
  );
  await look();
  await page.locator('a.leave').click();
  tell({ answers, screens, faults });
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`after ${screens.at(-1)}, ${faults}: ${error}\n`);
} finally {
  await browser.close();
}
process.exit();
