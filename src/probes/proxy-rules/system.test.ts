import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SystemProxySettings } from '../../model/system-proxy.ts';
import { noProxy } from '../../system/system-proxy/settings.ts';
import { needsScript, systemChoice } from './system.ts';

const MANUAL: SystemProxySettings = {
  ...noProxy('gnome'),
  mode: 'manual',
  http: { host: 'proxy', port: 3128 },
  https: { host: 'secure', port: 3129 },
};

function proxyFor(address: string, more: Partial<SystemProxySettings> = {}): string | null {
  return systemChoice({ ...MANUAL, ...more }, new URL(address), null).proxy;
}

test('the proxy of the scheme, and SOCKS where there is none', () => {
  assert.equal(proxyFor('http://mcp.corp/'), 'http://proxy:3128');
  assert.equal(proxyFor('https://mcp.corp/'), 'http://secure:3129');
  assert.equal(proxyFor('http://mcp.corp/', { http: null, socks: { host: 'socks', port: 1080 } }), 'socks5://socks:1080');
  assert.equal(proxyFor('http://mcp.corp/', { http: null }), null);
  assert.equal(proxyFor('http://mcp.corp/', { mode: 'none' }), null);
});

test('loopback and link-local addresses go direct, whatever the settings', () => {
  for (const host of ['localhost', 'mcp.localhost', '127.8.8.8', '[::1]', '169.254.1.1', '[fe80::1]']) {
    assert.equal(proxyFor(`http://${host}:3000/`), null, host);
    assert.equal(needsScript({ ...MANUAL, mode: 'script' }, new URL(`http://${host}:3000/`)), false, host);
  }
  assert.equal(proxyFor('http://[fd00::1]:3000/'), 'http://proxy:3128');
});

test('exceptions: names, globs, suffixes, ports, schemes, networks', () => {
  const exempt = (entry: string, address: string) => proxyFor(address, { exceptions: [entry] }) === null;
  for (const [entry, address] of [
    ['mcp.corp', 'http://MCP.corp/'],
    ['*.corp', 'http://mcp.corp/'],
    ['.corp', 'http://mcp.corp/'],
    ['mcp.corp:3000', 'http://mcp.corp:3000/'],
    ['https://mcp.corp', 'https://mcp.corp/'],
    ['10.*', 'http://10.1.2.3/'],
    ['10.0.0.0/8', 'http://10.1.2.3/'],
    ['192.168/16', 'http://192.168.7.7/'],
    ['fd00::/8', 'http://[fd00::7]/'],
    ['<local>', 'http://intranet/'],
  ] as const)
    assert.ok(exempt(entry, address), `${entry} ${address}`);
  for (const [entry, address] of [
    ['corp', 'http://mcp.corp/'],
    ['mcp.corp:3001', 'http://mcp.corp:3000/'],
    ['https://mcp.corp', 'http://mcp.corp/'],
    ['10.0.0.0/8', 'http://11.1.2.3/'],
    ['<local>', 'http://mcp.corp/'],
  ] as const)
    assert.ok(!exempt(entry, address), `${entry} ${address}`);
});

test('KDE matches ends of names, and may reverse the list', () => {
  const kde = { matchesSuffixes: true, exceptions: ['corp'] };
  assert.equal(proxyFor('http://mcp.corp/', kde), null);
  assert.equal(proxyFor('http://mcp.corp/', { ...kde, isReversed: true }), 'http://proxy:3128');
  assert.equal(proxyFor('http://mcp.example/', { ...kde, isReversed: true }), null);
});

test('names without a dot, where the settings say so', () => {
  assert.equal(proxyFor('http://intranet/', { exemptsSimpleNames: true }), null);
  assert.equal(proxyFor('http://mcp.corp/', { exemptsSimpleNames: true }), 'http://proxy:3128');
});

test("a PAC file's answer: its first way counts", () => {
  const answered = (result: string) =>
    systemChoice({ ...MANUAL, mode: 'script' }, new URL('http://mcp.corp/'), {
      url: 'file:///proxy.pac',
      result,
      line: null,
      notLookedUp: [],
    }).proxy;
  assert.equal(answered('PROXY proxy:3128; DIRECT'), 'http://proxy:3128');
  assert.equal(answered('HTTPS proxy:443'), 'https://proxy:443');
  assert.equal(answered('SOCKS5 socks:1080'), 'socks5://socks:1080');
  assert.equal(answered('DIRECT; PROXY proxy:3128'), null);
  assert.equal(answered(''), null);
  assert.equal(answered('nonsense'), null);
});
