/** The handshake against real servers of every kind: what is found out, and that nothing is left behind. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Handshake } from '../../src/model/evidence.ts';
import { attemptHandshake } from '../../src/probes/handshake.ts';
import { now, sleep } from '../../src/system/clock.ts';
import { ROOT } from '../contracts/repository.ts';
import type { App } from '../lab/servers/app.ts';
import { sseV1, statefulV1, statelessV1 } from '../lab/servers/sdk-v1.ts';
import { dualV2, modernV2 } from '../lab/servers/sdk-v2.ts';

const at = (path: string) => join(ROOT, path);
const cleanUps: (() => void | Promise<void>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** What a healthy server must come out as. */
interface Expected {
  readonly transport?: 'http' | 'sse';
  readonly era: 'legacy' | 'modern';
  readonly protocol: string;
  readonly name: string | RegExp;
  readonly tools: number;
}

function attempt(
  url: string,
  more: {
    transport?: 'http' | 'sse';
    answerMs?: number;
    headers?: Record<string, string>;
    lateAfterMs?: number;
    signal?: AbortSignal;
  } = {},
): Promise<Handshake> {
  return attemptHandshake({
    url: new URL(url),
    headers: {},
    route: { kind: 'direct', address: '127.0.0.1' },
    shownRoute: { kind: 'direct', address: '127.0.0.1', family: 4 },
    transport: null,
    answerMs: 15_000,
    signal: new AbortController().signal,
    ...more,
  });
}

async function listen(handle: RequestListener): Promise<{ server: Server; origin: string; sockets: () => Promise<number> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close().closeAllConnections());
  const sockets = async () => {
    for (let tries = 0; tries < 40; tries++) {
      const count = await new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
      if (count === 0) return 0;
      await sleep(25);
    }
    return new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
  };
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function assertReady(handshake: Handshake, { transport = 'http', era, protocol, name, tools }: Expected): void {
  const { result } = handshake;
  assert.equal(result.kind, 'ready', JSON.stringify(handshake.exchanges.at(-1)));
  assert.ok(result.kind === 'ready');
  assert.equal(handshake.transport, transport);
  assert.deepEqual([result.server.era, result.server.protocol], [era, protocol]);
  if (typeof name === 'string') assert.equal(result.server.name, name);
  else assert.match(result.server.name ?? '', name);
  assert.equal(result.tools?.count, tools);
  assert.equal(result.tools?.names.length, tools);
  assert.ok(handshake.sessionEnded);
  assert.ok(handshake.readyMs !== null && handshake.readyMs <= handshake.ms);
}

const LEGACY = { era: 'legacy', protocol: '2025-11-25', name: 'lab-v1', tools: 2 } as const;
const MODERN = { era: 'modern', protocol: '2026-07-28', name: 'lab-v2', tools: 1 } as const;

const SDK_SERVERS: readonly [string, () => Promise<App>, string, Expected][] = [
  ['v1 with sessions', statefulV1, '/mcp', LEGACY],
  ['v1 without sessions', statelessV1, '/mcp', LEGACY],
  ['v1 HTTP+SSE', sseV1, '/sse', { ...LEGACY, transport: 'sse' }],
  ['v2, 2026-07-28 only', modernV2, '/mcp', MODERN],
  ['v2, both eras', dualV2, '/mcp', MODERN],
];

describe('servers of the official TypeScript SDKs', () => {
  for (const [title, create, path, expected] of SDK_SERVERS) {
    test(title, async () => {
      const app = await create();
      const { origin, sockets } = await listen(app.handle);
      assertReady(await attempt(`${origin}${path}`), expected);
      assert.equal(await sockets(), 0, 'a socket is left open');
      assert.equal(app.sessions?.() ?? 0, 0, 'a session is left open');
      await app.close?.();
    });

    test(`${title}, by its configured transport`, async () => {
      const app = await create();
      const { origin, sockets } = await listen(app.handle);
      assertReady(await attempt(`${origin}${path}`, { transport: expected.transport ?? 'http' }), expected);
      assert.equal(await sockets(), 0, 'a socket is left open');
      assert.equal(app.sessions?.() ?? 0, 0, 'a session is left open');
      await app.close?.();
    });
  }

  test('slower than the first patience, each answer takes 2.5 s: no session is left by the overtaken request', async () => {
    const app = await statefulV1({ delay: 2500 });
    const { origin, sockets } = await listen(app.handle);
    const handshake = await attempt(`${origin}/mcp`, { answerMs: 30_000 });
    assertReady(handshake, LEGACY);
    assert.equal(handshake.exchanges.filter(({ request }) => request === 'initialize').length, 1, 'initialize is sent once');
    assert.equal(handshake.exchanges.at(-1)?.request, 'tools/list');
    // The server may take a moment to forget what it was told to end.
    for (const until = performance.now() + 2000; app.sessions?.() !== 0 && performance.now() < until; ) await sleep(25);
    assert.equal(app.sessions?.(), 0);
    assert.equal(await sockets(), 0);
  });

  test('a modern server slower than the first patience', async () => {
    const app = await modernV2();
    const { origin } = await listen((request, response) => void sleep(2300).then(() => app.handle(request, response)));
    assertReady(await attempt(`${origin}/mcp`, { answerMs: 30_000 }), MODERN);
    await app.close?.();
  });

  test('interrupted in the middle: the session is ended all the same', async () => {
    const app = await statefulV1();
    const interrupted = new AbortController();
    const { origin, sockets } = await listen((request, response) => {
      // The session exists, its first use is held back.
      if (app.sessions?.() === 1 && request.method === 'POST') return interrupted.abort();
      app.handle(request, response);
    });
    const handshake = await attempt(`${origin}/mcp`, { signal: interrupted.signal });
    assert.notEqual(handshake.result.kind, 'ready');
    assert.equal(app.sessions?.(), 0);
    assert.equal(await sockets(), 0);
  });

  test('too late for the client: the tools are not asked for', async () => {
    const app = await statefulV1({ delay: 150 });
    const { origin } = await listen(app.handle);
    const { result, readyMs } = await attempt(`${origin}/mcp`, { lateAfterMs: 100 });
    assert.ok(result.kind === 'ready' && result.tools === null);
    assert.ok(readyMs !== null && readyMs >= 300);
    assert.equal(app.sessions?.(), 0);
  });
});

describe('servers in processes of their own', () => {
  for (const [mode, path, expected] of [
    ['streamableHttp', '/mcp', { ...LEGACY, name: /everything/, tools: 13 }],
    ['sse', '/sse', { ...LEGACY, transport: 'sse', name: /everything/, tools: 13 }],
  ] as const) {
    test(`server-everything ${mode}`, async () => {
      const port = await freePort();
      const program = at('node_modules/@modelcontextprotocol/server-everything/dist/index.js');
      start(process.execPath, [program, mode], { ...process.env, PORT: String(port) });
      await opened(port);
      assertReady(await attempt(`http://127.0.0.1:${port}${path}`), expected);
    });
  }

  for (const [version, transport, path, stateless, expected] of [
    ['1', 'http', '/mcp', false, { era: 'legacy', protocol: '2025-11-25', name: 'lab-python', tools: 1 }],
    ['1', 'http', '/mcp', true, { era: 'legacy', protocol: '2025-11-25', name: 'lab-python', tools: 1 }],
    ['1', 'sse', '/sse', false, { transport: 'sse', era: 'legacy', protocol: '2025-11-25', name: 'lab-python', tools: 1 }],
    ['2', 'http', '/mcp', false, { era: 'modern', protocol: '2026-07-28', name: 'lab-python', tools: 1 }],
    ['2', 'sse', '/sse', false, { transport: 'sse', era: 'legacy', protocol: '2025-11-25', name: 'lab-python', tools: 1 }],
  ] as const) {
    const folder = at(`.lab/python-${version}`);
    const skip = existsSync(join(folder, 'ready')) ? false : `no Python environment at .lab/python-${version}`;
    test(`Python mcp ${version}.x, ${transport}${stateless ? ' without sessions' : ''}`, { skip }, async () => {
      const port = await freePort();
      const script = at('test/lab/servers/fastmcp.py');
      const command = [script, transport, String(port), '127.0.0.1', ...(stateless ? ['stateless'] : [])];
      start(join(folder, 'bin', 'python'), command, process.env);
      await opened(port);
      assertReady(await attempt(`http://127.0.0.1:${port}${path}`), expected);
      const sessions = await fetch(`http://127.0.0.1:${port}/lab/sessions`);
      assert.equal(await sessions.json(), 0, 'a session is left open');
    });
  }
});

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(command, args, { env, stdio: 'ignore' });
  cleanUps.push(() => void child.kill('SIGKILL'));
  return child;
}

/** A port that is free now. Another program could take it before the server does; then the test says so by failing. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function opened(port: number): Promise<void> {
  const deadline = now() + 30_000;
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/nothing-here`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    assert.ok(now() < deadline, `port ${port} did not open`);
    await sleep(50);
  }
}
