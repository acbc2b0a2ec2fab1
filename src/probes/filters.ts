import { getgid } from 'node:process';
import { FILTER_ATTEMPT_MS } from '../facts/budgets.ts';
import type { Address, Evidence } from '../model/evidence.ts';
import type { FilterAttempt, FilterBlock, FiltersEvidence } from '../model/filters.ts';
import { filteredAttempts } from '../model/filters-view.ts';
import { isOwnAddress } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { type Connection, findBlocks, growthBetween, readFilters, readSelinux, toBlock } from '../system/packet-filters/index.ts';
import { clientPorts, sourceTowards } from '../system/source-address.ts';
import { listen } from '../system/peek.ts';
import { connectFrom } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';
import { probeForeignFilters } from './foreign-filters.ts';

/** About the bytes of an `initialize` with its headers. */
const USUAL_LENGTH = 500;

/** What this machine's packet filters do with the target's connections, seen by one more attempt between two readings of their counters. */
export async function probeFilters(context: ProbeContext, evidence: Evidence): Promise<FiltersEvidence> {
  if (evidence.host.platform !== 'linux') return probeForeignFilters(context, evidence);
  const { signal } = context;
  const started = now();
  const { port } = evidence.target;
  const doubtful = filteredAttempts(evidence);
  const before = await readFilters(signal);
  const readable = before.sources.some(({ rules }) => rules.kind === 'measured');
  const attempts: FilterAttempt[] = [];
  const blocks: FilterBlock[] = [];
  // One after the other, so that a counter's growth belongs to one attempt alone.
  let earlier = before;
  for (const { address, family } of doubtful) {
    const attempt = await tryOnce({ address, family }, evidence, signal);
    attempts.push(attempt);
    if (!readable) continue;
    const later = await readFilters(signal);
    const growth = growthBetween(earlier.tables, later.tables);
    earlier = later;
    const phase = attempt.outcome === 'open' ? 'data' : 'connect';
    const found = findBlocks(later.tables, await connectionTo(evidence, attempt), phase, growth);
    blocks.push(...found.map((one) => toBlock(attempt, port, phase, one, growth)));
  }
  const isForbidden = attempts.some(({ outcome }) => outcome === 'not-permitted');
  const selinux = isForbidden ? await readSelinux(signal) : null;
  return { sources: before.sources, attempts, blocks, ...(selinux !== null && { selinux }), ms: now() - started };
}

/** Connects, and says something harmless on a connection that opens. */
async function tryOnce(at: Address, { target: { port, host } }: Evidence, signal: AbortSignal): Promise<FilterAttempt> {
  const { attempt, localPort } = await connectFrom({ ...at, port }, { timeoutMs: FILTER_ATTEMPT_MS, signal });
  if (attempt.outcome !== 'open') return { ...attempt, heard: false, localPort };
  const { bytes } = await listen(at.address, port, requestTo(host), FILTER_ATTEMPT_MS, signal);
  // What was said went over a connection of its own.
  return { ...attempt, heard: bytes.length > 0, localPort: null };
}

/** A request that every HTTP server answers, as long as an MCP client's: some rules look at the length. */
function requestTo(host: string): string {
  return `HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX-Padding: ${'-'.repeat(USUAL_LENGTH)}\r\n\r\n`;
}

async function connectionTo(evidence: Evidence, { address, family, port, localPort }: FilterAttempt): Promise<Connection> {
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
    clientPorts: localPort === null ? clientPorts() : { from: localPort, to: localPort },
  };
}
