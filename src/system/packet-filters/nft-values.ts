/** The right side of nftables' comparisons (libnftables-json(5)): values, ranges, prefixes and sets. Pure. */
import { FLAGS, ADDRESS_TYPES, STATES, TCP } from './packet.ts';
import type { Fact, Values } from './ruleset.ts';
import { addressRange, numbers } from './values.ts';

/** A JSON object, or null for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Names that nft prints for numbers unless asked for numbers only; older and newer releases differ in what they name. */
const SYMBOLS: Partial<Record<Fact, Readonly<Record<string, number>>>> = {
  family: { ipv4: 2, ipv6: 10 },
  protocol: {
    icmp: 1,
    igmp: 2,
    tcp: TCP,
    udp: 17,
    dccp: 33,
    esp: 50,
    ah: 51,
    'ipv6-icmp': 58,
    icmpv6: 58,
    comp: 108,
    sctp: 132,
    udplite: 136,
  },
  state: STATES,
  flags: FLAGS,
  destinationType: ADDRESS_TYPES,
  sourceType: ADDRESS_TYPES,
  direction: { original: 0, reply: 1 },
};

const IS_ADDRESS: ReadonlySet<Fact> = new Set(['source', 'destination']);
const IS_NAME: ReadonlySet<Fact> = new Set(['in', 'out']);

/** One number of a fact's own kind; null when it is none. */
export function numberOf(value: unknown, fact: Fact): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  return SYMBOLS[fact]?.[value] ?? (/^(0x[\da-f]+|\d+)$/i.test(value) ? Number(value) : null);
}

/** Bits that are listed one by one, or joined by `|`; null when one is not known. */
export function bitsOf(value: unknown, fact: Fact): number | null {
  const joined = record(value)?.['|'];
  const parts = Array.isArray(value) ? value : Array.isArray(joined) ? joined : [value];
  return parts.reduce<number | null>((sum, part) => {
    const bit = Array.isArray(part) || record(part) !== null ? bitsOf(part, fact) : numberOf(part, fact);
    return sum === null || bit === null ? null : sum | bit;
  }, 0);
}

/** The elements of a named set or map by `@name`, as nft lists them. */
export type NamedSets = ReadonlyMap<string, readonly unknown[]>;

/** The values of one side of a comparison, one element for each alternative; null when one cannot be read. */
export function elementsOf(right: unknown, facts: readonly Fact[], sets: NamedSets): readonly (readonly Values[])[] | null {
  const named = typeof right === 'string' && right.startsWith('@') ? sets.get(right.slice(1)) : undefined;
  if (typeof right === 'string' && right.startsWith('@') && named === undefined) return null;
  const alternatives = named ?? (Array.isArray(record(right)?.['set']) ? list(record(right)?.['set']) : [right]);
  const elements = alternatives.map((one) => elementOf(one, facts));
  return elements.every((one) => one !== null) ? elements : null;
}

/** One element: a value, or with several facts their values together; null when it cannot be read. */
export function elementOf(given: unknown, facts: readonly Fact[]): readonly Values[] | null {
  // A set's element may carry a timeout, a comment or a counter of its own.
  const value = record(record(given)?.['elem'])?.['val'] ?? given;
  const parts = facts.length === 1 ? [value] : list(record(value)?.['concat']);
  if (parts.length !== facts.length) return null;
  const read = parts.map((part, at) => valuesOf(part, facts[at] ?? 'mark'));
  return read.every((one) => one !== null) ? read : null;
}

function valuesOf(value: unknown, fact: Fact): Values | null {
  const object = record(value);
  const range = list(object?.['range']);
  if (IS_NAME.has(fact)) return typeof value === 'string' || typeof value === 'number' ? { name: String(value) } : null;
  if (value === '*') return { from: 0, to: 2n ** 128n };
  if (IS_ADDRESS.has(fact)) {
    const prefix = record(object?.['prefix']);
    if (prefix !== null) return addressRange(`${String(prefix['addr'])}/${String(prefix['len'])}`);
    if (range.length === 2) return addressRange(range.map(String).join('-'));
    return typeof value === 'string' ? addressRange(value) : null;
  }
  if (range.length === 2) {
    const [from, to] = range.map((end) => numberOf(end, fact));
    return from == null || to == null ? null : numbers(from, to);
  }
  const number = numberOf(value, fact);
  return number === null ? null : numbers(number);
}
