import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLOORS, importsOf, violations } from './floors.ts';
import { readSources } from './repository.ts';

const sources = readSources('src');

test('imports point down, never sideways', () => {
  assert.ok(sources.length > 0, 'no sources found');
  assert.deepEqual(sources.flatMap(violations), []);
});

test('every floor only names floors that are listed above it', () => {
  const names = Object.keys(FLOORS);
  for (const [name, { below }] of Object.entries(FLOORS)) {
    for (const other of below) assert.ok(names.indexOf(other) >= 0 && names.indexOf(other) < names.indexOf(name), `${name} -> ${other}`);
  }
});

test('a breach is named with its file, its import and the reason', () => {
  const breach = (path: string, text: string) => violations({ path, text });
  assert.deepEqual(breach('src/causes/a.ts', "import { dial } from '../system/tcp.ts';"), [
    'src/causes/a.ts imports ../system/tcp.ts: causes may import model, facts, and its own files.',
  ]);
  assert.deepEqual(breach('src/causes/a.ts', "import { connect } from 'node:net';"), [
    'src/causes/a.ts imports node:net: causes is pure and does no input or output.',
  ]);
  assert.equal(breach('src/formats/a.ts', "import type { Cause } from '../causes/b.ts';").length, 1);
  assert.equal(breach('src/probes/a.ts', "import undici from 'undici';").length, 1);
  assert.equal(breach('src/wire/a.ts', "import { rig } from '../../test/rig/rig.ts';").length, 1);
  assert.equal(breach('src/attic/a.ts', "import '../model/layer.ts';").length, 1);
  assert.deepEqual(breach('src/commands/doctor.ts', "import { run } from '../diagnose/run.ts';\nimport { Command } from 'commander';"), []);
  assert.deepEqual(breach('src/probes/a.test.ts', "import fc from 'fast-check';"), []);
});

test('imports of every form are seen, and texts that only look like one are not', () => {
  const text = [
    "import a from './a.ts';",
    "import type { B } from './b.ts';",
    "import './c.ts';",
    "export { d } from './d.ts';",
    "export * from './e.ts';",
    "import {\n  f,\n  g,\n} from './f.ts';",
    "const h = await import('./h.ts');",
    "type I = import('./i.ts').I;",
    'const text = \'taken from "./j.ts"\';',
    "export const K = ['./k.ts'];",
  ].join('\n');
  assert.deepEqual(importsOf(text), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './h.ts', './i.ts']);
});
