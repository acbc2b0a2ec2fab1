/** The conditions of iptables' rules as iptables-save(8) writes them (iptables-extensions(8)). Pure. */
import { ADDRESS_TYPES, FLAGS, STATES } from './packet.ts';
import type { Fact, Test, Values } from './ruleset.ts';
import { addressRange, numbers } from './values.ts';

/** One option with its words: `! --dport 80`. */
export interface Option {
  readonly name: string;
  readonly negated: boolean;
  readonly words: readonly string[];
}

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  sctp: 132,
  udplite: 136,
};

/** Options that say nothing by themselves: the extension's name, a comment, the family that the table has anyway. */
const SILENT: ReadonlySet<string> = new Set(['-m', '--comment', '-4', '-6']);

type Reader = (words: readonly string[]) => { readonly fact: Fact; readonly values: readonly (Values | null)[] };

const ranges =
  (fact: Fact, read: (text: string) => Values | null): Reader =>
  (words) => ({ fact, values: (words[0] ?? '').split(',').map(read) });

const READERS: Readonly<Record<string, Reader>> = {
  '-s': ranges('source', addressRange),
  '-d': ranges('destination', addressRange),
  '--src-range': ranges('source', addressRange),
  '--dst-range': ranges('destination', addressRange),
  '-i': ranges('in', deviceName),
  '-o': ranges('out', deviceName),
  '-p': ranges('protocol', (text) => (text === 'all' ? numbers(0, 255) : numberRange(String(PROTOCOLS[text] ?? text)))),
  '--sport': ranges('sourcePort', numberRange),
  '--dport': ranges('destinationPort', numberRange),
  '--sports': ranges('sourcePort', numberRange),
  '--dports': ranges('destinationPort', numberRange),
  '--uid-owner': ranges('user', numberRange),
  '--gid-owner': ranges('group', numberRange),
  '--src-type': ranges('sourceType', addressType),
  '--dst-type': ranges('destinationType', addressType),
  '--ctdir': ranges('direction', (text) => numbers(text === 'REPLY' ? 1 : 0)),
};

/** What one option asks. */
export function testsOf(option: Option, text: string): readonly Test[] {
  const { name, negated, words } = option;
  if (SILENT.has(name)) return [];
  const unknown: readonly Test[] = [{ kind: 'unknown', words: `${negated ? '! ' : ''}${[name, ...words].join(' ')} in "${text}"` }];
  const reader = READERS[name];
  if (reader !== undefined) {
    const { fact, values } = reader(words);
    const elements = values.flatMap((one) => (one === null ? [] : [[one]]));
    return elements.length === values.length ? [{ kind: 'among', facts: [fact], elements, negated }] : unknown;
  }
  if (name === '--ctstate' || name === '--state') {
    const value = bits(words[0], STATES);
    return value === null ? unknown : [{ kind: 'bits', fact: 'state', mask: 0, how: 'any', value, negated }];
  }
  if (name === '--tcp-flags') {
    const [mask, value] = [bits(words[0], FLAGS), bits(words[1], FLAGS)];
    return mask === null || value === null ? unknown : [{ kind: 'bits', fact: 'flags', mask, how: 'equals', value, negated }];
  }
  if (name === '--mark') {
    const [value, mask] = (words[0] ?? '').split('/').map(Number);
    return value === undefined || Number.isNaN(value)
      ? unknown
      : [{ kind: 'bits', fact: 'mark', mask: mask ?? 0xff_ff_ff_ff, how: 'equals', value, negated }];
  }
  return unknown;
}

/** `80`, `1000:2000`, `1000-2000`, `:80`; null when it is none of them. */
function numberRange(text: string): Values | null {
  const match = /^(0x[\da-f]+|\d*)(?:[:-](\d*))?$/i.exec(text);
  if (match === null || text === '') return null;
  const [, from = '', to] = match;
  return numbers(Number(from), to === undefined ? Number(from) : to === '' ? 65_535 : Number(to));
}

/** iptables writes "any rest" as `+`, nftables as `*`. */
function deviceName(text: string): Values {
  return { name: text.replace(/\+$/, '*') };
}

function addressType(text: string): Values | null {
  const number = (ADDRESS_TYPES as Readonly<Record<string, number>>)[text.toLowerCase()];
  return number === undefined ? null : numbers(number);
}

/** `SYN,ACK` as bits; null when one is not known. */
function bits(text: string | undefined, names: Readonly<Record<string, number>>): number | null {
  if (text === undefined) return null;
  if (text === 'ALL') return 0x3f;
  if (text === 'NONE') return 0;
  return text.split(',').reduce<number | null>((sum, name) => {
    const bit = names[name.toLowerCase()];
    return sum === null || bit === undefined ? null : sum | bit;
  }, 0);
}
