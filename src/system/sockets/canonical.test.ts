import assert from 'node:assert/strict';
import { it } from 'node:test';
import { canonicalAddress } from './canonical.ts';

const TABLE: readonly (readonly [string, string | null, 4 | 6])[] = [
  ['127.0.0.1', '127.0.0.1', 4],
  ['::1', '::1', 6],
  ['[::1]', '::1', 6],
  ['0:0:0:0:0:0:0:0', '::', 6],
  ['FD00:0:0:0:0:0:0:10', 'fd00::10', 6],
  ['fe80::1%lo0', 'fe80::1', 6],
  ['::ffff:127.0.0.1', '127.0.0.1', 4],
  ['0:0:0:0:0:ffff:7f00:1', '127.0.0.1', 4],
  ['::ffff:0:0:1', '::ffff:0:0:1', 6],
  ['localhost', null, 4],
  ['', null, 4],
];

for (const [text, address, family] of TABLE) {
  it(`spells ${JSON.stringify(text)} as ${address}`, () => {
    assert.deepEqual(canonicalAddress(text), address === null ? null : { address, family });
  });
}
