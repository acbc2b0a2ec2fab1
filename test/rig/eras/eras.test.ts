/** Official clients of each era in front of official servers of the other, and of their own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TestContext, test } from 'node:test';
import { ROOT } from '../../contracts/repository.ts';
import { connectModern, legacyClientWorks, modernClientWorks, textOf, translated, type Upstream } from './clients.ts';
import { listen, serveLegacy, serveModern } from './http-servers.ts';
import { programLinks, urlLinks } from './links.ts';
import { sseV1, statelessV1 } from '../../lab/servers/sdk-v1.ts';
import { legacyServer, modernServer } from './servers.ts';
import { memoryLinks } from './transport.ts';

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));
const EVERYTHING = join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');

const child = (kind: string): Upstream => ({ open: programLinks([CHILD, kind]), stdio: true });

type Era = 'legacy' | 'modern';

const PLACES: Readonly<Record<string, (t: TestContext, era: Era) => Promise<Upstream>>> = {
  'in one process': (_, era) =>
    Promise.resolve({
      open: memoryLinks(async (end) => {
        const counters = { cancelled: 0 };
        if (era === 'legacy') return (await legacyServer(counters)).connect(end as never);
        const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
        return serveStdio(() => modernServer(counters, () => null), { legacy: 'reject', transport: end as never });
      }),
      stdio: true,
    }),
  'over stdio': (_, era) => Promise.resolve(child(era)),
  'over HTTP': async (t, era) => ({ open: urlLinks(await (era === 'legacy' ? serveLegacy(t) : serveModern(t))), stdio: false }),
};

for (const [place, upstream] of Object.entries(PLACES)) {
  for (const era of ['legacy', 'modern'] as const) {
    test(`${place}: a legacy client and a ${era} server`, async (t) =>
      legacyClientWorks(t, translated(await upstream(t, era)), `rig-${era}`));
    test(`${place}: a modern client and a ${era} server`, async (t) =>
      modernClientWorks(t, translated(await upstream(t, era)), `rig-${era}`));
  }
}

test('a modern client and a server that ends on any message before the handshake', (t) =>
  modernClientWorks(t, translated(child('strict')), 'rig-legacy'));

test('a modern client and a server that is silent before the handshake', (t) =>
  modernClientWorks(t, translated({ ...child('silent'), probeMs: 300 }), 'rig-legacy'));

test('a modern client and server-everything', async (t) => {
  const client = await connectModern(t, translated({ open: programLinks([EVERYTHING, 'stdio']), stdio: true }), 'auto');
  assert.equal((await client.listTools()).tools.length > 10, true);
  const thought = textOf(await client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'x', maxTokens: 9 } }));
  assert.match(String(thought), /so be it/);
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { message: 'hi' } })), 'Echo: hi');
});

test('a modern client and a server of HTTP+SSE', async (t) => {
  const client = await connectModern(t, translated({ open: urlLinks(await listen(t, (await sseV1()).handle, '/sse')), stdio: false }));
  assert.equal(textOf(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })), '3');
});

test('a modern client and a server without sessions', async (t) => {
  const client = await connectModern(t, translated({ open: urlLinks(await listen(t, (await statelessV1()).handle)), stdio: false }));
  assert.equal(textOf(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })), '3');
});
