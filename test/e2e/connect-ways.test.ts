/** The ways to a server that is not simply at a plain address: TLS with an authority of one's own, and a proxy. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createAuthority } from '../lab/certificates.ts';
import { statefulV1 } from '../lab/servers/sdk-v1.ts';
import { refusalIn, startClient, type StdioClient } from './stdio-client.ts';

async function listen(t: TestContext, server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections?.();
  });
  return (server.address() as AddressInfo).port;
}

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function bridge(t: TestContext, state: string, args: readonly string[], variables: Record<string, string> = {}): StdioClient {
  const client = startClient(['connect', ...args], { XDG_STATE_HOME: state, NO_PROXY: '', no_proxy: '', ...variables });
  t.after(async () => {
    client.child.kill('SIGKILL');
    await client.ended;
  });
  return client;
}

test('TLS: the authority that is named is trusted, and one that is not ends the wait at once with its name', async (t) => {
  const folder = await folderFor(t);
  const authority = await createAuthority();
  const { key, certificate } = await authority.leaf();
  const app = await statefulV1();
  const port = await listen(t, createSecureServer({ key, cert: certificate }, app.handle));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, authority.certificate);
  const url = `https://localhost:${port}/mcp`;

  const good = bridge(t, folder, [url, '--ca', ca]);
  assert.equal((await good.begin())['error'], undefined);
  good.end();
  await good.ended;
  assert.equal(app.sessions?.(), 0);

  const bad = bridge(t, folder, [url, '--no-memory']);
  assert.match(refusalIn(await bad.begin()).cause, /^tls-unknown-ca$/);
});

test('the proxy that the variables name is used, and its credentials are sent to it alone', async (t) => {
  const folder = await folderFor(t);
  const app = await statefulV1();
  const seen: (string | undefined)[] = [];
  const port = await listen(
    t,
    createServer((incoming, outgoing) => {
      seen.push(incoming.headers['proxy-authorization']);
      app.handle(incoming, outgoing);
    }),
  );
  const through: { url: string | undefined; credentials: string | undefined }[] = [];
  const proxy = await listen(
    t,
    createServer((incoming, outgoing) => {
      const { 'proxy-authorization': credentials, ...headers } = incoming.headers;
      through.push({ url: incoming.url, credentials });
      const onward = request(incoming.url ?? '', { method: incoming.method ?? 'GET', headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    }),
  );
  const url = `http://127.0.0.1:${port}/mcp`;
  const client = bridge(t, folder, [url], { http_proxy: `http://ada:sesame42@127.0.0.1:${proxy}` });
  assert.equal((await client.begin())['error'], undefined);
  assert.equal((await client.request('tools/list'))['error'], undefined);
  assert.ok(through.length >= 3);
  assert.deepEqual([...new Set(through.map((one) => one.url))], [url]);
  assert.equal(through[0]?.credentials, `Basic ${Buffer.from('ada:sesame42').toString('base64')}`);
  assert.deepEqual([...new Set(seen)], [undefined]);
  assert.equal(client.stderr().includes('sesame42'), false);
});
