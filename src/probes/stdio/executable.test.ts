import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNear } from './executable.ts';

test('typing errors of one letter', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['npxx', 'npx', true],
    ['np', 'npx', true],
    ['nxp', 'npx', true],
    ['npz', 'npx', true],
    ['npx', 'npx', false],
    ['uv', 'npx', false],
    ['nodejs', 'node', false],
    ['pyhton', 'python', true],
  ];
  for (const [a, b, near] of table) assert.equal(isNear(a, b), near, `${a} ${b}`);
});
