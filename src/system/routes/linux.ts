import type { Family, Measured } from '../../model/evidence.ts';
import type { RouteFacts } from '../../model/routes.ts';
import { runTool } from '../processes/run-tool.ts';
import { decidingEntry, defaultsOf, parseLinks, parseNeighbours, parseRouteGet, parseRouteTable, parseRules } from './ip-json.ts';
import type { RouteReader } from './reader.ts';

/** Linux, by iproute2: an ordinary user may ask all of this. */
export const linuxRoutes: RouteReader = {
  async lookup(address, signal, device) {
    const over = device === undefined ? [] : ['oif', device];
    const asked = await runTool('ip', ['-json', '-details', 'route', 'get', address.address, ...over], signal);
    if (asked.kind === 'failed') return { kind: 'not-measured', why: asked.why };
    const found = asked.code === 0 ? parseRouteGet(asked.stdout.toString()) : null;
    const [rules, entries] = await Promise.all([
      ipJson(address.family, ['rule', 'show'], signal),
      ipJson(address.family, ['-details', 'route', 'show', 'table', 'all'], signal),
    ]);
    const deciding = decidingEntry(
      address,
      parseRules(rules ?? '', address.family),
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
    const shown = await runTool('ip', ['-json', '-details', '-statistics', 'link', 'show'], signal);
    if (shown.kind === 'failed') return { kind: 'not-measured', why: shown.why };
    const value = parseLinks(shown.stdout.toString());
    return value === null ? { kind: 'not-measured', why: 'ip link show printed no JSON' } : { kind: 'measured', value };
  },

  async defaults(signal) {
    const tables = await Promise.all(
      ([4, 6] as const).map(async (family) => {
        const text = await ipJson(family, ['-details', 'route', 'show', 'table', 'all'], signal);
        return text === null ? null : defaultsOf(parseRouteTable(text, family), family);
      }),
    );
    const known = tables.flatMap((one) => one ?? []);
    return tables.every((one) => one === null) ? { kind: 'not-measured', why: 'ip is not installed' } : { kind: 'measured', value: known };
  },

  async neighbours(signal) {
    const shown = await runTool('ip', ['-json', 'neigh', 'show'], signal);
    return parseNeighbours(shown.kind === 'done' ? shown.stdout.toString() : '');
  },
};

function measuredRoute(value: RouteFacts): Measured<RouteFacts> {
  return { kind: 'measured', value };
}

async function ipJson(family: Family, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const shown = await runTool('ip', ['-json', `-${family}`, ...args], signal);
  return shown.kind === 'done' && shown.code === 0 ? shown.stdout.toString() : null;
}
