/** What an official client of each era must be able to do through the translation. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { withEraTranslation } from '../../../src/bridge/eras/eras.ts';
import { createEraMemory } from '../../../src/bridge/eras/memory.ts';
import type { OpenLink } from '../../../src/bridge/links/link.ts';
import { sleep } from '../../../src/system/clock.ts';
import { THING } from './servers.ts';
import { type PlainTransport, transportOver } from './transport.ts';

export interface Upstream {
  readonly open: OpenLink;
  readonly stdio: boolean;
  readonly probeMs?: number;
}

/** Waits until something holds; fails after five seconds. */
async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  assert.fail(`never: ${what}`);
}

/** A transport that speaks through the translation. */
export function translated({ open, ...options }: Upstream): PlainTransport {
  return transportOver(withEraTranslation(open, { memory: createEraMemory(), self: { name: 'rig', version: '1' }, ...options }));
}

const CAPABILITIES = { elicitation: {}, sampling: {}, roots: {} };
const REPLY = { model: 'm', role: 'assistant' as const, content: { type: 'text' as const, text: 'so be it' } };

/** The text of a tool's answer. */
export function textOf(result: unknown): unknown {
  return (result as { content?: { text?: string }[] }).content?.[0]?.text;
}

/** The official client of SDK v1, which speaks 2025-11-25. */
export async function legacyClientWorks(t: TestContext, transport: object, serverName: string): Promise<void> {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const types = await import('@modelcontextprotocol/sdk/types.js');
  const client = new Client({ name: 'v1', version: '1' }, { capabilities: CAPABILITIES });
  const seen: string[] = [];
  client.setRequestHandler(types.ElicitRequestSchema, ({ params }) => {
    seen.push(params.message);
    return { action: 'accept', content: { name: 'Ada' } };
  });
  client.setRequestHandler(types.CreateMessageRequestSchema, () => REPLY);
  client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => void seen.push('tools'));
  client.setNotificationHandler(types.ResourceUpdatedNotificationSchema, ({ params }) => void seen.push(params.uri));
  client.setNotificationHandler(types.LoggingMessageNotificationSchema, ({ params }) => void seen.push(String(params.data)));
  await client.connect(transport as never);
  t.after(() => client.close());
  const call = async (name: string) => textOf(await client.callTool({ name, arguments: {} }));
  assert.equal(client.getServerVersion()?.name, serverName);
  assert.equal(client.getInstructions(), 'Ask.');
  await client.ping();
  assert.equal((await client.listTools()).tools.length, 7);
  assert.equal((await client.readResource({ uri: THING })).contents[0]?.uri, THING);
  assert.equal(await call('greet'), 'Hello, Ada!');
  assert.deepEqual(seen, ['Who are you?']);
  assert.equal(await call('think'), 'I think: so be it');
  const steps: number[] = [];
  await client.callTool({ name: 'count', arguments: {} }, undefined, { onprogress: ({ progress }) => void steps.push(progress) });
  assert.deepEqual(steps, [1, 2, 3]);
  await client.setLoggingLevel('info');
  await call('log');
  assert.equal(seen.includes('logged'), true);
  const abort = new AbortController();
  const waiting = client.callTool({ name: 'wait', arguments: {} }, undefined, { signal: abort.signal });
  await sleep(100);
  abort.abort();
  await assert.rejects(waiting);
  await until(async () => (await call('cancelled')) === '1', 'cancelled at the server');
  await client.subscribeResource({ uri: THING });
  await call('change');
  await until(() => seen.includes('tools') && seen.includes(THING), 'both changes heard');
  await client.unsubscribeResource({ uri: THING });
}

/** Connects the official client of SDK v2: pinned to 2026-07-28, or as it finds out itself. */
export async function connectModern(t: TestContext, transport: object, mode: 'auto' | { pin: string } = { pin: '2026-07-28' }) {
  const { Client } = await import('@modelcontextprotocol/client');
  const client = new Client({ name: 'v2', version: '1' }, { capabilities: CAPABILITIES, versionNegotiation: { mode } });
  client.setRequestHandler('sampling/createMessage', () => REPLY);
  await client.connect(transport as never);
  t.after(() => client.close());
  return client;
}

/** The official client of SDK v2 as it speaks 2026-07-28. */
export async function modernClientWorks(t: TestContext, transport: object, serverName: string): Promise<void> {
  const client = await connectModern(t, transport);
  const seen: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    seen.push(params.message);
    return { action: 'accept', content: { name: 'Ada' } };
  });
  client.setNotificationHandler('notifications/tools/list_changed', () => void seen.push('tools'));
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void seen.push(params.uri));
  client.setNotificationHandler('notifications/message', ({ params }) => void seen.push(String(params.data)));
  const call = async (name: string, meta: Record<string, unknown> = {}) =>
    textOf(await client.callTool({ name, arguments: {}, _meta: meta }));
  assert.equal(client.getServerVersion()?.name, serverName);
  assert.equal(client.getInstructions(), 'Ask.');
  assert.equal((await client.listTools()).tools.length, 7);
  assert.equal((await client.readResource({ uri: THING })).contents[0]?.uri, THING);
  assert.equal(await call('greet'), 'Hello, Ada!');
  assert.deepEqual(seen, ['Who are you?']);
  assert.equal(await call('think'), 'I think: so be it');
  const steps: number[] = [];
  await client.callTool({ name: 'count', arguments: {} }, { onprogress: ({ progress }) => void steps.push(progress) });
  assert.deepEqual(steps, [1, 2, 3]);
  await call('log');
  assert.equal(seen.includes('logged'), false);
  await call('log', { 'io.modelcontextprotocol/logLevel': 'info' });
  assert.equal(seen.includes('logged'), true);
  const abort = new AbortController();
  const waiting = client.callTool({ name: 'wait', arguments: {} }, { signal: abort.signal });
  await sleep(100);
  abort.abort();
  await assert.rejects(waiting);
  await until(async () => (await call('cancelled')) === '1', 'cancelled at the server');
  const subscription = await client.listen({ toolsListChanged: true, resourceSubscriptions: [THING] });
  assert.deepEqual(subscription.honoredFilter, { toolsListChanged: true, resourceSubscriptions: [THING] });
  await call('change');
  await until(() => seen.includes('tools') && seen.includes(THING), 'both changes heard');
  await subscription.close();
}
