/** listenLocal with Node's own servers: both addresses, one port, an end that is one, and who is in the way. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, createServer as createHttpsServer, get as httpsGet } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { listenLocal, PortInUseError } from '../../../src/index.ts';
import { now, sleep } from '../../../src/system/clock.ts';
import { ROOT } from '../../contracts/repository.ts';
import { createSelfSigned, tlsOptions } from '../../lab/certificates.ts';

const run = promisify(execFile);

const LOOPBACK = ['127.0.0.1', '[::1]'];

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(!socket.destroy()));
    socket.on('error', () => resolve(true));
  });
}

async function assertFree(port: number): Promise<void> {
  assert.ok(await isFree('127.0.0.1', port), '127.0.0.1 is still open');
  assert.ok(await isFree('::1', port), '::1 is still open');
}

test('an HTTP server answers on both addresses, and its close frees both', async () => {
  const server = createServer((request, response) => response.end(request.socket.localAddress));
  const { url, port, addresses, noIpv6, close } = await listenLocal(server, 0, { path: '/mcp' });
  assert.deepEqual([addresses, noIpv6, url], [['127.0.0.1', '::1'], null, `http://localhost:${port}/mcp`]);
  const answers = await Promise.all(LOOPBACK.map(async (host) => (await fetch(`http://${host}:${port}/`)).text()));
  assert.deepEqual(answers, ['127.0.0.1', '::1']);
  assert.equal((server.address() as AddressInfo).port, port);
  const started = now();
  await Promise.all([close(), close()]);
  assert.ok(now() - started < 1500, 'idle connections kept it open');
  await assertFree(port);
});

test('a request listener is enough', async () => {
  const { url, close } = await listenLocal((_, response) => response.end('hello'), 0);
  assert.equal(await (await fetch(url)).text(), 'hello');
  await close();
});

test('a TLS server speaks TLS on both addresses', async () => {
  const server = createHttpsServer(tlsOptions(await createSelfSigned()), (_, response) => response.end('secure'));
  const { url, port, close } = await listenLocal(server, 0);
  assert.equal(url, `https://localhost:${port}/`);
  const agent = new Agent({ rejectUnauthorized: false });
  for (const host of ['127.0.0.1', '::1']) {
    const status = await new Promise((resolve, reject) => {
      httpsGet({ host, port, agent }, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    assert.equal(status, 200, host);
  }
  agent.destroy();
  await close();
  await assertFree(port);
});

test('a plain server keeps its half-open connections', async () => {
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.resume().on('end', () => socket.end('after your end'));
  });
  const { url, port, close } = await listenLocal(server, 0);
  assert.equal(url, `tcp://localhost:${port}/`);
  for (const host of ['127.0.0.1', '::1']) {
    const socket = connect({ host, port }, () => socket.end());
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    assert.equal(chunk.toString(), 'after your end');
  }
  await close();
});

test('close lets a request finish, and cuts what never ends', async () => {
  const server = createServer((request, response) => {
    response.writeHead(200).write('begin ');
    if (request.url === '/short') void sleep(200).then(() => response.end('end'));
  });
  const { port, close } = await listenLocal(server, 0, { graceMs: 600 });
  const short = await fetch(`http://[::1]:${port}/short`);
  const endless = await Promise.all(LOOPBACK.map((host) => fetch(`http://${host}:${port}/endless`)));
  const started = now();
  const closing = close();
  await sleep(50);
  await assertFree(port);
  assert.equal(await short.text(), 'begin end');
  for (const response of endless) await assert.rejects(response.text());
  await closing;
  const took = now() - started;
  assert.ok(took >= 590 && took < 3000, `${took} ms`);
});

test("the server's own close frees both addresses", async () => {
  const server = createServer();
  const { port } = await listenLocal(server, 0);
  await new Promise((resolve) => server.close(resolve));
  await sleep(20);
  await assertFree(port);
});

test('an aborted signal closes it', async () => {
  const stop = new AbortController();
  const { port } = await listenLocal(createServer(), 0, { signal: stop.signal });
  stop.abort();
  await sleep(50);
  await assertFree(port);
  await assert.rejects(listenLocal(createServer(), 0, { signal: stop.signal }), { name: 'AbortError' });
});

for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
  test(`a port that another program holds on ${host}: who it is, and nothing is left open`, async () => {
    const code = `require('net').createServer().listen(0, '${host}', function () { console.log(this.address().port) })`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const port = Number(String(((await once(child.stdout, 'data')) as [Buffer])[0]));
      const server = createServer();
      const error: unknown = await listenLocal(server, port).catch((reason: unknown) => reason);
      assert.ok(error instanceof PortInUseError, String(error));
      assert.deepEqual([error.code, error.port], ['port-in-use', port]);
      assert.ok(!server.listening);
      if (process.platform === 'linux') {
        assert.match(error.message, new RegExp(`in use by node \\(pid ${child.pid}, .*since \\d{4}-`));
        assert.ok(error.holders.some((holder) => holder.process?.pid === child.pid && holder.address === host));
      }
      if (host === '127.0.0.1') assert.ok(await isFree('::1', port), '::1 was left open');
      // The same server may be tried again.
      await (await listenLocal(server, 0)).close();
    } finally {
      child.kill();
    }
  });
}

test('misuse', async () => {
  for (const port of [-1, 65_536, 1.5, Number.NaN]) await assert.rejects(listenLocal(createServer(), port), { code: 'invalid-port' });
  const server: Server = createServer();
  const { close, port } = await listenLocal(server, 0);
  await assert.rejects(listenLocal(server, 0), { code: 'already-listening' });
  await assert.rejects(listenLocal(createServer(), port), /in use by this process itself/);
  await close();
});

const script = `import { listenLocal } from ${JSON.stringify(join(ROOT, 'dist', 'index.js'))};
const { port, addresses, noIpv6, url, close } = await listenLocal((_, response) => response.end('v4'), 0);
console.log(JSON.stringify([addresses, noIpv6, url.replace(port, 'PORT'), await (await fetch(url)).text()]));
await close();`;

const canUnshare = process.platform === 'linux' && process.getuid?.() === 0;
test('without IPv6 it listens on IPv4 and says so', { skip: canUnshare ? false : 'needs a network namespace' }, async () => {
  const inside = 'ip link set lo up && echo 1 > /proc/sys/net/ipv6/conf/lo/disable_ipv6 && exec "$0" --input-type=module -e "$1"';
  const { stdout } = await run('unshare', ['--net', 'sh', '-c', inside, process.execPath, script]);
  assert.deepEqual(JSON.parse(stdout), [['127.0.0.1'], 'EADDRNOTAVAIL', 'http://127.0.0.1:PORT/', 'v4']);
});
