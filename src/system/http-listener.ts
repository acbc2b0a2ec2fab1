import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpListener {
  readonly port: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Serves plain HTTP on one address; port 0 lets the kernel choose. Null when the address does not exist here or the port is taken. */
export function listenHttp(address: string, port: number, handler: RequestHandler): Promise<HttpListener | null> {
  const server = createServer(handler);
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    // Without this, `::1` could also mean the IPv4 address.
    server.listen({ host: address, port, ipv6Only: address.includes(':') }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
