/** Dials a server by its name, at every address of both families. */
import { DNS_LOOKUP_MS } from '../../facts/budgets.ts';
import type { Address, TcpAttempt } from '../../model/evidence.ts';
import { isLoopback } from '../../model/view.ts';
import { isIPv4Literal, isIPv6Literal } from '../../system/addresses.ts';
import { now, within } from '../../system/clock.ts';
import { lookupAll } from '../../system/dns.ts';
import { connectOnce } from '../../system/tcp.ts';

/** An answer on this machine takes microseconds; elsewhere it takes at most the first repetition of a lost packet. */
const CONNECT_HERE_MS = 250;
const CONNECT_ELSEWHERE_MS = 2_000;

/** Node's clients go on to the next address after this time. */
const NEXT_ADDRESS_MS = 250;

/** A name may move while a server is restarted; asking the resolver each time would cost more than the connection itself. */
const LOOKUP_EVERY_MS = 500;

export type Dialled = { readonly kind: 'open'; readonly address: Address } | { readonly kind: 'closed'; readonly what: string };

export interface Dialer {
  /** Connects to all addresses at once; the first open one in their order is where a client would end up. */
  dial(signal: AbortSignal): Promise<Dialled>;
  /** The address where there is but one; null otherwise. */
  only(signal: AbortSignal): Promise<Address | null>;
  /** What is known of the addresses so far. */
  reach(): { readonly local: boolean; readonly addresses: number };
}

export function createDialer(host: string, port: number): Dialer {
  const literal: readonly Address[] | null = isIPv4Literal(host)
    ? [{ address: host, family: 4 }]
    : isIPv6Literal(host)
      ? [{ address: host, family: 6 }]
      : null;
  let known: readonly Address[] = literal ?? [];
  let askedAt = Number.NEGATIVE_INFINITY;

  async function addresses(signal: AbortSignal): Promise<readonly Address[]> {
    if (literal !== null || (known.length > 0 && now() - askedAt < LOOKUP_EVERY_MS)) return known;
    askedAt = now();
    const found = await lookupAll(host, DNS_LOOKUP_MS, signal);
    known = found.addresses;
    return known;
  }

  const isLocal = () => known.length > 0 && known.every(({ address }) => isLoopback(address));

  return {
    reach: () => ({ local: isLocal(), addresses: known.length }),
    async only(signal) {
      const [first, second] = await addresses(signal);
      return second === undefined ? (first ?? null) : null;
    },
    async dial(signal) {
      const all = await addresses(signal);
      if (all.length === 0) return { kind: 'closed', what: 'the name does not resolve' };
      const timeoutMs = isLocal() ? CONNECT_HERE_MS : CONNECT_ELSEWHERE_MS;
      const attempts = all.map((address) => connectOnce({ ...address, port }, { timeoutMs, signal }));
      const open = await firstOpen(attempts, signal);
      if (open !== null) return { kind: 'open', address: { address: open.address, family: open.family } };
      const refused = (await Promise.all(attempts)).some(({ outcome }) => outcome === 'refused');
      return { kind: 'closed', what: refused ? 'nothing listens there' : 'it cannot be reached' };
    },
  };
}

/** The first open attempt in their order; one that keeps silent holds the others up only for a moment. */
async function firstOpen(attempts: readonly Promise<TcpAttempt>[], signal: AbortSignal): Promise<TcpAttempt | null> {
  const [first, ...rest] = attempts;
  if (first === undefined) return null;
  const attempt = rest.length === 0 ? await first : await within(first, NEXT_ADDRESS_MS, null, signal);
  if (attempt?.outcome === 'open') return attempt;
  const later = await firstOpen(rest, signal);
  if (later !== null || attempt !== null) return later;
  const late = await first;
  return late.outcome === 'open' ? late : null;
}
