import { randomBytes } from 'node:crypto';
import { sleep } from '../../system/clock.ts';
import { type HttpListener, listenHttp, type RequestHandler } from '../../system/http-listener.ts';
import { startOldServer } from './old-server.ts';

/** How often a port that looked free may turn out taken before we give up. */
const ATTEMPTS = 20;

/** Everything the scenes start, and what ends it again. */
export interface Workshop {
  /** Name of the embedded server: other MCP servers of this machine, a second demo among them, must not be mistaken for it. */
  readonly serverName: string;
  /** A port on which nothing listens, on either loopback address. */
  freePort(): Promise<number>;
  /** The embedded MCP server on a free port, or on the given one; null when the address does not exist here. */
  serveMcp(address: string, port?: number): Promise<HttpListener | null>;
  /** The same after `ms`; the promise of it is kept. */
  serveMcpLater(address: string, port: number, ms: number): void;
  /** Another program on 127.0.0.1 that answers everything with a page; its port. */
  serveHtml(): Promise<number>;
  /** Whether something of ours listens on that port. */
  owns(port: number): boolean;
  /** Ends what is running, for the next scene or for good. */
  clear(): Promise<void>;
}

export function openWorkshop(signal: AbortSignal): Workshop {
  const serverName = `demo${randomBytes(3).toString('hex')}`;
  const running = new Set<{ readonly port: number; close(): Promise<void> }>();
  let scene = new AbortController();
  let later: Promise<void> = Promise.resolve();

  async function listen(address: string, port: number, handler: RequestHandler): Promise<HttpListener | null> {
    const listener = await listenHttp(address, port, handler);
    if (listener !== null) running.add(listener);
    return listener;
  }

  async function serveMcp(address: string, port = 0): Promise<HttpListener | null> {
    // The SDK takes a while to load, and only the demo needs it.
    const { createDemoHandler } = await import('./mcp-server.ts');
    return listen(address, port, createDemoHandler(serverName));
  }

  return {
    serverName,
    async freePort() {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const four = await listenHttp('127.0.0.1', 0, () => undefined);
        if (four === null) continue;
        const six = await listenHttp('::1', four.port, () => undefined);
        const taken = six === null && (await hasIpv6());
        await Promise.all([four.close(), six?.close()]);
        if (!taken) return four.port;
      }
      throw new Error('no free port was found on this machine');
    },
    serveMcp,
    serveMcpLater(address, port, ms) {
      const ended = AbortSignal.any([signal, scene.signal]);
      later = sleep(ms, ended).then(async () => {
        if (!ended.aborted) await serveMcp(address, port);
      });
    },
    async serveHtml() {
      const server = await startOldServer(signal);
      running.add(server);
      return server.port;
    },
    owns: (port) => [...running].some((one) => one.port === port),
    async clear() {
      scene.abort();
      await later;
      await Promise.all([...running].map((one) => one.close()));
      running.clear();
      scene = new AbortController();
    },
  };
}

/** Whether the IPv6 loopback address exists here. */
export async function hasIpv6(): Promise<boolean> {
  const listener = await listenHttp('::1', 0, () => undefined);
  await listener?.close();
  return listener !== null;
}
