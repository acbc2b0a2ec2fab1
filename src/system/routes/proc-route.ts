/** Readers of the kernel's routing tables under /proc/net, for systems without iproute2. Pure. */
import { endianness } from 'node:os';
import type { Address } from '../../model/evidence.ts';
import type { Counters, NeighbourState, RouteFacts } from '../../model/routes.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import type { RouteEntry } from './ip-json.ts';
import { parsePrefix, prefixCovers } from './prefix.ts';

/** Flags of include/uapi/linux/route.h and ipv6_route.h. */
const UP = 0x1;
const GATEWAY = 0x2;
const REJECT = 0x200;
const LOCAL = 0x80000000;

/** /proc/net/route: addresses are 32-bit words in the machine's byte order (net/ipv4/fib_trie.c). Only the main table is in it. */
export function parseProcRoute(text: string, order: 'LE' | 'BE' = endianness()): readonly RouteEntry[] {
  return rowsOf(text).flatMap(([device = '', destination = '', gateway = '', flags = '', , , metric = '', mask = '']) => {
    const bits = Number.parseInt(flags, 16);
    const network = wordAddress(destination, order);
    const prefix = network === null ? null : parsePrefix(`${network}/${onesIn(mask)}`, 4);
    if (prefix === null || (bits & UP) === 0) return [];
    return [entry(prefix, bits, device, (bits & GATEWAY) === 0 ? null : wordAddress(gateway, order), Number(metric))];
  });
}

/** /proc/net/ipv6_route: plain hexadecimal digits; the local table and the kernel's own rejecting entries are in it as well. */
export function parseProcRoute6(text: string): readonly RouteEntry[] {
  return rowsOf(text).flatMap(([destination = '', length = '', , , gateway = '', metric = '', , , flags = '', device = '']) => {
    const bits = Number.parseInt(flags, 16);
    const network = digitsAddress(destination);
    const prefix = network === null ? null : parsePrefix(`${network}/${Number.parseInt(length, 16)}`, 6);
    if (prefix === null || (bits & UP) === 0) return [];
    return [entry(prefix, bits, device, (bits & GATEWAY) === 0 ? null : digitsAddress(gateway), Number.parseInt(metric, 16))];
  });
}

function entry(
  prefix: NonNullable<ReturnType<typeof parsePrefix>>,
  flags: number,
  device: string,
  gateway: string | null,
  metric: number,
): RouteEntry {
  // A route without an interface refuses: with RTF_REJECT it says so, without it swallows.
  const refuses = (flags & REJECT) !== 0 ? 'unreachable' : device === '*' ? 'blackhole' : null;
  const kind = refuses ?? ((flags & LOCAL) !== 0 ? 'local' : 'unicast');
  return { ...prefix, kind, table: 'main', device: refuses === null ? device : null, gateway, metric };
}

/** The route that the longest prefix and then the least metric give, as the kernel's main table decides. */
export function routeFrom(entries: readonly RouteEntry[], { address, family }: Address, device?: string): RouteFacts {
  const fitting = entries.filter(
    (one) => one.family === family && prefixCovers(one, address) && (device === undefined || one.device === device),
  );
  const [best] = [...fitting].sort((a, b) => b.length - a.length || (a.metric ?? 0) - (b.metric ?? 0));
  const nothing = { device: null, gateway: null, source: null, prefix: null, table: null, mtu: null } as const;
  // The kernel ends its IPv6 table with a default entry that rejects: that is "no route".
  if (best === undefined || (best.kind === 'unreachable' && best.length === 0)) return { kind: 'none', ...nothing };
  const kind = best.kind === 'throw' || best.kind === 'other' ? 'none' : best.kind;
  return { ...nothing, kind, device: best.device, gateway: best.gateway, prefix: best.text };
}

/** Packet counters by interface, of /proc/net/dev. */
export function parseProcDev(text: string): ReadonlyMap<string, Counters> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name = '', rest] = line.split(':');
      const numbers = rest?.trim().split(/\s+/).map(Number) ?? [];
      const [, received = 0] = numbers;
      const [, sent = 0, errors = 0, dropped = 0] = numbers.slice(8);
      return numbers.length < 16 ? [] : [[name.trim(), { received, sent, unsent: errors + dropped }] as const];
    }),
  );
}

/** /proc/net/arp: a complete entry has flag 2; an entry without it is one that nobody answered for. */
export function parseProcArp(text: string): ReadonlyMap<string, NeighbourState> {
  return new Map(
    rowsOf(text).flatMap(([address = '', , flags = '']) => {
      const known = canonicalAddress(address);
      return known === null ? [] : [[known.address, (Number(flags) & 2) === 0 ? 'incomplete' : 'other'] as const];
    }),
  );
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]));
}

function wordAddress(word: string, order: 'LE' | 'BE'): string | null {
  if (!/^[\da-f]{8}$/i.test(word)) return null;
  const bytes = Buffer.from(word, 'hex');
  return (order === 'LE' ? bytes.reverse() : bytes).join('.');
}

function digitsAddress(digits: string): string | null {
  return canonicalAddress(digits.match(/.{4}/g)?.join(':') ?? '')?.address ?? null;
}

function onesIn(mask: string): number {
  return Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
}
