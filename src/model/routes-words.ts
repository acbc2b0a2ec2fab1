/** Facts about routes in the words of a sentence. Pure. */
import type { Address, Evidence } from './evidence.ts';
import { interfaceOf, isTunnel, type SizeLimit, waysToTarget } from './routes-view.ts';
import type { Detour, InterfaceFacts, Traffic, Way } from './routes.ts';

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
  const defaults =
    routes?.defaults.kind === 'measured' ? routes.defaults.value.filter((one) => one.family === family && one.table === null) : [];
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

/** All that is known about one way, a line each. */
export function factsOnWay(found: Evidence, way: Way): readonly string[] {
  const by = interfaceOf(found, way);
  const hop = way.route.kind === 'measured' ? (way.route.value.gateway ?? way.address) : way.address;
  return [
    wayWords(way),
    ...(by === undefined ? [] : [interfaceStateWords(by)]),
    ...(way.neighbour === null ? [] : [`neighbour ${hop}: ${way.neighbour}`]),
    ...(way.traffic === null || by === undefined ? [] : [trafficWords(way.traffic, by)]),
    ...peerWords(way),
    ...way.detours.map((one) => detourWords(one, way.address)),
  ];
}

/** What WireGuard says about its peer, or how to ask it by hand. */
export function peerWords({ peer, address }: Way): readonly string[] {
  if (peer === null) return [];
  if (peer.kind === 'not-measured') return [`WireGuard's peers not measured: ${peer.why}`];
  if (peer.value.kind === 'none') return [`WireGuard has no peer whose allowed addresses hold ${address}`];
  const { endpoint, heardSecondsAgo } = peer.value;
  const heard = heardSecondsAgo === null ? 'has never answered' : `was last heard ${heardSecondsAgo} s ago`;
  return [`WireGuard's peer ${endpoint === null ? '(without an endpoint)' : `at ${endpoint}`} ${heard}`];
}
