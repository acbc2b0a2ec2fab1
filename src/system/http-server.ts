import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { codeOf } from './error-code.ts';

export type { IncomingMessage, ServerResponse, Socket };

/** Longer than the keep-alive time of clients and proxies, so that the client closes first and no request meets a closing connection. */
const KEEP_ALIVE_MS = 75_000;

export interface HttpServer {
  readonly address: string;
  readonly port: number;
  /** Takes no new connection; idle ones are closed. */
  stopAccepting(): void;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

export type HttpServerStart =
  | { readonly kind: 'listening'; readonly server: HttpServer }
  | { readonly kind: 'failed' /** errno name. */; readonly code: string };

/** Serves plain HTTP on one address for as long as it is wanted; port 0 lets the kernel choose. */
export function startHttpServer(
  address: string,
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServerStart> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handler);
  return new Promise((resolve) => {
    server.once('error', (error) => resolve({ kind: 'failed', code: codeOf(error) ?? 'UNKNOWN' }));
    // Without this, `::1` could also mean the IPv4 address.
    server.listen({ host: address, port, ipv6Only: address.includes(':'), backlog: 1024 }, () => {
      const stopAccepting = () => {
        server.close();
        server.closeIdleConnections();
      };
      resolve({
        kind: 'listening',
        server: {
          address,
          port: (server.address() as AddressInfo).port,
          stopAccepting,
          close: () =>
            new Promise((closed) => {
              if (!server.listening && server.address() === null) server.closeAllConnections();
              server.close(() => closed());
              server.closeAllConnections();
            }),
        },
      });
    });
  });
}
