/** Pure reader of `pfctl -a '*' -sr`: macOS' packet filter with all its anchors, in pfctl's own normal form (pf.conf(5), GRAMMAR). */

/** One end of a connection as a rule describes it; null means any. */
export interface PfEnd {
  /** An address, `address/bits`, or a table in angle brackets. */
  readonly address: { readonly text: string; readonly not: boolean } | null;
  readonly port: PfRange | null;
}

/** `= 3000`, `8000:8001`, `>= 1024` and the like. Names are resolved where they are known; null is one that is not. */
export interface PfRange {
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | ':' | '><' | '<>';
  readonly from: number | null;
  readonly to: number | null;
}

interface PfCondition {
  readonly direction: 'in' | 'out' | null;
  readonly quick: boolean;
  readonly interface: { readonly name: string; readonly not: boolean } | null;
  readonly family: 4 | 6 | null;
  readonly protocol: string | null;
  readonly from: PfEnd;
  readonly to: PfEnd;
  readonly user: PfRange | null;
  /** Whether it concerns only packets that do not open a connection: other TCP flags than SYN, fragments. */
  readonly isForLaterPackets: boolean;
  /** Words of conditions that cannot be judged from outside. */
  readonly others: readonly string[];
}

export interface PfRule extends PfCondition {
  readonly kind: 'rule';
  /** As pfctl prints it. */
  readonly text: string;
  /** The anchors around it, outermost first. */
  readonly anchors: readonly string[];
  readonly action: 'pass' | 'block';
  /** How a block answers: not at all, or with a reset. */
  readonly reply: 'drop' | 'return';
}

export interface PfAnchor extends PfCondition {
  readonly kind: 'anchor';
  readonly name: string;
  /** Null when its rules were not printed. */
  readonly rules: readonly PfNode[] | null;
}

export type PfNode = PfRule | PfAnchor;

export interface PfRuleset {
  readonly rules: readonly PfNode[];
  /** Lines that were not understood; what they do is not known. */
  readonly strange: readonly string[];
  readonly truncated: boolean;
}

const MOST_LINES = 20_000;

/** The rules; lines of other kinds (scrub, set, ALTQ's complaint) are left out. */
export function parsePfRules(output: string, services: ReadonlyMap<string, number> = new Map()): PfRuleset {
  const lines = output.split(/\r?\n/);
  const strange: string[] = [];
  let at = 0;
  const block = (anchors: readonly string[]): readonly PfNode[] => {
    const nodes: PfNode[] = [];
    while (at < Math.min(lines.length, MOST_LINES)) {
      const line = (lines[at] ?? '').trim();
      at++;
      if (line === '}') return nodes;
      const opens = line.endsWith('{');
      const words = wordsOf(opens ? line.slice(0, -1) : line);
      if (words[0] === 'anchor') {
        const name = words[1]?.startsWith('"') ? words[1].replaceAll('"', '') : '';
        const rest = words.slice(words[1]?.startsWith('"') ? 2 : 1);
        nodes.push({ kind: 'anchor', name, ...conditionOf(rest, services), rules: opens ? block([...anchors, name]) : null });
      } else if (words[0] === 'pass' || words[0] === 'block') {
        nodes.push({ anchors, ...ruleOf(line, words[0], words.slice(1), services) });
      } else if (opens) block(anchors);
      else if (
        words[0] !== undefined &&
        !/^(?:scrub|scrub-anchor|set|nat|rdr|nat-anchor|rdr-anchor|binat|dummynet|dummynet-anchor|No|ALTQ|#)/.test(words[0])
      )
        strange.push(line);
    }
    return nodes;
  };
  return { rules: block([]), strange, truncated: lines.length > MOST_LINES };
}

/** Words, with what stands in quotes or braces as one. */
function wordsOf(line: string): readonly string[] {
  return line.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
}

function ruleOf(
  text: string,
  action: PfRule['action'],
  words: readonly string[],
  services: ReadonlyMap<string, number>,
): Omit<PfRule, 'anchors'> {
  const first = words[0] ?? '';
  const answers = /^(?:drop|return|return-rst|return-icmp|return-icmp6)$/.test(first);
  const reply = first.startsWith('return') ? 'return' : 'drop';
  // The code of an ICMP answer stands in parentheses of its own words.
  const rest = answers ? words.slice(words[1]?.startsWith('(') ? words.findIndex((word) => word.endsWith(')')) + 1 : 1) : words;
  return { kind: 'rule', text, action, reply, ...conditionOf(rest, services) };
}

/** Words that change nothing about whether a first packet (SYN) of a connection matches, with the number of words that follow them. */
const NEUTRAL: Readonly<Record<string, number>> = {
  log: 0,
  all: 0,
  keep: 1,
  modulate: 1,
  synproxy: 1,
  no: 1,
  label: 1,
  tag: 1,
  queue: 1,
  'allow-opts': 0,
  'reply-to': 1,
  'route-to': 1,
  'dup-to': 1,
};

function conditionOf(words: readonly string[], services: ReadonlyMap<string, number>): PfCondition {
  let at = 0;
  const next = () => words[at++] ?? '';
  const taken = (...known: readonly string[]) => (known.includes(words[at] ?? '') ? next() : null);
  const range = (): PfRange => {
    const operator = taken('=', '!=', '<', '<=', '>', '>=');
    const first = next();
    if (operator !== null) return { operator: operator as PfRange['operator'], from: numberOf(first, services), to: null };
    const [from = '', to] = first.split(':');
    if (to !== undefined) return { operator: ':', from: numberOf(from, services), to: numberOf(to, services) };
    const between = taken('><', '<>', ':');
    if (between === null) return { operator: '=', from: numberOf(first, services), to: null };
    return { operator: between as PfRange['operator'], from: numberOf(first, services), to: numberOf(next(), services) };
  };
  const end = (): PfEnd => {
    let address: PfEnd['address'] = null;
    if (words[at] !== 'port') {
      const not = taken('!') !== null;
      const text = next();
      address = text === 'any' ? null : { text: text.replace(/^!/, ''), not: not || text.startsWith('!') };
    }
    return { address, port: taken('port') === null ? null : range() };
  };
  const condition: { -readonly [K in keyof PfCondition]: PfCondition[K] } = {
    direction: null,
    quick: false,
    interface: null,
    family: null,
    protocol: null,
    from: { address: null, port: null },
    to: { address: null, port: null },
    user: null,
    isForLaterPackets: false,
    others: [],
  };
  const others: string[] = [];
  while (at < words.length) {
    const word = next();
    const neutral = NEUTRAL[word];
    if (word === 'in' || word === 'out') condition.direction = word;
    else if (word === 'quick') condition.quick = true;
    else if (word === 'on') {
      const not = taken('!') !== null;
      condition.interface = { name: next(), not };
    } else if (word === 'inet' || word === 'inet6') condition.family = word === 'inet' ? 4 : 6;
    else if (word === 'proto') condition.protocol = next();
    else if (word === 'from') condition.from = end();
    else if (word === 'to') condition.to = end();
    else if (word === 'user') condition.user = range();
    else if (word === 'flags') condition.isForLaterPackets = !includesSyn(next());
    else if (word === 'fragment') condition.isForLaterPackets = true;
    else if (neutral !== undefined) at += word === 'log' && words[at]?.startsWith('(') ? 1 : neutral;
    // Options of "keep state (…)".
    else if (!/^\(.*|.*\)$/.test(word)) others.push(word);
  }
  return { ...condition, others };
}

/** `SET/LOOKED_AT`: whether a packet with nothing but SYN is meant. */
function includesSyn(flags: string): boolean {
  const [set = '', mask] = flags.split('/');
  return flags === 'any' || mask === undefined || set === (mask.includes('S') ? 'S' : '');
}

function numberOf(text: string, services: ReadonlyMap<string, number>): number | null {
  return /^\d+$/.test(text) ? Number(text) : text === 'root' ? 0 : (services.get(text) ?? null);
}

/** TCP names of /etc/services, by which pfctl may print a port. */
export function parseServices(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, port] = /^(\S+)\s+(\d+)\/tcp\b/.exec(line) ?? [];
      return name === undefined || name.startsWith('#') ? [] : [[name, Number(port)] as const];
    }),
  );
}

/** Whether `pfctl -si` says that the filter is on; null when it does not say. */
export function parsePfStatus(output: string): boolean | null {
  const word = /^Status: (Enabled|Disabled)/m.exec(output)?.[1];
  return word === undefined ? null : word === 'Enabled';
}

/** Interfaces that are not filtered, from `pfctl -v -sI`. */
export function parsePfSkipped(output: string): readonly string[] {
  return output.split(/\r?\n/).flatMap(
    (line) =>
      /^(\S+)\s.*\(skip\)|^(\S+) \(skip\)/
        .exec(line)
        ?.slice(1)
        .find((one) => one !== undefined) ?? [],
  );
}
