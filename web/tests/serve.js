// Answers the tests in Python: a line for each command, and a line back with what came of it.

import { createInterface } from 'node:readline';

import { Trouble } from '../flows/troubles.js';

/**
 * Does each command that stands on a line, and says what it gave or which trouble there was.
 * @param {Record<string, (given: any) => unknown>} commands
 */
export async function serve(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...given } = JSON.parse(line);
    let said;
    try {
      said = { done: (await commands[name]?.(given)) ?? null };
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      const { kind, category, status, retry_after } = trouble;
      said = { trouble: { kind, category, status, retry_after } };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
}
