import type { CauseId } from '../../model/ids.gen.ts';
import { lookupAll } from '../../system/dns.ts';
import { hasIpv6, type Workshop } from './workshop.ts';

/** What a scene must lead to: one of these causes, or a working server. */
export type Expectation = readonly (CauseId | 'ok')[];

/** A fault, ready to be looked at. */
export interface Staged {
  readonly kind: 'staged';
  /** What the client has been told. */
  readonly url: string;
  /** What was done to the server, in words. */
  readonly story: string;
  /** How long a refused address is watched, in milliseconds. */
  readonly patienceMs: number;
}

/** A fault this machine cannot show. */
export interface LeftOut {
  readonly kind: 'left-out';
  readonly why: string;
}

export interface Scene {
  readonly title: string;
  readonly expected: Expectation;
  stage(workshop: Workshop, signal: AbortSignal): Promise<Staged | LeftOut>;
}

const LATE_MS = 2000;
/** The doctor's own default. */
const USUAL_PATIENCE_MS = 5000;
/** Nothing will come up in that scene; a second is enough to see that it is watched. */
const SHORT_PATIENCE_MS = 1000;
/** A name in the hosts file needs no network. */
const LOOKUP_MS = 2000;

function staged(url: string, story: string, patienceMs = USUAL_PATIENCE_MS): Staged {
  return { kind: 'staged', url, story, patienceMs };
}

function urlFor(host: string, port: number, scheme = 'http'): string {
  return `${scheme}://${host}:${port}/mcp`;
}

async function mustServe(workshop: Workshop, address: string): Promise<number> {
  const listener = await workshop.serveMcp(address);
  if (listener === null) throw new Error(`nothing can listen on ${address} here`);
  return listener.port;
}

/** One fault after another, and the healthy run at the end. */
export const SCENES: readonly Scene[] = [
  {
    title: 'Nothing listens',
    expected: ['server-not-running'],
    async stage(workshop) {
      const url = urlFor('localhost', await workshop.freePort());
      return staged(url, 'The server was never started.', SHORT_PATIENCE_MS);
    },
  },
  {
    title: 'The server comes up two seconds late',
    expected: ['startup-race'],
    async stage(workshop) {
      const port = await workshop.freePort();
      workshop.serveMcpLater('127.0.0.1', port, LATE_MS);
      return staged(urlFor('127.0.0.1', port), 'The client asks at once; the server needs two seconds to start.');
    },
  },
  {
    title: 'The server listens on another port',
    expected: ['wrong-port'],
    async stage(workshop) {
      const wrong = await workshop.freePort();
      const right = await mustServe(workshop, '127.0.0.1');
      return staged(urlFor('127.0.0.1', wrong), `The server listens on port ${right}; the client was told ${wrong}.`);
    },
  },
  {
    title: 'The server listens on one address family only',
    expected: ['ipv6-localhost'],
    async stage(workshop, signal) {
      if (!(await hasIpv6())) return { kind: 'left-out', why: 'this machine has no IPv6 loopback address' };
      const port = await mustServe(workshop, '::1');
      const { addresses } = await lookupAll('localhost', LOOKUP_MS, signal);
      // A `localhost` that means both addresses would work for clients that try the second one.
      const host = addresses.length > 0 && addresses.every(({ family }) => family === 4) ? 'localhost' : '127.0.0.1';
      const meaning = host === 'localhost' ? 'the client was told localhost, which is 127.0.0.1 here' : 'the client was told 127.0.0.1';
      return staged(urlFor(host, port), `The server listens on ::1 (IPv6) only; ${meaning}.`);
    },
  },
  {
    title: 'https to a plain port',
    expected: ['wrong-scheme'],
    async stage(workshop) {
      const port = await mustServe(workshop, '127.0.0.1');
      return staged(urlFor('127.0.0.1', port, 'https'), 'The server speaks plain HTTP; the client was told https.');
    },
  },
  {
    title: 'An old HTML development server holds the port',
    // Without permission to see the port's owner, "another program" cannot be proved.
    expected: ['port-in-use', 'not-mcp'],
    async stage(workshop) {
      const port = await workshop.serveHtml();
      return staged(urlFor('127.0.0.1', port), 'A development server from yesterday still holds the port and answers with a page.');
    },
  },
  {
    title: 'All is well',
    expected: ['ok'],
    async stage(workshop) {
      const port = await mustServe(workshop, '127.0.0.1');
      return staged(urlFor('127.0.0.1', port), 'The same server, reached as it should be.');
    },
  },
];
