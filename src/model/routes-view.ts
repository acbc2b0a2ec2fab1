/** Plain questions to the evidence about routes. Pure. */
import type { Layer } from './layer.ts';
import type { Address, Evidence, TcpAttempt, TcpOutcome } from './evidence.ts';
import type { InterfaceFacts, Detour, InterfaceKind, Traffic, Way } from './routes.ts';
import { isOwnAddress, lastExchange, openAttempts, usesProxy, works } from './view.ts';

const TUNNELS: ReadonlySet<InterfaceKind> = new Set(['tun', 'tap', 'wireguard', 'ppp', 'kernel-tunnel']);

/** Outcomes that the way to a host can be the reason of; a refusal comes from the host itself. */
const ON_THE_WAY: ReadonlySet<TcpOutcome> = new Set(['timed-out', 'unreachable', 'reset', 'not-permitted', 'no-local-address']);

/** The attempts at other machines that failed on the way, when none of the target's addresses opened and the client dials itself. */
export function unreachedAttempts(evidence: Evidence): readonly TcpAttempt[] {
  if (evidence.tcp === undefined || openAttempts(evidence).length > 0 || usesProxy(evidence) || works(evidence)) return [];
  return evidence.tcp.attempts.filter(({ address, outcome }) => ON_THE_WAY.has(outcome) && !isOwnAddress(evidence, address));
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

/** Whether an interface is a tunnel: whatever enters it comes out elsewhere, if it comes out. */
export function isTunnel({ kind, product }: InterfaceFacts): boolean {
  return TUNNELS.has(kind) || product !== null;
}

/** `the WireGuard tunnel wg0`, `tunnel tun0`, `interface eth0`. */
export function interfaceWords(facts: InterfaceFacts): string {
  if (!isTunnel(facts)) return `interface ${facts.name}`;
  return facts.product === null ? `tunnel ${facts.name}` : `${facts.product} tunnel ${facts.name}`;
}

/** A way as evidence shows it. */
export function wayWords(way: Way): string {
  const { address, route } = way;
  if (route.kind === 'not-measured') return `route to ${address} not measured: ${route.why}`;
  const { kind, device, gateway, source, prefix, table, mtu } = route.value;
  if (kind === 'none') return `route to ${address}: none, no default route either`;
  const by = [
    device === null ? [] : `by ${device}`,
    gateway === null ? [] : `gateway ${gateway}`,
    source === null ? [] : `from ${source}`,
    prefix === null ? [] : `entry ${prefix}`,
    table === null ? [] : table.startsWith('rule ') ? table : `table ${table}`,
    mtu === null ? [] : `mtu ${mtu}`,
  ].flat();
  return `route to ${address}: ${kind === 'unicast' ? '' : `${kind}, `}${by.join(', ')}`;
}

/** `tun0: tun, up, mtu 1500`. */
export function interfaceStateWords({ name, kind, up, carrier, mtu }: InterfaceFacts): string {
  const connected = kind === 'tun' || kind === 'tap' ? 'no carrier: no program holds its other side' : 'no carrier';
  const state = !up ? 'switched off' : carrier === false ? connected : 'up';
  return `${name}: ${kind}, ${state}${mtu === null ? '' : `, mtu ${mtu}`}`;
}

/** What an interface counted while the target was dialled again. */
export function trafficWords({ sent, unsent, received, ms }: Traffic, { name }: InterfaceFacts): string {
  return `tried again for ${(ms / 1000).toFixed(1)} s: ${name} took ${sent} packets, dropped ${unsent}, and gave back ${received}`;
}

/** What else of the machine's network bears on an address without a usable route: interfaces that are off, several default routes. */
export function surroundingWords(evidence: Evidence, { family }: Address): readonly string[] {
  const { routes } = evidence;
  const interfaces = routes?.interfaces.kind === 'measured' ? routes.interfaces.value : [];
  const used = waysToTarget(evidence).map((way) => interfaceOf(evidence, way)?.name);
  const others = interfaces.filter(({ name }) => !used.includes(name));
  const off = others.filter(({ kind, up, carrier }) => kind !== 'loopback' && (!up || (carrier === false && kind !== 'bridge')));
  const defaults = routes?.defaults.kind === 'measured' ? routes.defaults.value.filter((one) => one.family === family) : [];
  const listed = defaults.map(({ device, gateway, metric, prefix }) =>
    [
      prefix.endsWith('/1') ? `${prefix} ` : '',
      gateway === null ? '' : `via ${gateway} `,
      `by ${device}`,
      metric === null ? '' : ` metric ${metric}`,
    ].join(''),
  );
  return [
    ...off.slice(0, MOST_OFF).map((one) => interfaceStateWords(one)),
    ...(listed.length > 1 ? [`${listed.length} default routes: ${listed.join('; ')}`] : []),
  ];
}

/** Machines have many unused interfaces; a few are enough to see which. */
const MOST_OFF = 3;

/** Where else the address answers. */
export function detourWords({ device, gateway, outcome }: Detour, address: string): string {
  const by = `${device}${gateway === null ? '' : ` (gateway ${gateway})`}`;
  const seen: Readonly<Record<Detour['outcome'], string>> = {
    answered: `an MCP server answers at ${address} over ${by}`,
    open: `the connection to ${address} opens over ${by}`,
    failed: `${address} does not answer over ${by} either`,
  };
  return seen[outcome];
}

/** What was answered and what was not, by length. */
export function sizeLimitWords({ passes, lost }: SizeLimit): string {
  return `requests of up to ${passes} bytes are answered, of ${lost} bytes and more they are not`;
}

/** Where on the way the waiting showed. */
export function hangingLayer({ target, tls, direct }: Evidence): Layer {
  if (target.scheme === 'https' && tls?.outcome.kind === 'timed-out') return 'tls';
  return direct?.result.kind === 'tools-failed' ? 'tools' : 'http';
}
