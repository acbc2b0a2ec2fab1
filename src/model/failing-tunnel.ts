/** Whether, and how, a tunnel on the way to the target fails. Pure. */
import type { Certainty } from './cause.ts';
import type { Evidence, TcpAttempt } from './evidence.ts';
import type { Layer } from './layer.ts';
import type { Detour, InterfaceFacts, Way } from './routes.ts';
import { detourWords, interfaceStateWords, peerWords, sizeLimitWords, trafficWords, wayWords } from './routes-words.ts';
import {
  hangingLayer,
  hungAttempt,
  interfaceOf,
  isMachineOnTap,
  isTunnel,
  silentNameServers,
  sizeLimitOf,
  unreachedAttempts,
  waysToTarget,
} from './routes-view.ts';
import { endpoint, failsDirectly } from './view.ts';

/** WireGuard gives a session up when it is this old (its paper, section 6.1: Reject-After-Time). */
const SESSION_SECONDS = 180;

/** How a tunnel fails. */
type Failing = 'down' | 'no-peer' | 'unheard' | 'drops' | 'silent' | 'no-network' | 'captures' | 'loses-long';

/** A tunnel that keeps the client from its target. */
export interface FailingTunnel {
  readonly certainty: Certainty;
  /** Where on the way it shows. */
  readonly layer: Layer;
  /** What lies behind it, as an address with its port or a name server's address. */
  readonly at: string;
  readonly address: string;
  /** The name that its servers, behind the tunnel, do not tell; null when the target itself is behind it. */
  readonly asked: string | null;
  readonly tunnel: InterfaceFacts;
  readonly failing: Failing;
  /** Another way by which an MCP server answers at the same address. */
  readonly detour: Detour | null;
  readonly facts: readonly string[];
}

/** The tunnel that the connection, or the look-up of the name, fails in; undefined when no tunnel is at fault. */
export function failingTunnel(found: Evidence): FailingTunnel | undefined {
  const lossy = losesLong(found);
  if (lossy !== undefined) return lossy;
  if (silentNameServers(found).length > 0) return nameServersBehind(found);
  if (!failsDirectly(found)) return undefined;
  return waysToTarget(found)
    .flatMap((one) => judgeWay(found, one) ?? [])
    .sort((a, b) => Number(b.certainty === 'proved') - Number(a.certainty === 'proved'))[0];
}

/** Whether a PPP link is the machine's own way to the world (DSL, mobile) and no VPN's: then nothing else is. */
function isUplink({ routes }: Evidence, { name, kind, product }: InterfaceFacts): boolean {
  if (kind !== 'ppp' || product !== null) return false;
  return routes?.defaults.kind === 'measured' && !routes.defaults.value.some(({ device, table }) => table === null && device !== name);
}

/** A tunnel that lets a connection open and short packets pass, and loses the long ones. */
function losesLong(found: Evidence): FailingTunnel | undefined {
  const limit = sizeLimitOf(found);
  const hung = hungAttempt(found);
  const way = waysToTarget(found).find(({ address }) => address === hung?.address);
  const tunnel = way && interfaceOf(found, way);
  if (limit === undefined || way === undefined || tunnel === undefined || !isTunnel(tunnel)) return undefined;
  return {
    certainty: 'proved',
    layer: hangingLayer(found),
    at: endpoint(way.address, found.target.port),
    address: way.address,
    asked: null,
    tunnel,
    failing: 'loses-long',
    detour: null,
    facts: [
      `${endpoint(way.address, found.target.port)} accepts the connection, and then an answer was waited for in vain`,
      sizeLimitWords(limit),
      wayWords(way),
      interfaceStateWords(tunnel),
    ],
  };
}

function judgeWay(found: Evidence, one: Way): FailingTunnel | undefined {
  const tunnel = interfaceOf(found, one);
  const attempted = unreachedAttempts(found).find(({ address }) => address === one.address);
  if (tunnel === undefined || attempted === undefined || !isTunnel(tunnel) || isUplink(found, tunnel)) return undefined;
  const detour = one.detours.find(({ outcome }) => outcome === 'answered') ?? null;
  const isCaptured = detour !== null && detour.gateway === null;
  const seen: ReturnType<typeof failingOf> = isCaptured ? ['captures', 'proved'] : failingOf(tunnel, one, attempted);
  // Alive or not: the target answers, and not through this tunnel.
  const [failing, certainty] = seen ?? (detour === null ? [] : ['silent', 'proved']);
  if (failing === undefined || certainty === undefined) return undefined;
  const at = endpoint(one.address, found.target.port);
  return {
    certainty: detour === null ? certainty : 'proved',
    layer: 'tcp',
    at: found.target.host === one.address ? at : `${found.target.host} (${at})`,
    address: one.address,
    asked: null,
    tunnel,
    failing,
    detour,
    facts: [
      attempted.outcome === 'timed-out'
        ? `${at} did not answer within ${(attempted.ms / 1000).toFixed(1)} s`
        : `${at} ${attempted.outcome} (${attempted.code ?? 'no code'}) after ${Math.round(attempted.ms)} ms`,
      wayWords(one),
      interfaceStateWords(tunnel),
      ...(one.traffic === null ? [] : [trafficWords(one.traffic, tunnel)]),
      ...peerWords(one),
      ...one.detours.map((other) => detourWords(other, one.address)),
    ],
  };
}

/** The name servers are asked through a tunnel that fails, so that the name has no address: which one is told, all have to fail. */
function nameServersBehind(found: Evidence): FailingTunnel | undefined {
  const silent = { code: 'ETIMEDOUT', outcome: 'timed-out' } as const;
  const judged = (found.routes?.ways ?? [])
    .filter(({ purpose }) => purpose === 'name-server')
    .map((way) => {
      const tunnel = interfaceOf(found, way);
      const seen = tunnel && isTunnel(tunnel) ? failingOf(tunnel, way, silent) : undefined;
      return seen && tunnel && { way, tunnel, failing: seen[0], certainty: seen[1] };
    });
  const [first] = judged;
  if (first === undefined || judged.includes(undefined)) return undefined;
  const { way, tunnel, failing, certainty } = first;
  return {
    certainty,
    layer: 'dns',
    at: way.address,
    address: way.address,
    asked: found.target.host,
    tunnel,
    failing,
    detour: null,
    facts: [
      `${found.target.host}: ${found.dns?.error ?? 'no address'}`,
      wayWords(way),
      interfaceStateWords(tunnel),
      ...(way.traffic === null ? [] : [trafficWords(way.traffic, tunnel)]),
      ...peerWords(way),
    ],
  };
}

function failingOf(
  tunnel: InterfaceFacts,
  way: Way,
  { code, outcome }: Pick<TcpAttempt, 'code' | 'outcome'>,
): readonly [Failing, Certainty] | undefined {
  const { traffic } = way;
  if (isMachineOnTap(tunnel, way)) return undefined;
  if (!tunnel.up || tunnel.carrier === false) return ['down', 'proved'];
  const peer = way.peer?.kind === 'measured' ? way.peer.value : null;
  if (peer?.kind === 'none') return ['no-peer', 'proved'];
  if (peer?.kind === 'peer' && traffic?.received === 0) {
    // With a session the tunnel works: who is silent lies behind it.
    return (peer.heardSecondsAgo ?? SESSION_SECONDS) < SESSION_SECONDS ? undefined : ['unheard', 'proved'];
  }
  if (traffic !== null && traffic.unsent > 0 && traffic.received === 0) return ['drops', 'proved'];
  // Nothing got as far as the tunnel: whatever holds the packets back does it before, as a packet filter would.
  if (traffic !== null && traffic.sent === 0 && traffic.unsent === 0) return undefined;
  // An answer that came out of the tunnel: it works, and what it says is about what lies behind it.
  if (traffic !== null && traffic.received > 0) return code === 'ENETUNREACH' ? ['no-network', 'likely'] : undefined;
  return outcome === 'timed-out' || outcome === 'unreachable' ? ['silent', 'likely'] : undefined;
}
