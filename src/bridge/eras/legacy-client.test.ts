import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  connectClient,
  failure,
  type Message,
  refusalIn,
  type Reaction,
  type Script,
  scriptedServer,
} from '../../../test/rig/eras/scripted-link.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
  instructions: 'Be kind.',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'modern', version: '3' } },
  ttlMs: 1000,
  cacheScope: 'public',
};

function initialize(capabilities: object = {}, protocolVersion = '2025-06-18'): Message {
  return { id: 0, method: 'initialize', params: { protocolVersion, capabilities, clientInfo: { name: 'old', version: '1' } } };
}

/** A server that speaks 2026-07-28 only; `more` reacts to the methods under test. */
function modernOnly(more: Script = () => undefined): Script {
  return (message, server) => {
    const meta = message.params?.['_meta'] as Record<string, unknown> | undefined;
    if (message.id === undefined) return more(message, server);
    if (meta?.[VERSION] === undefined)
      return { error: { code: -32022, message: 'no', data: { supported: ['2026-07-28'], requested: 'x' } } };
    if (message.method === 'server/discover') return { result: DISCOVERED };
    if (message.method === 'subscriptions/listen') {
      const params = { _meta: { 'io.modelcontextprotocol/subscriptionId': message.id }, notifications: message.params?.['notifications'] };
      server.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params }, message.id);
      return more(message, server) ?? 'silent';
    }
    return more(message, server);
  };
}

async function connected(t: TestContext, more?: Script, capabilities: object = {}, options: { stdio?: boolean } = {}) {
  const { open, server } = scriptedServer(modernOnly(more));
  const client = await connectClient(t, open, options);
  const answer = await client.ask(initialize(capabilities));
  await client.send({ method: 'notifications/initialized' });
  return { client, server, answer };
}

test('a refused handshake is answered from server/discover', async (t) => {
  const { client, server, answer } = await connected(t);
  assert.deepEqual(answer.result, {
    protocolVersion: '2025-06-18',
    capabilities: DISCOVERED.capabilities,
    serverInfo: { name: 'modern', version: '3' },
    instructions: 'Be kind.',
  });
  assert.equal(client.memory.server, 'modern');
  assert.deepEqual(
    server.got.map(({ method }) => method),
    ['initialize', 'server/discover', 'subscriptions/listen'],
  );
});

test('an HTTP refusal of the handshake counts as one', async (t) => {
  const script = modernOnly();
  const { open } = scriptedServer((message, server) =>
    message.method === 'initialize' ? { outcome: { kind: 'not-sent', why: failure('http', 400) } } : script(message, server),
  );
  const client = await connectClient(t, open);
  assert.equal((await client.ask(initialize({}, 'never'))).result?.['protocolVersion'], '2025-11-25');
});

test('requests get the metadata, and keep what they had to the last digit', async (t) => {
  const { client, server } = await connected(t, () => ({ result: { resultType: 'complete', content: [] } }), {
    roots: { listChanged: true },
  });
  await client.ask({ id: 1, method: 'logging/setLevel', params: { level: 'info' } });
  await client.send(
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","x":1,"params":{"n":12345678901234567890,"_meta":{"progressToken":2.50,"k":1}}}',
  );
  assert.equal(
    server.got.at(-1)?.bytes.toString(),
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","x":1,"params":{"n":12345678901234567890,"_meta":{"progressToken":2.50,"k":1,' +
      '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"roots":{}},' +
      '"io.modelcontextprotocol/clientInfo":{"name":"old","version":"1"},"io.modelcontextprotocol/logLevel":"info"}}}',
  );
  await client.send({ method: 'notifications/own' });
  assert.match(server.got.at(-1)?.bytes.toString() ?? '', /"io\.modelcontextprotocol\/protocolVersion":"2026-07-28"/);
  assert.deepEqual((await client.ask({ id: 3, method: 'ping' })).result, {});
  await client.ask({ id: 4, method: 'tools/list' });
  assert.deepEqual(Object.keys(JSON.parse(server.got.at(-1)?.bytes.toString() ?? '{}') as object), ['jsonrpc', 'id', 'method', 'params']);
});

const ASKS = {
  resultType: 'input_required',
  inputRequests: {
    who: { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: { type: 'object', properties: {} } } },
    where: { method: 'roots/list' },
  },
  requestState: 'st\u00e5te',
};

test('what the server asks comes to the client, and its answers go with a retry', async (t) => {
  const { client, server } = await connected(
    t,
    ({ params }): Reaction => ({
      result: params?.['inputResponses'] === undefined ? ASKS : { resultType: 'complete', got: params['inputResponses'] },
    }),
    { elicitation: {}, roots: {} },
  );
  const outcome = client.send({ id: 7, method: 'tools/call', params: { name: 'greet', _meta: { progressToken: 7 } } });
  const who = await client.next(({ method }) => method === 'elicitation/create');
  const where = await client.next(({ method }) => method === 'roots/list');
  assert.deepEqual(who.params, ASKS.inputRequests.who.params);
  assert.equal(client.got.find(({ message }) => message === who)?.of, '7');
  await client.send(`{"jsonrpc":"2.0","id":${JSON.stringify(where.id)},"result":{"roots":[]}}`);
  await client.send(`{"jsonrpc":"2.0","id":${JSON.stringify(who.id)},"result":{"action":"accept","content":{"n":1.0}}}`);
  assert.deepEqual(await outcome, { kind: 'done' });
  const answer = await client.next(({ id }) => id === 7);
  assert.deepEqual(answer.result?.['got'], { who: { action: 'accept', content: { n: 1 } }, where: { roots: [] } });
  const retry = server.got.at(-1);
  assert.match(retry?.bytes.toString() ?? '', /"content":\{"n":1\.0\}.*"requestState":"ståte"/);
  assert.match(retry?.id ?? '', /^"mcpreach:era:\d+"$/);
});

test('a state alone is sent back at once', async (t) => {
  let rounds = 0;
  const { client } = await connected(t, () => ({
    result: ++rounds < 3 ? { resultType: 'input_required', requestState: 's' } : { resultType: 'complete' },
  }));
  assert.equal((await client.ask({ id: 'a', method: 'prompts/get', params: {} })).result?.['resultType'], 'complete');
  assert.equal(rounds, 3);
});

test('a server that never has enough is refused', async (t) => {
  const { client } = await connected(t, () => ({ result: { resultType: 'input_required', requestState: 's' } }));
  assert.equal(refusalIn(await client.ask({ id: 1, method: 'tools/call', params: {} })).executed, 'unknown');
});

test('what the client cannot do is refused clearly', async (t) => {
  const { client } = await connected(t, () => ({ result: ASKS }), { elicitation: {} });
  const message = await client.ask({ id: 1, method: 'tools/call', params: {} });
  const { error } = message;
  assert.equal(error !== undefined && (error.code < -32768 || error.code > -32000), true);
  assert.match(error?.message ?? '', /roots\/list/);
  assert.deepEqual(refusalIn(message), { cause: 'protocol-version', executed: 'unknown' });
});

test('an elicitation by URL gets the id that a legacy client needs', async (t) => {
  const inputRequests = { u: { method: 'elicitation/create', params: { mode: 'url', message: 'm', url: 'https://x.test/' } } };
  const { client } = await connected(t, () => ({ result: { resultType: 'input_required', inputRequests } }), { elicitation: { url: {} } });
  void client.send({ id: 1, method: 'tools/call', params: {} });
  const asked = await client.next(({ method }) => method === 'elicitation/create');
  assert.equal(asked.params?.['elicitationId'], asked.id);
});

test('cancelling a call closes its questions, or ends its stream', async (t) => {
  const { client, server } = await connected(t, ({ method }) => (method === 'tools/list' ? 'silent' : { result: ASKS }), {
    elicitation: {},
    roots: {},
  });
  const outcome = client.send({ id: 1, method: 'tools/call', params: {} });
  const who = await client.next(({ method }) => method === 'elicitation/create');
  await client.send({ method: 'notifications/cancelled', params: { requestId: 1 } });
  await client.next(({ method, params }) => method === 'notifications/cancelled' && params?.['requestId'] === who.id);
  assert.deepEqual(await outcome, { kind: 'done' });
  void client.send({ id: 2, method: 'tools/list' });
  await client.send({ method: 'notifications/cancelled', params: { requestId: 2 } });
  assert.deepEqual(server.abandoned, ['2']);
  assert.equal(
    server.got.some(({ method }) => method === 'notifications/cancelled'),
    false,
  );
});

test('over stdio cancelling is a message', async (t) => {
  const { client, server } = await connected(t, () => 'silent', {}, { stdio: true });
  void client.send({ id: 2, method: 'tools/call', params: {} });
  await client.send({ method: 'notifications/cancelled', params: { requestId: 2, reason: 'late' } });
  assert.equal(
    server.got.at(-1)?.bytes.toString(),
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2,"reason":"late"}}',
  );
});

test('subscriptions become one listening stream, and its notices pass without modern parts', async (t) => {
  const { client, server } = await connected(t);
  assert.deepEqual((await client.ask({ id: 1, method: 'resources/subscribe', params: { uri: 'a:b' } })).result, {});
  const streams = server.got.filter(({ method }) => method === 'subscriptions/listen');
  const filters = streams.map(({ bytes }) => (JSON.parse(bytes.toString()) as Message).params?.['notifications']);
  assert.deepEqual(filters, [{ toolsListChanged: true }, { toolsListChanged: true, resourceSubscriptions: ['a:b'] }]);
  assert.deepEqual(server.abandoned, [streams[0]?.id]);
  const meta = { 'io.modelcontextprotocol/subscriptionId': JSON.parse(streams[1]?.id ?? '') as string };
  server.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { _meta: meta, uri: 'a:b' } }, 'x');
  const updated = await client.next(({ method }) => method === 'notifications/resources/updated');
  assert.deepEqual(updated.params, { uri: 'a:b' });
  assert.equal(client.got.at(-1)?.of, null);
  assert.equal(
    client.got.some(({ message }) => message.method === 'notifications/subscriptions/acknowledged'),
    false,
  );
});

test('a refused subscription is the refusal of the client’s request', async (t) => {
  const { open } = scriptedServer((message, server) =>
    message.method === 'subscriptions/listen' ? { error: { code: -32601, message: 'none' } } : modernOnly()(message, server),
  );
  const client = await connectClient(t, open);
  await client.ask(initialize());
  assert.equal((await client.ask({ id: 5, method: 'resources/subscribe', params: { uri: 'a:b' } })).error?.code, -32601);
});

test('a resource that is named as not found keeps the old code', async (t) => {
  const { client } = await connected(t, ({ params }) => ({
    error: { code: -32602, message: 'no', ...(params?.['uri'] === 'a:b' ? { data: { uri: 'a:b' } } : {}) },
  }));
  assert.equal((await client.ask({ id: 1, method: 'resources/read', params: { uri: 'a:b' } })).error?.code, -32002);
  assert.equal((await client.ask({ id: 2, method: 'resources/read', params: { uri: 'c:d' } })).error?.code, -32602);
});

test('what older clients cannot read is left out, and nothing else', async (t) => {
  const { client } = await connected(t, ({ method }) =>
    method === 'tools/list'
      ? {
          result: {
            tools: [
              { name: 'a', outputSchema: { type: 'array' } },
              { name: 'b', outputSchema: { type: 'object' } },
            ],
            n: 1,
          },
        }
      : { result: { content: [], structuredContent: [1] } },
  );
  assert.deepEqual((await client.ask({ id: 1, method: 'tools/list' })).result, {
    tools: [{ name: 'a' }, { name: 'b', outputSchema: { type: 'object' } }],
    n: 1,
  });
  assert.deepEqual((await client.ask({ id: 2, method: 'tools/call' })).result, { content: [] });
});

test('the parts of a batch go one by one', async (t) => {
  const { client, server } = await connected(t, () => ({ result: {} }));
  const outcome = await client.send('[{"jsonrpc":"2.0","id":1,"method":"ping"}, {"jsonrpc":"2.0","id":2,"method":"tools/list"}]');
  assert.deepEqual(outcome, { kind: 'done' });
  assert.deepEqual(
    client.got.slice(-2).map(({ message }) => message.id),
    [1, 2],
  );
  assert.equal(server.got.at(-1)?.id, '2');
});

test('when the link is lost everything is settled first', async (t) => {
  const { client, server } = await connected(t, ({ method }) => (method === 'tools/list' ? 'silent' : { result: ASKS }), {
    elicitation: {},
    roots: {},
  });
  const order: string[] = [];
  const call = client.send({ id: 1, method: 'tools/call', params: {} }).then(({ kind }) => order.push(kind));
  const list = client.send({ id: 2, method: 'tools/list' }).then(({ kind }) => order.push(kind));
  await client.next(({ method }) => method === 'roots/list');
  server.end();
  await Promise.all([call, list]);
  assert.deepEqual(order, ['unknown', 'unknown']);
  await Promise.resolve();
  assert.equal(client.lost()?.kind, 'ended');
});

test('the next link translates from its first message, be that no handshake', async (t) => {
  const { client } = await connected(t);
  const { open, server } = scriptedServer(modernOnly(() => ({ result: { resultType: 'complete', tools: [] } })));
  const again = await connectClient(t, open, { memory: client.memory });
  assert.deepEqual((await again.ask({ id: 4, method: 'tools/list' })).result, { resultType: 'complete', tools: [] });
  assert.deepEqual(
    server.got.map(({ method }) => method),
    ['server/discover', 'tools/list'],
  );
});

test('what was remembered is checked again when it fails', async (t) => {
  const { client } = await connected(t);
  const { open, server } = scriptedServer(({ method }) =>
    method === 'initialize' ? { result: { protocolVersion: '2025-11-25' } } : { error: { code: -32601, message: 'no' } },
  );
  const again = await connectClient(t, open, { memory: client.memory });
  assert.deepEqual((await again.ask(initialize())).result, { protocolVersion: '2025-11-25' });
  assert.deepEqual(
    server.got.map(({ method }) => method),
    ['server/discover', 'initialize'],
  );
  assert.equal(client.memory.server, 'legacy');
});

test('a server that refuses both ways: the client gets its own answer', async (t) => {
  const { open } = scriptedServer(({ method }) => ({ error: { code: -32603, message: method ?? '' } }));
  const client = await connectClient(t, open);
  const { error } = await client.ask(initialize());
  assert.equal(error?.message, 'initialize');
});

test('an answer to the server goes through while the handshake is under way', async (t) => {
  const pinged: { pong?: () => void } = {};
  const { open } = scriptedServer(({ method, id }, server) => {
    if (id === 'ping') pinged.pong?.();
    if (method !== 'initialize') return undefined;
    server.say({ jsonrpc: '2.0', id: 'ping', method: 'ping' });
    return new Promise((resolve) => {
      pinged.pong = () => resolve({ result: {} });
    });
  });
  const client = await connectClient(t, open);
  const answer = client.ask(initialize());
  await client.next(({ method }) => method === 'ping');
  await client.send({ id: 'ping', result: {} });
  assert.deepEqual((await answer).result, {});
});

test('when the eras agree every message passes as it came', async (t) => {
  const { open, server } = scriptedServer(({ method }) =>
    method === 'initialize' ? { result: { protocolVersion: '2025-11-25' } } : undefined,
  );
  const client = await connectClient(t, open);
  await client.ask(initialize());
  const odd = '{ "method":"tools/call", "id" :1.0,"params":[1e400] }';
  await client.send(odd);
  assert.equal(server.got.at(-1)?.bytes.toString(), odd);
  server.say('{"id":1.0, "result":{"resultType":"input_required"} }', 1);
  assert.equal(client.got.at(-1)?.envelope.bytes.toString(), '{"id":1.0, "result":{"resultType":"input_required"} }');
  assert.equal(server.got.length, 2);
});
