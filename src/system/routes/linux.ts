import type { Family, Measured } from '../../model/evidence.ts';
import type { RouteFacts } from '../../model/routes.ts';
import { runTool, type ToolResult } from '../processes/run-tool.ts';
import { decidingEntry, defaultsOf, parseLinks, parseNeighbours, parseRouteGet, parseRouteTable, parseRules } from './ip-json.ts';
import { procRoutes } from './proc.ts';
import type { RouteReader } from './reader.ts';
import { readWireguardPeer } from './wireguard.ts';

/** Linux by iproute2, which an ordinary user may ask all of this; by /proc where that is missing or is busybox's, which prints no JSON. */
export const linuxRoutes: RouteReader = {
  choosesDevice: true,
  wireguardPeer: readWireguardPeer,

  async lookup(address, signal, device) {
    const over = device === undefined ? [] : ['oif', device];
    const asked = await runIp(['-json', '-details', 'route', 'get', address.address, ...over], signal);
    if (asked.kind === 'failed') return procRoutes.lookup(address, signal, device);
    const found = asked.code === 0 ? parseRouteGet(asked.stdout.toString()) : null;
    const [rules, entries] = await Promise.all([
      runJson(address.family, ['rule', 'show'], signal),
      runJson(address.family, ['-details', 'route', 'show', 'table', 'all'], signal),
    ]);
    if (rules === null) return procRoutes.lookup(address, signal, device);
    const deciding = decidingEntry(
      address,
      parseRules(rules, address.family),
      parseRouteTable(entries ?? '', address.family),
      found?.device ?? null,
    );
    if (found !== null) return measuredRoute({ ...found, prefix: deciding?.prefix ?? null });
    // A lookup that is refused only gives an errno: which entry refuses stands in the tables.
    const refuses = deciding?.kind === 'blackhole' || deciding?.kind === 'unreachable' || deciding?.kind === 'prohibit';
    return measuredRoute({
      kind: refuses ? deciding.kind : 'none',
      device: null,
      gateway: null,
      source: null,
      prefix: refuses ? deciding.prefix : null,
      table: refuses && deciding.table !== 'main' ? deciding.table : null,
      mtu: null,
    });
  },

  async interfaces(signal) {
    const shown = await runIp(['-json', '-details', '-statistics', 'link', 'show'], signal);
    const value = shown.kind === 'done' && shown.code === 0 ? parseLinks(shown.stdout.toString()) : null;
    return value === null ? procRoutes.interfaces(signal) : { kind: 'measured', value };
  },

  async defaults(signal) {
    const tables = await Promise.all(
      ([4, 6] as const).map(async (family) => {
        const text = await runJson(family, ['-details', 'route', 'show', 'table', 'all'], signal);
        return text === null ? null : defaultsOf(parseRouteTable(text, family), family);
      }),
    );
    const known = tables.flatMap((one) => one ?? []);
    return tables.every((one) => one === null) ? procRoutes.defaults(signal) : { kind: 'measured', value: known };
  },

  async neighbours(signal) {
    const shown = await runIp(['-json', 'neigh', 'show'], signal);
    return shown.kind === 'done' && shown.code === 0 ? parseNeighbours(shown.stdout.toString()) : procRoutes.neighbours(signal);
  },
};

/** iproute2 lives in sbin, which an ordinary user's PATH may leave out. */
const PLACES = ['ip', '/usr/sbin/ip', '/sbin/ip'];

async function runIp(args: readonly string[], signal: AbortSignal): Promise<ToolResult> {
  let last: ToolResult = { kind: 'failed', why: 'ip (iproute2) is not installed' };
  for (const place of PLACES) {
    last = await runTool(place, args, signal);
    if (last.kind === 'done') return last;
  }
  return last;
}

function measuredRoute(value: RouteFacts): Measured<RouteFacts> {
  return { kind: 'measured', value };
}

async function runJson(family: Family, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const shown = await runIp(['-json', `-${family}`, ...args], signal);
  return shown.kind === 'done' && shown.code === 0 ? shown.stdout.toString() : null;
}
