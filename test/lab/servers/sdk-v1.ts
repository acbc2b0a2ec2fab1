/** Servers made with the official TypeScript SDK v1: Streamable HTTP with and without sessions, and HTTP+SSE. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type App, type AppOptions, pathOf, readBody } from './app.ts';

async function createMcpServer() {
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { z } = await import('zod');
  const server = new McpServer({ name: 'lab-v1', version: '1.0.0' });
  server.registerTool('add', { description: 'Adds two numbers.', inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  server.registerTool('now', { description: 'Tells the time.' }, () => ({ content: [{ type: 'text', text: new Date().toISOString() }] }));
  return server;
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

function notFound(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/html; charset=utf-8', 'x-powered-by': 'Express' });
  response.end(
    `<!DOCTYPE html>\n<html lang="en"><head><title>Error</title></head><body><pre>Cannot ${request.method} ${pathOf(request.url)}</pre></body></html>\n`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands before the SDK in many servers: a pause, a bearer token, and a list of host names (the SDK's own wording). */
async function guard(request: IncomingMessage, response: ServerResponse, options: AppOptions): Promise<boolean> {
  if (options.delay !== undefined) await sleep(options.delay);
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (options.hosts !== undefined && !options.hosts.includes(host)) {
    refuse(response, 403, -32000, `Invalid Host: ${host}`);
    return false;
  }
  const { authorization } = request.headers;
  if (options.token !== undefined && authorization !== `Bearer ${options.token}`) {
    const error = authorization === undefined ? '' : ' error="invalid_token", error_description="The access token is unknown",';
    const metadata = `http://${request.headers.host}/.well-known/oauth-protected-resource${options.path ?? '/mcp'}`;
    response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': `Bearer${error} resource_metadata="${metadata}"` });
    response.end(JSON.stringify({ error: 'invalid_token', error_description: 'Missing or unknown access token' }));
    return false;
  }
  return true;
}

/** RFC 9728: where a client learns who hands out tokens. */
function answerMetadata(request: IncomingMessage, response: ServerResponse, options: AppOptions): boolean {
  if (options.token === undefined || !pathOf(request.url).startsWith('/.well-known/oauth-protected-resource')) return false;
  response.writeHead(200, { 'content-type': 'application/json' });
  const resource = `http://${request.headers.host}${options.path ?? '/mcp'}`;
  response.end(JSON.stringify({ resource, authorization_servers: ['https://login.example.test/'], scopes_supported: ['tools'] }));
  return true;
}

/** Streamable HTTP with sessions, as the SDK's own example keeps them. */
export async function statefulV1(options: AppOptions = {}): Promise<App> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const { isInitializeRequest } = await import('@modelcontextprotocol/sdk/types.js');
  const transports = new Map<string, InstanceType<typeof StreamableHTTPServerTransport>>();
  const path = options.path ?? '/mcp';

  async function open(): Promise<InstanceType<typeof StreamableHTTPServerTransport>> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void transports.set(id, transport),
    });
    const server = await createMcpServer();
    server.server.onclose = () => void transports.delete(transport.sessionId ?? '');
    await server.connect(transport as Transport);
    return transport;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerMetadata(request, response, options)) return;
    if (pathOf(request.url) !== path) return notFound(request, response);
    if (!(await guard(request, response, options))) return;
    const body = request.method === 'POST' ? parseJson(await readBody(request)) : undefined;
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (known !== undefined) return known.handleRequest(request, response, body);
    if (typeof id === 'string') return refuse(response, 404, -32001, 'Session not found');
    if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: No valid session ID provided');
    return (await open()).handleRequest(request, response, body);
  }

  return { handle: (request, response) => void handle(request, response).catch(() => response.destroy()), sessions: () => transports.size };
}

/** Streamable HTTP without sessions: a server object per request. */
export async function statelessV1(options: AppOptions = {}): Promise<App> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const path = options.path ?? '/mcp';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerMetadata(request, response, options)) return;
    if (pathOf(request.url) !== path) return notFound(request, response);
    if (!(await guard(request, response, options))) return;
    if (request.method !== 'POST') return refuse(response, 405, -32000, 'Method not allowed.');
    const server = await createMcpServer();
    const transport = new StreamableHTTPServerTransport({});
    response.once('close', () => void server.close());
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response, parseJson(await readBody(request)));
  }

  return { handle: (request, response) => void handle(request, response).catch(() => response.destroy()) };
}

/** The older HTTP+SSE: a stream at `/sse`, messages to `/messages`. */
export async function sseV1(options: AppOptions = {}): Promise<App> {
  const { SSEServerTransport } = await import('@modelcontextprotocol/sdk/server/sse.js');
  const transports = new Map<string, InstanceType<typeof SSEServerTransport>>();
  const path = options.path ?? '/sse';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = pathOf(request.url);
    if (at !== path && at !== '/messages') return notFound(request, response);
    if (!(await guard(request, response, options))) return;
    if (at === path && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      transports.set(transport.sessionId, transport);
      response.once('close', () => transports.delete(transport.sessionId));
      return (await createMcpServer()).connect(transport as Transport);
    }
    const id = new URL(request.url ?? '/', 'http://unused').searchParams.get('sessionId') ?? '';
    if (at === '/messages' && request.method === 'POST') {
      const transport = transports.get(id);
      if (transport === undefined) return refuse(response, 404, -32001, 'Session not found');
      return transport.handlePostMessage(request, response);
    }
    return notFound(request, response);
  }

  return { handle: (request, response) => void handle(request, response).catch(() => response.destroy()), sessions: () => transports.size };
}
