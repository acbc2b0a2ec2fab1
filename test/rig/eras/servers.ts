/** The same tools, made with the official SDK of each era: they ask, report, wait, log and change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export const THING = 'rig://thing';

/** How often a call of `wait` was cancelled at this server. */
export interface Counters {
  cancelled: number;
}

const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });

/** A server that speaks 2026-07-28; changes are told by `notify`, which differs between transports. */
export async function modernServer(counters: Counters, notify: () => { toolsChanged(): void; resourceUpdated(uri: string): void } | null) {
  const { acceptedContent, inputRequired, McpServer } = await import('@modelcontextprotocol/server');
  const server = new McpServer(
    { name: 'rig-modern', version: '2.0.0' },
    {
      capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
      instructions: 'Ask.',
    },
  );
  server.registerResource('thing', THING, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a thing' }] }));
  server.registerTool('greet', {}, (context) => {
    const who = acceptedContent<{ name: string }>(context.mcpReq.inputResponses, 'who');
    if (who !== undefined) return say(`Hello, ${who.name}!`);
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    return inputRequired({
      inputRequests: { who: inputRequired.elicit({ message: 'Who are you?', requestedSchema }) },
      requestState: 'asked',
    });
  });
  server.registerTool('think', {}, (context) => {
    const thought = context.mcpReq.inputResponses?.['thought'] as { content?: { text?: string } } | undefined;
    if (thought !== undefined) return say(`I think: ${thought.content?.text}`);
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'Think.' } }];
    return inputRequired({ inputRequests: { thought: inputRequired.createMessage({ messages, maxTokens: 9 }) } });
  });
  server.registerTool('count', {}, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [1, 2, 3]) {
      if (progressToken !== undefined)
        await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress } });
    }
    // The SDKs' clients lose a progress notice that arrives together with the answer.
    await sleep(50);
    return say('counted');
  });
  server.registerTool('wait', {}, (context) => waitUntilCancelled(context.mcpReq.signal, counters));
  server.registerTool('log', {}, async (context) => {
    await context.mcpReq.log('info', 'logged');
    return say('logged');
  });
  server.registerTool('cancelled', {}, () => say(String(counters.cancelled)));
  server.registerTool('change', { inputSchema: z.object({}) }, async () => {
    const over = notify();
    if (over === null) {
      server.sendToolListChanged();
      await server.server.sendResourceUpdated({ uri: THING });
    } else {
      over.toolsChanged();
      over.resourceUpdated(THING);
    }
    return say('changed');
  });
  return server;
}

/** A server that speaks 2025-11-25 and older. */
export async function legacyServer(counters: Counters) {
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { SubscribeRequestSchema, UnsubscribeRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const server = new McpServer(
    { name: 'rig-legacy', version: '1.0.0' },
    {
      capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
      instructions: 'Ask.',
    },
  );
  const subscribed = new Set<string>();
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
  server.registerResource('thing', THING, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a thing' }] }));
  server.registerTool('greet', {}, async ({ requestId }) => {
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    const { content } = await server.server.elicitInput({ message: 'Who are you?', requestedSchema }, { relatedRequestId: requestId });
    return say(`Hello, ${String(content?.['name'])}!`);
  });
  server.registerTool('think', {}, async ({ requestId }) => {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'Think.' } }];
    const { content } = await server.server.createMessage({ messages, maxTokens: 9 }, { relatedRequestId: requestId });
    return say(`I think: ${'text' in content ? content.text : ''}`);
  });
  server.registerTool('count', {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of [1, 2, 3]) {
      if (progressToken !== undefined) await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } });
    }
    // The SDKs' clients lose a progress notice that arrives together with the answer.
    await sleep(50);
    return say('counted');
  });
  server.registerTool('wait', {}, ({ signal }) => waitUntilCancelled(signal, counters));
  server.registerTool('log', {}, async ({ sendNotification }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'logged' } });
    return say('logged');
  });
  server.registerTool('cancelled', {}, () => say(String(counters.cancelled)));
  server.registerTool('change', {}, async () => {
    server.sendToolListChanged();
    if (subscribed.has(THING)) await server.server.sendResourceUpdated({ uri: THING });
    return say('changed');
  });
  return server;
}

function waitUntilCancelled(signal: AbortSignal, counters: Counters) {
  return new Promise<ReturnType<typeof say>>((resolve) => {
    const ended = () => {
      counters.cancelled += 1;
      resolve(say('cancelled'));
    };
    if (signal.aborted) ended();
    else signal.addEventListener('abort', ended, { once: true });
  });
}
