/** What links say became of a call, by what real servers answer: `not-sent` only where nothing can have run. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openHttpLink } from '../../../src/bridge/links/http.ts';
import type { Link, LinkFailure, OpenLink } from '../../../src/bridge/links/link.ts';
import { openSseLink } from '../../../src/bridge/links/sse.ts';
import { openStdioLink } from '../../../src/bridge/links/stdio.ts';
import { messageOf } from '../../../src/wire/envelope.ts';

const CALL = messageOf({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'once', arguments: {} } });

type Answer = (response: ServerResponse) => void;

/** A server that sends one answer to every POST, and an event stream to every GET. */
async function serve(t: TestContext, answer: Answer): Promise<URL> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') return answer(response);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\ndata: /messages\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

async function open(t: TestContext, how: OpenLink, onLost: (why: LinkFailure) => void = () => undefined): Promise<Link> {
  const opened = await how({ onMessage: () => undefined, onLost }, new AbortController().signal);
  if (opened.kind === 'failed') throw new Error(opened.why.detail);
  t.after(() => opened.link.close());
  return opened.link;
}

const over = (url: URL) => ({
  url,
  headers: {},
  ca: () => Promise.resolve(undefined),
  routes: () => Promise.resolve([{ kind: 'direct', address: '127.0.0.1' } as const]),
});

const ANSWERS: readonly { readonly what: string; readonly answer: Answer; readonly http: string; readonly sse: string | null }[] = [
  { what: '400', answer: (response) => response.writeHead(400).end('Bad Request'), http: 'not-sent', sse: 'not-sent' },
  { what: '404', answer: (response) => response.writeHead(404).end('Not Found'), http: 'not-sent', sse: 'not-sent' },
  { what: '429', answer: (response) => response.writeHead(429).end(), http: 'not-sent', sse: 'not-sent' },
  { what: '500', answer: (response) => response.writeHead(500).end('Oops'), http: 'unknown', sse: 'unknown' },
  { what: '502', answer: (response) => response.writeHead(502).end('Bad Gateway'), http: 'unknown', sse: 'unknown' },
  { what: '503', answer: (response) => response.writeHead(503).end('Busy'), http: 'unknown', sse: 'unknown' },
  {
    what: '503 with Retry-After',
    answer: (response) => response.writeHead(503, { 'retry-after': '1' }).end(),
    http: 'not-sent',
    sse: 'not-sent',
  },
  { what: 'half a JSON text', answer: (response) => response.writeHead(200).end('{"jsonrpc":'), http: 'unknown', sse: null },
  {
    what: 'a page',
    answer: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
    http: 'unknown',
    sse: null,
  },
  { what: 'an empty 200', answer: (response) => response.writeHead(200).end(), http: 'unknown', sse: null },
  { what: 'a broken connection', answer: (response) => response.destroy(), http: 'unknown', sse: 'unknown' },
];

for (const { what, answer, http, sse } of ANSWERS) {
  test(`${what}: a call over Streamable HTTP is ${http}`, async (t) => {
    const link = await open(t, openHttpLink(over(await serve(t, answer))));
    assert.equal((await link.send(CALL)).kind, http);
  });
  if (sse === null) continue;
  test(`${what}: a call over HTTP+SSE is ${sse}`, async (t) => {
    const link = await open(t, openSseLink(over(await serve(t, answer))));
    assert.equal((await link.send(CALL)).kind, sse);
  });
}

test('a program that closes its output and lives is lost, and ended', async (t) => {
  const program = `process.stdin.resume(); console.error(process.pid); require('node:fs').closeSync(1);`;
  let heardPid: (pid: number) => void = () => {};
  const pid = new Promise<number>((resolve) => (heardPid = resolve));
  let heardLoss: (why: LinkFailure) => void = () => {};
  const lost = new Promise<LinkFailure>((resolve) => (heardLoss = resolve));
  const how = openStdioLink({
    command: [process.execPath, '-e', program],
    cwd: process.cwd(),
    environment: process.env,
    mask: (text) => text,
    onStderr: (line) => heardPid(Number(line)),
  });
  const link = await open(t, how, (why) => heardLoss(why));
  const outcome = await link.send(CALL);
  assert.equal(outcome.kind, 'unknown');
  assert.equal((await lost).kind, 'ended');
  await link.close();
  const id = await pid;
  assert.throws(() => process.kill(id, 0), { code: 'ESRCH' });
});

test('the stream of a session that cannot be opened for a moment is opened later, and the gap is told', async (t) => {
  let gets = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET') {
      gets += 1;
      if (gets === 2) response.writeHead(503).end();
      else {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
        if (gets === 1) response.end();
      }
      return;
    }
    const isFirst = request.headers['mcp-session-id'] === undefined;
    response.writeHead(isFirst ? 200 : 202, { 'content-type': 'application/json', 'mcp-session-id': 's' });
    response.end(isFirst ? '{"jsonrpc":"2.0","id":0,"result":{}}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  let heardGap: () => void = () => {};
  const gap = new Promise<void>((resolve) => (heardGap = resolve));
  const opened = await openHttpLink(over(url))(
    { onMessage: () => undefined, onLost: () => undefined, onGap: () => heardGap() },
    new AbortController().signal,
  );
  if (opened.kind === 'failed') throw new Error(opened.why.detail);
  t.after(() => opened.link.close());
  await opened.link.send(messageOf({ jsonrpc: '2.0', id: 0, method: 'initialize', params: {} }));
  await opened.link.send(messageOf({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  await gap;
  assert.equal(gets, 3);
});
