/** Readers of the JSON that our own PowerShell questions about routes give. Pure; what cannot be read is null or left out. */
import { kindByDescription, productOf } from '../../facts/tunnels.ts';
import type { Counters, DefaultRoute, InterfaceFacts, NeighbourState, RouteFacts } from '../../model/routes.ts';

type Row = Readonly<Record<string, unknown>>;

/** The answer of `Find-NetRoute`: the source address it would choose, and the route. Nothing at all means that there is no route. */
export function parseFindRoute(text: string): RouteFacts {
  const rows = rowsOf(text);
  const route = rows.find((row) => typeof row['DestinationPrefix'] === 'string');
  const nothing = { table: null, mtu: null } as const;
  if (route === undefined) return { kind: 'none', device: null, gateway: null, source: null, prefix: null, ...nothing };
  return {
    kind: 'unicast',
    device: textOf(route['InterfaceAlias']),
    gateway: nextHop(route),
    source: rows.map((row) => textOf(row['IPAddress'])).find((one) => one !== null) ?? null,
    prefix: textOf(route['DestinationPrefix']),
    ...nothing,
  };
}

/** The adapters with their counters. */
export function parseAdapters(text: string): readonly InterfaceFacts[] {
  return rowsOf(text).flatMap((row): readonly InterfaceFacts[] => {
    const name = textOf(row['Name']);
    const description = textOf(row['Description']) ?? '';
    if (name === null) return [];
    const up = row['Admin'] !== 'Down' && row['Status'] !== 'Disabled';
    return [
      {
        name,
        kind: kindByDescription(description, row['Hardware'] === true),
        product: productOf(name, description),
        up,
        carrier: up ? row['Status'] === 'Up' : null,
        mtu: numberOf(row['Mtu']),
        counters: countersOf(row),
      },
    ];
  });
}

function countersOf(row: Row): Counters | null {
  const [received, sent, unsent] = [numberOf(row['Received']), numberOf(row['Sent']), numberOf(row['Unsent'])];
  return received === null || sent === null ? null : { received, sent, unsent: unsent ?? 0 };
}

/** Default routes of both families, halves of them included. */
export function parseDefaults(text: string): readonly DefaultRoute[] {
  return rowsOf(text).flatMap((row): readonly DefaultRoute[] => {
    const prefix = textOf(row['DestinationPrefix']);
    const device = textOf(row['InterfaceAlias']);
    if (prefix === null || device === null) return [];
    const family = prefix.includes(':') ? 6 : 4;
    return [{ family, device, gateway: nextHop(row), metric: numberOf(row['Metric']), prefix, table: null }];
  });
}

/** The neighbour cache; Windows keeps who did not answer as `Unreachable`. */
export function parseNeighbours(text: string): ReadonlyMap<string, NeighbourState> {
  const states: Readonly<Record<string, NeighbourState>> = {
    Unreachable: 'failed',
    Incomplete: 'incomplete',
    Reachable: 'reachable',
    Permanent: 'reachable',
    Stale: 'stale',
    Delay: 'stale',
    Probe: 'stale',
  };
  return new Map(
    rowsOf(text).flatMap((row) => {
      const address = textOf(row['IPAddress']);
      return address === null ? [] : [[address, states[String(row['State'])] ?? 'other'] as const];
    }),
  );
}

/** The unspecified address as next hop means "on this link". */
function nextHop(row: Row): string | null {
  const hop = textOf(row['NextHop']);
  return hop === '0.0.0.0' || hop === '::' ? null : hop;
}

/** ConvertTo-Json gives one object without a list around it, and nothing for none. */
function rowsOf(text: string): readonly Row[] {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return (Array.isArray(value) ? value : [value]).filter((one): one is Row => typeof one === 'object' && one !== null);
  } catch {
    return [];
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
