import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerMeaning, Exchange, ExchangeFailure, Handshake, HttpAnswer } from '../../model/evidence.ts';
import { isWorthHandshake, missingTools, readRetryAfter, sightHandshake, sightProbe, type Sighting } from './sighting.ts';

const AT = new Date('2026-11-28T12:00:00Z');

function answered(status: number, meaning: AnswerMeaning, headers: Record<string, string> = {}): Exchange {
  const body: HttpAnswer['body'] = { kind: 'empty', bytes: 0, truncated: false, excerpt: '' };
  const answer = { status, headers, body, rpc: null, mintedSession: false, headMs: 1, ms: 1 };
  return { request: 'server/discover', url: 'http://x/', answer, failure: null, meaning };
}

function broken(failure: Partial<ExchangeFailure>): Exchange {
  const whole = { stage: 'head', reason: 'closed', code: null, status: null, head: null, ms: 1, ...failure } as const;
  return { request: 'server/discover', url: 'http://x/', answer: null, failure: whole, meaning: null };
}

const PROBES: readonly (readonly [string, Exchange, Sighting['kind'], Sighting['kind']])[] = [
  // title, exchange, at level mcp, at level http
  ['a modern server', answered(200, 'result'), 'ready', 'ready'],
  ['a server with sessions', answered(404, 'session-unknown'), 'ready', 'ready'],
  ['a server without the method', answered(200, 'method-unknown'), 'ready', 'ready'],
  ['503', answered(503, 'gateway-error'), 'busy', 'busy'],
  ['503 with a JSON-RPC error', answered(503, 'server-error'), 'busy', 'busy'],
  ['502', answered(502, 'gateway-error'), 'busy', 'busy'],
  ['429', answered(429, 'throttled'), 'busy', 'busy'],
  ['500', answered(500, 'server-error'), 'failing', 'ready'],
  ['a login', answered(401, 'auth-required'), 'denied', 'ready'],
  ['403', answered(403, 'forbidden'), 'denied', 'ready'],
  ['a Host list', answered(421, 'host-rejected'), 'denied', 'ready'],
  ['a page', answered(200, 'unusable'), 'wrong', 'ready'],
  ['another path', answered(404, 'not-found'), 'wrong', 'ready'],
  ['a redirect elsewhere', answered(302, 'redirect'), 'wrong', 'ready'],
  ['nobody', broken({ stage: 'connect', reason: 'refused', code: 'ECONNREFUSED' }), 'closed', 'closed'],
  ['a hanging server', broken({ reason: 'timed-out' }), 'silent', 'silent'],
  ['a server that hangs up', broken({}), 'failing', 'failing'],
  ['another protocol', broken({ reason: 'not-http', code: 'HPE_INVALID_CONSTANT' }), 'wrong', 'wrong'],
  ['an untrusted certificate', broken({ stage: 'tls', reason: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'denied', 'denied'],
  ['a wrong name', broken({ stage: 'tls', reason: 'failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'denied', 'denied'],
  ['no TLS', broken({ stage: 'tls', reason: 'failed', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'wrong', 'wrong'],
  ['no common version', broken({ stage: 'tls', reason: 'failed', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }), 'wrong', 'wrong'],
  ['a proxy that wants a login', broken({ stage: 'proxy', reason: 'failed', status: 407 }), 'denied', 'denied'],
  ['a proxy that cannot reach it', broken({ stage: 'proxy', reason: 'failed', status: 502 }), 'closed', 'closed'],
];

for (const [title, exchange, mcp, http] of PROBES) {
  test(`seen: ${title}`, () => {
    assert.equal(sightProbe(exchange, 'mcp', AT).kind, mcp);
    assert.equal(sightProbe(exchange, 'http', AT).kind, http);
  });
}

test('the handshake is worth a try where MCP is spoken, and where the older transport may be', () => {
  assert.ok(isWorthHandshake(answered(404, 'session-unknown'), 'http'));
  assert.ok(isWorthHandshake(answered(405, 'method-not-allowed'), null));
  assert.ok(!isWorthHandshake(answered(405, 'method-not-allowed'), 'http'));
  assert.ok(!isWorthHandshake(answered(503, 'gateway-error'), null));
  assert.ok(!isWorthHandshake(answered(401, 'auth-required'), null));
  assert.ok(!isWorthHandshake(broken({}), null));
});

test('Retry-After in seconds and as a date', () => {
  assert.equal(readRetryAfter('3', AT), 3_000);
  assert.equal(readRetryAfter('Sat, 28 Nov 2026 12:00:05 GMT', AT), 5_000);
  assert.equal(readRetryAfter('Sat, 28 Nov 2026 11:00:00 GMT', AT), 0);
  assert.equal(readRetryAfter('soon', AT), null);
  assert.equal(readRetryAfter(undefined, AT), null);
});

test('missing tools', () => {
  assert.equal(missingTools(['a', 'b'], ['b']), null);
  assert.equal(missingTools(['a'], []), null);
  assert.equal(missingTools(['a'], ['b', 'a', 'c']), 'no tool b, c yet');
  assert.equal(missingTools([], []), 'no tools yet');
  assert.equal(missingTools(undefined, []), 'no tools yet');
  assert.equal(missingTools(null, ['a']), 'the tools cannot be listed');
});

function handshake(result: Handshake['result'], more: Partial<Handshake> = {}): Handshake {
  return {
    route: { kind: 'direct', address: '127.0.0.1', family: 4 },
    url: 'http://x/',
    transport: 'http',
    result,
    exchanges: [],
    redirects: [],
    sessionEnded: true,
    stream: null,
    offeredVersions: [],
    authorization: null,
    readyMs: null,
    ms: 1,
    ...more,
  };
}

test('what a handshake says', () => {
  const server = { name: 's', version: '1', protocol: '2025-11-25', era: 'legacy' } as const;
  const ready = { kind: 'ready', server, tools: { count: 1, names: ['a'] } } as const;
  assert.equal(sightHandshake(handshake(ready), ['a'], AT).kind, 'ready');
  assert.equal(sightHandshake(handshake(ready), ['b'], AT).kind, 'failing');
  assert.equal(sightHandshake(handshake({ kind: 'tools-failed', server }), null, AT).kind, 'ready');
  assert.equal(sightHandshake(handshake({ kind: 'tools-failed', server }), [], AT).kind, 'failing');
  const kept = sightHandshake(handshake(ready, { sessionEnded: false }), ['b'], AT);
  assert.ok(kept.kind === 'busy' && (kept.retryAfterMs ?? 0) >= 1_000, 'a server that keeps sessions is asked for few');
  const refused = { kind: 'answered', server: null } as const;
  assert.equal(sightHandshake(handshake(refused, { exchanges: [answered(200, 'rpc-error')] }), null, AT).kind, 'failing');
  assert.equal(sightHandshake(handshake(refused, { exchanges: [answered(200, 'version-unsupported')] }), null, AT).kind, 'wrong');
  assert.equal(sightHandshake(handshake(refused, { exchanges: [answered(401, 'auth-required')] }), null, AT).kind, 'denied');
});
