/** Which way to a server is open: its addresses are tried by themselves, each a little after the one before. */
import type { TcpAttempt } from '../../model/evidence.ts';
import { sleep } from '../../system/clock.ts';
import { bareHost, type ChannelRoute, portOf } from '../../system/http.ts';
import { connectOnce } from '../../system/tcp.ts';
import type { LinkFailure } from './link.ts';

/** An address gets a head start of so long over the next, in milliseconds (RFC 8305, section 5). */
const STAGGER_MS = 250;
/** An address that is silent for longer is not the one to wait for, in milliseconds; the next attempt comes anyway. */
const CONNECT_MS = 4_000;

export type ChosenRoute = { readonly kind: 'open'; readonly route: ChannelRoute } | { readonly kind: 'failed'; readonly why: LinkFailure };

/** The first way on which a connection is accepted. */
export async function chooseRoute(url: URL, routes: readonly ChannelRoute[], signal: AbortSignal): Promise<ChosenRoute> {
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
