/** The link over Streamable HTTP in front of servers that misbehave in one way each. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openHttpLink } from '../../../src/bridge/links/http.ts';
import type { Link, LinkFailure, Outcome } from '../../../src/bridge/links/link.ts';
import { type Envelope, messageOf, readEnvelope } from '../../../src/wire/envelope.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string, count: number) => void;

interface Opened {
  readonly link: Link;
  readonly got: Envelope[];
  readonly lost: LinkFailure[];
  /** Everything the server was asked: method and body. */
  readonly asked: { readonly method: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
}

async function open(t: TestContext, handler: Handler): Promise<Opened> {
  const asked: Opened['asked'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      asked.push({ method: request.method ?? '', headers: request.headers, body });
      if (request.method === 'DELETE') return void response.writeHead(200).end();
      handler(request, response, body, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const got: Envelope[] = [];
  const lost: LinkFailure[] = [];
  const opened = await openHttpLink({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`),
    headers: { 'x-own': 'yes' },
    ca: () => Promise.resolve(undefined),
    routes: () => Promise.resolve([{ kind: 'direct', address: '127.0.0.1' }]),
  })({ onMessage: (message) => got.push(message), onLost: (why) => lost.push(why) }, new AbortController().signal);
  if (opened.kind === 'failed') throw new Error(opened.why.detail);
  t.after(async () => {
    await opened.link.close();
    server.closeAllConnections();
    server.close();
  });
  return { link: opened.link, got, lost, asked };
}

const CALL = messageOf({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'x' } });
const RESULT = '{"jsonrpc":"2.0","id":7,"result":{}}';

function answerJson(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

/** Lets the first request, a handshake, open a session; the rest is the test's. */
function afterSession(handler: Handler): Handler {
  return (request, response, body, count) => {
    if (body.includes('"initialize"'))
      answerJson(response, 200, '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}}', { 'mcp-session-id': 'abc' });
    else handler(request, response, body, count);
  };
}

const INITIALIZE = messageOf({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } });

function verdict(outcome: Outcome): string {
  return outcome.kind === 'done' ? 'done' : `${outcome.kind} ${outcome.why.kind}`;
}

test('what an answer says about its request, case by case', async (t) => {
  const cases: readonly [string, string, Handler][] = [
    ['pretty-printed JSON', 'done', (_, response) => answerJson(response, 200, '{\n  "jsonrpc": "2.0",\n  "id": 7,\n  "result": {}\n}\n')],
    [
      'an error without id',
      'done',
      (_, response) => answerJson(response, 400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"no"}}'),
    ],
    [
      'an error without any id',
      'done',
      (_, response) => answerJson(response, 400, '{"jsonrpc":"2.0","error":{"code":-32602,"message":"no"}}'),
    ],
    ['a page', 'unknown not-mcp', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')],
    ['not found', 'not-sent http', (_, response) => void response.writeHead(404).end('no')],
    ['no credentials', 'not-sent unauthorized', (_, response) => void response.writeHead(401).end()],
    ['wrong Host', 'not-sent unauthorized', (_, response) => void response.writeHead(421).end()],
    ['too many', 'not-sent http', (_, response) => void response.writeHead(429, { 'retry-after': '1' }).end()],
    ['busy, come back', 'not-sent http', (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end()],
    ['busy', 'unknown http', (_, response) => void response.writeHead(503).end()],
    ['a gateway without a server', 'unknown http', (_, response) => void response.writeHead(502).end()],
    ['a crash', 'unknown http', (_, response) => void response.writeHead(500).end('oops')],
    ['an empty answer', 'unknown broken', (_, response) => void response.writeHead(200).end()],
    ['a cut connection', 'unknown broken', (request) => void request.socket.destroy()],
    [
      'a cut body',
      'unknown broken',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"jsonrpc"');
        setImmediate(() => request.socket.destroy());
      },
    ],
    [
      'a stream that ends too early',
      'unknown broken',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
      },
    ],
    ['a redirect elsewhere', 'not-sent http', (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/mcp' }).end()],
  ];
  for (const [what, expected, handler] of cases) {
    const { link, got } = await open(t, handler);
    assert.equal(verdict(await link.send(CALL)), expected, what);
    if (expected === 'done') assert.equal(got.at(-1)?.id, '7', what);
  }
});

test('a redirect on the same origin is followed, with body and headers', async (t) => {
  const { link, asked } = await open(t, (request, response) => {
    if (request.url === '/mcp') response.writeHead(308, { location: '/mcp/' }).end();
    else answerJson(response, 200, RESULT);
  });
  assert.equal(verdict(await link.send(CALL)), 'done');
  assert.deepEqual(
    asked.map(({ body, headers }) => [body, headers['x-own']]),
    [
      [CALL.bytes.toString(), 'yes'],
      [CALL.bytes.toString(), 'yes'],
    ],
  );
});

test('a session that is gone is told by 404 and by a 400 that says so, and by nothing else', async (t) => {
  for (const [status, body, expected] of [
    [404, '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}', 'not-sent session-lost'],
    [404, 'gone', 'not-sent session-lost'],
    [400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}', 'not-sent session-lost'],
    [400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"bad arguments"}}', 'done'],
  ] as const) {
    const { link } = await open(
      t,
      afterSession((_, response) => answerJson(response, status, body)),
    );
    assert.equal(verdict(await link.send(INITIALIZE)), 'done');
    assert.equal(verdict(await link.send(CALL)), expected, `${status} ${body}`);
  }
});

test('session and version go with every later request, and the session is ended', async (t) => {
  const { link, asked } = await open(
    t,
    afterSession((_, response) => answerJson(response, 200, RESULT)),
  );
  await link.send(INITIALIZE);
  await link.send(CALL);
  await link.close();
  assert.deepEqual(
    asked.map(({ method, headers }) => [method, headers['mcp-session-id'], headers['mcp-protocol-version']]),
    [
      ['POST', undefined, undefined],
      ['POST', 'abc', '2025-11-25'],
      ['DELETE', 'abc', '2025-11-25'],
    ],
  );
});

test('a stream that the server lets go is taken up again where it stopped', async (t) => {
  const { link, got, asked } = await open(
    t,
    afterSession((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (request.method === 'POST') response.end('id: 1\nretry: 5\ndata:\n\n');
      else response.end(`id: 2\ndata: ${RESULT}\n\n`);
    }),
  );
  await link.send(INITIALIZE);
  assert.equal(verdict(await link.send(CALL)), 'done');
  assert.equal(got.at(-1)?.bytes.toString(), RESULT);
  assert.deepEqual([asked.at(-1)?.method, asked.at(-1)?.headers['last-event-id']], ['GET', '1']);
});

test('bytes that come one by one, and 64 MB at once, are a message', async (t) => {
  const slow = await open(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const bytes = [...Buffer.from(`data: ${RESULT}\r\n\r\n`)];
    const next = () => {
      const byte = bytes.shift();
      if (byte === undefined) return void response.end();
      response.write(Buffer.from([byte]), () => setImmediate(next));
    };
    next();
  });
  assert.equal(verdict(await slow.link.send(CALL)), 'done');
  assert.equal(slow.got[0]?.bytes.toString(), RESULT);

  const size = 64 * 1024 * 1024;
  const large = await open(t, (_, response, body) =>
    answerJson(response, 200, `{"jsonrpc":"2.0","id":7,"result":"${'x'.repeat(body.length)}"}`),
  );
  const message = readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"${'y'.repeat(size)}"}`));
  assert.equal(verdict(await large.link.send(message)), 'done');
  assert.ok((large.got[0]?.bytes.length ?? 0) > size);
});

test('a kept-alive connection that the server closes under a call: the call may have run and is not sent again', async (t) => {
  const { link, asked } = await open(t, (request, response, _, count) => {
    if (count === 1) answerJson(response, 200, RESULT);
    else request.socket.destroy();
  });
  assert.equal(verdict(await link.send(CALL)), 'done');
  assert.equal(verdict(await link.send(CALL)), 'unknown broken');
  assert.equal(asked.length, 2);
});

test('over modern HTTP giving a request up closes its stream, which is the cancellation', async (t) => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const { link } = await open(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    response.on('close', closed);
  });
  const params = { name: 'x', _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
  const sent = link.send(messageOf({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }));
  setTimeout(() => link.abandon('7'), 50);
  await isClosed;
  assert.equal(verdict(await sent), 'unknown closed');
});
