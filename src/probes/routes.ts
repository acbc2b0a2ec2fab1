import { ROUTE_REDIAL_MS } from '../facts/budgets.ts';
import type { Evidence, TcpAttempt } from '../model/evidence.ts';
import type { InterfaceFacts, NeighbourState, RoutesEvidence, Traffic, Way } from '../model/routes.ts';
import { isTunnel, unreachedAttempts } from '../model/routes-view.ts';
import { now } from '../system/clock.ts';
import { type RouteReader, routeReader } from '../system/routes/index.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';

/** Of a name with many addresses, the first few are as good as all: they share their way. */
const MOST_ADDRESSES = 4;

/** How the addresses that were not reached are reached by this machine's routes, and what becomes of packets on that way. */
export async function probeRoutes({ signal }: ProbeContext, evidence: Evidence): Promise<RoutesEvidence> {
  const started = now();
  const reader = routeReader();
  const [interfaces, defaults, neighbours] = await Promise.all([
    reader.interfaces(signal),
    reader.defaults(signal),
    reader.neighbours(signal),
  ]);
  const known = interfaces.kind === 'measured' ? interfaces.value : [];
  const attempts = unreachedAttempts(evidence).slice(0, MOST_ADDRESSES);
  const ways = await Promise.all(attempts.map((attempt) => lookAt(reader, attempt, known, neighbours, signal)));
  return { ways, interfaces, defaults, sizes: [], ms: now() - started };
}

async function lookAt(
  reader: RouteReader,
  attempt: TcpAttempt,
  interfaces: readonly InterfaceFacts[],
  neighbours: ReadonlyMap<string, NeighbourState>,
  signal: AbortSignal,
): Promise<Way> {
  const { address, family, port } = attempt;
  const route = await reader.lookup({ address, family }, signal);
  const found = route.kind === 'measured' ? route.value : null;
  const device = interfaces.find(({ name }) => name === found?.device);
  const neighbour = neighbours.get(found?.gateway ?? address) ?? null;
  const traffic = device !== undefined && isTunnel(device) ? await dialAgain(reader, device.name, { address, family, port }, signal) : null;
  return { address, family, purpose: 'target', route, neighbour, traffic, detours: [] };
}

/** Dials once more and lets the interface count: whether packets entered it, and whether any came out. */
async function dialAgain(
  reader: RouteReader,
  device: string,
  target: Pick<TcpAttempt, 'address' | 'family' | 'port'>,
  signal: AbortSignal,
): Promise<Traffic | null> {
  const started = now();
  const before = await countersOf(reader, device, signal);
  await connectOnce(target, { timeoutMs: ROUTE_REDIAL_MS, signal });
  const after = await countersOf(reader, device, signal);
  if (before === null || after === null) return null;
  return {
    received: after.received - before.received,
    sent: after.sent - before.sent,
    unsent: after.unsent - before.unsent,
    ms: now() - started,
  };
}

async function countersOf(reader: RouteReader, device: string, signal: AbortSignal): Promise<InterfaceFacts['counters']> {
  const interfaces = await reader.interfaces(signal);
  return (interfaces.kind === 'measured' && interfaces.value.find(({ name }) => name === device)?.counters) || null;
}
