/** Plain questions to the evidence about routes. Pure. */
import type { Layer } from './layer.ts';
import type { Evidence, TcpAttempt, TcpOutcome } from './evidence.ts';
import type { InterfaceFacts, InterfaceKind, Way } from './routes.ts';
import { isOwnAddress, lastExchange, openAttempts, usesProxy, works } from './view.ts';

const TUNNELS: ReadonlySet<InterfaceKind> = new Set(['tun', 'tap', 'wireguard', 'ppp', 'kernel-tunnel']);

/** Outcomes that the way to a host can be the reason of; a refusal comes from the host itself. */
const ON_THE_WAY: ReadonlySet<TcpOutcome> = new Set(['timed-out', 'unreachable', 'reset', 'not-permitted', 'no-local-address']);

/** The attempts at other machines, when all of the target's addresses failed on the way and the client dials itself. */
export function unreachedAttempts(evidence: Evidence): readonly TcpAttempt[] {
  if (evidence.tcp === undefined || openAttempts(evidence).length > 0 || usesProxy(evidence) || works(evidence)) return [];
  const { attempts } = evidence.tcp;
  // Whoever refuses at one address was reached there: the ways to the others do not matter any more.
  if (!attempts.every(({ outcome }) => ON_THE_WAY.has(outcome))) return [];
  return attempts.filter(({ address }) => !isOwnAddress(evidence, address));
}

/** The open attempt at another machine on whose connection the client then waited in vain; undefined when it was not so. */
export function hungAttempt(evidence: Evidence): TcpAttempt | undefined {
  const { tls, direct } = evidence;
  if (usesProxy(evidence) || works(evidence)) return undefined;
  const failure = lastExchange(direct)?.failure;
  const hung = direct === undefined ? tls?.outcome.kind === 'timed-out' : failure?.reason === 'timed-out' && failure.stage !== 'connect';
  const [first] = openAttempts(evidence);
  return hung && first !== undefined && !isOwnAddress(evidence, first.address) ? first : undefined;
}

/** The resolver's ways to say that no name server said anything. */
const NO_WORD: ReadonlySet<string | null> = new Set(['ETIMEOUT', 'ECONNREFUSED']);

/** Name servers on other machines that were asked about the target's name and stayed silent, without their ports. */
export function silentNameServers(evidence: Evidence): readonly string[] {
  const { dns, resolver } = evidence;
  if (!dns?.error || resolver === undefined || !resolver.answers.every(({ error }) => NO_WORD.has(error))) return [];
  const hosts = resolver.servers.map(
    (server) => /^\[(.+)\]/.exec(server)?.[1] ?? (server.split(':').length === 2 ? server.split(':')[0]! : server),
  );
  return hosts.filter((host) => !isOwnAddress(evidence, host));
}

/** Requests up to `passes` bytes are answered, and every longer one from `lost` bytes is not: something on the way loses long packets. */
export interface SizeLimit {
  readonly passes: number;
  readonly lost: number;
}

/** The length at which a way begins to lose packets; undefined when it does not, or when even short requests stay unanswered. */
export function sizeLimitOf({ routes }: Evidence): SizeLimit | undefined {
  const trials = [...(routes?.sizes ?? [])].sort((a, b) => a.bytes - b.bytes);
  const first = trials.findIndex(({ answered }) => !answered);
  if (first <= 0 || trials.slice(first).some(({ answered }) => answered)) return undefined;
  return { passes: trials[first - 1]!.bytes, lost: trials[first]!.bytes };
}

/** How the target's own addresses are reached, as far as that was looked up. */
export function waysToTarget({ routes }: Evidence): readonly Way[] {
  return routes?.ways.filter(({ purpose }) => purpose === 'target') ?? [];
}

/** The interface that a way leaves this machine by. */
export function interfaceOf({ routes }: Evidence, { route }: Way): InterfaceFacts | undefined {
  if (routes?.interfaces.kind !== 'measured' || route.kind !== 'measured') return undefined;
  const { device } = route.value;
  return routes.interfaces.value.find(({ name }) => name === device);
}

/** Products that are WireGuard underneath and can be asked by its own tool. */
const ON_WIREGUARD: ReadonlySet<string | null> = new Set(['WireGuard', 'NordVPN', 'Proton VPN', 'Mullvad VPN', 'NetBird']);

/** Whether an interface is WireGuard's, in the kernel or as a program. */
export function isWireguard({ kind, product }: InterfaceFacts): boolean {
  return kind === 'wireguard' || ON_WIREGUARD.has(product);
}

/** Whether the next hop was looked for on its own link in vain. */
export function isNextHopMissing({ neighbour }: Way): boolean {
  return neighbour === 'failed' || neighbour === 'incomplete';
}

/** Whether a tap device that is no VPN's leads to a machine that does not answer: virtual machines are joined so. */
export function isMachineOnTap({ kind, product, carrier }: InterfaceFacts, way: Way): boolean {
  return kind === 'tap' && product === null && carrier !== false && isNextHopMissing(way);
}

/** Whether an interface is a tunnel: whatever enters it comes out elsewhere, if it comes out. */
export function isTunnel({ kind, product }: InterfaceFacts): boolean {
  return TUNNELS.has(kind) || product !== null;
}

/** Where on the way the waiting showed. */
export function hangingLayer({ target, tls, direct }: Evidence): Layer {
  if (target.scheme === 'https' && tls?.outcome.kind === 'timed-out') return 'tls';
  return direct?.result.kind === 'tools-failed' ? 'tools' : 'http';
}
