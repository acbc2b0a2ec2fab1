/** `nft --json --numeric list ruleset` and `nft --handle list ruleset` (nft(8), libnftables-json(5)). Pure. */
import { elementOf, list, type NamedSets, record } from './nft-values.ts';
import { factsOf, testsOf } from './nft-match.ts';
import type { Base, Chain, Hook, MapEntry, Rule, Table, Test, Verdict } from './ruleset.ts';

type Json = Readonly<Record<string, unknown>>;

const REJECTS: Readonly<Record<string, readonly string[]>> = {
  icmp: [],
  icmpx: ['no-route', 'port-unreachable', 'host-unreachable', 'admin-prohibited'],
  icmpv6: ['no-route', 'admin-prohibited', 'beyond-scope', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'],
};

/** ICMP's codes of "destination unreachable" as far as nft can send them (RFC 792, RFC 1812 section 5.2.7.1). */
const ICMP: Readonly<Record<number, string>> = {
  0: 'net-unreachable',
  1: 'host-unreachable',
  2: 'prot-unreachable',
  3: 'port-unreachable',
  9: 'net-prohibited',
  10: 'host-prohibited',
  13: 'admin-prohibited',
};

const HOOKS: ReadonlySet<string> = new Set(['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress']);

/** Statements that let the rule go on and change nothing that later tests ask about. */
const HARMLESS: ReadonlySet<string> = new Set([
  'log',
  'counter',
  'mangle',
  'set',
  'map',
  'snat',
  'masquerade',
  'ct helper',
  'ct timeout',
  'flow',
  'dup',
  'last',
  'meter',
]);

/** Tables with chains and rules from nft's JSON; null when the text is not that. `texts` are the rules in nft's own words. */
export function parseNft(json: string, texts: ReadonlyMap<string, string>): readonly Table[] | null {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return null;
  }
  const objects = record(document)?.['nftables'];
  if (!Array.isArray(objects)) return null;
  const all = objects.flatMap((one: unknown) =>
    Object.entries(record(one) ?? {}).flatMap(([kind, body]) => (record(body) ? [{ kind, body: body as Json }] : [])),
  );
  const within = (kind: string, { family, name }: Json) =>
    all.flatMap((one) => (one.kind === kind && one.body['family'] === family && one.body['table'] === name ? [one.body] : []));
  return all.flatMap(({ kind, body }) => {
    if (kind !== 'table') return [];
    const sets: NamedSets = new Map(
      [...within('set', body), ...within('map', body)].map((set) => [String(set['name']), list(set['elem'])]),
    );
    const counters = new Map(within('counter', body).map((counter) => [String(counter['name']), Number(counter['packets'])]));
    const rules = within('rule', body);
    const chains = within('chain', body).map((chain): [string, Chain] => {
      const own = rules.filter((rule) => rule['chain'] === chain['name']);
      return [
        String(chain['name']),
        { name: String(chain['name']), base: baseOf(chain), rules: own.map((rule) => ruleOf(rule, sets, counters, texts)) },
      ];
    });
    return [{ tool: 'nftables' as const, family: String(body['family']), name: String(body['name']), chains: new Map(chains) }];
  });
}

function baseOf(chain: Json): Base | null {
  const hook = chain['hook'];
  if (typeof hook !== 'string' || !HOOKS.has(hook)) return null;
  const device = chain['dev'];
  return {
    hook: hook as Hook,
    isNat: chain['type'] === 'nat',
    priority: Number(chain['prio'] ?? 0),
    policy: chain['policy'] === 'drop' ? 'drop' : 'accept',
    packets: null,
    device: typeof device === 'string' ? device : null,
  };
}

function ruleOf(rule: Json, sets: NamedSets, counters: ReadonlyMap<string, number>, texts: ReadonlyMap<string, string>): Rule {
  const handle = Number(rule['handle']);
  const text = texts.get(textKey(String(rule['family']), String(rule['table']), handle)) ?? '';
  const tests: Test[] = [];
  let packets: number | null = null;
  let verdict: Verdict = { kind: 'continue' };
  for (const statement of list(rule['expr'])) {
    const [[kind, body] = ['', null]] = Object.entries(record(statement) ?? {});
    if (kind === 'counter')
      packets = typeof body === 'string' ? (counters.get(body) ?? null) : Number(record(body)?.['packets'] ?? Number.NaN);
    const asked = testsIn(kind, body, sets, text);
    // A counter in front of a test counts more than the rule matches.
    if (asked.length > 0) packets = null;
    tests.push(...asked);
    verdict = verdictOf(kind, body, sets) ?? verdict;
  }
  return { handle, text, tests, verdict, packets: Number.isNaN(packets) ? null : packets };
}

function testsIn(kind: string, body: unknown, sets: NamedSets, text: string): readonly Test[] {
  if (kind === 'match') return testsOf(record(body) ?? {}, sets, `a condition of "${text}"`);
  if (kind === 'limit' || kind === 'quota' || kind === 'ct count') return [{ kind: 'unknown', words: `the ${kind} of "${text}"` }];
  if (kind === 'vmap') return factsOf(record(body)?.['key'])?.implied ?? [];
  const isMatch = kind === 'xt' && record(body)?.['type'] === 'match' && record(body)?.['name'] !== 'comment';
  return isMatch ? [{ kind: 'unknown', words: `the extension ${String(record(body)?.['name'])} of "${text}"` }] : [];
}

/** What a statement does; undefined when it decides nothing. */
function verdictOf(kind: string, body: unknown, sets: NamedSets): Verdict | undefined {
  const object = record(body);
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { kind };
    case 'jump':
    case 'goto':
      return { kind, chain: String(object?.['target']) };
    case 'reject':
      return { kind, how: rejectWords(object) };
    case 'redirect':
    case 'dnat': {
      const { addr, port } = object ?? {};
      const isPlain = (addr === undefined || typeof addr === 'string') && (port === undefined || typeof port === 'number');
      if (!isPlain) return { kind: 'unknown', words: kind };
      return {
        kind: 'move',
        address: typeof addr === 'string' ? addr : kind === 'redirect' ? 'this machine' : null,
        port: typeof port === 'number' ? port : null,
      };
    }
    case 'notrack':
      return { kind: 'forget', fact: 'state' };
    case 'mangle':
      return record(record(object?.['key'])?.['meta'])?.['key'] === 'mark' ? { kind: 'forget', fact: 'mark' } : undefined;
    case 'vmap':
      return mapOf(object, sets);
    case 'xt': {
      const name = String(object?.['name']);
      return object?.['type'] !== 'match' && name !== 'LOG' ? { kind: 'unknown', words: `the target ${name}` } : undefined;
    }
    default:
      return kind === 'match' || kind === 'limit' || kind === 'quota' || kind === 'ct count' || HARMLESS.has(kind)
        ? undefined
        : { kind: 'unknown', words: kind };
  }
}

function mapOf(vmap: Json | null, sets: NamedSets): Verdict {
  const unknown: Verdict = { kind: 'unknown', words: 'a verdict map' };
  const read = factsOf(vmap?.['key']);
  if (read === null || read.mask !== null) return unknown;
  const data = vmap?.['data'];
  const pairs = typeof data === 'string' ? sets.get(data.slice(1)) : list(record(data)?.['set']);
  if (pairs === undefined) return unknown;
  const entries = pairs.map((pair): MapEntry | null => {
    const [key, given] = list(pair);
    const element = elementOf(key, read.facts);
    const [[kind, body] = ['', null]] = Object.entries(record(given) ?? {});
    const verdict = verdictOf(kind, body, sets);
    return element === null || verdict === undefined ? null : { element, verdict };
  });
  return entries.every((one) => one !== null) ? { kind: 'map', facts: read.facts, entries } : unknown;
}

function rejectWords(reject: Json | null): string {
  const type = typeof reject?.['type'] === 'string' ? reject['type'] : 'icmpx';
  if (type === 'tcp reset') return type;
  const given = reject?.['expr'] ?? 'port-unreachable';
  const name = typeof given === 'number' ? ((type === 'icmp' ? ICMP[given] : REJECTS[type]?.[given]) ?? `code ${given}`) : given;
  return [type === 'icmpx' ? 'icmp' : type, ...(typeof name === 'string' ? [name] : [])].join(' ');
}

function textKey(family: string, table: string, handle: number): string {
  return `${family} ${table} ${handle}`;
}

/** The rules in nft's own words by family, table and handle, from `nft --handle list ruleset`. */
export function parseNftText(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let place: readonly [string, string] = ['', ''];
  for (const line of text.split('\n')) {
    const [, family, table] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (family !== undefined && table !== undefined) place = [family, table];
    const [, words, handle] = /^\s+(.*?)\s*# handle (\d+)$/.exec(line) ?? [];
    if (words === undefined || words.endsWith('{')) continue;
    found.set(textKey(...place, Number(handle)), words.replace(/counter packets \d+ bytes \d+/, 'counter'));
  }
  return found;
}
