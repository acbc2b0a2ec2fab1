import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateScript } from '../../src/pac/evaluate.ts';
import { matchesGlob } from '../../src/pac/functions.ts';

const SHOWN = 'file:///etc/proxy.pac';

function ask(text: string, address = 'http://mcp.corp.example:3000/mcp', addresses: readonly string[] = ['10.1.2.3']) {
  return evaluateScript(text, SHOWN, { target: new URL(address), addresses, ownAddress: '192.168.1.20' });
}

async function answer(body: string, address?: string, addresses?: readonly string[]): Promise<string> {
  const found = await ask(`function FindProxyForURL(url, host) {\n${body}\n}`, address, addresses);
  return found.kind === 'measured' ? found.value.result : `not measured: ${found.why}`;
}

test('an answer, and the line that holds it', async () => {
  const found = await ask(
    'function FindProxyForURL(url, host) {\n  if (isPlainHostName(host)) return "DIRECT";\n  return "PROXY 192.0.2.8:3128; DIRECT";\n}\n',
  );
  assert.deepEqual(found, {
    kind: 'measured',
    value: {
      url: SHOWN,
      result: 'PROXY 192.0.2.8:3128; DIRECT',
      line: { number: 3, text: 'return "PROXY 192.0.2.8:3128; DIRECT";' },
      notLookedUp: [],
    },
  });
});

test('an answer that stands on two lines, or is put together, has no line', async () => {
  const twice = await ask('var p = "PROXY a:1";\nfunction FindProxyForURL() { return "PROXY a:1"; }');
  assert.equal(twice.kind === 'measured' && twice.value.line, null);
  const made = await ask('function FindProxyForURL() { return "PROXY " + "a:" + 1; }');
  assert.equal(made.kind === 'measured' && made.value.line, null);
});

test('the functions every file may use', async () => {
  const yes = (condition: string, ...more: [address?: string, addresses?: readonly string[]]) =>
    answer(`return (${condition}) ? "PROXY y:1" : "DIRECT";`, ...more);
  for (const condition of [
    'dnsDomainIs(host, ".corp.example")',
    'localHostOrDomainIs("mcp", "mcp.corp.example")',
    'shExpMatch(url, "http://*.corp.example:3000/*")',
    'isInNet(host, "10.0.0.0", "255.0.0.0")',
    'isInNet("172.16.5.4", "172.16.0.0", "255.255.0.0")',
    'isResolvable(host)',
    'dnsResolve(host) === "10.1.2.3"',
    'myIpAddress() === "192.168.1.20"',
    'dnsDomainLevels(host) === 2',
    'url === "http://mcp.corp.example:3000/mcp"',
  ])
    assert.equal(await yes(condition), 'PROXY y:1', condition);
  for (const condition of ['isPlainHostName(host)', 'isInNet(host, "192.168.0.0", "255.255.0.0")', 'shExpMatch(host, "corp")'])
    assert.equal(await yes(condition), 'DIRECT', condition);
  assert.equal(await yes('isResolvable(host)', undefined, []), 'DIRECT');
});

test('of an https address the file sees the origin only', async () => {
  assert.equal(await answer('return url;', 'https://mcp.corp.example/mcp?token=s3cret'), 'https://mcp.corp.example/');
});

test('other names are not looked up, and are told', async () => {
  const found = await ask('function FindProxyForURL() { return isInNet("intranet", "10.0.0.0", "255.0.0.0") ? "PROXY a:1" : "DIRECT"; }');
  assert.deepEqual(found.kind === 'measured' && [found.value.result, found.value.notLookedUp], ['DIRECT', ['intranet']]);
});

test('a file that runs in circles, eats memory, or is broken is no answer', async () => {
  assert.match(await answer('while (true) {}'), /^not measured: .*could not be evaluated/);
  assert.match(await answer('var a = "x"; while (true) a += a;'), /^not measured/);
  assert.match(await answer('return timeRange(8, 18) ? "PROXY a:1" : "DIRECT";'), /^not measured: .*timeRange/);
  assert.match(await answer('return ('), /^not measured/);
});

test('nothing of this program is within its reach', async () => {
  for (const name of ['process', 'require', 'fetch', 'XMLHttpRequest', 'Deno', 'setTimeout', 'std', 'os'])
    assert.equal(await answer(`return typeof ${name};`), 'undefined', name);
  assert.equal(await answer('return typeof this.constructor.constructor("return process")'), 'function');
  assert.match(await answer('return String(dnsResolve.constructor("return process")());'), /^not measured/);
});

test('globs match whole texts, and none takes long', () => {
  for (const [text, pattern] of [
    ['mcp.corp', '*.corp'],
    ['mcp.corp', 'M*p.c?rp'],
    ['', '*'],
    ['aXbXc', 'a*b*c'],
    ['abab', '*ab'],
  ] as const)
    assert.ok(matchesGlob(text, pattern), `${text} ${pattern}`);
  for (const [text, pattern] of [
    ['mcp.corp', 'corp'],
    ['mcpxcorp', 'mcp.corp'],
    ['', '?'],
    ['abc', 'a*b'],
  ] as const)
    assert.ok(!matchesGlob(text, pattern), `${text} ${pattern}`);
  assert.equal(matchesGlob('a'.repeat(2000), `${'*a'.repeat(30)}*b`), false);
});
