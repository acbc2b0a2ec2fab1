import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './repository.ts';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}

const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };

test('every locked package has a version and a checksum, for every system, and names no registry', () => {
  for (const [path, { version, integrity, resolved }] of Object.entries(packages)) {
    if (path === '') continue;
    // npm leaves foreign systems' packages without a version when it writes the file from an existing node_modules.
    assert.ok(version, `${path} has no version: remove package-lock.json and run npm install --package-lock-only`);
    assert.ok(integrity, `${path} has no checksum`);
    assert.equal(resolved, undefined, `${path} names a registry`);
  }
});

test('nothing is installed with the program: everything at run time is bundled', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies?: object };
  assert.equal(dependencies, undefined);
});
