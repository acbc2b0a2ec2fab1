/** The conditions of nftables' rules (libnftables-json(5)). Pure. */
import { bitsOf, elementsOf, list, type NamedSets, numberOf, record } from './nft-values.ts';
import type { Fact, Test } from './ruleset.ts';
import { numbers } from './values.ts';

/** What an expression reads, and what has to hold for it to be there at all; nft leaves those conditions out of its listing. */
interface Read {
  readonly fact: Fact;
  readonly implied: readonly Test[];
  readonly mask: number | null;
}

const META: Readonly<Record<string, Fact>> = {
  nfproto: 'family',
  l4proto: 'protocol',
  iif: 'in',
  iifname: 'in',
  oif: 'out',
  oifname: 'out',
  skuid: 'user',
  skgid: 'group',
  mark: 'mark',
};

const PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  sctp: 132,
  dccp: 33,
  icmp: 1,
  icmpv6: 58,
  igmp: 2,
  esp: 50,
  ah: 51,
  comp: 108,
};
const PORTS: Readonly<Record<string, Fact>> = { sport: 'sourcePort', dport: 'destinationPort', flags: 'flags' };
const ADDRESSES: Readonly<Record<string, Fact>> = { saddr: 'source', daddr: 'destination', protocol: 'protocol', nexthdr: 'protocol' };

const isOneOf = (fact: Fact, value: number): Test => ({ kind: 'among', facts: [fact], elements: [[numbers(value)]], negated: false });

function readOf(left: unknown): Read | null {
  const object = record(left);
  const key = (name: string) => record(object?.[name])?.['key'];
  const meta = META[String(key('meta'))];
  if (meta !== undefined) return { fact: meta, implied: [], mask: null };
  if (key('ct') === 'state' || key('ct') === 'direction')
    return { fact: key('ct') === 'state' ? 'state' : 'direction', implied: [], mask: null };
  const fib = record(object?.['fib']);
  if (fib?.['result'] === 'type') {
    const flags = list(fib['flags']).join(' ');
    if (flags === 'daddr' || flags === 'saddr')
      return { fact: flags === 'daddr' ? 'destinationType' : 'sourceType', implied: [], mask: null };
  }
  const masked = list(object?.['&']);
  if (masked.length === 2) {
    const inner = readOf(masked[0]);
    const mask = inner === null ? null : bitsOf(masked[1], inner.fact);
    return inner === null || mask === null ? null : { ...inner, mask };
  }
  const payload = record(object?.['payload']);
  return payload === null ? null : payloadOf(String(payload['protocol']), String(payload['field']));
}

function payloadOf(protocol: string, field: string): Read | null {
  const family = protocol === 'ip' ? 2 : protocol === 'ip6' ? 10 : null;
  if (family !== null) {
    const fact = ADDRESSES[field];
    return fact === undefined ? null : { fact, implied: [isOneOf('family', family)], mask: null };
  }
  const fact = PORTS[field];
  if (fact === undefined) return null;
  if (protocol === 'th') return { fact, implied: [], mask: null };
  const number = PROTOCOLS[protocol];
  return number === undefined ? null : { fact, implied: [isOneOf('protocol', number)], mask: null };
}

/** The protocol that an expression needs, also where the rest of it cannot be judged. */
function protocolOf(left: unknown): readonly Test[] {
  const number = PROTOCOLS[String(record(record(left)?.['payload'])?.['protocol'])];
  return number === undefined ? [] : [isOneOf('protocol', number)];
}

/** The facts on the left of a comparison or a map; null when one cannot be judged from here. */
export function factsOf(
  left: unknown,
): { readonly facts: readonly Fact[]; readonly implied: readonly Test[]; readonly mask: number | null } | null {
  const concat = record(left)?.['concat'];
  const reads = (Array.isArray(concat) ? concat : [left]).map(readOf);
  if (!reads.every((one) => one !== null)) return null;
  const mask = reads.length === 1 ? (reads[0]?.mask ?? null) : null;
  if (reads.length > 1 && reads.some((one) => one.mask !== null)) return null;
  return { facts: reads.map(({ fact }) => fact), implied: reads.flatMap(({ implied }) => implied), mask };
}

/** What one `match` statement asks. */
export function testsOf(match: Readonly<Record<string, unknown>>, sets: NamedSets, words: string): readonly Test[] {
  const { op, left, right } = match;
  const unknown: readonly Test[] = [...protocolOf(left), { kind: 'unknown', words }];
  const read = factsOf(left);
  const [fact] = read?.facts ?? [];
  if (read === null || fact === undefined) return unknown;
  const { facts, implied, mask } = read;
  const negated = op === '!=';
  if (mask !== null) {
    const value = bitsOf(right, fact);
    return value === null ? unknown : [...implied, { kind: 'bits', fact, mask, how: 'equals', value, negated }];
  }
  // `in` asks whether one of the bits is set: `ct state established,related`.
  if (op === 'in' || Array.isArray(right)) {
    const value = bitsOf(right, fact);
    return value === null ? unknown : [...implied, { kind: 'bits', fact, mask: 0, how: 'any', value, negated }];
  }
  if (op === '<' || op === '>' || op === '<=' || op === '>=') {
    const value = numberOf(right, fact);
    if (value === null) return unknown;
    const bounds = {
      '<': numbers(0, value - 1),
      '<=': numbers(0, value),
      '>': numbers(value + 1, Infinity),
      '>=': numbers(value, Infinity),
    };
    return [...implied, { kind: 'among', facts, elements: [[bounds[op]]], negated: false }];
  }
  const elements = elementsOf(right, facts, sets);
  return elements === null ? unknown : [...implied, { kind: 'among', facts, elements, negated }];
}
