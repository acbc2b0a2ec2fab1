import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Part of every path the cases ask for. */
export const MARK = 'proxy-differential';

/** The name the cases ask for, also readable in a TLS ClientHello. */
export const NAME = 'mcp.corp.test';

/** Who was connected to first, and what came in: `a CONNECT`, `b GET`, `direct`, `a SOCKS`, or `nothing`. */
export type Seen = string;

/** Two proxies and the target itself, on loopback; each answers so that the client gives up at once. */
export interface Recorder {
  readonly ports: { readonly a: number; readonly b: number; readonly t: number };
  /** What was seen since the last call. */
  take(): Seen;
  close(): Promise<void>;
}

/** Starts the three; the target listens on both loopback addresses with one port number. */
export async function startRecorder(): Promise<Recorder> {
  const sockets = new Set<Socket>();
  let seen: Seen = 'nothing';

  function serve(describe: (bytes: Buffer) => string, answer: string): Server {
    return createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes) => {
        if (seen === 'nothing' && isOurs(bytes)) seen = describe(bytes);
        socket.end(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      });
    });
  }

  const proxy = (name: string) => serve((bytes) => `${name} ${firstWord(bytes)}`, '502 Bad Gateway');
  const [a, b] = [proxy('a'), proxy('b')];
  const [direct4, direct6] = [serve(() => 'direct', '404 Not Found'), serve(() => 'direct', '404 Not Found')];
  const portA = await listen(a, '127.0.0.1', 0);
  const portB = await listen(b, '127.0.0.1', 0);
  const portT = await listen(direct6, '::1', 0);
  await listen(direct4, '127.0.0.1', portT);

  return {
    ports: { a: portA, b: portB, t: portT },
    take() {
      const taken = seen;
      seen = 'nothing';
      return taken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([a, b, direct4, direct6].map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

/** Other programs on this machine may knock at open ports meanwhile (mcpreach itself does): only the cases' requests count. */
function isOurs(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return isSocks(bytes) || text.startsWith('CONNECT ') || text.includes(MARK) || text.includes(NAME);
}

function isSocks(bytes: Buffer): boolean {
  return bytes[0] === 4 || bytes[0] === 5;
}

function firstWord(bytes: Buffer): string {
  return isSocks(bytes) ? 'SOCKS' : (bytes.toString('latin1').split(' ', 1)[0] ?? '');
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
