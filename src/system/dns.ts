import { lookup, promises, Resolver } from 'node:dns';
import type { Address, ResolverEvidence } from '../model/evidence.ts';
import { now, within } from './clock.ts';

export interface LookupResult {
  readonly addresses: readonly Address[];
  /** getaddrinfo's code; `ETIMEOUT` when it gave no answer in time. */
  readonly error: string | null;
  readonly ms: number;
}

/**
 * What getaddrinfo gives this process for a name, both families, in its own order, duplicates removed.
 * getaddrinfo cannot be cancelled: past the limit it is left behind in its thread.
 */
export async function lookupAll(host: string, limitMs: number, signal: AbortSignal): Promise<LookupResult> {
  const started = now();
  const asked = new Promise<LookupResult>((resolve) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
      const addresses = error ? [] : found.map(({ address, family }): Address => ({ address, family: family === 6 ? 6 : 4 }));
      const unique = addresses.filter((one, index) => addresses.findIndex((other) => other.address === one.address) === index);
      resolve({ addresses: unique, error: error ? (error.code ?? 'EAI_FAIL') : null, ms: now() - started });
    });
  });
  return within(asked, limitMs, { addresses: [], error: 'ETIMEOUT', ms: limitMs }, signal);
}

/** Asks the configured name servers directly, without the hosts file, so that "no such name" and "no answer" can be told apart. */
export async function askResolvers(host: string, limitMs: number): Promise<ResolverEvidence> {
  const started = now();
  const resolver = new Resolver({ timeout: limitMs, tries: 1 });
  const ask = (record: 'A' | 'AAAA') =>
    new Promise<ResolverEvidence['answers'][number]>((resolve) => {
      const answered = (error: NodeJS.ErrnoException | null, addresses: string[]) =>
        resolve({ record, addresses: error ? [] : addresses, error: error ? (error.code ?? 'EFORMERR') : null });
      if (record === 'A') resolver.resolve4(host, answered);
      else resolver.resolve6(host, answered);
    });
  const answers = await Promise.all([ask('A'), ask('AAAA')]);
  return { servers: promises.getServers(), answers, ms: now() - started };
}
