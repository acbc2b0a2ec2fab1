/**
 * A healthy server for the benchmark: legacy Streamable HTTP with sessions in bare Node, so that a measured client waits
 * for the server as little as possible. Listens on as many ports as asked for and prints them, one per line;
 * `server.js 1 PORT DELAY` listens on that port after so many milliseconds and prints the moment.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const sessions = new Set<string>();
const TOOLS = [
  { name: 'echo', inputSchema: { type: 'object' } },
  { name: 'add', inputSchema: { type: 'object' } },
];

function reply(response: ServerResponse, status: number, body: object | null, headers: Record<string, string> = {}): void {
  const text = body === null ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const session = request.headers['mcp-session-id'];
  if (typeof session === 'string' && !sessions.has(session)) {
    return reply(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });
  }
  if (request.method === 'DELETE') {
    sessions.delete(String(session));
    return reply(response, 200, null);
  }
  const message = JSON.parse(text) as { id?: string; method: string };
  if (message.id === undefined) return reply(response, 202, null);
  if (message.method === 'initialize') {
    const fresh = randomUUID();
    sessions.add(fresh);
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'bench', version: '1.0.0' } };
    return reply(response, 200, { jsonrpc: '2.0', id: message.id, result }, { 'mcp-session-id': fresh });
  }
  reply(response, 200, { jsonrpc: '2.0', id: message.id, result: { tools: TOOLS } });
}

const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response);
const [count = '1', port, delay] = process.argv.slice(2);
if (port === undefined) {
  for (let index = 0; index < Number(count); index++) {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
  }
} else {
  const server = createServer(listener);
  setTimeout(
    () => server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${performance.timeOrigin + performance.now()}\n`)),
    Number(delay),
  );
}
