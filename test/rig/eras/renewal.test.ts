/** The listening stream of a legacy client is opened again when a modern server ends it, and nothing stays missed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectClient, type Message, type Reaction, scriptedServer, type ScriptedServer } from './scripted-link.ts';

const INITIALIZE = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old' } },
};
const DISCOVERED = { supportedVersions: ['2026-07-28'], capabilities: { tools: { listChanged: true } } };

/** A modern server; `listen` says what becomes of the stream once it is acknowledged. */
function modern(listen: (message: Message, server: ScriptedServer) => Reaction | Promise<Reaction>) {
  return scriptedServer((message, server) => {
    if (message.method === 'initialize') return { error: { code: -32022, message: 'no' } };
    if (message.method === 'server/discover') return { result: DISCOVERED };
    if (message.method !== 'subscriptions/listen') return undefined;
    const params = { _meta: { 'io.modelcontextprotocol/subscriptionId': message.id }, notifications: message.params?.['notifications'] };
    server.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params }, message.id);
    return listen(message, server);
  });
}

for (const [how, end] of [
  ['answered', () => ({ result: { resultType: 'complete' } })],
  [
    'cancelled by the server',
    ({ id }, server) => {
      server.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
      return 'silent';
    },
  ],
  [
    'broken',
    () => ({
      outcome: { kind: 'unknown', why: { kind: 'broken', code: null, status: null, detail: '', retryAfterMs: null, lastLines: [] } },
    }),
  ],
] as const satisfies readonly (readonly [string, (message: Message, server: ScriptedServer) => Reaction])[]) {
  test(`a stream that is ${how}`, async (t) => {
    let streams = 0;
    const { open, server } = modern((message, to) => (++streams === 1 ? end(message, to) : 'silent'));
    const client = await connectClient(t, open, { stdio: true });
    await client.ask(INITIALIZE);
    await client.send({ method: 'notifications/initialized' });
    await client.next(({ method }) => method === 'notifications/tools/list_changed');
    assert.equal(streams, 2);
    assert.deepEqual(
      server.got.map(({ method }) => method),
      ['initialize', 'server/discover', 'subscriptions/listen', 'subscriptions/listen'],
    );
    assert.deepEqual(
      client.got.map(({ message }) => message.method),
      [undefined, 'notifications/tools/list_changed'],
    );
  });
}
