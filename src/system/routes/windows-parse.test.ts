import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseAdapters, parseDefaults, parseFindRoute, parseNeighbours } from './windows-parse.ts';

const read = (name: string) => readFileSync(`test/recorded/windows/routes/${name}.json`, 'utf8');

it('reads lookups through a gateway and on the link', () => {
  const shown = (name: string) => {
    const { kind, device, gateway, source, prefix } = parseFindRoute(read(name));
    return [kind, device, gateway, source, prefix];
  };
  assert.deepEqual(shown('find-tunnel'), ['unicast', 'OpenVPN Wintun', '10.8.0.1', '10.8.0.2', '10.99.0.0/16']);
  assert.deepEqual(shown('find-link'), ['unicast', 'Ethernet', null, '192.168.1.20', '192.168.1.0/24']);
  assert.deepEqual(shown('find-6'), ['unicast', 'Ethernet', 'fe80::1', '2001:db8:5::20', '::/0']);
});

it('takes an empty answer for "no route"', () => {
  assert.equal(parseFindRoute('').kind, 'none');
});

it('tells kinds, products and states of adapters', () => {
  assert.deepEqual(
    parseAdapters(read('adapters')).map(({ name, kind, product, up, carrier }) => [name, kind, product, up, carrier]),
    [
      ['Ethernet', 'physical', null, true, true],
      ['WLAN', 'physical', null, true, false],
      ['OpenVPN Wintun', 'tun', 'OpenVPN', true, false],
      ['Tailscale', 'tun', 'Tailscale', true, true],
      ['Ethernet 3', 'tun', 'GlobalProtect', false, null],
      ['vEthernet (WSL)', 'virtual', null, true, true],
    ],
  );
  assert.deepEqual(parseAdapters(read('adapters'))[0]?.counters, { received: 812_345, sent: 412_345, unsent: 2 });
});

it("knows companies' VPN clients by their adapters", () => {
  assert.deepEqual(
    parseAdapters(read('adapters-vpn')).map(({ name, kind, product, up, carrier }) => [name, kind, product, up, carrier]),
    [
      ['GlobalProtect VPN', 'tun', 'GlobalProtect', false, null],
      ['Ethernet 2', 'tun', 'Cisco Secure Client', true, true],
      ['vEthernet (WSL)', 'virtual', null, true, true],
      ['Wi-Fi', 'physical', null, true, true],
    ],
  );
});

it('lists default routes, also a single one, which comes without a list', () => {
  assert.deepEqual(
    [...parseDefaults(read('defaults')), ...parseDefaults(read('default-single'))].map(({ family, device, gateway, metric, prefix }) => [
      family,
      device,
      gateway,
      metric,
      prefix,
    ]),
    [
      [4, 'Ethernet', '192.168.1.1', 25, '0.0.0.0/0'],
      [4, 'OpenVPN Wintun', '10.8.0.1', 5, '0.0.0.0/1'],
      [4, 'OpenVPN Wintun', '10.8.0.1', 5, '128.0.0.0/1'],
      [6, 'Ethernet', 'fe80::1', 281, '::/0'],
      [4, 'WWAN', null, 50, '0.0.0.0/0'],
    ],
  );
});

it('reads who answers on the network', () => {
  assert.deepEqual([...parseNeighbours(read('neighbours')).values()], ['reachable', 'failed', 'incomplete', 'reachable', 'stale']);
});

it('survives what is no JSON', () => {
  for (const text of ['', 'null', '7', 'Find-NetRoute : not recognized']) {
    assert.deepEqual(parseAdapters(text), []);
    assert.deepEqual(parseDefaults(text), []);
    assert.equal(parseNeighbours(text).size, 0);
  }
});
