/** Plain questions to the evidence about routes. Pure. */
import type { Evidence, Family, TcpAttempt, TcpOutcome } from './evidence.ts';
import type { InterfaceFacts, InterfaceKind, Traffic, Way } from './routes.ts';
import { isOwnAddress, openAttempts, usesProxy, works } from './view.ts';

const TUNNELS: ReadonlySet<InterfaceKind> = new Set(['tun', 'tap', 'wireguard', 'ppp', 'kernel-tunnel']);

/** Outcomes that the way to a host can be the reason of; a refusal comes from the host itself. */
const ON_THE_WAY: ReadonlySet<TcpOutcome> = new Set(['timed-out', 'unreachable', 'reset', 'not-permitted', 'no-local-address']);

/** The attempts at other machines that failed on the way, when none of the target's addresses opened and the client dials itself. */
export function unreachedAttempts(evidence: Evidence): readonly TcpAttempt[] {
  if (evidence.tcp === undefined || openAttempts(evidence).length > 0 || usesProxy(evidence) || works(evidence)) return [];
  return evidence.tcp.attempts.filter(({ address, outcome }) => ON_THE_WAY.has(outcome) && !isOwnAddress(evidence, address));
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
  return `dialled again for ${(ms / 1000).toFixed(1)} s: ${name} took ${sent} packets, dropped ${unsent}, and gave back ${received}`;
}

/** What else of the machine's network bears on an address without a usable route: interfaces that are off, several default routes. */
export function surroundingWords({ routes }: Evidence, family: Family): readonly string[] {
  const interfaces = routes?.interfaces.kind === 'measured' ? routes.interfaces.value : [];
  const off = interfaces.filter(({ kind, up, carrier }) => kind !== 'loopback' && (!up || (carrier === false && kind !== 'bridge')));
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
