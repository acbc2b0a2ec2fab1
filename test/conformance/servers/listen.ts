/** Serves `/mcp` on a free port of both loopback names and prints the address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handle = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Requests that name another host are refused: a page in a browser could have made them (DNS rebinding). */
function isLocal(host: string | undefined): boolean {
  return LOCAL.includes((host ?? '').replace(/:\d+$/, ''));
}

export function listen(handle: Handle): void {
  const server = createServer((request, response) => {
    const { host, origin } = request.headers;
    if (!isLocal(host) || (origin !== undefined && !isLocal(origin.replace(/^https?:\/\//, ''))))
      return refuse(response, 403, -32000, 'Invalid Host');
    void readBody(request)
      .then((body) => handle(request, response, body))
      .catch(() => refuse(response, 400, -32700, 'Parse error'));
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

/** A JSON-RPC error that answers no request. */
export function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
