import assert from 'node:assert/strict';
import { test } from 'node:test';
import { satisfies } from './versions.ts';

test('versions and ranges', () => {
  const table: readonly (readonly [string, string, boolean | null])[] = [
    ['v20.20.2', '>=18', true],
    ['v18.1.0', '>=20.19', false],
    ['20.20.2', '^20.19.0 || >=22.12.0', true],
    ['21.7.0', '^20.19.0 || >=22.12.0', false],
    ['22.3.0', '>=18 <21', false],
    ['18.4.0', '18.x', true],
    ['19.0.0', '18', false],
    ['18.4.0', '>= 18.0.0', true],
    ['16.0.0', '14 - 16', true],
    ['0.2.9', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['1.2.9', '~1.2', true],
    ['1.3.0', '~1.2.3', false],
    ['3.9.2', '>=3.10,<4', false],
    ['3.11.7', '>=3.10,<4', true],
    ['3.11.7', '~=3.10', true],
    ['3.11.7', '!=3.11.*', false],
    ['20.0.0', '*', true],
    ['20.0.0', 'lts', null],
    ['nightly', '>=18', null],
    ['20.0.0', '>20', false],
    ['21.0.0', '>20', true],
  ];
  for (const [version, range, expected] of table) assert.equal(satisfies(version, range), expected, `${version} in ${range}`);
});
