/** Plain questions about packet filters that the plan, the probe and several causes ask. Pure. */
import type { Evidence, TcpAttempt, TcpOutcome } from './evidence.ts';
import type { FilterBlock } from './filters.ts';
import { isOwnAddress, isWildcard, lastExchange, listenersOnPort } from './view.ts';

/** Outcomes that a filter of this machine can bring about by itself, whoever listens. */
const SUSPICIOUS: ReadonlySet<TcpOutcome> = new Set(['timed-out', 'unreachable', 'not-permitted', 'reset']);

/** The attempts whose outcome a packet filter of this machine may explain. */
export function filteredAttempts(evidence: Evidence): readonly TcpAttempt[] {
  const attempts = evidence.tcp?.attempts ?? [];
  return attempts.filter((attempt) => {
    if (SUSPICIOUS.has(attempt.outcome)) return true;
    if (attempt.outcome === 'open') return losesData(evidence, attempt);
    // Where nobody listens, a refusal needs no other reason.
    return attempt.outcome === 'refused' && (!isOwnAddress(evidence, attempt.address) || listensAt(evidence, attempt));
  });
}

/** Whether the system lists a listener that this address leads to. */
export function listensAt(evidence: Evidence, { address, family }: TcpAttempt): boolean {
  return (listenersOnPort(evidence) ?? []).some(
    (one) => one.address === address || (isWildcard(one.address) && (one.family === family || (one.family === 6 && one.v6Only !== true))),
  );
}

/** Whether the connection opens and then nothing comes back, or it is cut. */
function losesData({ direct, tls }: Evidence, { address }: TcpAttempt): boolean {
  if (tls?.address === address && (tls.outcome.kind === 'timed-out' || tls.outcome.kind === 'closed')) return true;
  if (direct?.route.kind !== 'direct' || direct.route.address !== address) return false;
  const failure = lastExchange(direct)?.failure;
  return failure?.head === null && (failure.reason === 'timed-out' || failure.reason === 'reset');
}

/** The blocks that make the connection fail as it was seen to: by an answer, or by silence. */
export function blocksBy({ filters }: Evidence, how: 'answered' | 'silent'): readonly FilterBlock[] {
  return (filters?.blocks ?? []).filter((block) => {
    const outcome = filters?.attempts.find(({ address }) => address === block.address)?.outcome;
    if (block.phase === 'data') return outcome === 'open' && (block.action === 'drop') === (how === 'silent') && block.action !== 'move';
    return outcome !== 'open' && (outcome === 'timed-out') === (how === 'silent');
  });
}
