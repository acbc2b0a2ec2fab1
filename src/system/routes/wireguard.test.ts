import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { peerFor } from './wireguard.ts';

const read = (name: string) => readFileSync(`test/recorded/linux/wireguard/${name}.txt`, 'utf8');
const lists = { allowed: read('allowed-ips'), heard: read('latest-handshakes'), endpoints: read('endpoints') };
const HEARD = Number(/\t([1-9]\d+)/.exec(lists.heard)?.[1]);
const at = (secondsLater: number) => new Date((HEARD + secondsLater) * 1000);
const to = (address: string) => peerFor({ address, family: address.includes(':') ? 6 : 4 }, lists, at(7));

it('finds the peer for an address in recorded lists, the longest prefix first', () => {
  assert.deepEqual(to('10.8.0.1'), { kind: 'peer', endpoint: '10.77.0.2:51820', heardSecondsAgo: 7 });
  assert.deepEqual(to('10.99.1.7'), { kind: 'peer', endpoint: '10.77.0.9:51820', heardSecondsAgo: null });
  assert.deepEqual(to('10.99.2.7'), { kind: 'peer', endpoint: null, heardSecondsAgo: null });
});

it('says so when no peer is sent packets for an address', () => {
  assert.deepEqual(to('203.0.113.7'), { kind: 'none' });
  assert.deepEqual(to('2001:db8::7'), { kind: 'none' });
  assert.deepEqual(peerFor({ address: '10.8.0.1', family: 4 }, { allowed: '', heard: '', endpoints: '' }, at(0)), { kind: 'none' });
});
