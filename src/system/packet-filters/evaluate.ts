/** What a set of rules does with one packet at one hook. Pure. */
import { every, type Packet, passes } from './packet.ts';
import type { Chain, Fact, Rule, Table, Verdict } from './ruleset.ts';
import { holds } from './values.ts';

/** A rule, or a chain's policy, that decides about a packet. */
export interface Decision {
  readonly table: Table;
  readonly chain: Chain;
  /** Null for the chain's policy. */
  readonly rule: Rule | null;
  readonly verdict: Extract<Verdict, { kind: 'drop' | 'reject' | 'move' }>;
  /** The chains jumped through, first to last. */
  readonly chains: readonly string[];
  /** What could not be judged on the way; empty when the decision is certain. */
  readonly unsure: readonly string[];
}

/** By how many packets a rule's (null: the policy's) counter grew; null when it has none. */
export type Growth = (table: Table, chain: Chain, rule: Rule | null) => number | null;

type End = { readonly kind: 'accept' | 'pass' } | { readonly kind: 'decided'; readonly decision: Decision };

interface Walk {
  readonly table: Table;
  readonly growth: Growth;
  readonly facts: { packet: Packet };
  /** What could not be judged so far. */
  readonly unsure: string[];
  readonly moves: Decision[];
}

/** A chain that calls itself through others is refused by the kernel; a reading torn by a change may still show one. */
const DEEPEST = 32;

/** The rule of this base chain that ends the packet, and where it is moved to; `moved` is null unless it is. */
export function walkBase(
  table: Table,
  chain: Chain,
  packet: Packet,
  growth: Growth,
): { readonly end: Decision | null; readonly moved: Decision | null; readonly packet: Packet } {
  const walk: Walk = { table, growth, facts: { packet }, unsure: [], moves: [] };
  const end = walkChain(chain, [chain.name], walk);
  const moved = walk.moves[0] ?? null;
  if (end.kind === 'decided') return { end: end.decision, moved, packet: walk.facts.packet };
  const base = chain.base;
  const closed = end.kind === 'pass' && base?.policy === 'drop' && moved === null && growth(table, chain, null) !== 0;
  const decision: Decision = { table, chain, rule: null, verdict: { kind: 'drop' }, chains: [chain.name], unsure: [...walk.unsure] };
  return { end: closed ? decision : null, moved, packet: walk.facts.packet };
}

function walkChain(chain: Chain, chains: readonly string[], walk: Walk): End {
  for (const rule of chain.rules) {
    const matches = matchOf(rule, chain, walk);
    if (matches === false) continue;
    const end = act(resolve(rule.verdict, walk), rule, chain, chains, walk, matches);
    if (end !== null) return end;
  }
  return { kind: 'pass' };
}

/** Whether a rule takes the packet. What its counter says is worth more than what the tests leave open. */
function matchOf(rule: Rule, chain: Chain, { table, growth, facts }: Walk): boolean | undefined {
  const judged = every(rule.tests.map((test) => passes(test, facts.packet)));
  return judged !== false && growth(table, chain, rule) === 0 ? false : judged;
}

/** Does what a rule says; null when the packet goes on with the next rule. */
function act(verdict: Verdict, rule: Rule, chain: Chain, chains: readonly string[], walk: Walk, matches: true | undefined): End | null {
  const grew = walk.growth(walk.table, chain, rule);
  const open =
    matches === undefined ? rule.tests.flatMap((test) => (passes(test, walk.facts.packet) === undefined ? [wordsOf(test, rule)] : [])) : [];
  const decide = (decided: Decision['verdict'], unsure: readonly string[]): Decision => ({
    table: walk.table,
    chain,
    rule,
    verdict: decided,
    chains,
    unsure: [...walk.unsure, ...unsure],
  });
  switch (verdict.kind) {
    case 'continue':
    case 'map':
      return null;
    case 'forget':
      walk.facts.packet = { ...walk.facts.packet, [verdict.fact]: undefined };
      return null;
    case 'unknown':
      walk.unsure.push(`${verdict.words} in "${rule.text}"`);
      return null;
    case 'drop':
    case 'reject':
      // Without a counter that grew, a rule that may not match at all is nobody's reason.
      if (matches === undefined && grew === null) {
        walk.unsure.push(...open);
        return null;
      }
      return { kind: 'decided', decision: decide(verdict, open) };
    case 'move':
      if (matches === undefined && grew === null) return null;
      walk.moves.push(decide(verdict, open));
      return { kind: 'accept' };
    case 'accept':
    case 'return':
      if (matches === undefined && grew === null) {
        walk.unsure.push(...open);
        return null;
      }
      return { kind: verdict.kind === 'accept' ? 'accept' : 'pass' };
    case 'jump':
    case 'goto': {
      const next = walk.table.chains.get(verdict.chain);
      if (next === undefined || chains.length > DEEPEST) return null;
      if (matches === undefined && grew === null) walk.unsure.push(...open);
      const end = walkChain(next, [...chains, next.name], walk);
      if (end.kind !== 'pass') return end;
      return verdict.kind === 'goto' && matches === true ? { kind: 'pass' } : null;
    }
  }
}

function wordsOf(test: Rule['tests'][number], { text }: Rule): string {
  if (test.kind === 'unknown') return test.words;
  const facts: readonly Fact[] = test.kind === 'bits' ? [test.fact] : test.facts;
  return `${facts.map((fact) => FACT_WORDS[fact] ?? fact).join(' and ')} in "${text}"`;
}

const FACT_WORDS: Partial<Record<Fact, string>> = {
  source: 'the source address',
  sourcePort: 'the source port',
  destinationPort: 'the source port',
  user: "the socket's owner",
  group: "the socket's group",
  in: 'the interface',
  out: 'the interface',
  mark: 'the mark',
  state: "the connection's state",
};

/** The verdict that a map has for the packet; any other verdict is itself. */
function resolve(verdict: Verdict, { facts: { packet } }: Walk): Verdict {
  if (verdict.kind !== 'map') return verdict;
  for (const { element, verdict: inner } of verdict.entries) {
    const hit = every(element.map((values, at) => holds(values, packet[verdict.facts[at] ?? 'mark'])));
    if (hit === true) return inner;
    if (hit === undefined) return { kind: 'unknown', words: 'a verdict map' };
  }
  return { kind: 'continue' };
}
