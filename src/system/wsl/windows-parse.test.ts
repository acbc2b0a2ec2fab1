import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { consoleText } from '../console-text.ts';
import { adapterWith, parseDistributions, parsePortProxies, parseSettings } from './windows-parse.ts';
import { parseWindowsAnswer } from './windows-question.ts';

const recorded = (name: string) => consoleText(readFileSync(`test/recorded/wsl/${name}`));

const NODE = 'C:\\Program Files\\nodejs\\node.exe';

test('wsl.exe --list --verbose in UTF-16, with and without a mark, in English and Japanese', () => {
  assert.deepEqual(
    parseDistributions(recorded('list-verbose-en.txt')).map(({ name, isDefault, version }) => [name, isDefault, version]),
    [
      ['Ubuntu', true, 2],
      ['Legacy', false, 1],
      ['Ubuntu-18.04', false, 1],
      ['docker-desktop', false, 2],
    ],
  );
  assert.deepEqual(parseDistributions(recorded('list-verbose-bom.txt')), [
    { name: 'Ubuntu-22.04', isDefault: true, version: 2, state: 'Running' },
  ]);
  assert.deepEqual(
    parseDistributions(recorded('list-verbose-ja.txt')).map(({ name, state, version }) => [name, state, version]),
    [
      ['Ubuntu', '実行中', 2],
      ['Legacy', '停止', 1],
    ],
  );
});

test('no distribution, no output, and no end of it', () => {
  assert.deepEqual(parseDistributions(recorded('not-installed.txt')), []);
  assert.deepEqual(parseDistributions(''), []);
  assert.equal(parseDistributions('  Ubuntu  Running  2\r\n'.repeat(100_000)).length, 1000);
});

test('netsh interface portproxy show all in three languages', () => {
  // A range of ports can be entered, is listed, and never works.
  assert.deepEqual(parsePortProxies(recorded('portproxy-en.txt')), []);
  assert.deepEqual(parsePortProxies(recorded('portproxy-de.txt')), [
    { listenAddress: '0.0.0.0', listenPort: 2201, connectAddress: '172.20.144.5', connectPort: 22 },
  ]);
  assert.deepEqual(
    parsePortProxies(recorded('portproxy-ja.txt')).map((one) => `${one.listenAddress} ${one.listenPort} ${one.connectAddress}`),
    ['0.0.0.0 50022 172.23.67.210', '0.0.0.0 8001 172.23.67.210', ':: 8001 192.168.10.100'],
  );
  assert.deepEqual(parsePortProxies('\r\n'), []);
  assert.deepEqual(parsePortProxies('0.0.0.0  80  10.0.0.1  80  more\r\n'), []);
});

test('ipconfig: the adapter that has an address, in three languages', () => {
  assert.equal(adapterWith('172.31.32.1', recorded('ipconfig-en.txt')), 'vEthernet (WSL (Hyper-V firewall))');
  assert.equal(adapterWith('172.29.64.1', recorded('ipconfig-de.txt')), 'vEthernet (WSL)');
  assert.equal(adapterWith('172.29.128.1', recorded('ipconfig-ja.txt')), 'vEthernet (WSL)');
  assert.equal(adapterWith('192.168.178.34', recorded('ipconfig-de.txt')), null);
  assert.equal(adapterWith('172.31.32.1', ''), null);
});

test('.wslconfig: comments, sections, a mark at its beginning, and none at all', () => {
  const mirrored = parseSettings('C:\\.wslconfig', recorded('wslconfig-mirrored.txt'));
  assert.deepEqual([mirrored.exists, mirrored.networkingMode, mirrored.localhostForwarding], [true, 'mirrored', true]);
  const nat = parseSettings('C:\\.wslconfig', recorded('wslconfig-nat.txt'));
  assert.deepEqual([nat.networkingMode, nat.localhostForwarding, nat.hostAddressLoopback], [null, null, true]);
  const off = parseSettings('C:\\.wslconfig', recorded('wslconfig-forwarding-off.txt'));
  assert.deepEqual([off.networkingMode, off.localhostForwarding, off.ignoredPorts], ['nat', false, [3000, 9000, 9001]]);
  const misspelt = parseSettings('C:\\.wslconfig', recorded('wslconfig-misspelt.txt'));
  assert.deepEqual([misspelt.networkingMode, misspelt.localhostForwarding], [null, null]);
  const lower = parseSettings('C:\\.wslconfig', recorded('wslconfig-lower-case.txt'));
  assert.deepEqual([lower.networkingMode, lower.localhostForwarding], ['mirrored', true]);
  assert.equal(parseSettings('C:\\.wslconfig', null).exists, false);
});

test("Windows' answer: listeners with their programs, adapters, settings; and what is no answer", () => {
  const answer = parseWindowsAnswer(recorded('windows-side.json'));
  assert.deepEqual(answer?.listeners, [
    { address: '127.0.0.1', family: 4, port: 3000, program: 'node', file: NODE },
    { address: '::1', family: 6, port: 3000, program: 'node', file: null },
  ]);
  assert.equal(answer?.adapters.get('172.28.112.1'), 'vEthernet (WSL (Hyper-V firewall))');
  assert.equal(answer?.settings, '[wsl2]\r\nmemory=4GB\r\n');
  assert.equal(parseWindowsAnswer(''), null);
  assert.equal(parseWindowsAnswer('{"listeners":[]}'), null);
  assert.equal(parseWindowsAnswer('Get-NetTCPConnection : Zugriff verweigert'), null);
});
