/**
 * The unit lane: imports compiled unit and contract tests into one process, which is some twenty times faster than a process
 * per file. The price: no test may change the directory or leave a variable changed.
 */
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at, filesUnder, shown } from './project.mjs';

const isTest = (name) => name.endsWith('.test.js');

/** Imports every `of`-th test, beginning with the one at `first`. */
export async function importTests(first, of) {
  const files = [...filesUnder(at('build', 'src'), isTest), ...filesUnder(at('build', 'test', 'contracts'), isTest)];
  for (const file of files.filter((_, index) => index % of === first)) {
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      test(shown(file), () => {
        throw error;
      });
    }
  }
}
