import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseGsettings } from './gnome.ts';
import { storeOf } from './index.ts';
import { parseKioslaverc } from './kde.ts';
import { parseScutil } from './macos.ts';
import { noProxy, readServer } from './settings.ts';
import { parseInternetSettings } from './windows.ts';

const recorded = (name: string) => readFileSync(new URL(`../../../../test/recorded/system-proxy/${name}`, import.meta.url), 'utf8');

test('macOS: proxies by hand, with exceptions', () => {
  const server = { host: 'proxy.corp.example', port: 3128 };
  assert.deepEqual(parseScutil(recorded('scutil-manual.txt')), {
    ...noProxy('macos'),
    mode: 'manual',
    http: server,
    https: server,
    exceptions: ['*.local', '169.254/16', '.corp.example'],
  });
});

test('macOS: a PAC file, and proxies that were switched off', () => {
  assert.deepEqual(parseScutil(recorded('scutil-script.txt')), {
    ...noProxy('macos'),
    mode: 'script',
    script: 'http://proxy.corp.example/proxy.pac',
  });
  const alone = parseScutil(recorded('scutil-script-only.txt'));
  assert.deepEqual([alone.mode, alone.script], ['script', 'http://wpad.corp.example/wpad.dat']);
  assert.deepEqual(parseScutil(recorded('scutil-switched-off.txt')), noProxy('macos'));
  assert.deepEqual(parseScutil('<dictionary> {\n}\n'), noProxy('macos'));
  assert.equal(parseScutil('<dictionary> {\n  ExcludeSimpleHostnames : 1\n  ProxyAutoDiscoveryEnable : 1\n}\n').mode, 'discovery');
});

test('Windows: one proxy for everything, <local> among the exceptions', () => {
  const server = { host: '127.0.0.1', port: 7890 };
  assert.deepEqual(parseInternetSettings(recorded('reg-manual.txt')), {
    ...noProxy('windows'),
    mode: 'manual',
    http: server,
    https: server,
    exceptions: ['localhost', '127.*', '10.*', '172.16.*', '192.168.*'],
    exemptsSimpleNames: true,
  });
});

test('Windows: a proxy for each scheme, and a PAC file beside a proxy that is switched off', () => {
  const each = parseInternetSettings(recorded('reg-per-scheme.txt'));
  assert.deepEqual(
    [each.http, each.https],
    [
      { host: 'proxy.example.com', port: 8080 },
      { host: 'proxy.example.com', port: 8443 },
    ],
  );
  const file = parseInternetSettings(recorded('reg-script.txt'));
  assert.deepEqual([file.mode, file.script, file.http], ['script', 'http://wpad.corp.example/wpad.dat', null]);
  assert.equal(parseInternetSettings('').mode, 'none');
});

test('Windows: no proxy at all, among values of other types', () => {
  assert.deepEqual(parseInternetSettings(recorded('reg-none.txt')), noProxy('windows'));
});

test('GNOME: proxies by hand, where port 0 means none', () => {
  assert.deepEqual(parseGsettings(recorded('gsettings-manual.txt')), {
    ...noProxy('gnome'),
    mode: 'manual',
    http: { host: '10.77.0.2', port: 3128 },
    exceptions: ['localhost', '127.0.0.0/8', '::1', '*.corp.example'],
  });
});

test('GNOME: a PAC file, an empty list, and a proxy that is left over', () => {
  assert.deepEqual(parseGsettings(recorded('gsettings-script.txt')), {
    ...noProxy('gnome'),
    mode: 'script',
    script: 'http://127.0.0.1:8090/proxy.pac',
  });
  const left = recorded('gsettings-manual.txt');
  assert.equal(parseGsettings(left.replace("mode 'manual'", "mode 'none'")).http, null);
  assert.equal(parseGsettings(left.replace('http port 3128', 'http port 0')).http, null);
});

test('KDE: a host and a port with a blank between them', () => {
  assert.deepEqual(parseKioslaverc(recorded('kioslaverc')), {
    ...noProxy('kde'),
    mode: 'manual',
    http: { host: 'proxy.corp.example', port: 8080 },
    https: { host: 'proxy.corp.example', port: 8443 },
    exceptions: ['localhost', '.corp.example', '10.0.0.0/8'],
  });
  assert.equal(parseKioslaverc('[Proxy Settings]\nProxyType=0\nhttpProxy=http://a 1\n').mode, 'none');
  assert.equal(parseKioslaverc('').mode, 'none');
});

test('KDE: one proxy for everything, and a PAC file by its path', () => {
  const server = { host: '192.168.1.30', port: 3128 };
  assert.deepEqual(parseKioslaverc(recorded('kioslaverc-manual')), {
    ...noProxy('kde'),
    mode: 'manual',
    http: server,
    https: server,
    socks: server,
    exceptions: ['localhost', '127.0.0.1'],
  });
  const file = parseKioslaverc(recorded('kioslaverc-script-path'));
  assert.deepEqual([file.mode, file.script, file.http], ['script', 'file:///home/ada/proxy.pac', null]);
});

test('a proxy as people write it; credentials are left behind', () => {
  assert.deepEqual(readServer('http://jo:s3cret@proxy:3128/', 80), { host: 'proxy', port: 3128 });
  assert.deepEqual(readServer('[fd00::8]:3128', 80), { host: 'fd00::8', port: 3128 });
  assert.deepEqual(readServer('proxy', 80), { host: 'proxy', port: 80 });
  assert.equal(readServer('', 80), null);
});

test('whose settings count', () => {
  assert.equal(storeOf('linux', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' }), 'gnome');
  assert.equal(storeOf('linux', { XDG_CURRENT_DESKTOP: 'KDE' }), 'kde');
  assert.equal(storeOf('linux', {}), null);
  assert.equal(storeOf('darwin', {}), 'macos');
});
