/** Servers that come up late, or misbehave for a while, on ports of their own. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import type { App } from '../../lab/servers/app.ts';

const cleanUps: (() => Promise<void>)[] = [];

/** Closes every server of this file with its connections. */
export async function closeAll(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}

export interface Place {
  readonly port: number;
  readonly url: string;
  /** How many connections are open; waits a moment for those that are just closing. */
  connections(): Promise<number>;
}

/** Listens at one address alone. */
export async function listen(handle: RequestListener, host = '127.0.0.1', port = 0, tls?: { cert: string; key: string }): Promise<Place> {
  return open(tls === undefined ? createServer(handle) : createHttpsServer(tls, handle), host, port, tls === undefined ? 'http' : 'https');
}

/** Accepts connections and never says anything. */
export function listenSilently(): Promise<Place> {
  return open(
    createTcpServer((socket) => void socket.resume()),
    '127.0.0.1',
    0,
    'http',
  );
}

/** A port on which nothing listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts to listen on a port after so many milliseconds. */
export function listenLater(app: App, port: number, ms: number, host = '127.0.0.1'): Promise<Place> {
  return new Promise((resolve, reject) => {
    setTimeout(() => void listen(app.handle, host, port).then(resolve, reject), ms);
  });
}

async function open(server: Server | TcpServer, host: string, port: number, scheme: string): Promise<Place> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  cleanUps.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const own = (server.address() as AddressInfo).port;
  return {
    port: own,
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${own}/mcp`,
    async connections() {
      for (let tries = 0; sockets.size > 0 && tries < 40; tries++) await new Promise((resolve) => setTimeout(resolve, 25));
      return sockets.size;
    },
  };
}

/** Another handler until so many milliseconds after the first request, then the app. */
export function atFirst(before: RequestListener, ms: number, app: App): App {
  let since: number | null = null;
  return {
    ...app,
    handle(request, response) {
      since ??= performance.now();
      (performance.now() - since < ms ? before : app.handle)(request, response);
    },
  };
}

/** Answers every request with this. */
export function answer(status: number, headers: Record<string, string> = {}, body = ''): RequestListener {
  return (_, response) => void response.writeHead(status, headers).end(body);
}
