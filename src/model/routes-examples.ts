/** Short forms for the evidence about routes in a cause's examples. */
import type { InterfaceFacts, RouteFacts, RoutesEvidence, Way } from './routes.ts';

/** An Ethernet interface that is up and connected, unless told otherwise. */
export function device(name: string, more: Partial<InterfaceFacts> = {}): InterfaceFacts {
  return { name, kind: 'physical', product: null, up: true, carrier: true, mtu: 1500, counters: null, ...more };
}

/** The way to one of the target's addresses: an ordinary route, with nothing measured on it. */
export function way(address: string, route: Partial<RouteFacts>, more: Partial<Way> = {}): Way {
  const facts = { kind: 'unicast', device: null, gateway: null, source: null, prefix: null, table: null, mtu: null, ...route } as const;
  return {
    address,
    family: address.includes(':') ? 6 : 4,
    purpose: 'target',
    route: { kind: 'measured', value: facts },
    neighbour: null,
    traffic: null,
    detours: [],
    peer: null,
    ...more,
  };
}

/** What was looked up about these ways, on a machine with these interfaces. */
export function routes(ways: readonly Way[], interfaces: readonly InterfaceFacts[], more: Partial<RoutesEvidence> = {}): RoutesEvidence {
  return {
    ways,
    interfaces: { kind: 'measured', value: interfaces },
    defaults: { kind: 'measured', value: [] },
    sizes: [],
    ms: 3,
    ...more,
  };
}

/** Requests of two lengths, answered up to the first; all of them when nothing is lost. */
export function sizes(passes: number, lost: number | null): RoutesEvidence['sizes'] {
  const short = [200, passes].map((bytes) => ({ bytes, answered: true, ms: 2 }));
  return lost === null ? short : [...short, { bytes: lost, answered: false, ms: 2000 }];
}
