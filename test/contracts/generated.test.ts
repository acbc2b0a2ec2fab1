import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BUILD, ROOT } from './repository.ts';

interface Generator {
  generatedSources(): Map<string, string>;
  generatedDocs(build: string): Promise<Map<string, string>>;
  stale(expected: Map<string, string>): string[];
}

test('everything generated is up to date; `npm run gen` makes it so', async () => {
  const url = pathToFileURL(join(ROOT, 'scripts', 'lib', 'generate.mjs')).href;
  const { generatedSources, generatedDocs, stale } = (await import(url)) as Generator;
  assert.deepEqual([...stale(generatedSources()), ...stale(await generatedDocs(BUILD))], []);
});
