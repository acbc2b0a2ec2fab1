/** `node server.js FLAVOUR FOLDER PORT`: the server that is tormented. FLAVOUR: `json`, `events`, `sse`, `modern` or `stdio`. */
import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathOf, readBody } from '../lab/servers/app.ts';
import { type Mood, NAME, readState, record } from './state.ts';

const [, , flavour = '', folder = '', port = '0'] = process.argv;
const { name } = readState(folder);
let { edition } = readState(folder);
/** Tell every session that the tools are others now. */
const announce = new Set<() => void>();

function run(key: string): void {
  record(folder, name === NAME ? 'ran' : 'ran-by-stranger', key);
}

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

async function createLegacy() {
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { z } = await import('zod');
  const server = new McpServer({ name, version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('run', { inputSchema: { key: z.string(), ms: z.number() } }, async ({ key, ms }) => {
    run(key);
    if (ms > 0) await sleep(ms);
    return text(key);
  });
  // A question to the client in the middle of a call: its answer must be that to this question and no other.
  server.registerTool('ask', { inputSchema: { key: z.string() } }, async ({ key }, { sendRequest }) => {
    run(key);
    const requestedSchema = { type: 'object' as const, properties: { key: { type: 'string' as const } } };
    const answer = await sendRequest(
      { method: 'elicitation/create', params: { message: key, requestedSchema } },
      z.object({ action: z.string(), content: z.object({ key: z.string() }) }),
    );
    return text(answer.content.key === key ? key : `${key} was given the answer to ${answer.content.key}`);
  });
  let extra = server.registerTool(`edition-${edition}`, {}, () => text('none'));
  const tell = () => {
    extra.remove();
    extra = server.registerTool(`edition-${edition}`, {}, () => text('none'));
  };
  announce.add(tell);
  return { server, forget: () => announce.delete(tell) };
}

async function streamable(enableJsonResponse: boolean): Promise<RequestListener> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const { isInitializeRequest } = await import('@modelcontextprotocol/sdk/types.js');
  const transports = new Map<string, InstanceType<typeof StreamableHTTPServerTransport>>();
  return handling(async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (known !== undefined) return known.handleRequest(request, response, body);
    if (!isInitializeRequest(body)) return refuse(response, typeof id === 'string' ? 404 : 400, 'Session not found');
    const transport = new StreamableHTTPServerTransport({
      enableJsonResponse,
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void transports.set(session, transport),
    });
    const { server, forget } = await createLegacy();
    server.server.onclose = () => {
      transports.delete(transport.sessionId ?? '');
      forget();
    };
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport.handleRequest(request, response, body);
  });
}

async function eventStream(): Promise<RequestListener> {
  const { SSEServerTransport } = await import('@modelcontextprotocol/sdk/server/sse.js');
  const transports = new Map<string, InstanceType<typeof SSEServerTransport>>();
  return handling(async (request, response, body) => {
    // As Express declines it; a client of Streamable HTTP learns from it that this is the older transport.
    if (pathOf(request.url) === '/mcp' && request.method === 'POST')
      return response.writeHead(404, { 'content-type': 'text/html' }).end('<pre>Cannot POST /mcp</pre>');
    if (pathOf(request.url) === '/mcp' && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      transports.set(transport.sessionId, transport);
      const { server, forget } = await createLegacy();
      response.once('close', () => {
        transports.delete(transport.sessionId);
        forget();
      });
      return server.connect(transport);
    }
    const id = new URL(request.url ?? '/', 'http://unused').searchParams.get('sessionId') ?? '';
    const transport = request.method === 'POST' ? transports.get(id) : undefined;
    return transport === undefined ? refuse(response, 404, 'Session not found') : transport.handlePostMessage(request, response, body);
  });
}

async function modern(): Promise<RequestListener> {
  const { createMcpHandler, McpServer } = await import('@modelcontextprotocol/server');
  const { toNodeHandler } = await import('@modelcontextprotocol/node');
  const { z } = await import('zod');
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name, version: '2.0.0' });
      server.registerTool('run', { inputSchema: z.object({ key: z.string(), ms: z.number() }) }, async ({ key, ms }) => {
        run(key);
        if (ms > 0) await sleep(ms);
        return text(key);
      });
      server.registerTool(`edition-${edition}`, {}, () => text('none'));
      return server;
    },
    { legacy: 'reject' },
  );
  const serve = toNodeHandler(handler);
  return handling(async (request, response, body) => {
    await serve(request as Parameters<typeof serve>[0], response, body);
  });
}

/** Reads the body, and lets the mood of the day answer. */
function handling(handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => unknown) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const act = async () => {
      const body: unknown = request.method === 'POST' ? JSON.parse(await readBody(request)) : undefined;
      const { mood } = readState(folder);
      if (mood === null || (mood === 'no-replies' && !isReply(body))) await handle(request, response, body);
      else answerIn(mood, body, response);
    };
    // Half a body, or a connection that went: nobody is there to be told.
    act().catch(() => response.destroy());
  };
}

function isReply(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'id' in body && !('method' in body);
}

function answerIn(mood: Mood, body: unknown, response: ServerResponse): void {
  const { method, params } = (body ?? {}) as { readonly method?: string; readonly params?: { readonly arguments?: { key?: string } } };
  if (mood.startsWith('ran-') && method === 'tools/call') run(params?.arguments?.key ?? '');
  switch (mood) {
    case '404':
      return refuse(response, 404, 'Session not found');
    case '400':
      return void response.writeHead(400, { 'content-type': 'text/plain' }).end('Bad Request');
    case '503':
      return void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Service Unavailable</h1>');
    case '503-later':
    case 'no-replies':
      return void response.writeHead(503, { 'retry-after': '0' }).end();
    case 'page':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hello</title>');
    case 'garbage':
    case 'ran-garbage':
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":');
    case 'ran-empty':
      return void response.writeHead(200, { 'content-type': 'application/json' }).end();
    case 'ran-502':
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    case 'noise':
      response.socket?.end('\u0000\u0001 this is no HTTP \r\n\r\n');
      return;
    case 'ran-cut':
      response.socket?.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"jsonrpc":');
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32001, message }, id: null }));
}

async function serveHttp(listener: RequestListener): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer(listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Half-closed: every connection is ended, and the server lives.
  process.on('SIGUSR2', () => {
    for (const socket of sockets) socket.end();
  });
  // The port of a server that was killed a moment ago is free; one that is not will be.
  server.on('error', () => setTimeout(() => server.listen(Number(port), '127.0.0.1'), 20));
  server.listen(Number(port), '127.0.0.1', () => {
    record(folder, 'pids', String(process.pid));
    console.log('listening');
  });
}

async function serveStdio(): Promise<void> {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  process.on('SIGUSR2', () => {
    // Nobody hears it any more, and it lives.
    process.stdout.on('error', () => undefined);
    closeSync(1);
  });
  // Lines between the messages that are none.
  setInterval(() => {
    if (process.stdout.writable && readState(folder).mood === 'noise') process.stdout.write('debug: \u0001 { not a message\n');
  }, 5);
  const { server } = await createLegacy();
  await server.connect(new StdioServerTransport());
  record(folder, 'pids', String(process.pid));
}

process.on('SIGHUP', () => {
  ({ edition } = readState(folder));
  for (const tell of announce) tell();
});

switch (flavour) {
  case 'stdio':
    await serveStdio();
    break;
  case 'sse':
    await serveHttp(await eventStream());
    break;
  case 'modern':
    await serveHttp(await modern());
    break;
  default:
    await serveHttp(await streamable(flavour === 'json'));
}
