import { busyness } from '../system/busyness.ts';
import { NEIGHBOUR_MS } from '../facts/budgets.ts';
import { NOT_HTTP_PORTS } from '../facts/ports.ts';
import type { Address, Evidence, Handshake, ListeningSocket, PortsEvidence } from '../model/evidence.ts';
import { heldAnswer, isReady, isWildcard } from '../model/view.ts';
import { socketReader } from '../system/sockets/index.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { readListeners } from './machine.ts';

/** More listeners than a developer's machine has; keeps a strange one from being flooded. */
const MOST_PORTS = 128;

/** How many neighbours are asked at once. */
const AT_ONCE = 16;

/** Listening sockets of this machine that speak MCP, on other ports than the target's. The user's headers are not sent to them. */
export async function probePorts(context: ProbeContext, evidence: Evidence): Promise<PortsEvidence> {
  const sockets = evidence.machine?.sockets.kind === 'measured' ? evidence.machine.sockets.value : [];
  const { claimedPorts } = context.shared;
  const others = onePerPort(sockets).filter(({ port }) => port !== evidence.target.port && !NOT_HTTP_PORTS.has(port));
  const ownedByOthers = others.filter(({ port }) => claimedPorts.has(port)).map(({ port }) => port);
  const candidates = others.filter(({ port }) => !claimedPorts.has(port)).slice(0, MOST_PORTS);
  const found: PortsEvidence['found'][number][] = [];
  const queue = [...candidates];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let socket = queue.shift(); socket !== undefined && !context.signal.aborted; socket = queue.shift()) {
        const handshake = await askNeighbour(context, evidence, socket);
        if (handshake === null) continue;
        found.push({ port: socket.port, address: dialled(socket).address, owner: await ownerOf(context, socket), handshake });
      }
    }),
  );
  return { looked: candidates.length, ownedByOthers, found: found.sort((a, b) => a.port - b.port) };
}

/** The configured path first, then the usual one. */
async function askNeighbour(context: ProbeContext, evidence: Evidence, socket: ListeningSocket): Promise<Handshake | null> {
  const paths = [...new Set([evidence.target.path, '/mcp'])];
  for (const path of paths) {
    const url = new URL(
      `http://${evidence.target.hostKind === 'ipv6' ? `[${evidence.target.host}]` : evidence.target.host}:${socket.port}${path}`,
    );
    const handshake = await context.shared.once(`neighbour ${socket.port}${path}`, () =>
      handshakeAt(context, evidence, dialled(socket), {
        url,
        headers: {},
        limitMs: NEIGHBOUR_MS * busyness(),
        tools: heldAnswer(evidence) !== undefined,
      }),
    );
    if (isReady(handshake)) return handshake;
    // Who does not answer at all speaks no HTTP: another path will not make it.
    if (handshake.result.kind === 'broken') return null;
  }
  return null;
}

async function ownerOf(context: ProbeContext, socket: ListeningSocket): Promise<PortsEvidence['found'][number]['owner']> {
  const all = await readListeners(context);
  if (all.kind === 'not-measured') return all;
  const same = all.value.filter(({ port, address }) => port === socket.port && address === socket.address);
  return (await socketReader().ownersOf(same, context.signal))[0] ?? { kind: 'not-measured', why: 'the socket was closed in the meantime' };
}

/** Where a listening socket is dialled: loopback for wildcards, IPv4 first. */
function dialled({ address, family }: ListeningSocket): Address {
  if (!isWildcard(address)) return { address, family };
  return address === '::' ? { address: '::1', family: 6 } : { address: '127.0.0.1', family: 4 };
}

function onePerPort(sockets: readonly ListeningSocket[]): readonly ListeningSocket[] {
  const byPort = new Map<number, ListeningSocket>();
  for (const socket of sockets) {
    const known = byPort.get(socket.port);
    if (known === undefined || (known.family === 6 && socket.family === 4)) byPort.set(socket.port, socket);
  }
  return [...byPort.values()];
}
