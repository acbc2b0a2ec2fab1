/** connectWithRetry with clients of both official SDKs against real servers: what is waited for, what is not, what is left behind. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, describe, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { type ConnectAttempt, connectWithRetry, ReachError } from '../../../src/index.ts';
import { now, sleep } from '../../../src/system/clock.ts';
import { createSelfSigned, tlsOptions } from '../../lab/certificates.ts';
import { sseV1, statefulV1 } from '../../lab/servers/sdk-v1.ts';
import { dualV2, modernV2 } from '../../lab/servers/sdk-v2.ts';

const cleanUps: (() => void)[] = [];
after(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

/** A label of more than 63 letters is no name, which the resolver knows without asking anybody. */
const NO_NAME = `${'x'.repeat(64)}.invalid`;

const INFO = { name: 'test', version: '1.0.0' };
const CLIENTS = [
  ['v1', () => new ClientV1(INFO)],
  ['v2', () => new ClientV2(INFO)],
] as const;

async function listen(handle: RequestListener, port = 0, server: Server = createServer(handle)): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  cleanUps.push(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** Diagnoses that run at the same time on this machine ask every port for MCP: what counts requests counts these alone. */
const MINE = { 'x-mine': '1' };

function listenMine(handle: RequestListener): Promise<number> {
  return listen((request, response) => {
    if (request.headers['x-mine'] === '1') handle(request, response);
    else response.writeHead(404).end();
  });
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function refusal(connecting: Promise<unknown>): Promise<ReachError> {
  const error = await connecting.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ReachError, String(error));
  return error;
}

for (const [version, create] of CLIENTS) {
  describe(`SDK ${version}`, () => {
    test('a server that comes up late', async () => {
      const port = await freePort();
      const app = await statefulV1();
      const attempts: ConnectAttempt[] = [];
      const given = create();
      const connecting = connectWithRetry(`http://localhost:${port}/mcp`, { client: given, onAttempt: (one) => attempts.push(one) });
      await sleep(700);
      await listen(app.handle, port);
      const up = now();
      const client = await connecting;
      assert.ok(now() - up < 2000, 'the server was found too late');
      assert.equal(client, given);
      assert.equal((await client.listTools()).tools.length, 2);
      assert.equal(attempts[0]?.failure?.kind, 'refused');
      assert.equal(attempts.at(-1)?.failure, null);
      assert.ok(attempts.length > 2 && attempts.length < 12, `${attempts.length} attempts`);
      await client.close();
    });

    test('503, 429 and 502, then well', async () => {
      const app = await statefulV1();
      const statuses = [503, 429, 502];
      const port = await listenMine((request, response) => {
        const status = statuses.shift();
        if (status === undefined) app.handle(request, response);
        else response.writeHead(status).end('token=hunter2');
      });
      const seen: (number | null | undefined)[] = [];
      const client = await connectWithRetry(`http://127.0.0.1:${port}/mcp`, {
        client: create(),
        headers: MINE,
        onAttempt: ({ failure }) => seen.push(failure?.status),
      });
      assert.deepEqual(seen, [503, 429, 502, undefined]);
      await client.close();
    });

    test('a connection that is cut, then well', async () => {
      const app = await statefulV1();
      let cut = 2;
      const port = await listenMine((request, response) => {
        if (cut-- > 0) request.socket.destroy();
        else app.handle(request, response);
      });
      const kinds: unknown[] = [];
      const client = await connectWithRetry(`http://127.0.0.1:${port}/mcp`, {
        client: create(),
        headers: MINE,
        onAttempt: ({ failure }) => kinds.push(failure?.kind),
      });
      assert.deepEqual(kinds, ['reset', 'reset', undefined]);
      await client.close();
    });

    test('401 is tried once, and diagnosed', async () => {
      const app = await statefulV1({ token: 'right-token' });
      const port = await listen(app.handle);
      let attempts = 0;
      const error = await refusal(
        connectWithRetry(`http://127.0.0.1:${port}/mcp`, {
          client: create(),
          headers: { Authorization: 'Bearer wrong-token' },
          onAttempt: () => (attempts += 1),
        }),
      );
      assert.equal(attempts, 1);
      assert.equal(error.code, 'auth-rejected');
      assert.equal(error.failure.status, 401);
      assert.equal(error.report?.targets[0]?.cause, 'auth-rejected');
      assert.doesNotMatch(error.message + JSON.stringify(error.report), /wrong-token/);
    });

    test('headers are sent, and user info becomes one', async () => {
      const app = await statefulV1({ token: 'right-token' });
      const port = await listen(app.handle);
      const client = await connectWithRetry(new URL(`http://127.0.0.1:${port}/mcp`), {
        client: create(),
        headers: { authorization: 'Bearer right-token' },
      });
      await client.close();
      let given: string | undefined;
      const other = await listen((request, response) => {
        given = request.headers.authorization;
        response.writeHead(401).end();
      });
      await refusal(connectWithRetry(`http://ada:pa55word@127.0.0.1:${other}/mcp`, { client: create(), diagnose: false }));
      assert.equal(given, `Basic ${Buffer.from('ada:pa55word').toString('base64')}`);
    });

    test('a self-signed certificate is tried once', async () => {
      const server = createHttpsServer(tlsOptions(await createSelfSigned()), (_, response) => response.end());
      server.on('tlsClientError', () => {});
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      cleanUps.push(() => server.close().closeAllConnections());
      let attempts = 0;
      const error = await refusal(
        connectWithRetry(`https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, {
          client: create(),
          onAttempt: () => (attempts += 1),
        }),
      );
      assert.deepEqual([attempts, error.code, error.failure.kind], [1, 'tls-self-signed', 'tls']);
    });

    test('an answer that is no MCP is tried once', async () => {
      const port = await listen((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":1}'));
      const error = await refusal(connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: create(), diagnose: false }));
      assert.deepEqual([error.attempts, error.code, error.report], [1, 'unknown', null]);
    });

    test('a port where nothing ever listens: the verdict, soon after the time is up', async () => {
      const port = await freePort();
      const started = now();
      const error = await refusal(connectWithRetry(`http://127.0.0.1:${port}/mcp?key=hunter2`, { client: create(), timeoutMs: 400 }));
      // The diagnosis finds other servers of this machine, and there are some while tests run.
      assert.match(error.code, /^(?:server-not-running|wrong-port)$/);
      assert.equal(error.code, error.report?.targets[0]?.cause);
      assert.ok(error.attempts > 2);
      assert.ok(now() - started < 5000);
      assert.doesNotMatch(error.message, /hunter2/);
    });

    test('a name that does not resolve is tried again', async () => {
      const error = await refusal(connectWithRetry(`http://${NO_NAME}/mcp`, { client: create(), timeoutMs: 1500, diagnose: false }));
      assert.deepEqual([error.code, error.failure.kind], ['dns-failure', 'name-not-found']);
      assert.ok(error.attempts > 1);
    });

    test('a name that resolves only later', async () => {
      const { lookup } = dns;
      const later = now() + 150;
      // The resolver's own failure first; afterwards the name is this machine, as when a container's name appears.
      const call = lookup as (host: string, ...rest: readonly unknown[]) => void;
      dns.lookup = ((host: string, ...rest: readonly unknown[]) => call(now() < later ? host : 'localhost', ...rest)) as typeof lookup;
      try {
        const port = await listen((await statefulV1()).handle);
        const kinds: unknown[] = [];
        const client = await connectWithRetry(`http://${NO_NAME}:${port}/mcp`, {
          client: create(),
          onAttempt: ({ failure }) => kinds.push(failure?.kind),
        });
        assert.deepEqual([kinds[0], kinds.at(-1)], ['name-not-found', undefined]);
        await client.close();
      } finally {
        dns.lookup = lookup;
      }
    });

    test('a server that never answers is given up, and tried again in between', async () => {
      const port = await listen(() => {});
      const error = await refusal(
        connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: create(), timeoutMs: 700, attemptMs: 200, diagnose: false }),
      );
      assert.deepEqual([error.code, error.failure.kind], ['timeout-hang', 'timed-out']);
      assert.ok(error.attempts > 1);
    });

    test('an attempt that is cut short by the end of the time does not hide why the one before it failed', async () => {
      let requests = 0;
      const port = await listenMine((_, response) => {
        // Answered once, then never again.
        if (requests++ === 0) response.writeHead(503).end();
      });
      const error = await refusal(
        connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: create(), headers: MINE, timeoutMs: 400, diagnose: false }),
      );
      assert.deepEqual([error.attempts, error.failure.status], [2, 503]);
    });

    test('a session that was opened by an attempt that failed is ended', async () => {
      const app = await statefulV1();
      let broken = 2;
      const port = await listen((request, response) => {
        const initialized = request.method === 'POST' && request.headers['mcp-session-id'] !== undefined;
        if (initialized && broken-- > 0) response.writeHead(503).end();
        else app.handle(request, response);
      });
      let attempts = 0;
      const client = await connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: create(), onAttempt: () => (attempts += 1) });
      assert.equal(attempts, 3);
      assert.equal(app.sessions?.(), 1, 'only the session of the connected client is there');
      await client.close();
    });

    test('HTTP+SSE, which comes up late', async () => {
      const app = await sseV1();
      const port = await freePort();
      const kinds: unknown[] = [];
      const connecting = connectWithRetry(`http://127.0.0.1:${port}/sse`, {
        client: create(),
        transport: 'sse',
        onAttempt: ({ failure }) => kinds.push(failure?.kind),
      });
      await sleep(200);
      await listen(app.handle, port);
      const client = await connecting;
      assert.equal((await client.listTools()).tools.length, 2);
      assert.equal(kinds[0], 'refused');
      await client.close();
    });

    test('abort ends the waiting at once, with the reason given', async () => {
      const port = await freePort();
      const stop = new AbortController();
      const reason = new Error('enough');
      const connecting = connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: create(), signal: stop.signal });
      await sleep(100);
      const started = now();
      stop.abort(reason);
      await assert.rejects(connecting, reason);
      assert.ok(now() - started < 1000);
    });

    test('the client can be used again after it was given up', async () => {
      const client = create();
      const port = await freePort();
      await refusal(connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client, timeoutMs: 100, diagnose: false }));
      await listen((await statefulV1()).handle, port);
      await connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client });
      await assert.rejects(connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client }), { code: 'already-connected' });
      await client.close();
    });
  });
}

test('a server of 2026-07-28 alone, and one of both eras, with a client that negotiates', async () => {
  for (const app of [await modernV2(), await dualV2()]) {
    const port = await freePort();
    const kinds: unknown[] = [];
    const connecting = connectWithRetry(`http://localhost:${port}/mcp`, {
      client: new ClientV2(INFO, { versionNegotiation: { mode: 'auto' } }),
      onAttempt: ({ failure }) => kinds.push(failure?.kind),
    });
    await sleep(150);
    await listen(app.handle, port);
    const client = await connecting;
    assert.equal(kinds[0], 'refused');
    assert.equal((await client.listTools()).tools.length, 1);
    await client.close();
    await app.close?.();
  }
});

test('Retry-After is kept to, and one that is beyond the time ends the waiting', async () => {
  const app = await statefulV1();
  let busy = 1;
  const port = await listenMine((request, response) => {
    if (busy-- > 0) response.writeHead(503, { 'retry-after': '1' }).end();
    else app.handle(request, response);
  });
  const started = now();
  const client = await connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: new ClientV2(INFO), headers: MINE });
  assert.ok(now() - started >= 990);
  await client.close();
  busy = 1000;
  const error = await refusal(
    connectWithRetry(`http://127.0.0.1:${port}/mcp`, { client: new ClientV2(INFO), headers: MINE, timeoutMs: 500, diagnose: false }),
  );
  assert.deepEqual([error.attempts, error.code], [1, 'upstream-down']);
});

test('a transport of the caller, made anew for each attempt', async () => {
  const app = await statefulV1();
  let busy = 1;
  let made = 0;
  const port = await listenMine((request, response) => {
    if (busy-- > 0) response.writeHead(503).end();
    else app.handle(request, response);
  });
  const client = await connectWithRetry(`http://127.0.0.1:${port}/mcp`, {
    client: new ClientV2(INFO),
    headers: MINE,
    transport(url, init) {
      made += 1;
      return new StreamableHTTPClientTransport(url, init);
    },
  });
  assert.equal(made, 2);
  await client.close();
});

test('misuse is told before anything is sent', async () => {
  const stranger = { connect: async () => {}, close: async () => {} };
  await assert.rejects(connectWithRetry('http://127.0.0.1:1/mcp', { client: stranger }), { code: 'sdk-not-found' });
  await assert.rejects(connectWithRetry('localhost:3000', { client: new ClientV2(INFO) }), { code: 'missing-scheme' });
  await assert.rejects(connectWithRetry('http://127.0.0.1:1/', { client: new ClientV2(INFO), timeoutMs: Number.NaN }), {
    code: 'invalid-timeout',
  });
});
