import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CODES } from '../../test/contracts/codes.ts';
import { CHECKS } from '../facts/signatures/checks.ts';
import { SIGNATURES } from '../facts/signatures/index.ts';
import { SYSTEMS, type Statistics } from '../facts/signatures/signature.ts';
import { STATISTICS } from '../facts/signatures/statistics.gen.ts';
import { explain, type ExplainRequest } from './explain.ts';
import { explainCode } from './explain/account.ts';

function best(text: string, more: Partial<ExplainRequest> = {}): string | undefined {
  return explain({ text, ...more }).candidates[0]?.cause;
}

test('every cause that a text can point to is a public code', () => {
  const codes: readonly string[] = Object.values(CODES).flat();
  assert.deepEqual(
    Object.keys(CHECKS).filter((cause) => !codes.includes(cause)),
    [],
  );
});

test('every signature has a name of its own and a source', () => {
  const ids = SIGNATURES.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, source } of SIGNATURES) {
    assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*x?$/);
    assert.ok(source.startsWith('https://') && URL.canParse(source), id);
  }
});

test('what was counted is of signatures, systems and causes that there are', () => {
  const ids = SIGNATURES.map(({ id }) => id);
  const rows = [...Object.entries(STATISTICS.signatures), ...Object.entries(STATISTICS.systems)];
  assert.deepEqual(
    Object.keys(STATISTICS.signatures).filter((id) => !ids.includes(id)),
    [],
    'counted again with: npm run eval:explain -- --write',
  );
  assert.ok(Object.keys(STATISTICS.systems).every((system) => (SYSTEMS as readonly string[]).includes(system)));
  for (const [name, counts] of [...rows, ['causes', STATISTICS.causes] as const]) {
    for (const [cause, count] of Object.entries(counts)) {
      assert.ok(cause in CHECKS, `${name}: ${cause}`);
      assert.ok(Number.isInteger(count) && count > 0, `${name}: ${cause}`);
    }
  }
});

test('what was counted moves the order, and does not make it', () => {
  const text = 'connect ECONNREFUSED 127.0.0.1:3000';
  const many: Statistics = { signatures: { refused: { 'startup-race': 200 } }, systems: {}, causes: { 'startup-race': 200 } };
  const none: Statistics = { signatures: {}, systems: {}, causes: {} };
  const [without, counted] = [none, many].map((statistics) => explain({ text }, { statistics }).candidates);
  const score = (candidates: typeof without): number => candidates?.find(({ cause }) => cause === 'startup-race')?.score ?? 0;
  assert.ok(score(counted) > score(without));
  assert.ok(counted?.some(({ cause }) => cause === 'server-not-running'));
});

test('every signature says something, asks for something, and keeps no state between texts', () => {
  for (const { says, errno, status, pattern, and, not, causes } of SIGNATURES) {
    assert.match(says, /^(?:\w+ )+?/);
    assert.ok(errno !== undefined || status !== undefined || pattern !== undefined, says);
    assert.ok(
      Object.values(causes).some((weight) => weight > 0),
      says,
    );
    // A global or sticky expression would remember where it stopped in the text before.
    for (const one of [pattern, and, not]) assert.doesNotMatch(one?.flags ?? '', /[gy]/, says);
  }
});

/** The same failure in the words of several languages, and what must be read of it. */
const WORDINGS: readonly (readonly [
  string,
  {
    errno?: string | null;
    host?: string | null;
    port?: number | null;
    family?: 4 | 6 | null;
    status?: number | null;
    transport?: string | null;
  },
])[] = [
  ['Error: connect ECONNREFUSED 127.0.0.1:3000', { errno: 'ECONNREFUSED', host: '127.0.0.1', port: 3000, family: 4 }],
  ['Error: connect ECONNREFUSED ::1:3000', { errno: 'ECONNREFUSED', host: '::1', port: 3000, family: 6 }],
  ['connect ECONNREFUSED [2001:db8::7]:8443', { errno: 'ECONNREFUSED', host: '2001:db8::7', port: 8443, family: 6 }],
  ['dial tcp 127.0.0.1:8080: connect: connection refused', { errno: 'ECONNREFUSED', host: '127.0.0.1', port: 8080, family: 4 }],
  ['dial tcp [::1]:8080: connect: connection refused', { errno: 'ECONNREFUSED', host: '::1', port: 8080, family: 6 }],
  ['httpx.ConnectError: [Errno 111] Connection refused', { errno: 'ECONNREFUSED', host: null, port: null, family: null }],
  ['ConnectionRefusedError: [WinError 10061] No connection could be made', { errno: 'ECONNREFUSED' }],
  ['curl: (7) Failed to connect to localhost port 5001 after 0 ms', { errno: 'ECONNREFUSED', host: 'localhost', port: 5001, family: null }],
  [
    "HTTPConnectionPool(host='10.0.0.5', port=9000): Max retries exceeded: [Errno 61]",
    { errno: 'ECONNREFUSED', host: '10.0.0.5', port: 9000, family: 4 },
  ],
  ['getaddrinfo ENOTFOUND mcp.example.test', { errno: 'ENOTFOUND', host: 'mcp.example.test', port: null }],
  ['lookup mcp.example.test on 127.0.0.11:53: no such host', { errno: 'ENOTFOUND', host: 'mcp.example.test' }],
  ['listen EADDRINUSE: address already in use :::3000', { errno: 'EADDRINUSE', port: 3000 }],
  ['listen EADDRINUSE: address already in use 127.0.0.1:3000', { errno: 'EADDRINUSE', host: '127.0.0.1', port: 3000 }],
  ['spawn npx ENOENT', { errno: 'ENOENT', host: null, port: null, transport: 'stdio' }],
  ['SSE error: Non-200 status code (405)', { status: 405, transport: 'sse', errno: null }],
  ['"POST /mcp HTTP/1.1" 421 Misdirected Request', { status: 421, transport: 'http' }],
  ['Error POSTing to endpoint (HTTP 504): <html>', { status: 504, transport: 'http' }],
  [
    'httpx.HTTPStatusError: Client error, status_code=403 for https://mcp.example.test:8443/mcp',
    { status: 403, host: 'mcp.example.test', port: 8443 },
  ],
  ['it took 404 ms and 500 requests', { status: null, errno: null, host: null, port: null, transport: null }],
  ['connect ECONNREFUSED 127.0.0.1:99999', { port: null }],
];

for (const [text, wanted] of WORDINGS) {
  test(`reads: ${text}`, () => {
    const { read } = explain({ text });
    for (const [key, value] of Object.entries(wanted)) assert.equal(read[key as keyof typeof read], value, key);
  });
}

/** A text, where it was seen, and the cause that must come first. */
const FIRST: readonly (readonly [string, Partial<ExplainRequest>, string])[] = [
  ['connect ECONNREFUSED 127.0.0.1:3000', {}, 'server-not-running'],
  ['connect ECONNREFUSED 127.0.0.1:3000', { system: 'docker' }, 'container-network'],
  ['connect ECONNREFUSED 127.0.0.1:3000', { system: 'wsl' }, 'wsl-boundary'],
  ['connect ECONNREFUSED 127.0.0.1:3000', { system: 'plan9' }, 'server-not-running'],
  ['connect ECONNREFUSED ::1:3000', {}, 'ipv6-localhost'],
  ['AggregateError: connect ECONNREFUSED ::1:3000, connect ECONNREFUSED 127.0.0.1:3000', {}, 'server-not-running'],
  ['OSError: [Errno 98] Address already in use', {}, 'port-in-use'],
  ['spawn npx ENOENT', { system: 'windows' }, 'windows-npx-cmd'],
  ['spawn npx ENOENT', { system: 'macos' }, 'env-path-missing'],
  ['spawn my-own-server ENOENT', {}, 'command-not-found'],
  ['spawn EINVAL', {}, 'windows-npx-cmd'],
  ['npm error code E404', {}, 'package-not-found'],
  ["ModuleNotFoundError: No module named 'pandas'", {}, 'crash-on-boot'],
  ['Error: ACME_API_KEY is required', {}, 'missing-env'],
  ['ReferenceError: fetch is not defined', {}, 'runtime-too-old'],
  [`SyntaxError: Unexpected token 'S', "Starting s"... is not valid JSON`, {}, 'stdout-pollution'],
  ['certificate has expired', {}, 'tls-expired'],
  ["Hostname/IP does not match certificate's altnames", {}, 'tls-hostname'],
  ['unable to verify the first certificate', {}, 'tls-unknown-ca'],
  ['routines:ssl3_get_record:wrong version number', {}, 'wrong-scheme'],
  ['HTTP 401 Unauthorized', {}, 'auth-required'],
  ['HTTP 404: Session not found', {}, 'session-lost'],
  ['HTTP 404 Not Found', {}, 'wrong-path'],
  ['HTTP 429', {}, 'rate-limited'],
  ['502 Bad Gateway', {}, 'upstream-down'],
  ['HTTP 407', {}, 'proxy-intercepts'],
  ['Bad Request: Unsupported protocol version', {}, 'protocol-version'],
  ['connect EHOSTUNREACH 192.0.2.7:3000', {}, 'host-unreachable'],
  ['getaddrinfo EAI_AGAIN mcp.example.test', {}, 'dns-failure'],
  ['MCP error -32000: Connection closed', {}, 'crash-on-boot'],
  ['settings.json: Unexpected token } in JSON at position 80', {}, 'config-syntax'],
  // The first error before the summary counts.
  ["Error: Cannot find module 'zod'\nServer disconnected.\nMCP error -32000: Connection closed", { system: 'windows' }, 'crash-on-boot'],
  ["SSL: CERTIFICATE_VERIFY_FAILED\ncode: 'DEPTH_ZERO_SELF_SIGNED_CERT'\nMCP error -32001: Request timed out", {}, 'tls-self-signed'],
  ['npm error code E404\nMcpError: MCP error -32000: Connection closed', {}, 'package-not-found'],
  // Web pages where MCP was expected.
  ['HTTP/1.1 502 Bad Gateway\nServer: nginx/1.24.0\n<html><head><title>502 Bad Gateway</title></head>', {}, 'upstream-down'],
  ['<title>example.test | 521: Web server is down</title> Error code 521', {}, 'upstream-down'],
  ['<h1>ERROR</h1>The requested URL could not be retrieved<p>Generated Sat by proxy (squid/6.6)', {}, 'proxy-intercepts'],
  ['Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON', {}, 'not-mcp'],
  ['HTTP Error 404.0 - Not Found, Internet Information Services', {}, 'wrong-path'],
  [
    '<address>Apache/2.4.58 (Ubuntu) Server at localhost Port 80</address> The requested URL was not found on this server.',
    {},
    'wrong-path',
  ],
  // JSON-RPC.
  ['{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}', {}, 'mcp-error'],
  ['{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null}', {}, 'session-lost'],
  // Known reports.
  ['Error: Already connected to a transport. Call close() before connecting to a new transport', {}, 'server-bug'],
  ['AssertionError: Request already responded to', {}, 'server-bug'],
  ['Invalid environment variable format: files, environment variables should be added as: -e KEY1=value1', {}, 'client-bug'],
  ['Streamable HTTP error: Failed to open SSE stream: Not Found', {}, 'client-bug'],
  // What a sandbox, a filter and a full machine say.
  ['connect EPERM 127.0.0.1:3000 - Local (0.0.0.0:0)', {}, 'firewall-reject'],
  ['System.Net.Sockets.SocketException (10061): 由于目标计算机积极拒绝，无法连接。', {}, 'server-not-running'],
  ['[WinError 10048] Normalerweise darf jede Socketadresse nur jeweils einmal verwendet werden', {}, 'port-in-use'],
  ["'npx' 不是内部或外部命令，也不是可运行的程序", {}, 'command-not-found'],
  ['javax.net.ssl.SSLHandshakeException: PKIX path building failed', {}, 'tls-unknown-ca'],
  ['ERROR: No matching distribution found for no-such-server', {}, 'package-not-found'],
  ['container mcp-1 is unhealthy: dependency failed to start', {}, 'container-not-running'],
  ['httpx.UnsupportedProtocol: Request URL is missing an http:// or https:// protocol.', {}, 'config-bad-entry'],
  // In one's own words.
  ['it works on this machine, but not from other computers', {}, 'bound-to-loopback'],
  ['my MCP servers do not show up in the app', {}, 'config-wrong-file'],
  ['the command works in a terminal, the client cannot start it', { system: 'macos' }, 'env-path-missing'],
  ['port 3000 already in use', {}, 'port-in-use'],
  ['An existing connection was forcibly closed by the remote host. There is no other message.', {}, 'connection-reset'],
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', {}, 'server-not-running'],
  ['proxyconnect tcp: dial tcp 127.0.0.1:7890: connect: connection refused', {}, 'proxy-down'],
];

for (const [text, more, cause] of FIRST) {
  test(`${cause} comes first: ${text}${more.system === undefined ? '' : ` (${more.system})`}`, () => assert.equal(best(text, more), cause));
}

test('a text that says nothing is unknown, with what to collect', () => {
  for (const text of ['', 'it does not work', 'MCP', '\u0000\uffff']) {
    const { candidates, read } = explain({ text });
    assert.equal(candidates.length, 1);
    assert.equal(candidates[0]?.cause, 'unknown');
    assert.match(candidates[0]?.check ?? '', /Collect/);
    const { addresses, ...others } = read;
    assert.deepEqual(addresses, []);
    assert.ok(Object.values(others).every((value) => value === null));
  }
});

test('the client that was named counts more than the one that was read', () => {
  assert.equal(explain({ text: '[MCP][files] Connection failed' }).read.client, 'librechat');
  assert.equal(explain({ text: '[MCP][files] Connection failed', client: 'zed' }).read.client, 'zed');
});

test('whatever the text: at most five candidates, best first, whose scores add up to at most 1', () => {
  const words = [...WORDINGS, ...FIRST].map(([text]) => text);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 12 }), (parts) => {
      const { candidates } = explain({ text: parts.join('\n') });
      const scores = candidates.map(({ score }) => score);
      assert.ok(scores.length >= 1 && scores.length <= 5);
      assert.deepEqual(
        scores,
        [...scores].sort((a, b) => b - a),
      );
      assert.ok(scores.reduce((sum, score) => sum + score, 0) <= 1.000_001);
    }),
  );
});

test('a summary line takes little from the line that says what failed', () => {
  const summary = 'TypeError: fetch failed\nMCP error -32001: Request timed out\nServer transport closed unexpectedly';
  const [alone, told] = [summary, `code: CERT_HAS_EXPIRED\n${summary}`].map((text) => explain({ text }).candidates);
  assert.notEqual(alone?.[0]?.cause, 'tls-expired');
  assert.equal(told?.[0]?.cause, 'tls-expired');
  assert.ok((told?.[0]?.score ?? 0) > 0.5);
});

test('a text that names an address of this machine ends in an offer to ask it, and nothing is asked', () => {
  const offers: readonly (readonly [string, string | null])[] = [
    ['connect ECONNREFUSED 127.0.0.1:3000', 'mcpreach doctor http://127.0.0.1:3000/mcp'],
    ['connect ECONNREFUSED ::1:3000, connect ECONNREFUSED 127.0.0.1:3000', 'mcpreach doctor http://localhost:3000/mcp'],
    ['connect ECONNREFUSED ::1:3000', "mcpreach doctor 'http://[::1]:3000/mcp'"],
    ['request to https://localhost:8443/sse failed, reason: ECONNRESET', 'mcpreach doctor https://localhost:8443/sse'],
    ['SSE error: fetch failed: connect ECONNREFUSED 127.0.0.1:8000', 'mcpreach doctor http://127.0.0.1:8000/sse'],
    // What stands in a path may be a secret.
    ['POST http://localhost:3000/u/sesame42/mcp failed', 'mcpreach doctor http://localhost:3000/mcp'],
    ['connect ECONNREFUSED 203.0.113.7:3000', null],
    ['getaddrinfo ENOTFOUND localhost', null],
  ];
  for (const [text, command] of offers) assert.equal(explain({ text }).doctor?.command ?? null, command, text);
});

test('a client is named when mcpreach knows it, and ignored when it does not', () => {
  assert.equal(explain({ text: 'HTTP 404', client: 'cursor' }).read.client, 'cursor');
  assert.equal(explain({ text: 'HTTP 404', client: 'no-such-client' }).read.client, null);
});

test('a secret in the text is in no part of the explanation', () => {
  const texts = [
    'ECONNREFUSED https://user:sesame42@example.test:3000/mcp',
    'HTTP 401 Authorization: Bearer sesame42',
    'TOKEN=sesame42 connect ECONNREFUSED 127.0.0.1:1',
    'http://localhost:3000/mcp?api_key=sesame42 HTTP 403',
    'http://localhost:3000/sesame42/mcp HTTP 404',
    'curl: (6) Could not resolve host: sesame42@example.test',
    'getaddrinfo ENOTFOUND sesame42:x@example.test',
    'dial tcp sesame42:80@127.0.0.1:8080: connect: connection refused',
    '{"env":{"API_KEY":"sesame42"}} spawn npx ENOENT',
    'docker run -e GITHUB_TOKEN=sesame42 image: connect ECONNREFUSED 127.0.0.1:5432',
  ];
  for (const text of texts) assert.doesNotMatch(JSON.stringify(explain({ text })), /sesame42/);
});

test('a code is explained by the catalogue, a word that is none is not', () => {
  const explanation = explainCode('ipv6-localhost');
  assert.equal(explanation?.candidates[0]?.cause, 'ipv6-localhost');
  assert.match(explanation.account?.about ?? '', /::1/);
  assert.ok(explanation.account?.refs.every((ref) => ref.startsWith('https://')));
  assert.equal(explainCode('windows-npx-cmd')?.candidates[0]?.score, 1);
  assert.match(explainCode('config-syntax')?.account?.about ?? '', /\w/);
  assert.equal(explainCode('no-such-code'), undefined);
});
