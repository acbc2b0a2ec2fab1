import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './repository.ts';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };

test('the lock file installs on every system, and names no registry', () => {
  for (const [path, { version, integrity, resolved, optional, optionalDependencies = {} }] of Object.entries(packages)) {
    if (path === '') continue;
    assert.ok(version, `${path} has no version: remove package-lock.json and run npm install --package-lock-only`);
    assert.ok(integrity ?? optional, `${path} has no checksum`);
    assert.equal(resolved, undefined, `${path} names a registry`);
    for (const name of Object.keys(optionalDependencies)) {
      const found = packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`];
      assert.ok(found, `${path} wants ${name}: run node scripts/complete-lock.mjs`);
    }
  }
});

test('nothing is installed with the program: everything at run time is bundled', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies?: object };
  assert.equal(dependencies, undefined);
});
