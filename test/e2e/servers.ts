import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createDemoHandler } from '../../src/commands/demo/mcp-server.ts';

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** A real MCP server on a free port of 127.0.0.1. */
export function serveMcp(name = 'e2e'): Promise<Served> {
  return serve(createServer(createDemoHandler(name) as RequestListener));
}

/** Accepts connections and never says anything. */
export function serveSilence(): Promise<Served> {
  return serve(createTcpServer(() => undefined));
}

/** An address on which nothing listens. */
export async function refusedUrl(): Promise<string> {
  const { url, close } = await serveSilence();
  await close();
  return url;
}

function serve(server: Server): Promise<Served> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${port}/mcp`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
