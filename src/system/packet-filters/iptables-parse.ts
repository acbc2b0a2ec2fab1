/** `iptables-save -c` and its kin (iptables-save(8), iptables-extensions(8)). Pure. */
import type { FilterTool } from '../../model/filters.ts';
import { type Option, testsOf } from './iptables-match.ts';
import type { Base, Chain, Hook, Rule, Table, Verdict } from './ruleset.ts';

/** Where the kernel calls a table (linux/netfilter_ipv4.h); nat differs by hook. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };
const NAT: Readonly<Partial<Record<Hook, number>>> = { prerouting: -100, output: -100, input: 100, postrouting: 100 };
const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** Targets after which the packet goes on with the next rule, or is let through by the table. */
const HARMLESS: ReadonlySet<string> = new Set([
  'LOG',
  'NFLOG',
  'ULOG',
  'AUDIT',
  'CLASSIFY',
  'CHECKSUM',
  'CONNMARK',
  'CONNSECMARK',
  'DSCP',
  'ECN',
  'HL',
  'HMARK',
  'IDLETIMER',
  'LED',
  'MASQUERADE',
  'RATEEST',
  'SECMARK',
  'SET',
  'SNAT',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TEE',
  'TOS',
  'TRACE',
  'TTL',
]);

/** Tables with chains, rules and counters from what iptables-save prints with `-c`. */
export function parseIptables(text: string, tool: FilterTool): readonly Table[] {
  const family = tool.startsWith('ip6') ? 'ip6' : 'ip';
  const tables: Table[] = [];
  let chains = new Map<string, { base: Base | null; rules: Rule[] }>();
  let name = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      name = line.slice(1).trim();
      chains = new Map();
    } else if (line.startsWith(':')) {
      const [, chain = '', policy = '', packets = ''] = /^:(\S+) (\S+) \[(\d+):\d+\]/.exec(line) ?? [];
      chains.set(chain, { base: policy === '-' ? null : baseOf(chain, name, policy, Number(packets)), rules: [] });
    } else if (line === 'COMMIT') {
      tables.push({
        tool,
        family,
        name,
        chains: new Map([...chains].map(([chain, parts]): [string, Chain] => [chain, { name: chain, ...parts }])),
      });
    } else {
      const [, packets, words = '', chain = ''] = /^(?:\[(\d+):\d+\] )?(-A (\S+).*)$/.exec(line) ?? [];
      const rules = chains.get(chain)?.rules;
      rules?.push(ruleOf(words, rules.length + 1, packets === undefined ? null : Number(packets), chains));
    }
  }
  return tables;
}

function baseOf(chain: string, table: string, policy: string, packets: number): Base | null {
  const hook = HOOKS[chain];
  if (hook === undefined) return null;
  return {
    hook,
    isNat: table === 'nat',
    priority: (table === 'nat' ? NAT[hook] : PRIORITIES[table]) ?? 0,
    policy: policy === 'DROP' ? 'drop' : 'accept',
    packets,
    device: null,
  };
}

function ruleOf(text: string, number: number, packets: number | null, chains: ReadonlyMap<string, unknown>): Rule {
  const options = optionsOf(splitWords(text).slice(2));
  const at = options.findIndex(({ name }) => name === '-j' || name === '-g');
  const [target, ...more] = at === -1 ? [] : options.slice(at);
  const tests = (at === -1 ? options : options.slice(0, at)).flatMap((option) => testsOf(option, text));
  return { handle: number, text, tests, verdict: target === undefined ? { kind: 'continue' } : verdictOf(target, more, chains), packets };
}

/** Words with `"…"` taken together, `\"` and `\\` inside them being themselves. */
function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => plain ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
}

/** A word that begins with a dash begins an option, `!` before it negates. */
function optionsOf(words: readonly string[]): readonly Option[] {
  const options: { name: string; negated: boolean; words: string[] }[] = [];
  let negated = false;
  for (const word of words) {
    if (word === '!') negated = true;
    else if (/^--?[a-z0-9]/i.test(word) && !/^-\d/.test(word)) {
      options.push({ name: word, negated, words: [] });
      negated = false;
    } else options.at(-1)?.words.push(word);
  }
  return options;
}

function verdictOf({ name, words: [target = ''] }: Option, more: readonly Option[], chains: ReadonlyMap<string, unknown>): Verdict {
  const option = (wanted: string) => more.find((one) => one.name === wanted)?.words[0];
  switch (target) {
    case 'ACCEPT':
    case 'RETURN':
      return { kind: target === 'ACCEPT' ? 'accept' : 'return' };
    case 'DROP':
      return { kind: 'drop' };
    case 'REJECT':
      return { kind: 'reject', how: (option('--reject-with') ?? 'icmp-port-unreachable').replace('tcp-reset', 'tcp reset') };
    case 'REDIRECT':
      return { kind: 'move', address: 'this machine', port: portOf(option('--to-ports')) };
    case 'DNAT': {
      const [, address, port] = /^\[?([\da-f.:]*?)\]?(?::(\d+))?$/i.exec(option('--to-destination') ?? '-') ?? [];
      return address === undefined
        ? { kind: 'unknown', words: 'DNAT' }
        : { kind: 'move', address: address === '' ? null : address, port: portOf(port) };
    }
    case 'MARK':
      return { kind: 'forget', fact: 'mark' };
    case 'CT':
    case 'NOTRACK':
      return { kind: 'forget', fact: 'state' };
    default:
      if (chains.has(target)) return { kind: name === '-g' ? 'goto' : 'jump', chain: target };
      return HARMLESS.has(target) ? { kind: 'continue' } : { kind: 'unknown', words: target };
  }
}

function portOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
