import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnswerMeaning, McpRequestName } from '../model/evidence.ts';
import { type AnswerFacts, meaningOf, offeredVersions } from './answer.ts';
import type { RpcResponse } from './json-rpc.ts';

function error(code: number, message: string, more: { id?: unknown; data?: unknown } = {}): Partial<AnswerFacts> {
  const rpc: RpcResponse = {
    id: more.id ?? null,
    result: undefined,
    error: { code, message, ...('data' in more ? { data: more.data } : {}) },
  };
  return { rpc, bodyKind: 'json-rpc', excerpt: message };
}

const result: Partial<AnswerFacts> = { rpc: { id: 'mcpreach-1', result: {}, error: null }, bodyKind: 'json-rpc' };
const html = (excerpt: string): Partial<AnswerFacts> => ({ bodyKind: 'html', excerpt });
const text = (excerpt: string): Partial<AnswerFacts> => ({ bodyKind: 'text', excerpt });
const json = (excerpt: string): Partial<AnswerFacts> => ({ bodyKind: 'json', excerpt });
const headers = (given: Record<string, string>, more: Partial<AnswerFacts> = {}): Partial<AnswerFacts> => ({ headers: given, ...more });

type Row = readonly [what: string, request: McpRequestName, status: number, answer: Partial<AnswerFacts>, meaning: AnswerMeaning];

const ROWS: readonly Row[] = [
  // Results.
  ['a modern or dual-era server', 'server/discover', 200, result, 'result'],
  ['a notification accepted', 'notifications/initialized', 202, {}, 'result'],
  ['a notification accepted with 204', 'notifications/initialized', 204, {}, 'result'],
  ['a notification accepted with words', 'notifications/initialized', 202, text('Accepted'), 'result'],
  ['a request that is only accepted', 'initialize', 202, {}, 'unusable'],
  ['an empty 200', 'initialize', 200, {}, 'unusable'],
  ['a single page app', 'server/discover', 200, html('My app'), 'unusable'],
  ['another JSON API', 'server/discover', 200, json('{"ok":true}'), 'unusable'],
  // Versions.
  [
    'another modern revision',
    'server/discover',
    400,
    error(-32022, 'Unsupported', { data: { supported: ['2027-01-01'] } }),
    'other-modern-version',
  ],
  ['a strict modern server to initialize', 'initialize', 400, error(-32022, 'Unsupported'), 'other-modern-version'],
  [
    'TS v1 without sessions',
    'server/discover',
    400,
    error(-32000, 'Bad Request: Unsupported protocol version: 2026-07-28 (supported versions: 2025-11-25, 2025-06-18)'),
    'version-unsupported',
  ],
  [
    'Python 1.29 without sessions',
    'server/discover',
    400,
    error(-32600, 'Bad Request: Unsupported protocol version: 2026-07-28. Supported versions: 2025-11-25'),
    'version-unsupported',
  ],
  [
    'the lifecycle text of 2024-11-05',
    'initialize',
    200,
    error(-32602, 'Unsupported protocol version', { data: { supported: ['2024-11-05'] } }),
    'version-unsupported',
  ],
  // Our modern request is at fault.
  ['header mismatch', 'server/discover', 400, error(-32020, 'Header mismatch'), 'modern-request-fault'],
  ['missing capability', 'server/discover', 400, error(-32021, 'Missing capability'), 'modern-request-fault'],
  ['missing _meta, with our id', 'server/discover', 400, error(-32602, 'Invalid _meta', { id: 'mcpreach-1' }), 'modern-request-fault'],
  ['bad parameters of anything else', 'initialize', 200, error(-32602, 'Invalid request parameters', { id: 'mcpreach-2' }), 'rpc-error'],
  // Sessions.
  ['TS: dead session', 'server/discover', 404, error(-32001, 'Session not found'), 'session-unknown'],
  ['Python: dead session', 'server/discover', 404, error(-32600, 'Session has been terminated', { id: 'server-error' }), 'session-unknown'],
  ['TS: no session id', 'tools/list', 400, error(-32000, 'Bad Request: Mcp-Session-Id header is required'), 'session-required'],
  ['TS: not initialized', 'tools/list', 400, error(-32000, 'Bad Request: Server not initialized'), 'session-required'],
  ['Python: no session id', 'tools/list', 400, error(-32600, 'Bad Request: Missing session ID'), 'session-required'],
  [
    'server-everything: dead session',
    'server/discover',
    400,
    error(-32000, 'Bad Request: No valid session ID provided'),
    'session-required',
  ],
  ['a page about a session', 'server/discover', 404, html('Your session was not found'), 'not-found'],
  // Methods.
  ['legacy, does not check headers', 'server/discover', 200, error(-32601, 'Method not found'), 'method-unknown'],
  ['modern, unknown method', 'tools/list', 404, error(-32601, 'Method not found'), 'method-unknown'],
  ['any other error in a 200', 'initialize', 200, error(-32603, 'Internal error'), 'rpc-error'],
  ['wrong Accept', 'initialize', 406, error(-32000, 'Not Acceptable'), 'rpc-error'],
  ['a single transport', 'initialize', 400, error(-32600, 'Invalid Request: Server already initialized'), 'rpc-error'],
  ['bad JSON', 'initialize', 400, error(-32700, 'Parse error'), 'rpc-error'],
  // Credentials.
  ['no token', 'server/discover', 401, json('{"error":"invalid_token"}'), 'auth-required'],
  ['no token, in JSON-RPC', 'server/discover', 401, error(-32000, 'Unauthorized'), 'auth-required'],
  ['missing scope', 'server/discover', 403, headers({ 'www-authenticate': 'Bearer error="insufficient_scope"' }), 'auth-required'],
  ['a bare 403', 'server/discover', 403, {}, 'forbidden'],
  ['a 403 page', 'server/discover', 403, html('403 Forbidden by host policy'), 'forbidden'],
  ['a forward proxy wants a login', 'server/discover', 407, headers({ 'proxy-authenticate': 'Basic' }), 'proxy-auth'],
  // Host and Origin.
  ['TS: Host', 'server/discover', 403, error(-32000, 'Invalid Host: dev.test'), 'host-rejected'],
  ['TS v2: Origin', 'server/discover', 403, error(-32000, 'Invalid Origin: http://evil.test'), 'origin-rejected'],
  ['Python: Host', 'server/discover', 421, text('Invalid Host header'), 'host-rejected'],
  ['Python: Origin', 'server/discover', 403, text('Invalid Origin header'), 'origin-rejected'],
  ['Vite: Host', 'server/discover', 403, text('Blocked request. This host ("dev.test") is not allowed.'), 'host-rejected'],
  // Doors.
  ['Express, no such route', 'server/discover', 404, html('Cannot POST /'), 'not-found'],
  ['Vite, an empty 404', 'server/discover', 404, {}, 'not-found'],
  ['FastAPI, no such route', 'server/discover', 404, json('{"detail":"Not Found"}'), 'not-found'],
  ['gone', 'server/discover', 410, {}, 'not-found'],
  ['an HTTP+SSE server to a POST', 'server/discover', 405, text('Method Not Allowed'), 'method-not-allowed'],
  ['nginx: TLS port', 'server/discover', 400, html('The plain HTTP request was sent to HTTPS port'), 'bad-request'],
  ['wrong content type, Python', 'server/discover', 400, text('Invalid Content-Type header'), 'bad-request'],
  ['moved', 'server/discover', 301, headers({ location: 'https://example.com/mcp' }), 'redirect'],
  ['kept method', 'server/discover', 308, headers({ location: '/mcp/' }), 'redirect'],
  ['a redirect to nowhere', 'server/discover', 302, {}, 'unusable'],
  // Others.
  ['throttled', 'server/discover', 429, headers({ 'retry-after': '5' }), 'throttled'],
  ['bad gateway', 'server/discover', 502, html('Bad Gateway'), 'gateway-error'],
  ['unavailable', 'server/discover', 503, html('Service Unavailable'), 'gateway-error'],
  ['unavailable, says the server', 'server/discover', 503, error(-32000, 'Still loading'), 'server-error'],
  ['gateway timeout', 'server/discover', 504, {}, 'gateway-error'],
  ['a crash', 'server/discover', 500, json('{"error":"boom"}'), 'server-error'],
  ['not implemented', 'server/discover', 501, {}, 'server-error'],
];

describe('what an answer means', () => {
  for (const [what, request, status, answer, meaning] of ROWS) {
    it(`${status} ${what}: ${meaning}`, () => {
      assert.equal(meaningOf({ request, status, headers: {}, bodyKind: 'empty', excerpt: '', rpc: null, ...answer }), meaning);
    });
  }
});

describe('versions that a refusal names', () => {
  const versionsOf = (message: string, data?: unknown) =>
    offeredVersions({ id: null, result: undefined, error: { code: -32000, message, ...(data === undefined ? {} : { data }) } });

  it('reads the list in the data', () => {
    assert.deepEqual(versionsOf('no', { supported: ['2026-07-28', 7, '2025-11-25'] }), ['2026-07-28', '2025-11-25']);
  });

  it('reads the list in the message of the SDKs', () => {
    assert.deepEqual(versionsOf('Unsupported protocol version: 2099-01-01 (supported versions: 2025-11-25, 2024-11-05)'), [
      '2025-11-25',
      '2024-11-05',
    ]);
    assert.deepEqual(versionsOf('Unsupported protocol version: 2099-01-01. Supported versions: 2025-11-25'), ['2025-11-25']);
  });

  it('takes nothing from other messages', () => {
    assert.deepEqual(versionsOf('released 2025-11-25'), []);
    assert.deepEqual(offeredVersions(null), []);
  });
});
