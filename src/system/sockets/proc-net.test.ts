import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseProcNetTcp } from './proc-net.ts';

const endpoints = (rows: ReturnType<typeof parseProcNetTcp>) => rows.map(({ address, port }) => `${address} ${port}`);

it('reads the listeners of a recorded /proc/net/tcp, and no connection', () => {
  const rows = parseProcNetTcp(readFileSync('test/recorded/linux/tcp.txt', 'utf8'), 4, 'LE');
  assert.deepEqual(endpoints(rows), ['192.0.2.10 3001', '0.0.0.0 8080', '127.0.0.1 3000']);
  assert.deepEqual(rows[2], { address: '127.0.0.1', family: 4, port: 3000, uid: 0, inode: '26692' });
});

it('reads the listeners of a recorded /proc/net/tcp6; a mapped address is the IPv4 address it serves', () => {
  const rows = parseProcNetTcp(readFileSync('test/recorded/linux/tcp6.txt', 'utf8'), 6, 'LE');
  assert.deepEqual(endpoints(rows), ['fd00::10 3002', ':: 8081', '::1 3000', '127.0.0.1 3003']);
  assert.deepEqual(
    rows.map(({ family }) => family),
    [6, 6, 6, 4],
  );
});

it('reads the words of a big-endian machine', () => {
  const row = '   0: 7F000001:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1';
  assert.deepEqual(endpoints(parseProcNetTcp(row, 4, 'BE')), ['127.0.0.1 3000']);
});

it('ignores what it cannot read', () => {
  assert.deepEqual(parseProcNetTcp('', 4), []);
  assert.deepEqual(parseProcNetTcp('   0: 7F:0BB8 00:0000 0A x y z 0 0 1', 4), []);
});
