import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { consoleText } from '../console-text.ts';
import { defaultGateway, kernelVersion, parseLinuxSide, parseNetworking } from './linux-parse.ts';

const recorded = (name: string) => consoleText(readFileSync(`test/recorded/wsl/${name}`));

test('wslinfo --networking-mode', () => {
  assert.equal(parseNetworking('mirrored\n'), 'mirrored');
  assert.equal(parseNetworking('nat\r\n'), 'nat');
  assert.equal(parseNetworking('wslinfo: unrecognized option'), null);
});

test('the kernel tells WSL 1 from WSL 2', () => {
  assert.equal(kernelVersion('4.4.0-19041-Microsoft'), 1);
  assert.equal(kernelVersion('5.15.153.1-microsoft-standard-WSL2'), 2);
  assert.equal(kernelVersion('6.6.87.2-custom'), 2);
});

test('the gateway of /proc/net/route: the least metric, none without a default route', () => {
  const table = recorded('route-nat.txt');
  assert.equal(defaultGateway(table, 'LE'), '172.28.112.1');
  const second = 'eth1\t00000000\t0100A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n';
  assert.equal(defaultGateway(`${table}${second}`, 'LE'), '172.28.112.1');
  assert.equal(defaultGateway('eth0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n', 'LE'), null);
  assert.equal(defaultGateway('', 'LE'), null);
});

test('what a distribution answers, and what one without wslinfo and hostname answers', () => {
  const side = parseLinuxSide(recorded('linux-side.txt'));
  assert.deepEqual(
    side.listeners.map(({ address, port }) => `${address} ${port}`),
    ['127.0.0.1 3000', ':: 3001'],
  );
  assert.deepEqual([side.networking, side.addresses], ['nat', ['172.28.120.45', '172.17.0.1']]);
  assert.deepEqual(parseLinuxSide('mcpreach:addresses\n127.0.1.1 172.28.120.45\n').addresses, ['172.28.120.45']);
  assert.deepEqual(parseLinuxSide('mcpreach:tcp\nmcpreach:tcp6\nmcpreach:networking\nmcpreach:addresses\n'), {
    listeners: [],
    networking: null,
    addresses: [],
  });
});
