import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, callOf, metric, openSession, post, POST, startService, stream, textOf } from './service.ts';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

function codeOf(json: Readonly<Record<string, unknown>>): unknown {
  return (json['error'] as { readonly code?: unknown } | undefined)?.code;
}

test('what HTTP asks of a server, status by status', async (t) => {
  const { url, origin } = await startService(t);
  const session = await openSession(url);
  const unknown = { 'mcp-session-id': 'no-such-session' };
  const cases: readonly [string, number, number | undefined, Promise<Awaited<ReturnType<typeof ask>>>][] = [
    ['no session', 400, -32_000, post(url, PING)],
    ['unknown session', 404, -32_001, post(url, PING, unknown)],
    ['unknown session, GET', 404, -32_001, ask(url, 'GET', { accept: 'text/event-stream', ...unknown })],
    ['bad version', 400, -32_000, post(url, PING, { ...session, 'mcp-protocol-version': '1999-01-01' })],
    ['bad JSON', 400, -32_700, ask(url, 'POST', { ...POST, ...session }, '{')],
    ['no message', 400, -32_600, ask(url, 'POST', { ...POST, ...session }, '{"a":1}')],
    ['content type', 415, -32_000, ask(url, 'POST', { ...POST, ...session, 'content-type': 'text/plain' }, JSON.stringify(PING))],
    ['accept', 406, -32_000, ask(url, 'POST', { ...POST, ...session, accept: 'text/html' }, JSON.stringify(PING))],
    ['accept, GET', 406, -32_000, ask(url, 'GET', { ...session, accept: 'application/json' })],
    ['method', 405, -32_000, ask(url, 'PUT', session)],
    ['second handshake', 400, -32_600, post(url, { ...PING, method: 'initialize' }, session)],
    ['batch of another revision', 400, -32_600, ask(url, 'POST', { ...POST, ...session }, JSON.stringify([PING]))],
    ['path', 404, -32_000, post(`${origin}/other`, PING)],
    ['Host', 403, -32_000, post(url, PING, { ...session, host: 'evil.example' })],
    ['Origin', 403, -32_000, post(url, PING, { ...session, origin: 'http://evil.example' })],
    ['Origin null', 403, -32_000, post(url, PING, { ...session, origin: 'null' })],
    ['own origin', 200, -32_601, post(url, PING, { ...session, origin: 'http://localhost:5173' })],
    ['notification', 202, undefined, post(url, { jsonrpc: '2.0', method: 'notifications/x' }, session)],
  ];
  for (const [what, status, code, answer] of cases) {
    const { status: got, json } = await answer;
    assert.deepEqual([got, codeOf(json)], [status, code], what);
    if (status >= 400) assert.equal(json['id'], null, what);
  }
});

test('a call is answered as JSON, byte for byte, and a batch where the revision has batches', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url, '2025-03-26');
  const call = await post(url, callOf('a', 'echo', { arguments: { text: '1.50 ☃' } }), session);
  assert.equal(call.headers['content-type'], 'application/json');
  assert.equal(call.text, '{"jsonrpc":"2.0","id":"a","result":{"content":[{"type":"text","text":"1.50 ☃"}]}}');
  const body = JSON.stringify([callOf(1, 'echo', { arguments: { text: 'x' } }), callOf('1', 'echo', { arguments: { text: 'y' } })]);
  const batch = await ask(url, 'POST', { ...POST, ...session, accept: 'application/json' }, body);
  const answers = JSON.parse(batch.text) as readonly Readonly<Record<string, unknown>>[];
  assert.deepEqual(
    answers.map((one) => [one['id'], textOf(one)]).sort(),
    [
      ['1', 'y'],
      [1, 'x'],
    ].sort(),
  );
});

test('what a call says before its answer comes on its own stream; changes of the session on the other', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url, '2025-11-25', { sampling: {} });
  const own = await stream(url, session);
  assert.equal((await own.next()).data, '', 'an event to resume from comes first');
  assert.equal((await ask(url, 'GET', { accept: 'text/event-stream', ...session })).status, 409);
  const call = await stream(url, session, callOf(7, 'noisy', { _meta: { progressToken: 'p' } }));
  assert.match(call.response.headers['content-type'] ?? '', /event-stream/);
  assert.equal((await call.next()).data, '');
  assert.match((await call.next()).data, /notifications\/message/);
  assert.match((await call.next()).data, /"progressToken":"p"/);
  assert.match((await call.next()).data, /"id":7,"result"/);
  assert.match((await own.next()).data, /list_changed/);
  own.close();
});

test('a request of the server is answered by its client', async (t) => {
  for (const shared of [false, true]) {
    const { url } = await startService(t, { shared });
    const session = await openSession(url, '2025-06-18', { sampling: {} });
    const call = await stream(url, session, callOf(1, 'ask'));
    const { id, method } = JSON.parse((await call.next()).data) as { readonly id: number; readonly method: string };
    assert.equal(method, 'sampling/createMessage');
    await post(url, { jsonrpc: '2.0', id, result: { said: 'yes' } }, session);
    assert.equal(textOf(JSON.parse((await call.next()).data) as Record<string, unknown>), '{"said":"yes"}');
  }
});

test('a client that lost its stream goes on where it stopped', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url);
  const call = await stream(url, session, callOf(1, 'ask'));
  const first = await call.next();
  const asking = await call.next();
  call.close();
  // Answered while the client is away: the answer of the call is kept.
  const { id } = JSON.parse(asking.data) as { readonly id: number };
  await post(url, { jsonrpc: '2.0', id, result: {} }, session);
  const again = await stream(url, { ...session, 'last-event-id': first.id ?? '' });
  assert.match((await again.next()).data, /sampling\/createMessage/);
  assert.match((await again.next()).data, /"id":1,"result"/);
});

test('what comes without a stream waits for one', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url);
  await post(url, callOf(1, 'updates'), { ...session, accept: 'application/json' });
  const own = await stream(url, session);
  assert.match((await own.next()).data, /resources\/updated/);
  own.close();
});

test('health, readiness and figures', async (t) => {
  for (const shared of [false, true]) {
    const { origin, url } = await startService(t, { shared });
    assert.deepEqual((await ask(`${origin}/health`, 'GET')).json, { status: 'ok' });
    const ready = await ask(`${origin}/ready`, 'GET');
    assert.deepEqual([ready.status, ready.json['ready'], ready.json['tools']], [200, true, 1]);
    await openSession(url);
    const figures = await ask(`${origin}/metrics`, 'GET');
    assert.match(figures.headers['content-type'] ?? '', /openmetrics-text/);
    assert.match(figures.text, /mcpreach_requests_total\{method="initialize",outcome="result"\} 1/);
    assert.match(figures.text, /# EOF\n$/);
    assert.equal(await metric(origin, 'mcpreach_sessions'), 1);
  }
});

test('a command that does not answer is not ready, and it is said why', async (t) => {
  const { origin } = await startService(t, { readyMs: 200 }, ['-e', 'process.stdin.resume()']);
  const { status, json } = await ask(`${origin}/ready`, 'GET');
  assert.deepEqual([status, json['ready'], json['cause']], [503, false, 'timeout-hang']);
});

test('a token is asked for, and life is told without one', async (t) => {
  const { url, origin } = await startService(t, { guard: { host: null, allowedHosts: [], allowedOrigins: [], token: 'open-sesame' } });
  const refused = await post(url, PING);
  assert.deepEqual([refused.status, refused.headers['www-authenticate']], [401, 'Bearer']);
  assert.equal((await post(url, PING, { authorization: 'Bearer open-sesamf' })).status, 401);
  assert.equal((await post(url, PING, { authorization: 'Bearer open-sesame' })).status, 400);
  assert.equal((await ask(`${origin}/health`, 'GET')).status, 200);
  assert.equal((await ask(`${origin}/ready`, 'GET')).status, 401);
});
