/** Readers of what `ip -json` prints (iproute2 4.17 and later). Pure; what cannot be read is null or left out. */
import type { Address, Family } from '../../model/evidence.ts';
import type { Counters, DefaultRoute, InterfaceFacts, InterfaceKind, NeighbourState, RouteFacts } from '../../model/routes.ts';
import { kindByName, productOf } from '../../facts/tunnels.ts';
import { prefixCovers, type Prefix, parsePrefix } from './prefix.ts';

type Row = Readonly<Record<string, unknown>>;

/** rtnetlink's names for kinds of links (`IFLA_INFO_KIND`). */
const LINK_KINDS: Readonly<Record<string, InterfaceKind>> = {
  wireguard: 'wireguard',
  ppp: 'ppp',
  veth: 'veth',
  netkit: 'veth',
  bridge: 'bridge',
  ovpn: 'tun',
  ipip: 'kernel-tunnel',
  ip6tnl: 'kernel-tunnel',
  sit: 'kernel-tunnel',
  gre: 'kernel-tunnel',
  gretap: 'kernel-tunnel',
  ip6gre: 'kernel-tunnel',
  vti: 'kernel-tunnel',
  vti6: 'kernel-tunnel',
  xfrm: 'kernel-tunnel',
};

/** The interfaces of `ip -json -details -statistics link show`; null when this is no such output. */
export function parseLinks(text: string): readonly InterfaceFacts[] | null {
  const rows = rowsOf(text);
  return rows && rows.flatMap((row) => (typeof row['ifname'] === 'string' ? toInterface(row, row['ifname']) : []));
}

function toInterface(row: Row, name: string): InterfaceFacts {
  const flags = Array.isArray(row['flags']) ? row['flags'] : [];
  const up = flags.includes('UP');
  return {
    name,
    kind: kindOf(row, name),
    product: productOf(name),
    up,
    // A link that is switched off tells nothing about its other side.
    carrier: up ? flags.includes('LOWER_UP') : null,
    mtu: numberOf(row['mtu']),
    counters: countersOf(row),
  };
}

function kindOf(row: Row, name: string): InterfaceKind {
  const info = asRow(row['linkinfo']);
  const kind = info?.['info_kind'];
  if (kind === 'tun') return asRow(info?.['info_data'])?.['type'] === 'tap' ? 'tap' : 'tun';
  if (typeof kind === 'string') return LINK_KINDS[kind] ?? 'virtual';
  if (row['link_type'] === 'loopback') return 'loopback';
  if (row['link_type'] === 'ppp') return 'ppp';
  return row['link_type'] === 'ether' ? 'physical' : kindByName(name);
}

function countersOf(row: Row): Counters | null {
  const stats = asRow(row['stats64'] ?? row['stats']);
  const received = numberOf(asRow(stats?.['rx'])?.['packets']);
  const out = asRow(stats?.['tx']);
  const sent = numberOf(out?.['packets']);
  if (received === null || sent === null) return null;
  return { received, sent, unsent: (numberOf(out?.['errors']) ?? 0) + (numberOf(out?.['dropped']) ?? 0) };
}

/** The answer of `ip -json -details route get`; null when this is no such output. The prefix is not part of it. */
export function parseRouteGet(text: string): RouteFacts | null {
  const [row] = rowsOf(text) ?? [];
  if (row === undefined) return null;
  const device = textOf(row['dev']);
  const table = textOf(row['table']);
  const metrics = asRow(Array.isArray(row['metrics']) ? row['metrics'][0] : undefined);
  const type = textOf(row['type']);
  const kind = type === 'blackhole' || type === 'unreachable' || type === 'prohibit' ? type : type === 'local' ? 'local' : 'unicast';
  return {
    kind,
    device,
    gateway: gatewayOf(row),
    source: textOf(row['prefsrc']) ?? textOf(row['from']),
    prefix: null,
    table: table === null || table === 'main' || table === 'local' ? null : table,
    mtu: numberOf(metrics?.['mtu']),
  };
}

/** IPv6 routes to IPv4, and the reverse (RFC 5549), name their gateway as `via`. */
function gatewayOf(row: Row): string | null {
  return textOf(row['gateway']) ?? textOf(asRow(row['via'])?.['host']);
}

/** One entry of a routing table. */
export interface RouteEntry extends Prefix {
  readonly kind: RouteFacts['kind'] | 'throw' | 'other';
  readonly table: string;
  readonly device: string | null;
  readonly gateway: string | null;
  readonly metric: number | null;
}

const ROUTE_TYPES = ['unicast', 'local', 'blackhole', 'unreachable', 'prohibit', 'throw'] as const;

/** The entries of `ip -json -details route show table all` for one family. */
export function parseRouteTable(text: string, family: Family): readonly RouteEntry[] {
  return (rowsOf(text) ?? []).flatMap((row): readonly RouteEntry[] => {
    const prefix = parsePrefix(textOf(row['dst']) ?? '', family);
    if (prefix === null) return [];
    const type = textOf(row['type']) ?? 'unicast';
    const kind: RouteEntry['kind'] = ROUTE_TYPES.find((one) => one === type) ?? 'other';
    const shared = { ...prefix, kind, table: textOf(row['table']) ?? 'main', metric: numberOf(row['metric']) };
    // A route over several next hops is told as one entry each.
    const hops: readonly Row[] = Array.isArray(row['nexthops']) ? rowsIn(row['nexthops']) : [row];
    return hops.map((hop): RouteEntry => ({ ...shared, device: textOf(hop['dev']), gateway: gatewayOf(hop) }));
  });
}

/** One policy rule: which table, or which refusal, for packets to where. */
export interface Rule {
  /** Null: packets to anywhere. */
  readonly to: Prefix | null;
  /** It asks for more than the destination (a source, a mark, an interface), so that it may not apply to us. */
  readonly conditional: boolean;
  readonly action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly table: string;
  readonly priority: number;
}

/** The rules of `ip -json rule show`, in the order in which they are asked. */
export function parseRules(text: string, family: Family): readonly Rule[] {
  const plain = new Set(['priority', 'src', 'dst', 'dstlen', 'table', 'action', 'protocol']);
  return (rowsOf(text) ?? []).flatMap((row): readonly Rule[] => {
    const destination = textOf(row['dst']);
    const length = numberOf(row['dstlen']);
    const to = destination === null ? null : parsePrefix(length === null ? destination : `${destination}/${length}`, family);
    const refusals = ['blackhole', 'unreachable', 'prohibit'] as const;
    const action = refusals.find((one) => one === row['action']) ?? 'lookup';
    const conditional = (row['src'] ?? 'all') !== 'all' || Object.keys(row).some((key) => !plain.has(key));
    return [{ to, conditional, action, table: textOf(row['table']) ?? '', priority: numberOf(row['priority']) ?? 0 }];
  });
}

/** The default routes of the tables, halves of them included. */
export function defaultsOf(entries: readonly RouteEntry[], family: Family): readonly DefaultRoute[] {
  return entries.flatMap(({ kind, length, text, table, device, gateway, metric }) =>
    kind === 'unicast' && length <= 1 && device !== null
      ? [{ family, device, gateway, metric, prefix: text, table: table === 'main' ? null : table }]
      : [],
  );
}

/** Which entry, or rule, decides about an address that the system's lookup refuses, or has a route for. */
export function decidingEntry(
  { address }: Address,
  rules: readonly Rule[],
  entries: readonly RouteEntry[],
  device: string | null,
): { readonly kind: RouteEntry['kind']; readonly prefix: string | null; readonly table: string } | null {
  for (const rule of rules) {
    if (rule.conditional || (rule.to !== null && !prefixCovers(rule.to, address))) continue;
    if (rule.action !== 'lookup') return { kind: rule.action, prefix: rule.to?.text ?? null, table: `rule ${rule.priority}` };
    const fitting = entries.filter((one) => one.table === rule.table && prefixCovers(one, address));
    const narrow = (device === null ? fitting : fitting.filter((one) => one.device === device)).sort(
      (a, b) => b.length - a.length || (a.metric ?? 0) - (b.metric ?? 0),
    )[0];
    if (narrow === undefined || narrow.kind === 'throw' || narrow.kind === 'other') continue;
    return { kind: narrow.kind, prefix: narrow.text, table: narrow.table };
  }
  return null;
}

/** The states of `ip -json neigh show`, by address. */
export function parseNeighbours(text: string): ReadonlyMap<string, NeighbourState> {
  const states: Readonly<Record<string, NeighbourState>> = {
    REACHABLE: 'reachable',
    PERMANENT: 'reachable',
    NOARP: 'reachable',
    FAILED: 'failed',
    INCOMPLETE: 'incomplete',
    STALE: 'stale',
    DELAY: 'stale',
    PROBE: 'stale',
  };
  return new Map(
    (rowsOf(text) ?? []).flatMap((row) => {
      const address = textOf(row['dst']);
      const [state] = Array.isArray(row['state']) ? row['state'] : [];
      return address === null ? [] : [[address, states[String(state)] ?? 'other'] as const];
    }),
  );
}

function rowsOf(text: string): readonly Row[] | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '[]' : text);
    return Array.isArray(value) ? rowsIn(value) : null;
  } catch {
    return null;
  }
}

function rowsIn(values: readonly unknown[]): readonly Row[] {
  return values.flatMap((one): readonly Row[] => {
    const row = asRow(one);
    return row === undefined ? [] : [row];
  });
}

function asRow(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
