/**
 * The server of the chaos runs: `server.js KIND LEDGER`. Its tool `count` writes its key to the ledger before it answers, so
 * that every execution is known however the server ends. The HTTP kinds listen when their parent tells them to; the stdio
 * kind reads who it is from a file beside the ledger.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Identity, Order } from './orders.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const [kind = 'json', ledger = ''] = process.argv.slice(2);

async function count({ name }: Identity, key: string, delay: number): Promise<{ content: [{ type: 'text'; text: string }] }> {
  appendFileSync(ledger, `${name} ${key}\n`);
  if (delay > 0) await sleep(delay);
  return { content: [{ type: 'text', text: key }] };
}

async function createV1(identity: Identity) {
  const { name, tools } = identity;
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { z } = await import('zod');
  const server = new McpServer({ name, version: '1.0.0' }, { capabilities: { tools: { listChanged: true } } });
  const inputSchema = { key: z.string(), delay: z.number() };
  for (const tool of tools)
    server.registerTool(tool, { description: 'Counts.', inputSchema }, ({ key, delay }) => count(identity, key, delay));
  return server;
}

async function legacy(identity: Identity): Promise<Handle> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const sessions = new Map<string, InstanceType<typeof StreamableHTTPServerTransport>>();
  const serve: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async (request, response) => {
    const session = request.headers['mcp-session-id'];
    const known = typeof session === 'string' ? sessions.get(session) : undefined;
    if (session !== undefined && known === undefined) return refuse(response, 404);
    if (known !== undefined) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: kind === 'json',
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await (await createV1(identity)).connect(transport);
    await transport.handleRequest(request, response);
  };
  return (request, response) => void serve(request, response);
}

async function modern(identity: Identity): Promise<Handle> {
  const { name, tools } = identity;
  const { createMcpHandler, McpServer } = await import('@modelcontextprotocol/server');
  const { toNodeHandler } = await import('@modelcontextprotocol/node');
  const { z } = await import('zod');
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name, version: '1.0.0' }, { capabilities: { tools: { listChanged: true } } });
      const inputSchema = z.object({ key: z.string(), delay: z.number() });
      for (const tool of tools)
        server.registerTool(tool, { description: 'Counts.', inputSchema }, ({ key, delay }) => count(identity, key, delay));
      return server;
    },
    { legacy: 'reject' },
  );
  const serve = toNodeHandler(handler);
  return (request, response) => void serve(request as Parameters<typeof serve>[0], response);
}

/** As the servers with sessions say it; one of 2026-07-28 has none, so there it is what a gateway says. */
function refuse(response: ServerResponse, status: number): void {
  if (kind === 'modern' || status === 503) {
    response.writeHead(status, { 'content-type': 'text/html' });
    return void response.end(`<!doctype html><title>${status}</title>`);
  }
  const [code, message] = status === 404 ? [-32001, 'Session not found'] : [-32000, 'Bad Request: No valid session ID provided'];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

async function serveHttp(): Promise<void> {
  // Loaded before it is asked to listen: only then can a run kill it a thousand times in reasonable time.
  const warm = kind === 'modern' ? modern : legacy;
  await warm({ name: 'warm', tools: [] });
  let answer: Handle = (_request, response) => refuse(response, 503);
  let mood: number | 'garbage' | 'well' = 'well';
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    if (mood === 'well') return answer(request, response);
    request.resume();
    if (mood !== 'garbage') return refuse(response, mood);
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Welcome</title>');
  });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  const obey = async (order: Order): Promise<void> => {
    if (order.kind === 'mood') mood = order.mood;
    if (order.kind === 'half-close') for (const socket of sockets) socket.end();
    if (order.kind === 'listen') {
      answer = await warm(order.identity);
      http.on('error', () => process.exit(3));
      await new Promise<void>((resolve) => http.listen(order.port, '127.0.0.1', resolve));
    }
    process.send?.('done');
  };
  process.on('message', (order) => void obey(order as Order));
  process.on('disconnect', () => process.exit(0));
  process.send?.('done');
}

async function serveStdio(): Promise<void> {
  const identity = JSON.parse(readFileSync(`${ledger}.identity`, 'utf8')) as Identity;
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  appendFileSync(`${ledger}.pids`, `${process.pid}\n`);
  if (identity.tools.length === 0) process.exit(7);
  await (await createV1(identity)).connect(new StdioServerTransport());
}

await (kind === 'stdio' ? serveStdio() : serveHttp());
