/** Sends a connection's packets through all rules in the kernel's order, and finds what ends it. Pure. */
import type { Decision, Growth } from './evaluate.ts';
import { walkBase } from './evaluate.ts';
import { type Connection, type Step, stepsOf } from './journey.ts';
import { type Packet, STATES } from './packet.ts';
import { type Chain, ruleKey, type Table } from './ruleset.ts';
import { addressNumber } from './values.ts';

/** A rule that ends or moves the connection, and the packet it does it to. */
export interface Found {
  readonly decision: Decision;
  readonly step: Step;
}

/** Families of tables that see a packet of an IP family. */
const FAMILIES = { 4: ['ip', 'inet', 'netdev'], 6: ['ip6', 'inet', 'netdev'] } as const;

/** The base chains that a packet passes at this hook, first to last. */
function chainsAt(
  tables: readonly Table[],
  { hook, device, packet }: Step,
  family: 4 | 6,
): readonly { readonly table: Table; readonly chain: Chain }[] {
  const seen: readonly string[] = FAMILIES[family];
  return tables
    .filter((table) => seen.includes(table.family))
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(({ chain: { base } }) => base?.isNat !== true || packet.state === STATES.new)
    .filter(({ chain: { base } }) => base?.hook === hook && (base.device === null || device === null || base.device === device))
    .sort((a, b) => (a.chain.base?.priority ?? 0) - (b.chain.base?.priority ?? 0));
}

/** Nothing was counted of packets that never came that far. */
const UNCOUNTED: Growth = () => null;

/**
 * The rule that ends the connection, followed by those which would end it once that one is out of the way; else the one that
 * moves it elsewhere; empty when every rule lets it pass.
 */
export function findBlocks(tables: readonly Table[], connection: Connection, phase: 'connect' | 'data', growth: Growth): readonly Found[] {
  let moved: Found | null = null;
  const ends: Found[] = [];
  for (const step of stepsOf(connection, phase)) {
    let { packet } = step;
    // What a rule moved keeps its new destination at all later hooks.
    if (moved !== null && step.way === 'request') packet = movedPacket(packet, moved.decision);
    for (const { table, chain } of chainsAt(tables, step, connection.family)) {
      const walked = walkBase(table, chain, packet, ends.length === 0 ? growth : UNCOUNTED);
      packet = walked.packet;
      // What is only foreseen has to be certain.
      if (walked.end !== null && (ends.length === 0 || walked.end.unsure.length === 0)) ends.push({ decision: walked.end, step });
      if (walked.moved !== null && moved === null && isElsewhere(walked.moved, packet)) {
        moved = { decision: walked.moved, step };
        packet = movedPacket(packet, walked.moved);
      }
    }
  }
  return ends.length > 0 ? ends : moved === null ? [] : [moved];
}

function isElsewhere({ verdict }: Decision, packet: Packet): boolean {
  const to = movedPacket(packet, { verdict });
  return to.destination !== packet.destination || to.destinationPort !== packet.destinationPort;
}

function movedPacket(packet: Packet, { verdict }: Pick<Decision, 'verdict'>): Packet {
  if (verdict.kind !== 'move') return packet;
  const { address, port } = verdict;
  return {
    ...packet,
    // REDIRECT keeps a loopback destination as it is and else takes an address of the incoming interface.
    destination: address === null || address === 'this machine' ? packet.destination : (addressNumber(address) ?? undefined),
    destinationPort: port ?? packet.destinationPort,
  };
}

/** Every counter by its rule's key. */
export function countersOf(tables: readonly Table[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const table of tables) {
    for (const chain of table.chains.values()) {
      if (chain.base?.packets != null) found.set(ruleKey(table, chain, null), chain.base.packets);
      for (const rule of chain.rules) if (rule.packets !== null) found.set(ruleKey(table, chain, rule), rule.packets);
    }
  }
  return found;
}

/** The growth of every counter between two readings; null for what does not count, or changed in between. */
export function growthBetween(before: readonly Table[], after: readonly Table[]): Growth {
  const earlier = countersOf(before);
  const later = countersOf(after);
  return (table, chain, rule) => {
    const key = ruleKey(table, chain, rule);
    const [from, to] = [earlier.get(key), later.get(key)];
    return from === undefined || to === undefined || to < from ? null : to - from;
  };
}
