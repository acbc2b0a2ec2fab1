import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectClient, failure, type Message, refusalIn, type Script, scriptedServer } from '../../../test/rig/eras/scripted-link.ts';

const PREFIX = 'io.modelcontextprotocol/';
const SUBSCRIPTION = `${PREFIX}subscriptionId`;
const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {}, tasks: {} },
  serverInfo: { name: 'legacy', version: '2' },
  instructions: 'Be kind.',
};

function meta(capabilities: object = {}, more: object = {}): object {
  return {
    [`${PREFIX}protocolVersion`]: '2026-07-28',
    [`${PREFIX}clientCapabilities`]: capabilities,
    [`${PREFIX}clientInfo`]: { name: 'new', version: '1' },
    ...more,
  };
}

function discover(id: string | number = 0, capabilities: object = {}): Message {
  return { id, method: 'server/discover', params: { _meta: meta(capabilities) } };
}

/** A server that wants a handshake first; `more` reacts to the methods under test. */
function legacyOnly(more: Script = () => undefined): Script {
  let isReady = false;
  return (message, server) => {
    if (message.method === 'initialize') return { result: INITIALIZED };
    if (message.method === 'notifications/initialized') isReady = true;
    if (message.id === undefined) return undefined;
    if (!isReady) return { error: { code: -32601, message: 'no' } };
    return message.method === 'logging/setLevel' ? { result: {} } : more(message, server);
  };
}

async function connected(t: TestContext, more?: Script, capabilities: object = {}, options: { stdio?: boolean } = { stdio: true }) {
  const { open, server } = scriptedServer(legacyOnly(more));
  const client = await connectClient(t, open, options);
  const answer = await client.ask(discover(0, capabilities));
  return { client, server, answer };
}

const methods = (got: readonly { readonly method: string | null }[]) => got.map(({ method }) => method);

test('server/discover is answered by a handshake of ours', async (t) => {
  const { client, server, answer } = await connected(t, undefined, { elicitation: {} });
  assert.deepEqual(answer.result, {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
    instructions: 'Be kind.',
    _meta: { [`${PREFIX}serverInfo`]: INITIALIZED.serverInfo },
    ttlMs: 0,
    cacheScope: 'private',
  });
  assert.deepEqual(methods(server.got), ['server/discover', 'initialize', 'notifications/initialized']);
  assert.deepEqual((JSON.parse(server.got[1]?.bytes.toString() ?? '') as Message).params, {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'new', version: '1' },
  });
  assert.equal(client.memory.server, 'legacy');
  assert.equal(server.opens(), 1);
});

test('what a server says between our handshake and the first request is heard by the translation', async (t) => {
  const script = legacyOnly();
  const { open, server } = scriptedServer((message, to) => {
    if (message.method === 'notifications/initialized') to.say({ jsonrpc: '2.0', id: 'early', method: 'roots/list' });
    return script(message, to);
  });
  const client = await connectClient(t, open, { stdio: true });
  await client.ask(discover(0, { roots: {} }));
  assert.deepEqual(
    client.got.map(({ message }) => message.id),
    [0],
  );
  assert.equal(server.got.at(-1)?.id, '"early"');
});

test('a first request that is no discovery is not sent before the server is known', async (t) => {
  const { open, server } = scriptedServer(legacyOnly(() => ({ result: { tools: [] } })));
  const client = await connectClient(t, open, { stdio: true });
  const answers = await Promise.all([
    client.ask({ id: 1, method: 'tools/list', params: { _meta: meta() } }),
    client.ask({ id: 2, method: 'tools/call', params: { _meta: meta() } }),
  ]);
  assert.deepEqual(answers[0]?.result, { tools: [], resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  assert.deepEqual(answers[1]?.result, { tools: [], resultType: 'complete' });
  assert.deepEqual(methods(server.got), ['server/discover', 'initialize', 'notifications/initialized', 'tools/list', 'tools/call']);
});

test('over HTTP the handshake begins on a new link', async (t) => {
  const script = legacyOnly();
  const { open, server } = scriptedServer((message, to) =>
    message.method === 'server/discover' ? { outcome: { kind: 'not-sent', why: failure('session-lost', 404) } } : script(message, to),
  );
  const client = await connectClient(t, open);
  assert.notEqual((await client.ask(discover())).result, undefined);
  assert.equal(server.opens(), 2);
  assert.equal(client.lost(), null);
});

test('a child that ends on the first message is started again', async (t) => {
  const script = legacyOnly();
  const { open, server } = scriptedServer((message, to) => {
    if (message.method !== 'server/discover') return script(message, to);
    to.end();
    return 'silent';
  });
  const client = await connectClient(t, open, { stdio: true });
  assert.notEqual((await client.ask(discover())).result, undefined);
  assert.equal(server.opens(), 2);
  assert.equal(client.lost(), null);
});

test('a silent child is asked in the older way too', async (t) => {
  const script = legacyOnly();
  const { open, server } = scriptedServer((message, to) => (message.method === 'server/discover' ? 'silent' : script(message, to)));
  const client = await connectClient(t, open, { stdio: true, probeMs: 0 });
  assert.notEqual((await client.ask(discover())).result, undefined);
  assert.equal(server.opens(), 1);
});

test('a slow modern child refuses the older way, and its late answer counts', async (t) => {
  const late: { answer?: () => void } = {};
  const { open } = scriptedServer(({ method }) => {
    if (method !== 'server/discover') {
      late.answer?.();
      return { error: { code: -32022, message: 'no', data: { supported: ['2026-07-28'] } } };
    }
    return new Promise((resolve) => {
      late.answer = () => resolve({ result: { supportedVersions: ['2026-07-28'], own: true } });
    });
  });
  const client = await connectClient(t, open, { stdio: true, probeMs: 0 });
  assert.equal((await client.ask(discover())).result?.['own'], true);
  assert.equal(client.memory.server, 'modern');
});

test('credentials and broken connections tell no era', async (t) => {
  for (const why of [failure('unauthorized', 401), failure('unreachable'), failure('http', 503), failure('http', 429)]) {
    const { open, server } = scriptedServer(() => ({ outcome: { kind: 'not-sent', why } }));
    const client = await connectClient(t, open);
    assert.deepEqual(await client.send(discover()), { kind: 'not-sent', why });
    assert.deepEqual(methods(server.got), ['server/discover']);
  }
});

test('requests lose the modern metadata, and keep the rest to the last digit', async (t) => {
  const { client, server } = await connected(t, () => ({ result: {} }));
  const params = JSON.stringify(meta({}, { k: 1 })).replace('"k":1', '"progressToken":2.50,"k":1');
  await client.send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"n":12345678901234567890,"_meta":${params}}}`);
  assert.equal(
    server.got.at(-1)?.bytes.toString(),
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"n":12345678901234567890,"_meta":{"progressToken":2.50,"k":1}}}',
  );
  await client.ask({ id: 3, method: 'prompts/list', params: { _meta: meta() } });
  assert.equal(server.got.at(-1)?.bytes.toString(), '{"jsonrpc":"2.0","id":3,"method":"prompts/list","params":{}}');
});

test('the log level of a request is set when it changes, and only who asked gets logs', async (t) => {
  const { client, server } = await connected(t, ({ id, params }, to) => {
    to.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: params?.['name'] } }, id);
    return { result: {} };
  });
  const level = meta({}, { [`${PREFIX}logLevel`]: 'info' });
  await client.ask({ id: 1, method: 'tools/call', params: { name: 'quiet', _meta: meta() } });
  await client.ask({ id: 2, method: 'tools/call', params: { name: 'loud', _meta: level } });
  await client.ask({ id: 3, method: 'tools/call', params: { name: 'loud', _meta: level } });
  assert.deepEqual(
    client.got.filter(({ message }) => message.method === 'notifications/message').map(({ of }) => of),
    ['2', '3'],
  );
  assert.equal(methods(server.got).filter((method) => method === 'logging/setLevel').length, 1);
});

test('an unknown version is refused with the known ones', async (t) => {
  const { client } = await connected(t);
  const { error } = await client.ask({ id: 1, method: 'tools/list', params: { _meta: { [`${PREFIX}protocolVersion`]: '1900-01-01' } } });
  assert.equal(error?.code, -32022);
  assert.deepEqual(error?.data, { supported: ['2026-07-28'], requested: '1900-01-01' });
});

/** A tool that asks the client twice, and gives back what it heard. */
function asking(): Script {
  let finish: ((answers: string[]) => void) | undefined;
  const heard: string[] = [];
  return (message, server) => {
    if (message.method === 'tools/call') {
      server.say({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: { message: 'Who?' } }, message.id);
      server.say({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: { message: 'Where?' } }, message.id);
      server.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } }, message.id);
      return new Promise((resolve) => {
        finish = (answers) => resolve({ result: { answers } });
      });
    }
    heard.push(JSON.stringify(message.result));
    if (heard.length === 2) finish?.(heard);
    return undefined;
  };
}

test('what the server asks during a call becomes input_required, and retries carry the call on', async (t) => {
  const { client, server } = await connected(t, asking(), { elicitation: {} });
  const call = { name: 'greet', _meta: meta({ elicitation: {} }, { progressToken: 'p' }) };
  const first = client.send({ id: 1, method: 'tools/call', params: call });
  const one = await client.next(({ id }) => id === 1);
  assert.deepEqual(await first, { kind: 'done' });
  assert.equal(one.result?.['resultType'], 'input_required');
  const [[key, question] = ['', null]] = Object.entries(one.result?.['inputRequests'] as Record<string, unknown>);
  assert.deepEqual(question, { method: 'elicitation/create', params: { message: 'Who?' } });
  const retry = (id: number, from: Message, responses: string) =>
    client.send(
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"_meta":${JSON.stringify({ ...call._meta, progressToken: id })},"inputResponses":${responses},"requestState":${JSON.stringify(from.result?.['requestState'])}}}`,
    );
  await retry(2, one, `{"${key}":{"action":"accept","n":1.0}}`);
  const two = await client.next(({ id }) => id === 2);
  const [nextKey = ''] = Object.keys(two.result?.['inputRequests'] as object);
  const last = retry(3, two, `{"${nextKey}":{"action":"decline"}}`);
  assert.deepEqual(await last, { kind: 'done' });
  const three = await client.next(({ id }) => id === 3);
  assert.deepEqual(three.result, { answers: ['{"action":"accept","n":1}', '{"action":"decline"}'], resultType: 'complete' });
  assert.equal(server.got.filter(({ method }) => method === 'tools/call').length, 1);
  assert.equal(
    server.got.some(({ bytes }) => bytes.includes('"n":1.0')),
    true,
  );
});

test('progress goes to the request that carries the call, under its token', async (t) => {
  const { client, server } = await connected(t, ({ method, id }, to) => {
    if (method === 'tools/call') to.say({ jsonrpc: '2.0', id: 0, method: 'roots/list' }, id);
    return 'silent';
  });
  void client.send({ id: 1, method: 'tools/call', params: { _meta: meta({ roots: {} }, { progressToken: 'p' }) } });
  const { result } = await client.next(({ id }) => id === 1);
  void client.send({
    id: 2,
    method: 'tools/call',
    params: { _meta: meta({}, { progressToken: 'q' }), requestState: result?.['requestState'] },
  });
  await client.next(({ id }) => id === 2);
  const { result: again } = client.got.at(-1)?.message ?? {};
  void client.send({
    id: 3,
    method: 'tools/call',
    params: {
      _meta: meta({}, { progressToken: 'r' }),
      requestState: again?.['requestState'],
      inputResponses: Object.fromEntries(Object.keys(again?.['inputRequests'] as object).map((key) => [key, { roots: [] }])),
    },
  });
  server.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: 2 } });
  assert.deepEqual(client.got.at(-1)?.message.params, { progressToken: 'r', progress: 2 });
  assert.equal(client.got.at(-1)?.of, '3');
  await client.send({ method: 'notifications/cancelled', params: { requestId: 3 } });
  assert.deepEqual((JSON.parse(server.got.at(-1)?.bytes.toString() ?? '') as Message).params, { requestId: 1 });
});

test('what cannot be asked is refused towards the server', async (t) => {
  const { client, server } = await connected(t, () => 'silent');
  server.say({ jsonrpc: '2.0', id: 'r', method: 'roots/list' });
  server.say({ jsonrpc: '2.0', id: 'p', method: 'ping' });
  void client.send({ id: 1, method: 'tools/call', params: { _meta: meta() } });
  server.say({ jsonrpc: '2.0', id: 's', method: 'sampling/createMessage', params: {} }, 1);
  const answers = server.got.slice(-4).map(({ bytes }) => JSON.parse(bytes.toString()) as Message);
  assert.equal(refusalIn(answers[0]).executed, 'no');
  assert.deepEqual(answers[1], { jsonrpc: '2.0', id: 'p', result: {} });
  assert.equal(answers[3]?.error?.code, -32601);
  assert.equal(client.got.length, 1);
});

test('with two calls open, a question that names none is refused', async (t) => {
  const { client, server } = await connected(t, () => 'silent');
  for (const id of [1, 2]) void client.send({ id, method: 'tools/call', params: { _meta: meta({ elicitation: {} }) } });
  server.say({ jsonrpc: '2.0', id: 's', method: 'elicitation/create', params: {} });
  assert.notEqual((JSON.parse(server.got.at(-1)?.bytes.toString() ?? '') as Message).error, undefined);
});

test('an unknown state is refused, since its call may have run', async (t) => {
  const { client } = await connected(t);
  const answer = await client.ask({ id: 1, method: 'tools/call', params: { _meta: meta(), requestState: 'mcpreach:era:9' } });
  assert.equal(refusalIn(answer).executed, 'unknown');
});

test('a call that needs addresses opened first is made again after that', async (t) => {
  let calls = 0;
  const elicitations = [{ mode: 'url', message: 'm', url: 'https://x.test/', elicitationId: 'e' }];
  const { client } = await connected(t, () =>
    ++calls === 1 ? { error: { code: -32042, message: 'no', data: { elicitations } } } : { result: { content: [] } },
  );
  const _meta = meta({ elicitation: { url: {} } });
  const { result } = await client.ask({ id: 1, method: 'tools/call', params: { _meta } });
  assert.deepEqual(Object.values(result?.['inputRequests'] as object), [
    { method: 'elicitation/create', params: { mode: 'url', message: 'm', url: 'https://x.test/' } },
  ]);
  const again = await client.ask({
    id: 2,
    method: 'tools/call',
    params: { _meta, inputResponses: {}, requestState: result?.['requestState'] },
  });
  assert.deepEqual(again.result, { content: [], resultType: 'complete' });
});

test('listening is acknowledged first, gets what it wants with its id, and ends', async (t) => {
  const { client, server } = await connected(t, () => ({ result: {} }));
  const notifications = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['a:b'] };
  const listening = client.send({ id: 5, method: 'subscriptions/listen', params: { _meta: meta(), notifications } });
  const acknowledged = await client.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
  assert.deepEqual(acknowledged.params, {
    _meta: { [SUBSCRIPTION]: 5 },
    notifications: { toolsListChanged: true, resourceSubscriptions: ['a:b'] },
  });
  server.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a:b' } });
  assert.deepEqual(client.got.at(-1)?.message.params, { uri: 'a:b', _meta: { [SUBSCRIPTION]: 5 } });
  assert.equal(client.got.at(-1)?.of, '5');
  const count = client.got.length;
  server.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'c:d' } });
  server.say({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' });
  assert.equal(client.got.length, count);
  await client.send({ method: 'notifications/cancelled', params: { requestId: 5 } });
  assert.deepEqual(await listening, { kind: 'done' });
  assert.equal(server.got.at(-1)?.method, 'resources/unsubscribe');
});

test('the code of a resource that is not there is the new one', async (t) => {
  const { client } = await connected(t, () => ({ error: { code: -32002, message: 'no', data: { uri: 'a:b' } } }));
  assert.equal((await client.ask({ id: 1, method: 'resources/read', params: { _meta: meta() } })).error?.code, -32602);
  assert.equal((await client.ask({ id: 2, method: 'tools/call', params: { _meta: meta() } })).error?.code, -32002);
});

test('a client that falls back to the older way is left to it, on a new link', async (t) => {
  const { client, server } = await connected(t, () => ({ result: { tools: [] } }));
  const answer = await client.ask({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } });
  assert.deepEqual(answer.result, INITIALIZED);
  assert.equal(server.opens(), 2);
  assert.deepEqual((await client.ask({ id: 2, method: 'tools/list' })).result, { tools: [] });
});

test('the next link makes its handshake first; a server of the other era is found out', async (t) => {
  const { client } = await connected(t);
  const next = scriptedServer(legacyOnly(() => ({ result: {} })));
  const again = await connectClient(t, next.open, { stdio: true, memory: client.memory });
  await again.ask({ id: 1, method: 'tools/list', params: { _meta: meta() } });
  assert.deepEqual(methods(next.server.got), ['initialize', 'notifications/initialized', 'tools/list']);
  const modern = scriptedServer(({ method }) =>
    method === 'initialize' ? { error: { code: -32022, message: 'no' } } : { result: { supportedVersions: ['2026-07-28'], own: 1 } },
  );
  const third = await connectClient(t, modern.open, { stdio: true, memory: client.memory });
  assert.equal((await third.ask({ id: 1, method: 'tools/list', params: { _meta: meta() } })).result?.['own'], 1);
  assert.equal(client.memory.server, 'modern');
  const fourth = await connectClient(t, next.open, { stdio: true, memory: client.memory });
  assert.equal((await fourth.ask(discover())).result?.['ttlMs'], 0);
});

test('a first request without an answer holds nothing up, also when the server is known', async (t) => {
  const { open } = scriptedServer(({ method }) => {
    if (method === 'server/discover') return { result: { supportedVersions: ['2026-07-28'] } };
    return method === 'subscriptions/listen' ? 'silent' : { result: { tools: [] } };
  });
  const { memory } = await connectClient(t, open);
  memory.server = 'modern';
  const client = await connectClient(t, open, { memory });
  void client.send({ id: 1, method: 'subscriptions/listen', params: { _meta: meta() } });
  assert.deepEqual((await client.ask({ id: 2, method: 'tools/list', params: { _meta: meta() } })).result, { tools: [] });
});

test('when the eras agree every message passes as it came', async (t) => {
  const { open, server } = scriptedServer(({ method }) =>
    method === 'server/discover' ? { result: { supportedVersions: ['2026-07-28'] } } : undefined,
  );
  const client = await connectClient(t, open);
  await client.ask(discover());
  const odd = '{ "method":"tools/call", "id" :1.0,"params":[1e400] }';
  await client.send(odd);
  assert.equal(server.got.at(-1)?.bytes.toString(), odd);
  client.link.abandon('1.0');
  assert.deepEqual(server.abandoned, ['1.0']);
  assert.equal(server.got.length, 2);
});
