/** Which packets a connection is made of, and which hooks of this machine each passes. Pure. */
import type { Family } from '../../model/evidence.ts';
import { ADDRESS_TYPES, FLAGS, type Packet, STATES, TCP } from './packet.ts';
import type { Hook } from './ruleset.ts';
import { addressNumber } from './values.ts';

/** A connection of this process, as far as it is known before it exists. */
export interface Connection {
  readonly family: Family;
  /** Where it is made from; null when the system does not tell. */
  readonly source: string | null;
  readonly destination: string;
  readonly port: number;
  /** Whether the destination is one of this machine's own addresses: then everything goes through the loopback device. */
  readonly local: boolean;
  /** The interface towards the destination; null when it is not known. */
  readonly device: string | null;
  readonly user: number | null;
  readonly group: number | null;
  /** The ports of which the system takes one for the client's side. */
  readonly clientPorts: { readonly from: number; readonly to: number };
}

/** One packet at one hook. */
export interface Step {
  readonly way: 'request' | 'answer';
  readonly hook: Hook;
  readonly device: string | null;
  readonly packet: Packet;
}

const LEAVING: readonly Hook[] = ['output', 'postrouting', 'egress'];
const ARRIVING: readonly Hook[] = ['ingress', 'prerouting', 'input'];

/** The steps of opening the connection, or of the data on an open one, in their order. */
export function stepsOf(connection: Connection, phase: 'connect' | 'data'): readonly Step[] {
  const flags = phase === 'connect' ? [FLAGS.syn, FLAGS.syn | FLAGS.ack] : [FLAGS.psh | FLAGS.ack, FLAGS.psh | FLAGS.ack];
  const request = packetOf(connection, flags[0] ?? 0, phase === 'connect' ? STATES.new : STATES.established);
  const answer = turned(packetOf(connection, flags[1] ?? 0, STATES.established));
  const device = connection.local ? 'lo' : connection.device;
  const at = (way: Step['way'], packet: Packet, hooks: readonly Hook[]): readonly Step[] =>
    hooks.map((hook) => ({ way, hook, device, packet: { ...packet, ...seenBy(hook, device, way, connection) } }));
  if (!connection.local) return [...at('request', request, LEAVING), ...at('answer', answer, ARRIVING)];
  return [
    ...at('request', request, LEAVING),
    ...at('request', request, ARRIVING),
    ...at('answer', answer, LEAVING),
    ...at('answer', answer, ARRIVING),
  ];
}

/** What depends on the hook: the interface on one side only, and the socket's owner where the packet comes from our own. */
function seenBy(hook: Hook, device: string | null, way: Step['way'], { user, group }: Connection): Partial<Packet> {
  const name = device ?? undefined;
  const leaves = LEAVING.includes(hook);
  const own = leaves && way === 'request';
  return {
    in: leaves ? '' : name,
    out: leaves ? name : '',
    user: own ? (user ?? undefined) : undefined,
    group: own ? (group ?? undefined) : undefined,
  };
}

function packetOf({ family, source, destination, port, local, clientPorts }: Connection, flags: number, state: number): Packet {
  return {
    family: family === 4 ? 2 : 10,
    protocol: TCP,
    source: source === null ? undefined : (addressNumber(source) ?? undefined),
    destination: addressNumber(destination) ?? undefined,
    sourcePort: clientPorts,
    destinationPort: port,
    in: undefined,
    out: undefined,
    user: undefined,
    group: undefined,
    state,
    flags,
    // Programs that set a mark on their sockets are rare, and none of them is this one.
    mark: 0,
    sourceType: ADDRESS_TYPES.local,
    destinationType: local ? ADDRESS_TYPES.local : ADDRESS_TYPES.unicast,
    direction: 0,
  };
}

function turned(packet: Packet): Packet {
  return {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
    sourceType: packet.destinationType,
    destinationType: packet.sourceType,
    direction: 1,
  };
}
