/** Writes everything that is generated; with `--check` only says what is out of date. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { generatedDocs, generatedSources, orphans, stale } from './lib/generate.mjs';
import { at } from './lib/project.mjs';

function write(expected) {
  for (const path of stale(expected)) {
    if (!expected.has(path)) continue;
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), expected.get(path));
    console.log(`wrote ${path}`);
  }
  for (const path of orphans(expected)) {
    rmSync(at(path));
    console.log(`removed ${path}`);
  }
}

async function generate() {
  write(generatedSources());
  await ensureInstalled();
  // The pages come from the compiled catalogue. Loaded late: the build needs installed packages.
  const { compile } = await import('./build.mjs');
  await compile();
  write(await generatedDocs());
}

async function check() {
  const wrong = [...stale(generatedSources()), ...stale(await generatedDocs())];
  for (const path of wrong) console.error(`${path} is out of date: run \`npm run gen\` and commit what it writes.`);
  if (wrong.length > 0) process.exitCode = 1;
}

try {
  await (process.argv.includes('--check') ? check() : generate());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
