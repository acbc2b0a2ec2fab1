/** Waiting for real HTTP servers: late ones, sick ones, wrong ones; and what is left behind, which is nothing. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { waitUntilReady, type WaitOptions } from '../../../src/commands/wait/wait-until-ready.ts';
import type { WaitedTarget } from '../../../src/commands/wait/wait.ts';
import { createAuthority, createSelfSigned, tlsOptions } from '../../lab/certificates.ts';
import type { App } from '../../lab/servers/app.ts';
import { rawMcp } from '../../lab/servers/raw-mcp.ts';
import { sseV1, statefulV1, statelessV1 } from '../../lab/servers/sdk-v1.ts';
import { dualV2, modernV2 } from '../../lab/servers/sdk-v2.ts';
import { answer, atFirst, closeAll, freePort, listen, listenLater, listenSilently } from './servers.ts';

after(closeAll);

async function waited(url: string, options: WaitOptions = {}): Promise<WaitedTarget> {
  const { ready, targets } = await waitUntilReady([url], { timeoutMs: 10_000, ...options });
  const [target] = targets;
  assert.ok(target !== undefined);
  assert.equal(target.ready, ready);
  return target;
}

const SERVERS: readonly [string, () => App | Promise<App>, string][] = [
  ['SDK v1 with sessions', statefulV1, '/mcp'],
  ['SDK v1 without sessions', statelessV1, '/mcp'],
  ['SDK v1 HTTP+SSE', sseV1, '/sse'],
  ['SDK v2, 2026-07-28 only', modernV2, '/mcp'],
  ['SDK v2, both eras', dualV2, '/mcp'],
];

describe('ready', () => {
  for (const [title, create, path] of SERVERS) {
    test(`${title}: already there, and coming up late; no session and no socket is left`, async () => {
      const app = await create();
      const port = await freePort();
      const url = `http://127.0.0.1:${port}${path}`;
      const [late, place] = await Promise.all([waited(url), listenLater(app, port, 300)]);
      assert.ok(late.ready, JSON.stringify(late.last));
      assert.ok((late.afterMs ?? 0) >= 280 && (late.afterMs ?? 0) < 1500, `after ${late.afterMs} ms`);
      assert.ok(late.attempts > 10);
      assert.equal(late.last, null);
      const there = await waited(url, { for: 'tools' });
      assert.ok(there.ready);
      assert.equal(there.attempts, 1);
      assert.equal(await place.connections(), 0, 'a socket is left open');
      assert.equal(app.sessions?.() ?? 0, 0, 'a session is left open');
      await app.close?.();
    });
  }

  test('many looks at a server with sessions leave none', async () => {
    const app = await statefulV1();
    const { url } = await listen(app.handle);
    const { ready, attempts } = await waited(url, { stableMs: 600, intervalMs: 5 });
    assert.ok(ready && attempts >= 3);
    const missing = await waited(url, { tools: ['not-there'], timeoutMs: 700, intervalMs: 20 });
    assert.ok(!missing.ready && missing.attempts > 5);
    assert.equal(missing.last?.cause, null);
    assert.match(missing.last?.summary ?? '', /not-there/);
    assert.equal(app.sessions?.(), 0);
  });

  test('one address family is enough', async () => {
    const app = rawMcp();
    const port = await freePort();
    await listen(app.handle, '127.0.0.1', port);
    assert.ok((await waited(`http://localhost:${port}/mcp`)).ready);
  });

  test('on ::1 alone', async (t) => {
    const place = await listen(rawMcp().handle, '::1').catch(() => null);
    if (place === null) return t.skip('no IPv6 here');
    assert.ok((await waited(place.url)).ready);
  });

  test('503 at first, with Retry-After: waits, and not longer than told', async () => {
    const app = await statefulV1();
    const { url } = await listen(atFirst(answer(503, { 'retry-after': '1' }), 500, app).handle);
    const { ready, afterMs, attempts } = await waited(url);
    assert.ok(ready);
    assert.ok((afterMs ?? 0) >= 900 && (afterMs ?? 0) < 2500, `after ${afterMs} ms`);
    assert.equal(attempts, 2);
    assert.equal(app.sessions?.(), 0);
  });

  test('a page of a development server that is still starting is waited out', async () => {
    const app = rawMcp();
    const { url } = await listen(atFirst(answer(404, { 'content-type': 'text/html' }, '<!doctype html>'), 700, app).handle);
    const { ready, afterMs } = await waited(url);
    assert.ok(ready && (afterMs ?? 0) >= 700);
  });

  test('a server that never answers its first connections is asked beside them', async () => {
    const app = rawMcp();
    let asked = 0;
    const { url } = await listen((request, response) => {
      asked += 1;
      if (asked > 2) app.handle(request, response);
    });
    const { ready, afterMs } = await waited(url);
    assert.ok(ready);
    assert.ok((afterMs ?? 0) < 4000, `after ${afterMs} ms`);
  });

  for (const delay of [900, 2_500]) {
    test(`answers that take ${delay} ms are answers; only one session is asked for, and ended`, async () => {
      const app = await statefulV1({ delay });
      let initialized = 0;
      const { url } = await listen((request, response) => {
        // What the universal probe and the end of a session carry, and the handshake does not.
        if (request.headers['mcp-session-id'] === undefined) initialized += 1;
        app.handle(request, response);
      });
      assert.ok((await waited(url, { timeoutMs: 30_000 })).ready);
      assert.equal(initialized, 1);
      assert.equal(app.sessions?.(), 0);
    });
  }

  test('a server that was stopped and goes on has no session of ours afterwards', async () => {
    const app = await statefulV1();
    let asleep = true;
    const waiting: (() => void)[] = [];
    setTimeout(() => {
      asleep = false;
      for (const go of waiting) go();
    }, 3_500);
    const place = await listen((request, response) => {
      if (asleep) waiting.push(() => app.handle(request, response));
      else app.handle(request, response);
    });
    const { ready, afterMs } = await waited(place.url);
    assert.ok(ready);
    assert.ok((afterMs ?? 0) < 4_500, `after ${afterMs} ms`);
    assert.equal(await place.connections(), 0);
    assert.equal(app.sessions?.(), 0);
  });

  test('tools that appear later', async () => {
    const since = performance.now();
    const app = rawMcp({
      sessions: true,
      steps: {
        'tools/list': ({ result }) =>
          result({ tools: performance.now() - since < 600 ? [] : [{ name: 'search', inputSchema: { type: 'object' } }] }),
      },
    });
    const { url } = await listen(app.handle);
    const { ready, afterMs } = await waited(url, { tools: ['search'] });
    assert.ok(ready && (afterMs ?? 0) >= 500);
    assert.equal(app.sessions?.(), 0);
  });

  test('a server that flaps is ready only when it stays so', async () => {
    const since = performance.now();
    const app = rawMcp();
    const { url } = await listen((request, response) => {
      const ms = performance.now() - since;
      if (ms > 300 && ms < 900) response.writeHead(503).end();
      else app.handle(request, response);
    });
    const { ready, afterMs } = await waited(url, { stableMs: 800 });
    assert.ok(ready && (afterMs ?? 0) >= 800, `after ${afterMs} ms`);
  });

  test('level http: any answer but "too early"', async () => {
    const { url } = await listen(atFirst(answer(503), 300, { handle: answer(404) }).handle);
    const { ready, afterMs } = await waited(url, { for: 'http' });
    assert.ok(ready && (afterMs ?? 0) >= 300);
  });

  test('a bare port', async () => {
    const { port } = await listenSilently();
    const { ready, address } = await waited(`tcp://127.0.0.1:${port}`);
    assert.ok(ready);
    assert.equal(address, `tcp://127.0.0.1:${port}`);
    assert.ok((await waited(`http://127.0.0.1:${port}/mcp`, { for: 'tcp' })).ready);
  });

  test('a private certificate: with its root, and without', async () => {
    const authority = await createAuthority();
    const { port } = await listen(rawMcp().handle, '127.0.0.1', 0, tlsOptions(await authority.leaf()));
    const url = `https://localhost:${port}/mcp`;
    const folder = await mkdtemp(join(tmpdir(), 'mcpreach-wait-'));
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, authority.certificate);
    assert.ok((await waited(url, { ca })).ready);
    await rm(folder, { recursive: true });
    const since = performance.now();
    const { last } = await waited(url, { timeoutMs: 60_000 });
    assert.equal(last?.cause, 'tls-unknown-ca');
    assert.ok(performance.now() - since < 10_000);
  });
});

describe('not ready', () => {
  test('nothing listens: the verdict of a diagnosis', async () => {
    const { ready, last, attempts, afterMs } = await waited(`http://127.0.0.1:${await freePort()}/mcp`, { timeoutMs: 400 });
    assert.ok(!ready && afterMs === null && attempts > 10);
    // Tests beside this one may run MCP servers on other ports, which are then named.
    assert.match(last?.cause ?? '', /^(?:server-not-running|wrong-port)$/);
  });

  test('a server that hangs: the wait ends in time', async () => {
    const { url } = await listenSilently();
    const since = performance.now();
    const { last } = await waited(url, { timeoutMs: 700 });
    assert.equal(last?.cause, 'timeout-hang');
    assert.ok(performance.now() - since < 15_000);
  });

  const DENIED: readonly [string, () => Promise<string>, string][] = [
    ['a login', async () => (await listen((await statefulV1({ token: 'sesame' })).handle)).url, 'auth-required'],
    ['403', async () => (await listen(answer(403))).url, 'auth-required'],
    [
      'a self-signed certificate',
      async () => (await listen(rawMcp().handle, '127.0.0.1', 0, tlsOptions(await createSelfSigned()))).url,
      'tls-self-signed',
    ],
    [
      'a web page, steadily',
      async () => (await listen(answer(200, { 'content-type': 'text/html' }, '<!doctype html>'))).url,
      'port-in-use',
    ],
    ['a wrong path', async () => (await listen(rawMcp({ path: '/other' }).handle)).url, 'port-in-use'],
  ];
  for (const [title, create, cause] of DENIED) {
    test(`${title} ends the wait long before its time`, async () => {
      const url = await create();
      const since = performance.now();
      const { ready, last } = await waited(url, { timeoutMs: 60_000 });
      assert.ok(!ready);
      assert.ok(performance.now() - since < 12_000);
      assert.equal(last?.cause, cause);
    });
  }

  test('one that never will be ready ends the wait for the others', async () => {
    const { url } = await listen((await statefulV1({ token: 'sesame' })).handle);
    const other = `http://127.0.0.1:${await freePort()}/mcp`;
    const { ready, targets } = await waitUntilReady([other, url], { timeoutMs: 60_000 });
    assert.ok(!ready);
    assert.deepEqual(
      targets.map(({ last }) => last?.cause ?? null),
      [null, 'auth-required'],
    );
  });

  test('unless waiting on is asked for', async () => {
    let locked = true;
    setTimeout(() => (locked = false), 500);
    const app = rawMcp();
    const { url } = await listen((request, response) => (locked ? answer(401) : app.handle)(request, response));
    assert.ok((await waited(url, { keepWaiting: true })).ready);
  });

  test('an aborted wait throws the reason and leaves nothing', async () => {
    const place = await listenSilently();
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    await assert.rejects(waitUntilReady([place.url], { signal: controller.signal }), reason);
    assert.equal(await place.connections(), 0);
  });
});

test('misuse is told before anything is tried', async () => {
  const wrong: readonly [readonly string[], WaitOptions, string][] = [
    [[], {}, 'missing-argument'],
    [['localhost:3000'], {}, 'missing-scheme'],
    [['tcp://localhost'], {}, 'invalid-url'],
    [['tcp://localhost:70000'], {}, 'invalid-port'],
    [['http://127.0.0.1:9/mcp'], { timeoutMs: -1 }, 'invalid-duration'],
    [['http://127.0.0.1:9/mcp'], { intervalMs: 0 }, 'invalid-duration'],
  ];
  for (const [targets, options, code] of wrong) {
    await assert.rejects(waitUntilReady(targets, options), { name: 'UsageError', code });
  }
});
