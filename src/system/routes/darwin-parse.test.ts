import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseArp, parseCounters, parseDefaults, parseIfconfig, parseRouteGet } from './darwin-parse.ts';

const read = (name: string) => readFileSync(`test/recorded/darwin/routes/${name}.txt`, 'utf8');

it('reads lookups through a gateway, on the link, and refused ones', () => {
  const shown = (name: string, family: 4 | 6 = 4) => {
    const { kind, device, gateway, prefix, mtu } = parseRouteGet(read(name), family);
    return [kind, device, gateway, prefix, mtu];
  };
  assert.deepEqual(shown('get-tunnel'), ['unicast', 'utun4', '10.8.0.1', '10.99.0.0/16', 1420]);
  assert.deepEqual(shown('get-default'), ['unicast', 'en0', '192.168.1.1', '0.0.0.0/0', 1500]);
  assert.deepEqual(shown('get-link'), ['unicast', 'en0', null, '192.168.1.77/32', 1500]);
  assert.deepEqual(shown('get-reject'), ['unreachable', null, null, '10.97.0.0/16', null]);
  assert.deepEqual(shown('get-half'), ['unicast', 'utun3', '10.8.0.1', '0.0.0.0/1', 1500]);
  assert.deepEqual(shown('get-cloned'), ['unicast', 'en0', '10.8.0.1', '203.0.113.7/32', 1500]);
  assert.deepEqual(shown('get-6', 6), ['unicast', 'en0', 'fe80::1', '::/0', 1500]);
});

it('takes silence for "no route"', () => {
  assert.equal(parseRouteGet('', 4).kind, 'none');
});

it('tells kinds, states and counters of interfaces, and whose utun one is', () => {
  const interfaces = parseIfconfig(read('ifconfig'), parseCounters(read('netstat-ibn')));
  assert.deepEqual(
    interfaces.map(({ name, kind, product, up, carrier, mtu }) => [name, kind, product, up, carrier, mtu]),
    [
      ['lo0', 'loopback', null, true, null, 16384],
      ['en0', 'physical', null, true, true, 1500],
      ['en5', 'physical', null, true, false, 1500],
      ['bridge0', 'bridge', null, true, false, 1500],
      ['awdl0', 'virtual', null, true, true, 1500],
      ['utun3', 'tun', 'Tailscale', true, null, 1280],
      ['utun4', 'tun', null, true, null, 1420],
      ['ppp0', 'ppp', null, false, null, 1280],
    ],
  );
  assert.deepEqual(interfaces.find(({ name }) => name === 'en0')?.counters, { received: 8_123_456, sent: 4_123_456, unsent: 3 });
  assert.deepEqual(interfaces.find(({ name }) => name === 'utun4')?.counters, { received: 120, sent: 342, unsent: 0 });
});

it('lists default routes and their halves, without those that serve one interface only', () => {
  assert.deepEqual(
    parseDefaults(read('netstat-rn')).map(({ family, device, gateway, prefix }) => [family, device, gateway, prefix]),
    [
      [4, 'utun4', '10.8.0.1', '0.0.0.0/1'],
      [4, 'en0', '192.168.1.1', '0.0.0.0/0'],
      [4, 'utun4', '10.8.0.1', '128.0.0.0/1'],
      [6, 'en0', 'fe80::1', '::/0'],
    ],
  );
});

it('lists the default routes of Macs with VPNs, and of older systems, whose tables have two more columns', () => {
  const shown = (name: string) =>
    parseDefaults(read(`netstat-rn-${name}`)).map(({ family, device, gateway, prefix }) => [family, device, gateway, prefix]);
  assert.deepEqual(shown('refs'), [[4, 'en0', '192.168.1.1', '0.0.0.0/0']]);
  assert.deepEqual(shown('full-tunnel'), [[4, 'utun2', '10.8.0.1', '0.0.0.0/0']]);
  assert.deepEqual(shown('wireguard'), [[4, 'utun3', null, '0.0.0.0/0']]);
  assert.deepEqual(shown('wg-quick'), [[4, 'utun0', null, '0.0.0.0/1']]);
  assert.deepEqual(shown('tailscale'), [[4, 'en0', '192.168.1.1', '0.0.0.0/0']]);
  assert.deepEqual(shown('6-tunnel'), [[6, 'utun6', null, '::/0']]);
  assert.deepEqual(shown('6-half'), [[6, 'utun4', null, '::/1']]);
});

it('reads interfaces that are down, those without flags, bridges with members, and a nameless tunnel of Tailscale', () => {
  const shown = (name: string) =>
    parseIfconfig(read(`ifconfig-${name}`), parseCounters(read('netstat-ib-down'))).map((one) => [
      one.name,
      one.kind,
      one.product,
      one.up,
      one.carrier,
      one.mtu,
      one.counters?.received ?? null,
    ]);
  assert.deepEqual(shown('mini'), [
    ['lo0', 'loopback', null, true, null, 16384, 13426],
    ['gif0', 'kernel-tunnel', null, false, null, 1280, 0],
    ['stf0', 'kernel-tunnel', null, false, null, 1280, 0],
    ['XHC1', 'virtual', null, false, null, 0, null],
    ['VHC128', 'virtual', null, false, null, 0, null],
    ['en0', 'physical', null, true, false, 1500, null],
  ]);
  assert.deepEqual(shown('bridge'), [
    ['bridge100', 'bridge', null, true, true, 1500, null],
    ['en9', 'physical', null, true, true, 1500, null],
  ]);
  assert.deepEqual(shown('tailscale'), [['utun10', 'tun', 'Tailscale', true, null, 1280, null]]);
});

it('reads who answers on the network', () => {
  assert.deepEqual([...parseArp(read('arp'))].slice(0, 2), [
    ['192.168.1.1', 'other'],
    ['192.168.1.77', 'incomplete'],
  ]);
  assert.deepEqual([...parseArp(read('arp-scan')).values()], ['other', 'other', 'incomplete', 'other']);
});

it('survives what it cannot read', () => {
  for (const text of ['', 'command not found', '\u0000\u0000']) {
    assert.deepEqual(parseIfconfig(text, parseCounters(text)), []);
    assert.deepEqual(parseDefaults(text), []);
    assert.equal(parseArp(text).size, 0);
  }
});
