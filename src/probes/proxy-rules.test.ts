import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ProxyReader } from '../model/proxy.ts';
import { chooseProxies, effectiveChoice, findProxy, proxySecrets } from './proxy-rules.ts';

const PROXY = 'http://proxy.corp:3128';
const NODE_24 = { node: 'v24.21.0', platform: 'linux' } as const;
const READERS: readonly ProxyReader[] = ['node-fetch', 'undici', 'curl', 'urllib', 'python', 'httpx', 'go'];

type Variables = Readonly<Record<string, string>>;
const BOTH: Variables = { http_proxy: PROXY, HTTP_PROXY: PROXY, https_proxy: PROXY, HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: '1' };

/** The readers that use a proxy. */
function proxied(url: string, environment: Variables, machine: Parameters<typeof chooseProxies>[2] = NODE_24): readonly ProxyReader[] {
  return chooseProxies(new URL(url), environment, machine).flatMap(({ reader, proxy }) => (proxy === null ? [] : [reader]));
}

test('without variables every reader dials directly', () => {
  const choices = chooseProxies(new URL('http://mcp.corp:3000/'), {}, NODE_24);
  assert.deepEqual(
    choices.map(({ reader }) => reader),
    READERS,
  );
  for (const choice of choices) {
    assert.equal(choice.proxy, null);
    assert.equal(choice.variable, null);
    assert.equal(choice.bypass, undefined);
  }
});

const WHICH: readonly [what: string, url: string, environment: Variables, expected: readonly ProxyReader[]][] = [
  ['curl ignores HTTP_PROXY', 'http://mcp.corp/', { HTTP_PROXY: PROXY }, ['undici', 'urllib', 'python', 'httpx', 'go']],
  ['all read https_proxy', 'https://mcp.corp/', { https_proxy: PROXY }, ['undici', 'curl', 'urllib', 'python', 'httpx', 'go']],
  ['undici uses http_proxy for https', 'https://mcp.corp/', { http_proxy: PROXY }, ['undici']],
  ['ALL_PROXY', 'http://mcp.corp/', { ALL_PROXY: PROXY }, ['curl', 'python', 'httpx']],
  ['an empty lower-case variable', 'http://mcp.corp/', { http_proxy: '', HTTP_PROXY: PROXY }, ['go']],
  ['go exempts localhost', 'http://localhost:3000/', BOTH, ['node-fetch', 'undici', 'curl', 'urllib', 'python', 'httpx']],
  ['go exempts ::1', 'http://[::1]:3000/', BOTH, ['node-fetch', 'undici', 'curl', 'urllib', 'python', 'httpx']],
];

for (const [what, url, environment, expected] of WHICH) {
  test(`which variable: ${what}`, () => assert.deepEqual(proxied(url, environment), expected));
}

const ALL_BUT_NODE = READERS.slice(1);
const LISTS: readonly [url: string, list: string, exempt: readonly ProxyReader[]][] = [
  ['http://mcp.corp/', '*', ALL_BUT_NODE],
  ['http://mcp.corp/', 'x,*', ['httpx', 'go']],
  ['http://mcp.corp/', 'MCP.corp', ALL_BUT_NODE],
  ['http://mcp.corp/', '.corp', ALL_BUT_NODE],
  ['http://corp/', '.corp', ['undici', 'curl', 'urllib', 'python']],
  ['http://mcp.corp/', '*.corp', ['undici', 'go']],
  ['http://xcorp/', 'corp', []],
  ['http://mcp.corp/', 'mcp.corp:80', ['undici', 'go']],
  ['http://mcp.corp/', 'mcp.corp:81', []],
  ['http://mcp.corp:81/', 'mcp.corp:81', ['undici', 'urllib', 'python', 'httpx', 'go']],
  ['http://mcp.corp/', 'x mcp.corp', ['undici', 'curl']],
  ['http://mcp.corp/', 'x, mcp.corp', ALL_BUT_NODE],
  ['http://10.1.2.3/', '10.1.2.3', ALL_BUT_NODE],
  ['http://10.1.2.3/', '10.0.0.0/8', ['curl', 'python', 'go']],
  ['http://10.1.2.3/', '11.0.0.0/8', []],
  ['http://[fd00::7]/', 'fd00::7', ['curl', 'python', 'httpx', 'go']],
  ['http://[fd00::7]/', '[fd00::7]', ['undici', 'urllib']],
  ['http://[fd00::7]/', '[fd00::7]:80', ['undici', 'go']],
  ['http://[fd00::7]/', 'fd00::/8', ['go']],
];

for (const [url, list, exempt] of LISTS) {
  test(`NO_PROXY=${list} and ${url}`, () => {
    const choices = chooseProxies(new URL(url), { ...BOTH, NODE_USE_ENV_PROXY: '', NO_PROXY: list }, NODE_24);
    const direct = choices.filter((choice) => choice.proxy === null && choice.variable === 'NO_PROXY' && !choice.unusable);
    assert.deepEqual(
      direct.map(({ reader }) => reader),
      exempt,
    );
    for (const { why } of direct) assert.match(why, /^NO_PROXY lists /);
  });
}

test('which spelling of NO_PROXY decides', () => {
  const without = (list: Variables) => READERS.filter((reader) => !proxied('http://mcp.corp/', { ...BOTH, ...list }).includes(reader));
  assert.deepEqual(without({ no_proxy: 'x', NO_PROXY: 'mcp.corp' }), ['go']);
  assert.deepEqual(without({ no_proxy: '', NO_PROXY: 'mcp.corp' }), ['curl', 'python', 'go']);
});

test('fetch of Node reads variables only where it can and was told to', () => {
  const reads = (node: string, extra: Variables) =>
    proxied('http://mcp.corp/', { http_proxy: PROXY, ...extra }, { node, platform: 'linux' }).includes('node-fetch');
  const variable = { NODE_USE_ENV_PROXY: '1' };
  const flag = { NODE_OPTIONS: '--no-warnings --use-env-proxy' };
  assert.deepEqual(
    ['v20.20.2', 'v22.20.0', 'v23.9.0'].filter((node) => reads(node, { ...variable, ...flag })),
    [],
  );
  assert.deepEqual(
    ['v22.21.0', 'v24.0.0', '26.1.0'].filter((node) => !reads(node, variable)),
    [],
  );
  assert.deepEqual(
    ['v22.21.0', 'v24.0.0', 'v24.5.0', 'v25.1.0'].filter((node) => !reads(node, flag)),
    ['v24.0.0'],
  );
  assert.equal(reads('v24.21.0', {}), false);
  assert.equal(reads('v24.21.0', { NODE_USE_ENV_PROXY: 'true' }), false);
  assert.equal(reads('v24.21.0', { ...variable, NODE_OPTIONS: '--no-use-env-proxy' }), false);
});

test('each Node reads the list as its own undici does', () => {
  const exempts = (node: string, url: string, list: string) =>
    !proxied(url, { ...BOTH, NO_PROXY: list }, { node, platform: 'linux' }).includes('node-fetch');
  const [node22, node24, node26] = ['v22.23.3', 'v24.21.0', 'v26.0.0'] as const;
  assert.deepEqual(
    [node22, node24, node26].map((node) => exempts(node, 'http://mcp.corp/', 'corp')),
    [false, true, true],
  );
  assert.deepEqual(
    [node22, node24, node26].map((node) => exempts(node, 'http://mcp.corp/', 'x,*')),
    [true, false, true],
  );
  assert.deepEqual(
    [node22, node24, node26].map((node) => exempts(node, 'http://[::1]/', '::1')),
    [false, false, true],
  );
  assert.deepEqual(
    [node22, node24, node26].map((node) => exempts(node, 'http://[::1]/', '[::1]')),
    [true, true, true],
  );
});

test('the value of the variable: default ports, missing schemes, socks, nonsense', () => {
  const shown = (value: string) =>
    Object.fromEntries(
      chooseProxies(new URL('http://mcp.corp/'), { http_proxy: value }, NODE_24).map((c) => [c.reader, c.unusable ? 'unusable' : c.proxy]),
    );
  const none = { 'node-fetch': null };
  const [p80, p1080, p3128] = ['http://proxy:80', 'http://proxy:1080', 'http://proxy:3128'];
  assert.deepEqual(shown('http://proxy'), { ...none, undici: p80, curl: p1080, urllib: p80, python: p80, httpx: p80, go: p80 });
  assert.equal(shown('http://proxy:80')['curl'], p80);
  assert.deepEqual(shown('proxy:3128'), {
    ...none,
    undici: 'unusable',
    curl: p3128,
    urllib: p3128,
    python: 'unusable',
    httpx: p3128,
    go: p3128,
  });
  const socks = 'socks5://proxy:1080';
  assert.deepEqual(shown('socks5://proxy'), {
    ...none,
    undici: socks,
    curl: socks,
    urllib: 'unusable',
    python: socks,
    httpx: socks,
    go: socks,
  });
  assert.deepEqual([...new Set(Object.values(shown('http://[')))], [null, 'unusable']);
  assert.deepEqual([...new Set(Object.values(shown('')))], [null]);
});

test('undici does not start with an unusable variable of the other scheme', () => {
  const undici = effectiveChoice(chooseProxies(new URL('http://mcp.corp/'), { http_proxy: PROXY, https_proxy: 'proxy:3128' }, NODE_24));
  assert.equal(undici.unusable, true);
  assert.equal(undici.variable, 'https_proxy');
});

test('httpx does not start with a bracketed address in the list', () => {
  const choices = chooseProxies(new URL('http://mcp.corp/'), { no_proxy: '[::1]' }, NODE_24);
  assert.deepEqual(
    choices.filter(({ unusable }) => unusable).map(({ reader, variable }) => [reader, variable]),
    [['httpx', 'no_proxy']],
  );
});

test('undici tunnels to plain http, the others do not', () => {
  const choices = chooseProxies(new URL('http://mcp.corp/'), BOTH, NODE_24);
  assert.deepEqual(
    choices.filter(({ tunnel }) => tunnel).map(({ reader }) => reader),
    ['node-fetch', 'undici'],
  );
});

test('credentials are kept for connecting and never shown', () => {
  const environment = { http_proxy: 'http://jo:s%40crect@proxy.corp:3128' };
  const url = new URL('http://mcp.corp/');
  assert.doesNotMatch(JSON.stringify(chooseProxies(url, environment, NODE_24)), /jo|crect/);
  assert.deepEqual(findProxy('undici', url, environment, NODE_24), {
    scheme: 'http',
    host: 'proxy.corp',
    port: 3128,
    username: 'jo',
    password: 's@crect',
  });
  const secrets = proxySecrets(environment);
  for (const secret of ['jo:s%40crect', 's%40crect', 's@crect', Buffer.from('jo:s@crect').toString('base64')])
    assert.ok(secrets.includes(secret), secret);
});

test('secrets are found in values no reader can use', () => {
  assert.ok(proxySecrets({ HTTPS_PROXY: 'http://jo:pa/ss@w@[' }).includes('pa/ss@w'));
  assert.ok(proxySecrets({ ALL_PROXY: 'jo:passw@proxy:1' }).includes('passw'));
  assert.deepEqual(proxySecrets({ NO_PROXY: 'a@b', http_proxy: 'http://proxy:1' }), []);
});

test('on Windows names of variables have no case', () => {
  const windows = { node: 'v24.21.0', platform: 'win32' } as const;
  assert.ok(proxied('http://mcp.corp/', { HTTP_PROXY: PROXY }, windows).includes('curl'));
  assert.ok(!proxied('http://mcp.corp/', { HTTP_PROXY: PROXY, No_Proxy: 'mcp.corp' }, windows).includes('curl'));
});

function bypassOf(reader: ProxyReader, url: URL, environment: Variables) {
  return chooseProxies(url, environment, NODE_24).find((choice) => choice.reader === reader)?.bypass;
}

test('the bypass extends the list that is read, in the form the reader understands', () => {
  const v6 = new URL('http://[::1]:3000/mcp');
  assert.deepEqual(bypassOf('undici', v6, BOTH), { variable: 'NO_PROXY', value: '[::1]' });
  assert.deepEqual(bypassOf('curl', v6, BOTH), { variable: 'NO_PROXY', value: '::1' });
  assert.equal(bypassOf('go', v6, BOTH), undefined);
  const lists = { ...BOTH, no_proxy: 'a.test b.test, ', NO_PROXY: 'c.test' };
  const url = new URL('http://mcp.corp/');
  assert.deepEqual(bypassOf('undici', url, lists), { variable: 'no_proxy', value: 'a.test,b.test,mcp.corp' });
  assert.deepEqual(bypassOf('go', url, lists), { variable: 'NO_PROXY', value: 'c.test,mcp.corp' });
  assert.deepEqual(bypassOf('httpx', url, { ...BOTH, no_proxy: '' }), { variable: 'no_proxy', value: 'mcp.corp' });
});

test('whatever is listed, a reader with a proxy has a bypass, and with it dials directly', () => {
  const host = fc.constantFrom('localhost', 'mcp.corp', 'a.b.corp.', '10.1.2.3', '127.0.0.1', '[::1]', '[fd00::7]');
  const entry = fc.constantFrom(
    '*',
    '.corp',
    'x',
    '*.x',
    '[::1]',
    '::1',
    '10.0.0.0/8',
    'mcp.corp:9',
    '',
    ' ',
    ':',
    '/',
    '[',
    '.',
    'x y',
    '@',
    '://',
  );
  const list = fc.array(entry, { maxLength: 4 }).map((entries) => entries.join(','));
  const environment = fc.record({ no_proxy: list, NO_PROXY: list, https_proxy: fc.constant(PROXY) }, { requiredKeys: [] });
  fc.assert(
    fc.property(host, fc.constantFrom('http', 'https'), fc.constantFrom('', ':3000'), environment, (name, scheme, port, lists) => {
      const url = new URL(`${scheme}://${name}${port}/`);
      const variables = { ...BOTH, ...lists };
      for (const { reader, proxy, bypass } of chooseProxies(url, variables, NODE_24)) {
        assert.equal(bypass !== undefined, proxy !== null, reader);
        if (bypass === undefined) continue;
        const after = chooseProxies(url, { ...variables, [bypass.variable]: bypass.value }, NODE_24).find((one) => one.reader === reader);
        assert.equal(after?.proxy, null, reader);
        assert.equal(after.unusable, undefined, reader);
      }
    }),
  );
});

test('no value of any variable makes a rule throw', () => {
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY', 'NODE_OPTIONS', '_proxy', 'Http_Proxy'];
  const text = fc.oneof(fc.string(), fc.webUrl(), fc.ipV6(), fc.constantFrom('socks5://', 'http://a:b@', '%', 'http://%zz@h'));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), text), (environment) => {
      for (const url of ['http://localhost:1/', 'https://[::1]/']) {
        assert.equal(chooseProxies(new URL(url), { ...environment, NODE_USE_ENV_PROXY: '1' }, NODE_24).length, READERS.length);
      }
      proxySecrets(environment);
    }),
    { numRuns: 40 },
  );
});
