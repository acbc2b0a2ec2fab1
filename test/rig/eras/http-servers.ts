/** The servers of the rig over Streamable HTTP. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { legacyServer, modernServer } from './servers.ts';

/** 2026-07-28 alone. */
export async function serveModern(t: TestContext): Promise<string> {
  const { createMcpHandler } = await import('@modelcontextprotocol/server');
  const { toNodeHandler } = await import('@modelcontextprotocol/node');
  const counters = { cancelled: 0 };
  const handler = createMcpHandler(() => modernServer(counters, () => handler.notify), { legacy: 'reject' });
  t.after(() => handler.close());
  const serve = toNodeHandler(handler);
  return listen(t, (request, response) => void serve(request as NodeIncomingMessageLike, response));
}

/** 2025-11-25 and older, a session for each client. */
export async function serveLegacy(t: TestContext): Promise<string> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const counters = { cancelled: 0 };
  const transports = new Map<string, InstanceType<typeof StreamableHTTPServerTransport>>();
  const handle: (...exchange: Parameters<RequestListener>) => Promise<void> = async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = transports.get(String(id));
    if (transport === undefined) {
      const opened = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (session) => void transports.set(session, opened),
      });
      await (await legacyServer(counters)).connect(opened as Transport);
      transport = opened;
    }
    await transport.handleRequest(request, response);
  };
  return listen(t, (request, response) => void handle(request, response));
}

/** Listens on loopback until the test ends. */
export async function listen(t: TestContext, handle: RequestListener, path = '/mcp'): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
}
