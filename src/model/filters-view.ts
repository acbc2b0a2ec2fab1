/** Plain questions about packet filters that the plan, the probe and several causes ask. Pure. */
import { containerFault } from './container-fault.ts';
import type { Address, Evidence, TcpAttempt, TcpOutcome } from './evidence.ts';
import type { FilterBlock } from './filters.ts';
import type { SelinuxDenial } from './selinux.ts';
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

/** Whether the system lists a listener that this address leads to; `surely` leaves out an IPv6 one that may take IPv4 too. */
export function listensAt(evidence: Evidence, { address, family }: Address, surely = false): boolean {
  const either = (v6Only: boolean | null) => (surely ? v6Only === false : v6Only !== true);
  return (listenersOnPort(evidence) ?? []).some(
    (one) => one.address === address || (isWildcard(one.address) && (one.family === family || (one.family === 6 && either(one.v6Only)))),
  );
}

/**
 * A refusal, seen twice, at an address of this machine where a program surely listens: the program did not refuse it. An engine
 * listens on a port that it publishes, and it is the container that refuses.
 */
export function refusedBesideListener(evidence: Evidence): TcpAttempt | undefined {
  if (containerFault(evidence) !== undefined) return undefined;
  return evidence.filters?.attempts.find(
    (attempt) => attempt.outcome === 'refused' && isOwnAddress(evidence, attempt.address) && listensAt(evidence, attempt, true),
  );
}

/** The refusal of SELinux that is about this connection: the same port, and not only recorded. */
export function deniedBySelinux({ target, filters }: Evidence): SelinuxDenial | undefined {
  const denials = filters?.selinux?.denials;
  const isForbidden = filters?.attempts.some(({ outcome }) => outcome === 'not-permitted') === true;
  if (!isForbidden || denials?.kind !== 'measured') return undefined;
  return denials.value.find(({ permission, port, enforced }) => permission === 'name_connect' && port === target.port && enforced);
}

/** Whether the connection opens and then nothing comes back, or it is cut. */
function losesData({ direct, tls }: Evidence, { address }: TcpAttempt): boolean {
  if (tls?.address === address && (tls.outcome.kind === 'timed-out' || tls.outcome.kind === 'closed')) return true;
  if (direct?.route.kind !== 'direct' || direct.route.address !== address) return false;
  const failure = lastExchange(direct)?.failure;
  return failure?.head === null && (failure.reason === 'timed-out' || failure.reason === 'reset');
}

/** Chains in which container engines forward published ports: netavark and CNI of Podman, Docker's, and those of Kubernetes. */
const ENGINE_CHAIN = /^(?:NETAVARK-|nv_|CNI-|DOCKER$|DOCKER-|KUBE-)/;

/** The blocks that make the connection fail as it was seen to: by an answer, or by silence. */
export function blocksBy({ filters, tcp }: Evidence, how: 'answered' | 'silent'): readonly FilterBlock[] {
  const blocks = filters?.blocks ?? [];
  return blocks.filter((block, index) => {
    const { address, phase, action, rule } = block;
    if (blocks.findIndex((one) => one.address === address) !== index) return false;
    // A published port is meant to be moved: what fails then is in the container.
    if (action === 'move' && ENGINE_CHAIN.test(rule.chain)) return false;
    const again = filters?.attempts.find((one) => one.address === address);
    const first = tcp?.attempts.find((one) => one.address === address);
    if (phase === 'data') return again?.heard === false && action === (how === 'silent' ? 'drop' : 'reject');
    if (again === undefined || again.outcome === 'open') return false;
    const silent = first?.outcome === 'timed-out' && again.outcome === 'timed-out';
    // A reject's answers are limited in number, so that one of them may not come; nothing answers for a drop.
    if (action === 'reject') return how === 'answered';
    return silent === (how === 'silent') && (silent || action === 'move');
  });
}

/** The rules that would end the same connection once this one is out of the way. */
export function laterBlocks({ filters }: Evidence, block: FilterBlock): readonly FilterBlock[] {
  return (filters?.blocks ?? []).filter((one) => one !== block && one.address === block.address);
}
