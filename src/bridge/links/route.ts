/** Which way to a server is open: its addresses are tried by themselves, each a little after the one before. */
import type { TcpAttempt, TcpOutcome } from '../../model/evidence.ts';
import { isLoopback } from '../../model/view.ts';
import { sleep } from '../../system/clock.ts';
import { bareHost, type Channel, type ChannelRoute, openChannel, portOf } from '../../system/http.ts';
import { connectOnce } from '../../system/tcp.ts';
import type { LinkFailure } from './link.ts';

/** An address gets a head start of so long over the next, in milliseconds (RFC 8305, section 5). */
const STAGGER_MS = 250;
/** An address that is silent for longer is not the one to wait for, in milliseconds; the next attempt comes anyway. */
const CONNECT_MS = 4_000;

type ChosenRoute = { readonly kind: 'open'; readonly route: ChannelRoute } | { readonly kind: 'failed'; readonly why: LinkFailure };

/** Where a server is, and what is needed on the way. */
export interface WayOptions {
  readonly url: URL;
  /** Sent with every request; to this origin and no other. */
  readonly headers: Readonly<Record<string, string>>;
  /** Trusted roots in PEM, instead of Node's own; undefined keeps those. */
  readonly ca: () => Promise<readonly string[] | undefined>;
  /** Ways to the server, in the order in which they are tried. */
  readonly routes: (signal: AbortSignal) => Promise<readonly ChannelRoute[] | LinkFailure>;
}

export interface OpenWay {
  readonly kind: 'open';
  readonly channel: Channel;
  /** Makes another connection to where the channel leads; null where that says nothing. */
  readonly knock: ((signal: AbortSignal) => Promise<TcpOutcome>) | null;
}

/** A channel on the first way that is open. Nothing that is sent on it is sent twice. */
export async function openWay(
  { url, ca, routes }: WayOptions,
  signal: AbortSignal,
): Promise<OpenWay | { readonly kind: 'failed'; readonly why: LinkFailure }> {
  const ways = await routes(signal);
  if ('kind' in ways) return { kind: 'failed', why: ways };
  const chosen = await chooseRoute(url, ways, signal);
  if (chosen.kind === 'failed') return chosen;
  const { route } = chosen;
  const place = dialled(url, route);
  // On one machine nothing can get lost between the two.
  const knock = isLoopback(place.address)
    ? null
    : async (ending: AbortSignal) => (await connectOnce(place, { timeoutMs: CONNECT_MS, signal: ending })).outcome;
  return { kind: 'open', channel: openChannel({ origin: url, route, ca: await ca(), resendStale: false }), knock };
}

/** The first way on which a connection is accepted. */
async function chooseRoute(url: URL, routes: readonly ChannelRoute[], signal: AbortSignal): Promise<ChosenRoute> {
  const done = new AbortController();
  const stop = () => done.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const failed: TcpAttempt[] = [];
  try {
    return await new Promise<ChosenRoute>((resolve) => {
      if (routes.length === 0) resolve(unreachable(url, failed));
      // A refusal starts the next address at once.
      let wake = () => {};
      const attempt = async (route: ChannelRoute) => {
        const made = await connectOnce(dialled(url, route), { timeoutMs: CONNECT_MS, signal: done.signal });
        if (made.outcome === 'open') return resolve({ kind: 'open', route });
        failed.push(made);
        wake();
        if (failed.length === routes.length) resolve(unreachable(url, failed));
      };
      void (async () => {
        for (const route of routes) {
          if (done.signal.aborted) return;
          void attempt(route);
          await Promise.race([sleep(STAGGER_MS, done.signal), new Promise<void>((next) => (wake = next))]);
        }
      })();
    });
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function dialled(url: URL, route: ChannelRoute) {
  const target = route.kind === 'proxy' ? route.url : url;
  return { address: route.address, family: route.address.includes(':') ? (6 as const) : (4 as const), port: portOf(target) };
}

const WORDS: Readonly<Record<string, string>> = {
  refused: 'refused the connection',
  'timed-out': 'does not answer',
  unreachable: 'cannot be reached',
};

function unreachable(url: URL, failed: readonly TcpAttempt[]): ChosenRoute {
  const detail = failed
    .map(
      ({ address, family, port, outcome, code }) =>
        `${family === 6 ? `[${address}]` : address}:${port} ${WORDS[outcome] ?? `failed (${code})`}`,
    )
    .join('; ');
  return {
    kind: 'failed',
    why: {
      kind: 'unreachable',
      code: failed[0]?.code ?? null,
      status: null,
      detail: detail === '' ? `${bareHost(url)} has no address` : detail,
      retryAfterMs: null,
      lastLines: [],
    },
  };
}
