import { getgid } from 'node:process';
import { FILTER_ATTEMPT_MS } from '../facts/budgets.ts';
import type { Evidence, TcpAttempt } from '../model/evidence.ts';
import type { FilterBlock, FiltersEvidence } from '../model/filters.ts';
import { filteredAttempts } from '../model/filters-view.ts';
import { isOwnAddress } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { type Connection, findBlock, growthBetween, readFilters, toBlock } from '../system/packet-filters/index.ts';
import { sourceTowards } from '../system/source-address.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';
import { probeForeignFilters } from './foreign-filters.ts';

/** What this machine's packet filters do with the target's connections, seen by one more attempt between two readings of their counters. */
export async function probeFilters(context: ProbeContext, evidence: Evidence): Promise<FiltersEvidence> {
  if (evidence.host.platform !== 'linux') return probeForeignFilters(context, evidence);
  const { signal } = context;
  const started = now();
  const { port } = evidence.target;
  const doubtful = filteredAttempts(evidence);
  const before = await readFilters(signal);
  const readable = before.sources.some(({ rules }) => rules.kind === 'measured');
  if (!readable) return { sources: before.sources, attempts: [], blocks: [], ms: now() - started };
  const attempts: TcpAttempt[] = [];
  const blocks: FilterBlock[] = [];
  // One after the other, so that a counter's growth belongs to one attempt alone.
  let earlier = before;
  for (const { address, family } of doubtful) {
    const attempt = await connectOnce({ address, family, port }, { timeoutMs: FILTER_ATTEMPT_MS, signal });
    const later = await readFilters(signal);
    const growth = growthBetween(earlier.tables, later.tables);
    earlier = later;
    attempts.push(attempt);
    const phase = attempt.outcome === 'open' ? 'data' : 'connect';
    const found = findBlock(later.tables, await connectionTo(evidence, attempt), phase, growth);
    if (found !== null) blocks.push(toBlock(attempt, port, phase, found, growth));
  }
  return { sources: before.sources, attempts, blocks, ms: now() - started };
}

async function connectionTo(evidence: Evidence, { address, family, port }: TcpAttempt): Promise<Connection> {
  const source = await sourceTowards({ address, family });
  return {
    family,
    source: source?.address ?? null,
    destination: address,
    port,
    local: isOwnAddress(evidence, address),
    device: source?.device ?? null,
    user: evidence.host.userId,
    group: getgid?.() ?? null,
  };
}
