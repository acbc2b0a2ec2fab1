/** One server on both loopback addresses. Node's servers listen once, so a second listener hands its sockets over. */
import { createServer as createHttpServer, type RequestListener, Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { codeOf } from './error-code.ts';
import { within } from './clock.ts';

export const IPV4_LOOPBACK = '127.0.0.1';
export const IPV6_LOOPBACK = '::1';

/** What bind(2) says where a machine, a container or a kernel has no IPv6. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EPROTONOSUPPORT']);

/** How often another port is tried when the kernel's choice is free on one family only. */
const PORT_CHOICES = 32;

export interface BothListening {
  readonly kind: 'listening';
  readonly port: number;
  readonly addresses: readonly string[];
  /** Why `::1` is not among the addresses, as an error code; null when it is. */
  readonly noIpv6: string | null;
  /** Stops accepting at once, lets what is under way finish for `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

/** What became of listening: the address that could not be had says why. */
export type BothOutcome =
  | BothListening
  | { readonly kind: 'refused'; readonly address: string; readonly code: string; readonly error: Error };

/** Any of Node's servers: plain, TLS, HTTP, HTTPS. */
export type LocalServer = Server;
export type RequestHandler = RequestListener;

/** The server itself, or a plain HTTP server for a request listener. */
export function serverFor(server: LocalServer | RequestHandler): Server {
  return typeof server === 'function' ? createHttpServer(server) : server;
}

/** The scheme under which a server is reached. */
export function schemeOf(server: Server): 'http' | 'https' | 'tcp' {
  if (server instanceof TlsServer) return 'https';
  return server instanceof HttpServer ? 'http' : 'tcp';
}

/** Listens on 127.0.0.1 and ::1 with one port; port 0 finds one that is free on both. Leaves nothing open when it fails. */
export async function listenOnBoth(server: Server, port: number): Promise<BothOutcome> {
  for (let choice = 1; ; choice++) {
    const outcome = await tryBoth(server, port);
    const elsewhere = port === 0 && outcome.kind === 'refused' && outcome.code === 'EADDRINUSE' && choice < PORT_CHOICES;
    if (!elsewhere) return outcome;
  }
}

async function tryBoth(server: Server, port: number): Promise<BothOutcome> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  // Before the first socket can arrive, and before the server's own listeners see it.
  server.prependListener('connection', track);
  const second = createSecond(server);
  const sixth = await listenOne(second, IPV6_LOOPBACK, port);
  if (sixth !== null && !NO_IPV6.has(sixth.code)) {
    server.off('connection', track);
    return { kind: 'refused', address: IPV6_LOOPBACK, ...sixth };
  }
  const chosen = sixth === null ? (second.address() as AddressInfo).port : port;
  const fourth = await listenOne(server, IPV4_LOOPBACK, chosen);
  if (fourth !== null) {
    server.off('connection', track);
    await closed(second);
    return { kind: 'refused', address: IPV4_LOOPBACK, ...fourth };
  }
  // Whoever closes the server itself means both addresses.
  server.once('close', () => {
    second.close();
    server.off('connection', track);
  });
  return {
    kind: 'listening',
    port: (server.address() as AddressInfo).port,
    addresses: sixth === null ? [IPV4_LOOPBACK, IPV6_LOOPBACK] : [IPV4_LOOPBACK],
    noIpv6: sixth?.code ?? null,
    async close(graceMs) {
      const ends = Promise.all([closed(server), closed(second)]);
      await within(ends, graceMs, undefined);
      for (const socket of sockets) socket.destroy();
      await ends;
    },
  };
}

/** A listener with the same socket options, whose sockets the server takes for its own. */
function createSecond(server: Server): Server {
  // Node keeps these as fields of every server, and its declarations know none of them.
  const own = server as Server & Readonly<Record<'allowHalfOpen' | 'pauseOnConnect' | 'noDelay' | 'keepAlive', boolean | undefined>>;
  const { allowHalfOpen = false, pauseOnConnect = false, noDelay = false, keepAlive = false } = own;
  return createServer({ allowHalfOpen, pauseOnConnect, noDelay, keepAlive }, (socket) => {
    // Documented for HTTP and TLS servers: https://nodejs.org/api/http.html#event-connection
    server.emit('connection', socket);
  });
}

/** Null when it listens, else why it does not. */
function listenOne(server: Server, host: string, port: number): Promise<{ readonly code: string; readonly error: Error } | null> {
  return new Promise((resolve) => {
    const failed = (error: Error) => {
      server.off('listening', listening);
      resolve({ code: codeOf(error) ?? 'UNKNOWN', error });
    };
    const listening = () => {
      server.off('error', failed);
      resolve(null);
    };
    server.once('error', failed);
    server.once('listening', listening);
    // Without `ipv6Only`, `::1` could also mean the IPv4 address; `exclusive` keeps cluster workers from sharing a port unasked.
    server.listen({ host, port, ipv6Only: host === IPV6_LOOPBACK, exclusive: true });
  });
}

/** Ends when nothing is open any more; at once for a server that does not listen. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
