import assert from 'node:assert/strict';
import { it } from 'node:test';
import { covers, dialled } from './start-sockets.ts';
import type { ListeningSocket } from '../model/evidence.ts';

const socket = (address: string, family: 4 | 6, v6Only: boolean | null = null): ListeningSocket => ({
  address,
  family,
  port: 3000,
  v6Only,
});

it('knows which addresses a listener serves', () => {
  const four = { address: '127.0.0.1', family: 4 } as const;
  const six = { address: '::1', family: 6 } as const;
  assert.equal(covers(socket('127.0.0.1', 4), four), true);
  assert.equal(covers(socket('127.0.0.1', 4), six), false);
  assert.equal(covers(socket('0.0.0.0', 4), four), true);
  assert.equal(covers(socket('0.0.0.0', 4), six), false);
  assert.equal(covers(socket('::', 6), six), true);
  assert.equal(covers(socket('::', 6), four), true);
  assert.equal(covers(socket('::', 6, true), four), false);
});

it('dials a wildcard over loopback', () => {
  assert.deepEqual(dialled(socket('::', 6)), { address: '::1', family: 6 });
  assert.deepEqual(dialled(socket('0.0.0.0', 4)), { address: '127.0.0.1', family: 4 });
  assert.deepEqual(dialled(socket('192.0.2.1', 4)), { address: '192.0.2.1', family: 4 });
});
