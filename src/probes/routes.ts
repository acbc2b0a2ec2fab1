import { ROUTE_REDIAL_MS } from '../facts/budgets.ts';
import type { Address, Evidence, TcpAttempt } from '../model/evidence.ts';
import type { InterfaceFacts, NeighbourState, RoutesEvidence, Traffic, Way } from '../model/routes.ts';
import { hungAttempt, isTunnel, isWireguard, silentNameServers, unreachedAttempts } from '../model/routes-view.ts';
import { now } from '../system/clock.ts';
import { askResolvers } from '../system/dns.ts';
import { isPrivateAddress } from '../system/addresses.ts';
import { type RouteReader, routeReader } from '../system/routes/index.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';
import { probeDetours } from './detours.ts';
import { probeSizes } from './sizes.ts';

/** Of a name with many addresses, the first few are as good as all: they share their way. */
const MOST_ADDRESSES = 4;

/** How the addresses that were not reached are reached by this machine's routes, and what becomes of packets on that way. */
export async function probeRoutes(context: ProbeContext, evidence: Evidence): Promise<RoutesEvidence> {
  const started = now();
  const { signal } = context;
  const reader = routeReader();
  const [interfaces, defaults, neighbours] = await Promise.all([
    reader.interfaces(signal),
    reader.defaults(signal),
    reader.neighbours(signal),
  ]);
  const known = interfaces.kind === 'measured' ? interfaces.value : [];
  const hung = hungAttempt(evidence);
  const attempts = unreachedAttempts(evidence).slice(0, MOST_ADDRESSES);
  const servers = silentNameServers(evidence).slice(0, MOST_ADDRESSES);
  const [ways, asked, way, sizes] = await Promise.all([
    Promise.all(attempts.map((attempt) => lookAt(context, reader, attempt, known, neighbours))),
    Promise.all(servers.map((server) => lookAtServer(context, reader, evidence.target.host, server, known, neighbours))),
    hung === undefined ? [] : lookUp(context, reader, hung, neighbours),
    hung === undefined ? [] : probeSizes(context, evidence, hung),
  ]);
  return { ways: [...ways, asked, way].flat(), interfaces, defaults, sizes, ms: now() - started };
}

async function lookAt(
  context: ProbeContext,
  reader: RouteReader,
  attempt: TcpAttempt,
  interfaces: readonly InterfaceFacts[],
  neighbours: ReadonlyMap<string, NeighbourState>,
): Promise<Way> {
  const { signal } = context;
  const { address, family, port } = attempt;
  const way = await lookUp(context, reader, attempt, neighbours);
  const found = way.route.kind === 'measured' ? way.route.value : null;
  const device = interfaces.find(({ name }) => name === found?.device);
  const dial = () => connectOnce({ address, family, port }, { timeoutMs: ROUTE_REDIAL_MS, signal });
  const [traffic, detours] = await Promise.all([
    device !== undefined && isTunnel(device) ? countWhile(reader, device.name, dial, signal) : null,
    // Whoever sends public traffic through a tunnel does not want it seen outside.
    device !== undefined && isTunnel(device) && !isPrivateAddress(address)
      ? []
      : probeDetours(context, reader, { address, family }, interfaces, found?.device ?? null),
  ]);
  // After dialling: only a packet makes WireGuard look for its peer.
  const peer = device !== undefined && isWireguard(device) ? await reader.wireguardPeer(device.name, { address, family }, signal) : null;
  return { ...way, traffic, detours, peer };
}

/** The way alone, with nothing sent on it. */
async function lookUp(
  { signal }: ProbeContext,
  reader: RouteReader,
  { address, family }: Address,
  neighbours: ReadonlyMap<string, NeighbourState>,
): Promise<Way> {
  const route = await reader.lookup({ address, family }, signal);
  const gateway = route.kind === 'measured' ? route.value.gateway : null;
  return {
    address,
    family,
    purpose: 'target',
    route,
    neighbour: neighbours.get(gateway ?? address) ?? null,
    traffic: null,
    detours: [],
    peer: null,
  };
}

/** A silent name server, asked once more. */
async function lookAtServer(
  context: ProbeContext,
  reader: RouteReader,
  host: string,
  server: string,
  interfaces: readonly InterfaceFacts[],
  neighbours: ReadonlyMap<string, NeighbourState>,
): Promise<Way> {
  const way = await lookUp(context, reader, { address: server, family: server.includes(':') ? 6 : 4 }, neighbours);
  const device = interfaces.find(({ name }) => way.route.kind === 'measured' && name === way.route.value.device);
  const ask = () => askResolvers(host, ROUTE_REDIAL_MS);
  const traffic = device !== undefined && isTunnel(device) ? await countWhile(reader, device.name, ask, context.signal) : null;
  const peer = device !== undefined && isWireguard(device) ? await reader.wireguardPeer(device.name, way, context.signal) : null;
  return { ...way, purpose: 'name-server', traffic, peer };
}

/** Does something once more and lets the interface count: whether packets entered it, and whether any came out. */
async function countWhile(reader: RouteReader, device: string, act: () => Promise<unknown>, signal: AbortSignal): Promise<Traffic | null> {
  const started = now();
  const before = await countersOf(reader, device, signal);
  await act();
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
