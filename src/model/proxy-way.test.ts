import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempt, evidence, names, proxy, target, tcp } from './examples.ts';
import { proxyWay, unusedProxy } from './proxy-way.ts';
import type { ProxyChoice } from './proxy.ts';
import type { ProxyStore, ScriptAnswer } from './system-proxy.ts';

const SCRIPT: ScriptAnswer = {
  url: 'file:///etc/proxy.pac',
  result: 'PROXY proxy.corp:3128',
  line: { number: 7, text: 'return "PROXY proxy.corp:3128";' },
  notLookedUp: ['intranet'],
};

function choice(store: ProxyStore, script: ScriptAnswer | null = null): ProxyChoice {
  return {
    reader: 'system',
    proxy: 'http://proxy.corp:3128',
    variable: null,
    why: 'set',
    source: { store, exceptions: ['*.local'], script },
  };
}

function wayOf(store: ProxyStore, script: ScriptAnswer | null = null) {
  return proxyWay(evidence(target('http://mcp.corp.test:3000/mcp'), { proxy: proxy(choice(store, script)) }));
}

function commandOf(store: ProxyStore): string {
  const exempt = wayOf(store)?.exempt;
  return exempt?.kind === 'run' ? exempt.command : '';
}

test('each system exempts a host by a command of its own, and keeps what is exempt already', () => {
  assert.equal(commandOf('gnome'), `gsettings set org.gnome.system.proxy ignore-hosts "['*.local', 'mcp.corp.test']"`);
  assert.equal(commandOf('macos'), `networksetup -setproxybypassdomains Wi-Fi '*.local' 'mcp.corp.test'`);
  assert.match(commandOf('windows'), /^reg add ".*Internet Settings" \/v ProxyOverride \/t REG_SZ \/d "\*\.local;mcp\.corp\.test" \/f$/);
  assert.match(commandOf('kde'), /NoProxyFor "\*\.local,mcp\.corp\.test"$/);
});

test('a PAC file is named with its line, and mended in the file', () => {
  const way = wayOf('windows', SCRIPT);
  assert.equal(way?.sends, 'The PAC file file:///etc/proxy.pac, line 7, of the proxy settings of Windows sends');
  assert.match(way?.exempt?.title ?? '', /if \(host === "mcp\.corp\.test"\) return "DIRECT";/);
  assert.deepEqual(way?.facts, [
    'the PAC file answers "PROXY proxy.corp:3128" for this address',
    'line 7 of it: return "PROXY proxy.corp:3128";',
    'it asked for the addresses of other hosts, which were not looked up: intranet',
  ]);
});

test('what the system says is a hint where the client does not follow it', () => {
  const away = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'timed-out', 443)) };
  const settings = { kind: 'not-measured', why: 'gsettings is not installed' } as const;
  const seen = (systemProxy: Parameters<typeof unusedProxy>[0]['systemProxy']) =>
    unusedProxy(evidence(target('https://mcp.corp.test/mcp'), { ...away, ...(systemProxy === undefined ? {} : { systemProxy }) }));
  assert.deepEqual(seen(undefined), { facts: [], remedies: [] });
  assert.match(seen({ settings, script: null, choice: null, ms: 1 }).facts[0] ?? '', /^not measured: .*gsettings is not installed/);
  const measured = { kind: 'measured', value: { store: 'macos', mode: 'manual' } } as never;
  const hint = seen({ settings: measured, script: null, choice: choice('macos'), ms: 1 });
  assert.match(hint.facts[0] ?? '', /^the proxy settings of macOS send this address through http:\/\/proxy\.corp:3128/);
  assert.deepEqual(
    hint.remedies.map((one) => one.kind === 'set' && `${one.variable}=${one.value}`),
    ['HTTPS_PROXY=http://proxy.corp:3128'],
  );
});
