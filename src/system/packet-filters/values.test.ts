import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addressNumber, addressRange, holds } from './values.ts';

it('reads addresses as numbers', () => {
  assert.equal(addressNumber('127.0.0.1'), 0x7f_00_00_01n);
  assert.equal(addressNumber('::1'), 1n);
  assert.equal(addressNumber('fe80::1%eth0'), 0xfe80_0000_0000_0000_0000_0000_0000_0001n);
  assert.equal(addressNumber('::ffff:10.0.0.1'), 0xffff_0a00_0001n);
  assert.equal(addressNumber('1:2:3:4:5:6:7:8'), 0x0001_0002_0003_0004_0005_0006_0007_0008n);
  assert.equal(addressNumber('localhost'), null);
});

it('reads prefixes, masks and ranges', () => {
  assert.deepEqual(addressRange('10.1.2.3/8'), { from: 0x0a_00_00_00n, to: 0x0a_ff_ff_ffn });
  assert.deepEqual(addressRange('10.0.0.0/255.255.255.0'), { from: 0x0a_00_00_00n, to: 0x0a_00_00_ffn });
  assert.deepEqual(addressRange('10.0.0.1/255.255.255.255'), { from: 0x0a_00_00_01n, to: 0x0a_00_00_01n });
  assert.deepEqual(addressRange('::/0'), { from: 0n, to: 2n ** 128n - 1n });
  assert.deepEqual(addressRange('10.0.0.1-10.0.0.9'), { from: 0x0a_00_00_01n, to: 0x0a_00_00_09n });
  assert.equal(addressRange('10.0.0.0/255.0.255.0'), null);
  assert.equal(addressRange('eth0'), null);
});

it('tells what is not known from what is not so', () => {
  assert.equal(holds({ from: 1, to: 5 }, 3), true);
  assert.equal(holds({ from: 1, to: 5 }, 6), false);
  assert.equal(holds({ from: 1, to: 5 }, undefined), undefined);
  assert.equal(holds({ from: 1, to: 5 }, { from: 2, to: 4 }), true);
  assert.equal(holds({ from: 1, to: 5 }, { from: 4, to: 9 }), undefined);
  assert.equal(holds({ from: 1, to: 5 }, { from: 6, to: 9 }), false);
  assert.equal(holds({ name: 'eth*' }, 'eth0'), true);
  assert.equal(holds({ name: 'eth*' }, ''), false);
  assert.equal(holds({ name: 'eth0' }, 'eth01'), false);
});
