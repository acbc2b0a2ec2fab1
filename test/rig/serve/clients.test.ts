import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { OFFICIAL, startService } from './service.ts';

const EVERYTHING = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
);
const INFO = { name: 'rig', version: '1' };

async function useEverything(transport: Transport): Promise<void> {
  const client = new Client(INFO, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant' as const,
    model: 'rig',
    content: { type: 'text' as const, text: 'sampled here' },
  }));
  await client.connect(transport);
  assert.ok((await client.listTools()).tools.length > 5);
  const steps: number[] = [];
  await client.callTool({ name: 'trigger-long-running-operation', arguments: { duration: 0.4, steps: 4 } }, undefined, {
    onprogress: ({ progress }) => steps.push(progress),
  });
  // The client of 1.x loses progress that it reads together with the answer.
  assert.deepEqual(steps.slice(0, 3), [1, 2, 3]);
  const sampled = await client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'x', maxTokens: 5 } });
  assert.match(JSON.stringify(sampled), /sampled here/);
  await client.close();
}

for (const shared of [false, true]) {
  test(`the official client of 1.x uses the everything server, ${shared ? 'shared' : 'one process each'}`, async (t) => {
    const { url, origin } = await startService(t, { shared, ssePath: '/sse' }, [EVERYTHING]);
    await useEverything(new StreamableHTTPClientTransport(new URL(url)) as Transport);
    await useEverything(new SSEClientTransport(new URL(`${origin}/sse`)));
  });

  for (const kind of ['v1', 'v2', 'v2-modern'] as const) {
    test(`the official client of 2.x finds the era of a ${kind} server, ${shared ? 'shared' : 'one process each'}`, async (t) => {
      const { url } = await startService(t, { shared }, [OFFICIAL, kind]);
      const client = new ModernClient(INFO, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new ModernTransport(new URL(url)));
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['add'],
      );
      const result = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });
      assert.match(JSON.stringify(result), /"5"/);
      await client.close();
    });
  }

  test(`a client of the older era in front of a modern server hears which revisions there are, ${shared ? 'shared' : 'one process each'}`, async (t) => {
    const { url } = await startService(t, { shared }, [OFFICIAL, 'v2-modern']);
    const client = new Client(INFO);
    await assert.rejects(client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport), /2026-07-28/);
  });
}
