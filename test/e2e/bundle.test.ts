/** The bundle as it is shipped: what every start loads, and what the package says about it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../contracts/repository.ts';

const DIST = join(ROOT, 'dist');
const CLI = join(DIST, 'cli.js');
const run = promisify(execFile);

/** The file and everything it imports statically, directly or not. */
function loadedBy(entry: string): readonly string[] {
  const queue = [entry];
  const seen = new Set(queue);
  for (const file of queue) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;'"]*?['"](\.[^'"]+)['"]/gm)) {
      const target = join(dirname(file), specifier);
      if (!seen.has(target)) {
        seen.add(target);
        queue.push(target);
      }
    }
  }
  return queue;
}

test('the program starts by itself and says its version', { skip: process.platform === 'win32' }, async () => {
  assert.ok((statSync(CLI).mode & 0o111) === 0o111, 'dist/cli.js is not executable');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const { stdout, stderr } = await run(CLI, ['--version']);
  assert.equal(stdout, `${version}\n`);
  assert.equal(stderr, '');
});

test('a start loads almost nothing before it knows the command', () => {
  const files = loadedBy(CLI);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  assert.ok(bytes < 8 * 1024, `${bytes} bytes in ${files.join(', ')}`);
});

test('nothing outside Node is imported at run time', () => {
  const scripts = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  assert.ok(scripts.length > 2);
  for (const file of scripts) {
    const text = readFileSync(join(DIST, file), 'utf8');
    const outside = [...text.matchAll(/^(?:import|export)\b[^;'"]*?['"]([^.'"][^'"]*)['"];?$/gm)].map(([, specifier]) => specifier ?? '');
    assert.deepEqual(
      outside.filter((specifier) => !specifier.startsWith('node:')),
      [],
      file,
    );
  }
});

test('the licence of every bundled package is passed on', () => {
  const notices = readFileSync(join(DIST, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['commander', 'picocolors']) assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
});
