import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { decidingEntry, defaultsOf, parseLinks, parseNeighbours, parseRouteGet, parseRouteTable, parseRules } from './ip-json.ts';

const read = (name: string) => readFileSync(`test/recorded/linux/routes/${name}`, 'utf8');
const entries = parseRouteTable(read('table-4.json'), 4);
const rules = parseRules(read('rule-4.json'), 4);
const deciding = (address: string, device: string | null = null) => decidingEntry({ address, family: 4 }, rules, entries, device);

it('tells kinds and states of the recorded interfaces', () => {
  const links = parseLinks(read('link.json')) ?? [];
  assert.deepEqual(
    links.map(({ name, kind, up, carrier, mtu }) => [name, kind, up, carrier, mtu]),
    [
      ['lo', 'loopback', true, true, 65536],
      ['eth9', 'veth', true, true, 1500],
      ['br-lan', 'bridge', false, null, 1500],
      ['tun0', 'tun', true, false, 1500],
      ['tap0', 'tap', false, null, 1500],
    ],
  );
  assert.deepEqual(links[1]?.counters?.unsent, 0);
  assert.ok((links[1]?.counters?.sent ?? 0) > 0);
});

it('knows a product by the name of its interface', () => {
  const row = (ifname: string) => ({
    ifname,
    flags: ['UP', 'LOWER_UP'],
    mtu: 1420,
    link_type: 'none',
    linkinfo: { info_kind: 'wireguard' },
  });
  const links = parseLinks(JSON.stringify([row('nordlynx'), row('wg0'), row('corp')])) ?? [];
  assert.deepEqual(
    links.map(({ kind, product }) => [kind, product]),
    [
      ['wireguard', 'NordVPN'],
      ['wireguard', 'WireGuard'],
      ['wireguard', null],
    ],
  );
});

it('reads the recorded lookups', () => {
  const shown = ['get-tunnel', 'get-table', 'get-default', 'get-default-6', 'get-local'].map((name) => {
    const route = parseRouteGet(read(`${name}.json`));
    return [route?.kind, route?.device, route?.gateway, route?.source, route?.table];
  });
  assert.deepEqual(shown, [
    ['unicast', 'tun0', null, '10.8.0.2', null],
    ['unicast', 'tun0', null, '10.8.0.2', '51820'],
    ['unicast', 'eth9', '192.0.2.1', '192.0.2.10', null],
    ['unicast', 'eth9', 'fd00::1', 'fd00::10', null],
    ['local', 'lo', null, '192.0.2.10', null],
  ]);
});

it('reads the MTU that was learned for a destination', () => {
  assert.equal(parseRouteGet('[{"dst":"203.0.113.7","dev":"eth0","metrics":[{"mtu":1300}]}]')?.mtu, 1300);
});

it('finds the entry that refuses, which the lookup itself does not tell', () => {
  assert.deepEqual(deciding('10.96.0.1'), { kind: 'blackhole', prefix: '10.96.0.0/16', table: 'main' });
  assert.deepEqual(deciding('10.97.0.1'), { kind: 'unreachable', prefix: '10.97.0.0/16', table: 'main' });
  assert.deepEqual(deciding('10.95.0.1'), { kind: 'prohibit', prefix: '10.95.0.0/16', table: 'main' });
  assert.deepEqual(deciding('10.91.0.1'), { kind: 'prohibit', prefix: '10.91.0.0/16', table: 'rule 900' });
});

it('follows the rules to other tables, prefers long prefixes and low metrics, and skips rules about other sources', () => {
  assert.deepEqual(deciding('10.94.0.1'), { kind: 'unicast', prefix: '0.0.0.0/0', table: '51820' });
  assert.deepEqual(deciding('10.99.0.7'), { kind: 'unicast', prefix: '10.99.0.0/16', table: 'main' });
  assert.deepEqual(deciding('203.0.113.7'), { kind: 'unicast', prefix: '0.0.0.0/0', table: 'main' });
  assert.deepEqual(deciding('10.99.0.7', 'eth9'), { kind: 'unicast', prefix: '0.0.0.0/0', table: 'main' });
  assert.equal(deciding('203.0.113.7', 'tap0'), null);
});

it('lists default routes, halves of them included', () => {
  const shown = [...defaultsOf(entries, 4), ...defaultsOf(parseRouteTable(read('table-6.json'), 6), 6)];
  assert.deepEqual(
    shown.map(({ device, gateway, metric, prefix, table }) => [device, gateway, metric, prefix, table]),
    [
      ['tun0', null, null, '0.0.0.0/1', '77'],
      ['tun0', null, null, '0.0.0.0/0', '51820'],
      ['eth9', '192.0.2.1', 100, '0.0.0.0/0', null],
      ['eth9', '192.0.2.254', 200, '0.0.0.0/0', null],
      ['eth9', 'fd00::1', 1024, '::/0', null],
    ],
  );
});

it('takes a route over several next hops for several', () => {
  const text =
    '[{"dst":"default","nexthops":[{"gateway":"192.0.2.1","dev":"eth0"},{"via":{"family":"inet6","host":"fe80::1"},"dev":"eth1"}]}]';
  assert.deepEqual(
    parseRouteTable(text, 4).map(({ device, gateway }) => [device, gateway]),
    [
      ['eth0', '192.0.2.1'],
      ['eth1', 'fe80::1'],
    ],
  );
});

it('reads the recorded neighbours', () => {
  assert.deepEqual(
    [...parseNeighbours(read('neigh.json'))],
    [
      ['192.0.2.1', 'reachable'],
      ['192.0.2.77', 'failed'],
    ],
  );
});

it('survives what is no JSON', () => {
  for (const text of ['', 'Object "-json" is unknown', '{}', '[1,null,[]]', '[{}]']) {
    parseLinks(text);
    parseRouteGet(text);
    assert.deepEqual(parseRouteTable(text, 4), []);
    assert.equal(parseNeighbours(text).size, 0);
  }
  assert.equal(parseLinks('BusyBox'), null);
});
