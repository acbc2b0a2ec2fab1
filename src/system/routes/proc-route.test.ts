import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseProcArp, parseProcDev, parseProcRoute, parseProcRoute6, routeFrom } from './proc-route.ts';

const read = (name: string) => readFileSync(`test/recorded/linux/routes/${name}`, 'utf8');
const four = parseProcRoute(read('proc-route.txt'), 'LE');
const six = parseProcRoute6(read('proc-ipv6-route.txt'));
const shown = ({ kind, device, gateway, prefix }: ReturnType<typeof routeFrom>) => [kind, device, gateway, prefix];
const to = (address: string, device?: string) => shown(routeFrom(four, { address, family: 4 }, device));
const to6 = (address: string) => shown(routeFrom(six, { address, family: 6 }));

it('routes as the recorded IPv4 table does', () => {
  assert.deepEqual(to('10.99.0.7'), ['unicast', 'tun0', null, '10.99.0.0/16']);
  assert.deepEqual(to('192.0.2.77'), ['unicast', 'eth9', null, '192.0.2.0/24']);
  assert.deepEqual(to('203.0.113.7'), ['unicast', 'eth9', '192.0.2.1', '0.0.0.0/0']);
  assert.deepEqual(to('10.97.0.7'), ['unreachable', null, null, '10.97.0.0/16']);
  assert.deepEqual(to('10.96.0.7'), ['blackhole', null, null, '10.96.0.0/16']);
});

it('keeps to one interface when asked', () => {
  assert.deepEqual(to('10.99.0.7', 'eth9'), ['unicast', 'eth9', '192.0.2.1', '0.0.0.0/0']);
  assert.deepEqual(to('203.0.113.7', 'tap0'), ['none', null, null, null]);
});

it('routes as the recorded IPv6 table does; its last entry means no route', () => {
  assert.deepEqual(to6('2001:db8:1::7'), ['unicast', 'tun0', null, '2001:db8:1::/48']);
  assert.deepEqual(to6('2001:db8::7'), ['unicast', 'eth9', 'fd00::1', '::/0']);
  assert.deepEqual(to6('fd00::10'), ['local', 'eth9', null, 'fd00::10/128']);
  const without = six.filter(({ gateway }) => gateway === null);
  assert.equal(routeFrom(without, { address: '2001:db8::7', family: 6 }).kind, 'none');
});

it('reads the words of a big-endian machine', () => {
  const [entry] = parseProcRoute('eth0 0A630000 C0000201 0003 0 0 5 FFFF0000 0 0 0', 'BE');
  assert.deepEqual([entry?.text, entry?.gateway, entry?.metric], ['10.99.0.0/16', '192.0.2.1', 5]);
});

it('reads recorded counters and neighbours', () => {
  assert.deepEqual(parseProcDev(read('proc-dev.txt')).get('eth9'), { received: 8, sent: 11, unsent: 0 });
  assert.deepEqual(
    [...parseProcArp(read('proc-arp.txt'))],
    [
      ['192.0.2.1', 'other'],
      ['192.0.2.77', 'incomplete'],
    ],
  );
});

it('ignores what it cannot read', () => {
  assert.deepEqual(parseProcRoute('Iface Destination\nx y z'), []);
  assert.deepEqual(parseProcRoute6('nonsense'), []);
  assert.equal(parseProcDev('nonsense').size, 0);
});
