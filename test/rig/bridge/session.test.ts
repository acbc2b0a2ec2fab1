import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Recall } from '../../../src/bridge/known.ts';
import type { Refusal } from '../../../src/bridge/refusal.ts';
import { type BridgeSession, createSession, type SessionOptions } from '../../../src/bridge/session.ts';
import { type Envelope, readEnvelope } from '../../../src/wire/envelope.ts';
import { failure, scriptedServer, type ScriptedServer } from './scripted-link.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };
const RESULT = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'scripted', version: '1' } };
const REFUSED = failure('unreachable', { code: 'ECONNREFUSED', detail: '127.0.0.1:9 refused the connection' });

interface Bridge {
  readonly session: BridgeSession;
  readonly server: ScriptedServer;
  /** Everything the client got, as values. */
  readonly got: Record<string, unknown>[];
  readonly remembered: Recall[];
  say(message: object): void;
  /** Resolves with the first message, from now on or before, that fits. */
  next(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  response(id: unknown): Promise<Record<string, unknown>>;
}

function bridge(t: TestContext, server: ScriptedServer, more: Partial<SessionOptions> = {}): Bridge {
  const got: Record<string, unknown>[] = [];
  const remembered: Recall[] = [];
  const waiting = new Set<() => void>();
  const session = createSession({
    open: server.open,
    backoff: { firstMs: 5, mostMs: 20, factor: 2 },
    deliver(message: Envelope) {
      got.push(JSON.parse(message.bytes.toString()) as Record<string, unknown>);
      for (const wake of waiting) wake();
    },
    diagnose: () => Promise.resolve<Refusal>({ cause: 'server-not-running', summary: 'Nothing listens.', remedies: [] }),
    holdMs: () => 60_000,
    queueMs: 60_000,
    trustHints: false,
    recall: () => Promise.resolve(null),
    remember: (recall) => remembered.push(recall),
    note: () => undefined,
    over: () => undefined,
    ...more,
  });
  t.after(() => session.finish(0));
  const next: Bridge['next'] = (fits) =>
    new Promise((resolve) => {
      const look = () => {
        const found = got.find(fits);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    session,
    server,
    got,
    remembered,
    say: (message) => session.receive(readEnvelope(Buffer.from(JSON.stringify(message)))),
    next,
    response: (id) => next((message) => message['id'] === id && message['method'] === undefined),
  };
}

/** Answers the handshake and lists; leaves tools/call to the test. */
function ordinary(tools: () => unknown[] = () => []) {
  return scriptedServer((message) => {
    if (message.method === 'initialize') return RESULT;
    if (message.method === 'tools/list') return { tools: tools() };
    if (message.method === 'ping' || message.method === 'resources/subscribe' || message.method === 'logging/setLevel') return {};
    return undefined;
  });
}

async function begin({ say, response }: Bridge): Promise<void> {
  say(INITIALIZE);
  await response(0);
  say(INITIALIZED);
}

const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function mcpreach(message: Record<string, unknown>): Record<string, unknown> {
  const { data } = message['error'] as { readonly data: { readonly mcpreach: Record<string, unknown> } };
  return data.mcpreach;
}

test('with a server that is there every byte passes, in order', async (t) => {
  const it = bridge(t, ordinary());
  const text = '{ "id":0,"jsonrpc":"2.0","x":12345678901234567890, "method":"initialize","params":{"protocolVersion":"2025-11-25"}}';
  it.session.receive(readEnvelope(Buffer.from(text)));
  await it.response(0);
  it.say(INITIALIZED);
  it.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  assert.deepEqual((await it.response(1))['result'], { tools: [] });
  assert.deepEqual(it.server.links[0]?.sent, [text, JSON.stringify(INITIALIZED), '{"jsonrpc":"2.0","id":1,"method":"tools/list"}']);
});

test('initialize is held until the server comes, and answered by the server itself', async (t) => {
  const server = ordinary();
  server.plan.push(REFUSED, REFUSED, REFUSED);
  const it = bridge(t, server);
  await begin(it);
  assert.deepEqual(it.got[0]?.['result'], RESULT);
  assert.equal(it.server.attempts(), 4);
});

test('initialize that waited for its whole time is answered by a diagnosis', async (t) => {
  const server = ordinary();
  server.plan.push(...Array.from({ length: 1000 }, () => REFUSED));
  const it = bridge(t, server, { holdMs: () => 30 });
  it.say(INITIALIZE);
  const answer = await it.response(0);
  assert.deepEqual(mcpreach(answer), { cause: 'server-not-running', executed: 'no', remedies: [] });
  assert.equal((answer['error'] as { message: string }).message, 'Nothing listens.');
});

test('a call that runs when the server goes is answered at once and never sent again', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.say(call(1));
  await settled();
  it.server.links[0]?.lose(failure('broken', { detail: 'the stream ended' }));
  assert.equal(mcpreach(await it.response(1))['executed'], 'unknown');
  await until(() => it.server.links.length === 2);
  it.say({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  await it.response(2);
  const methods = it.server.links[1]?.sent.map((text) => (JSON.parse(text) as { method: string }).method);
  assert.deepEqual(methods, ['initialize', 'notifications/initialized', 'tools/list']);
});

test('a call whose answer went astray is answered all the same', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.say(call(1));
  await settled();
  // Its answer came in the moment in which the link was given up, and was passed on to nobody.
  it.server.links[0]?.settle('tools/call', { kind: 'done' });
  assert.equal(mcpreach(await it.response(1))['executed'], 'unknown');
});

test('what only reads is sent again', async (t) => {
  const server = scriptedServer((message, link) => {
    if (message.method === 'initialize') return RESULT;
    return message.method === 'resources/read' && link === 1 ? { contents: [] } : undefined;
  });
  const it = bridge(t, server);
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 'r', method: 'resources/read', params: { uri: 'a:b' } });
  await settled();
  server.links[0]?.lose(failure('broken'));
  assert.deepEqual((await it.response('r'))['result'], { contents: [] });
});

test('what only reads waits for a sign of life before it is sent again', async (t) => {
  const server = scriptedServer((message) => (message.method === 'initialize' ? RESULT : undefined));
  const it = bridge(t, server);
  await begin(it);
  const reads = () => server.links[0]?.sent.filter((text) => text.includes('resources/read')).length;
  it.say({ jsonrpc: '2.0', id: 'r', method: 'resources/read', params: { uri: 'a:b' } });
  await settled();
  server.links[0]?.settle('resources/read', { kind: 'unknown', why: failure('broken') });
  await settled();
  assert.equal(reads(), 1);
  server.links[0]?.answer('ping', {});
  await until(() => reads() === 2);
  server.links[0]?.answer('resources/read', { contents: [] });
  assert.deepEqual((await it.response('r'))['result'], { contents: [] });
});

test('a request that brings the server down every time is given up', async (t) => {
  const server = scriptedServer((message) => (message.method === 'initialize' ? RESULT : undefined));
  const it = bridge(t, server);
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 'r', method: 'resources/read', params: { uri: 'a:b' } });
  for (let round = 0; round < 3; round += 1) {
    await until(() => server.links[round]?.sent.some((text) => text.includes('resources/read')) === true);
    server.links[round]?.lose(failure('broken'));
  }
  assert.equal(mcpreach(await it.response('r'))['executed'], 'unknown');
});

test('calls while there is no server are held and sent when it comes', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.server.plan.push(REFUSED, REFUSED, REFUSED);
  it.server.links[0]?.lose(failure('unreachable'));
  it.say(call(1));
  it.say(call(2));
  await until(() => it.server.links[1]?.sent.length === 4);
  it.server.links[1]?.answer('tools/call', { content: [] });
  it.server.links[1]?.answer('tools/call', { content: [] });
  await it.response(1);
  await it.response(2);
  assert.deepEqual(it.server.links[1]?.sent.slice(2), [JSON.stringify(call(1)), JSON.stringify(call(2))]);
});

test('a held call that waited for its whole time was not executed, and its error says so', async (t) => {
  const it = bridge(t, ordinary(), { queueMs: 20 });
  await begin(it);
  it.server.plan.push(...Array.from({ length: 1000 }, () => REFUSED));
  it.server.links[0]?.lose(failure('unreachable'));
  it.say(call(1));
  assert.equal(mcpreach(await it.response(1))['executed'], 'no');
});

test('a cancelled call that is held is forgotten; one that runs is cancelled at the server', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.say(call(1));
  it.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await settled();
  assert.deepEqual(it.server.links[0]?.sent.slice(-1), ['abandon 1']);
  it.server.plan.push(REFUSED);
  it.server.links[0]?.lose(failure('unreachable'));
  it.say(call(2));
  it.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
  it.say({ jsonrpc: '2.0', id: 3, method: 'tools/list' });
  await it.response(3);
  assert.equal(it.got.filter(({ id }) => id === 1 || id === 2).length, 0);
  assert.equal(
    it.server.links[1]?.sent.some((text) => text.includes('tools/call')),
    false,
  );
});

test('a lost session is opened again and the request that found out is sent again', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.say(call(1));
  await settled();
  it.server.links[0]?.settle('tools/call', { kind: 'not-sent', why: failure('session-lost') });
  await until(() => it.server.links[1]?.sent.length === 3);
  it.server.links[1]?.answer('tools/call', { content: [] });
  assert.deepEqual((await it.response(1))['result'], { content: [] });
});

test('log level and subscriptions are restored, changed lists are told', async (t) => {
  let tools: unknown[] = [{ name: 'old' }];
  const it = bridge(
    t,
    ordinary(() => tools),
  );
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  it.say({ jsonrpc: '2.0', id: 2, method: 'logging/setLevel', params: { level: 'debug' } });
  it.say({ jsonrpc: '2.0', id: 3, method: 'resources/subscribe', params: { uri: 'a:b' } });
  await it.response(3);
  tools = [{ name: 'new' }];
  it.server.links[0]?.lose(failure('unreachable'));
  await it.next(({ method }) => method === 'notifications/tools/list_changed');
  const updated = await it.next(({ method }) => method === 'notifications/resources/updated');
  assert.deepEqual(updated['params'], { uri: 'a:b' });
  const methods = it.server.links[1]?.sent.map((text) => (JSON.parse(text) as { method: string }).method);
  assert.deepEqual(methods, ['initialize', 'notifications/initialized', 'logging/setLevel', 'resources/subscribe', 'tools/list']);
});

test('what a server may have said while its stream was interrupted is found out', async (t) => {
  let tools = ['a'];
  const it = bridge(
    t,
    ordinary(() => tools),
  );
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 'l', method: 'tools/list' });
  await it.response('l');
  tools = ['a', 'b'];
  // Interrupted again before the first look is through: no two requests under one id.
  it.server.links[0]?.gap();
  it.server.links[0]?.gap();
  await it.next(({ method }) => method === 'notifications/tools/list_changed');
  const asked = it.server.links[0]?.sent.filter((text) => text.includes('"mcpreach:')) ?? [];
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(it.server.links.length, 1);
});

test('the same lists are not told again', async (t) => {
  const it = bridge(
    t,
    ordinary(() => [{ name: 'same' }]),
  );
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  await it.response(1);
  it.server.links[0]?.lose(failure('unreachable'));
  await until(() => it.server.links[1]?.sent.some((text) => text.includes('tools/list')) === true);
  it.say({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  await it.response(2);
  assert.equal(
    it.got.some(({ method }) => method === 'notifications/tools/list_changed'),
    false,
  );
});

test('another program at the address is refused, named, and given nothing', async (t) => {
  const server = scriptedServer((message, link) =>
    message.method === 'initialize'
      ? { ...RESULT, serverInfo: { name: link === 0 || link > 2 ? 'scripted' : 'intruder', version: '1' } }
      : undefined,
  );
  const it = bridge(t, server);
  await begin(it);
  server.links[0]?.lose(failure('unreachable'));
  it.say(call(1));
  const answer = await it.response(1);
  assert.match((answer['error'] as { message: string }).message, /"intruder", not "scripted"/);
  assert.deepEqual([mcpreach(answer)['cause'], mcpreach(answer)['executed']], ['port-in-use', 'no']);
  assert.equal(server.links[1]?.sent.length, 1);
  // The right one comes back, and the session goes on.
  await until(() => server.links.length > 3);
  it.say(call(2));
  await until(() => server.links[3]?.sent.some((text) => text.includes('tools/call')) === true);
  server.links[3]?.answer('tools/call', { content: [] });
  await it.response(2);
});

test("a dead server's question is closed at the client, and a late answer to it reaches nobody", async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.server.links[0]?.say({ jsonrpc: '2.0', id: 0, method: 'roots/list' });
  await it.next(({ method }) => method === 'roots/list');
  it.server.links[0]?.lose(failure('unreachable'));
  const closed = await it.next(({ method }) => method === 'notifications/cancelled');
  assert.equal((closed['params'] as { requestId: unknown }).requestId, 0);
  await until(() => it.server.links[1]?.sent.length === 2);
  it.server.links[1]?.say({ jsonrpc: '2.0', id: 0, method: 'roots/list' });
  const question = await it.next(({ method, id }) => method === 'roots/list' && id !== 0);
  it.say({ jsonrpc: '2.0', id: 0, result: { roots: ['late'] } });
  it.say({ jsonrpc: '2.0', id: question['id'], result: { roots: [] } });
  await settled();
  assert.deepEqual(it.server.links[1]?.sent.slice(2), ['{"jsonrpc":"2.0","id":0,"result":{"roots":[]}}']);
});

test("the client's answer to a question reaches the server that could not take it at once", async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  const busy = failure('http', { status: 503, retryAfterMs: 1 });
  it.server.replies.push({ kind: 'not-sent', why: busy }, { kind: 'unknown', why: busy });
  it.server.links[0]?.say({ jsonrpc: '2.0', id: 7, method: 'elicitation/create', params: {} });
  it.say({ jsonrpc: '2.0', id: 7, result: { action: 'decline' } });
  await until(() => it.server.links[0]?.sent.filter((text) => text.includes('decline')).length === 3);
  assert.equal(it.server.links.length, 1);
});

test('a server that never takes an answer is given up, and what it was asked is answered', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  const busy = failure('http', { status: 502, retryAfterMs: 1 });
  it.server.replies.push(...Array.from({ length: 9 }, () => ({ kind: 'unknown', why: busy }) as const));
  it.say(call(1));
  await settled();
  it.server.links[0]?.say({ jsonrpc: '2.0', id: 7, method: 'elicitation/create', params: {} });
  it.say({ jsonrpc: '2.0', id: 7, result: { action: 'decline' } });
  assert.equal(mcpreach(await it.response(1))['executed'], 'unknown');
});

test('a server that is not there yet is answered for from memory, and greeted when it comes', async (t) => {
  const server = ordinary(() => [{ name: 'new' }]);
  let come = () => {};
  server.plan.push(REFUSED, new Promise<void>((resolve) => (come = resolve)));
  const recall: Recall = {
    asked: '2025-11-25',
    handshake: JSON.stringify(RESULT),
    lists: { 'tools/list': { '': '{"tools":[{"name":"old"}]}' } },
  };
  const it = bridge(t, server, { recall: () => Promise.resolve(recall) });
  await begin(it);
  it.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  assert.deepEqual((await it.response(1))['result'], { tools: [{ name: 'old' }] });
  it.say(call(2));
  come();
  await it.next(({ method }) => method === 'notifications/tools/list_changed');
  await until(() => server.links[0]?.sent.some((text) => text.includes('tools/call')) === true);
  const methods = server.links[0]?.sent.map((text) => (JSON.parse(text) as { method: string }).method);
  assert.deepEqual(methods?.slice(0, 2), ['initialize', 'notifications/initialized']);
  server.links[0]?.answer('tools/call', {});
  await it.response(2);
});

test('what was remembered for another version of the protocol is of no use', async (t) => {
  const server = ordinary();
  server.plan.push(REFUSED, REFUSED);
  const it = bridge(t, server, {
    recall: () =>
      Promise.resolve({ asked: '2025-06-18', handshake: JSON.stringify({ ...RESULT, protocolVersion: '2025-06-18' }), lists: {} }),
  });
  await begin(it);
  assert.deepEqual(it.got[0]?.['result'], RESULT);
});

test('credentials that are refused are told at once', async (t) => {
  const server = scriptedServer();
  const it = bridge(t, server);
  it.say(INITIALIZE);
  await until(() => server.links[0]?.sent.length === 1);
  server.links[0]?.settle('initialize', { kind: 'not-sent', why: failure('unauthorized', { status: 401 }) });
  assert.equal(mcpreach(await it.response(0))['executed'], 'no');
});

test('a busy server is asked again in the same session', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.say(call(1));
  await settled();
  it.server.links[0]?.settle('tools/call', { kind: 'not-sent', why: failure('http', { status: 503, retryAfterMs: 5 }) });
  await until(() => it.server.links[0]?.sent.filter((text) => text.includes('tools/call')).length === 2);
  it.server.links[0]?.answer('tools/call', {});
  await it.response(1);
  assert.equal(it.server.links.length, 1);
});

test('a modern client needs no handshake, and its subscriptions are opened again', async (t) => {
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
  const server = scriptedServer((message) =>
    message.method === 'server/discover'
      ? { supportedVersions: ['2026-07-28'], _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'm', version: '1' } } }
      : undefined,
  );
  const it = bridge(t, server);
  it.say({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta } });
  await it.response(1);
  it.say({ jsonrpc: '2.0', id: 2, method: 'subscriptions/listen', params: { _meta: meta } });
  await settled();
  server.links[0]?.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: {} }, '2');
  server.links[0]?.lose(failure('broken'));
  await until(() => server.links[1]?.sent.length === 2);
  server.links[1]?.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: {} }, '2');
  await settled();
  // However many servers come and go: it lasts until the client ends it.
  for (let link = 1; link < 5; link += 1) {
    server.links[link]?.lose(failure('broken'));
    await until(() => server.links[link + 1]?.sent.length === 2);
    const meta = { 'io.modelcontextprotocol/subscriptionId': 2 };
    server.links[link + 1]?.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: { _meta: meta } });
  }
  await settled();
  assert.equal(it.got.filter(({ method }) => method === 'notifications/subscriptions/acknowledged').length, 1);
  assert.equal(it.got.filter(({ id }) => id === 2).length, 0);
});

test('a modern client is told of changes on the subscription that asked for them, and nowhere else', async (t) => {
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
  const server = scriptedServer((message, link) => {
    if (message.method === 'server/discover') return { supportedVersions: ['2026-07-28'] };
    return message.method === 'tools/list' ? { tools: [{ name: link === 0 ? 'old' : 'new' }] } : undefined;
  });
  const it = bridge(t, server);
  it.say({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } });
  await it.response(1);
  it.say({ jsonrpc: '2.0', id: 'a', method: 'subscriptions/listen', params: { _meta: meta, notifications: { toolsListChanged: true } } });
  it.say({ jsonrpc: '2.0', id: 'b', method: 'subscriptions/listen', params: { _meta: meta, notifications: { promptsListChanged: true } } });
  await settled();
  for (const of of ['"a"', '"b"'])
    server.links[0]?.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: {} }, of);
  server.links[0]?.lose(failure('broken'));
  const told = await it.next(({ method }) => method === 'notifications/tools/list_changed');
  assert.deepEqual(told['params'], { _meta: { 'io.modelcontextprotocol/subscriptionId': 'a' } });
  await settled();
  assert.equal(it.got.filter(({ method }) => method === 'notifications/tools/list_changed').length, 1);
});

test('nonsense is answered as JSON-RPC says, and the session goes on', async (t) => {
  const it = bridge(t, ordinary());
  await begin(it);
  it.session.receive(readEnvelope(Buffer.from('hello')));
  assert.equal(((await it.response(null))['error'] as { code: number }).code, -32700);
  it.say(call(5));
  it.say(call(5));
  assert.equal(((await it.response(5))['error'] as { code: number }).code, -32600);
});
