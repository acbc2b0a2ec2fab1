import { UsageError } from '../model/errors.ts';
import { endpoint } from '../model/view.ts';
import { after } from '../system/clock.ts';
import { type BothListening, type LocalServer, listenOnBoth, type RequestHandler, schemeOf, serverFor } from '../system/listen-both.ts';
import { socketReader } from '../system/sockets/index.ts';
import { type PortHolder, PortInUseError, toHolder } from './port-in-use.ts';

/** Looking through all processes takes some 20 ms; a machine that needs longer than this is not worth waiting for. */
const LOOK_MS = 3000;

/** A request that is under way finishes within this; an event stream never does. */
const GRACE_MS = 2000;

export interface ListenOptions {
  /** Path of the returned `url`. Default: `/`. */
  readonly path?: string;
  /** How long {@link LocalListener.close} lets requests finish before it cuts them, in milliseconds. Default: 2000. */
  readonly graceMs?: number;
  /** Closes the server when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A server that listens on this machine's loopback addresses. */
export interface LocalListener {
  readonly port: number;
  /** `['127.0.0.1', '::1']`, or `['127.0.0.1']` where there is no IPv6. */
  readonly addresses: readonly string[];
  /** Null when both families are served; else the error code with which `::1` was refused, for example `EADDRNOTAVAIL`. */
  readonly noIpv6: string | null;
  /** For clients on this machine, for example `http://localhost:3000/`; `https:` for TLS servers, `tcp:` for others. */
  readonly url: string;
  /** Stops accepting, lets requests finish for `graceMs`, cuts what is left. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Makes a server listen on both loopback addresses, 127.0.0.1 and ::1, on the same port, so that every client reaches
 * it as `localhost` whatever its name resolution prefers. Nothing outside this machine can connect.
 *
 * @param server a `node:http`, `node:https`, `node:tls` or `node:net` server that does not listen yet, or a request
 *   listener (an Express app is one)
 * @param port 1 to 65535; 0 picks a port that is free on both addresses
 * @throws UsageError `invalid-port`, `already-listening`
 * @throws PortInUseError (code `port-in-use`) when a program holds the port; the message says which, since when and by whom
 * @throws the operating system's error for everything else, for example EACCES for a port below 1024
 * @example
 * ```js
 * import { createServer } from 'node:http';
 * import { listenLocal } from 'mcpreach';
 *
 * const server = createServer((request, response) => response.end('hello'));
 * const { url, addresses, close } = await listenLocal(server, 3000);
 * console.log(`${url} on ${addresses.join(' and ')}`);
 * await close();
 * ```
 */
export async function listenLocal(server: LocalServer | RequestHandler, port: number, options: ListenOptions = {}): Promise<LocalListener> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('invalid-port', `Port ${port} is not a whole number from 0 to 65535.`);
  }
  options.signal?.throwIfAborted();
  const listening = serverFor(server);
  if (listening.listening) throw new UsageError('already-listening', 'The server listens already; give listenLocal one that does not.');
  const outcome = await listenOnBoth(listening, port);
  if (outcome.kind === 'refused') {
    if (outcome.code !== 'EADDRINUSE') throw outcome.error;
    throw new PortInUseError(port, outcome.address, await holdersOf(port, outcome.address), { cause: outcome.error });
  }
  return toListener(outcome, schemeOf(listening), options);
}

async function toListener(both: BothListening, scheme: string, options: ListenOptions): Promise<LocalListener> {
  const { signal, graceMs = GRACE_MS, path = '/' } = options;
  const { port, addresses, noIpv6 } = both;
  let closing: Promise<void> | null = null;
  const close = () => {
    signal?.removeEventListener('abort', end);
    closing ??= both.close(graceMs);
    return closing;
  };
  const end = () => void close();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) {
    await close();
    signal.throwIfAborted();
  }
  const host = noIpv6 === null ? `localhost:${port}` : endpoint(addresses[0] ?? 'localhost', port);
  return { port, addresses, noIpv6, url: `${scheme}://${host}${path.startsWith('/') ? path : `/${path}`}`, close };
}

/** Who listens so that the address cannot be had: on it, or on every address. */
async function holdersOf(port: number, address: string): Promise<readonly PortHolder[]> {
  const limit = new AbortController();
  const cancel = after(LOOK_MS, () => limit.abort());
  try {
    const reader = socketReader();
    const sockets = await reader.listeningSockets(limit.signal);
    if (sockets.kind === 'not-measured') return [];
    const here = sockets.value.filter((one) => one.port === port && [address, '0.0.0.0', '::'].includes(one.address));
    const owners = await reader.ownersOf(here, limit.signal);
    return here.map((one, index) => toHolder(one.address, owners[index]));
  } finally {
    cancel();
  }
}
