/** Packet filter rules in one form, whichever tool they come from. */
import type { FilterTool } from '../../model/filters.ts';

/** What a rule can ask about a packet. */
export type Fact =
  | 'family'
  | 'protocol'
  | 'source'
  | 'destination'
  | 'sourcePort'
  | 'destinationPort'
  | 'in'
  | 'out'
  | 'user'
  | 'group'
  | 'state'
  | 'flags'
  | 'mark'
  | 'sourceType'
  | 'destinationType'
  | 'direction';

/** Numbers, addresses as numbers, or an interface's name whose `*` at the end stands for any rest. */
export type Values = { readonly from: number | bigint; readonly to: number | bigint } | { readonly name: string };

/** One condition; all of a rule's conditions have to hold. */
export type Test =
  /** The facts together are one of these combinations. */
  | {
      readonly kind: 'among';
      readonly facts: readonly Fact[];
      readonly elements: readonly (readonly Values[])[];
      readonly negated: boolean;
    }
  /** Some bits of a fact: `any` of the value's bits is set, or what the mask leaves `equals` the value. */
  | {
      readonly kind: 'bits';
      readonly fact: Fact;
      readonly mask: number;
      readonly how: 'any' | 'equals';
      readonly value: number;
      readonly negated: boolean;
    }
  /** Something that cannot be judged from here. */
  | { readonly kind: 'unknown'; readonly words: string };

/** What a rule does with a packet that it matches. */
export type Verdict =
  | { readonly kind: 'continue' | 'accept' | 'return' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly how: string }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** Another destination; what is null stays as it is. */
  | { readonly kind: 'move'; readonly address: string | null; readonly port: number | null }
  /** The packet's mark is set, or the packet is not tracked: later tests of these facts cannot be judged. */
  | { readonly kind: 'forget'; readonly fact: 'mark' | 'state' }
  /** The verdict that a map has for these facts. */
  | { readonly kind: 'map'; readonly facts: readonly Fact[]; readonly entries: readonly MapEntry[] }
  /** A verdict that cannot be judged from here, such as a user-space queue. */
  | { readonly kind: 'unknown'; readonly words: string };

export interface MapEntry {
  readonly element: readonly Values[];
  readonly verdict: Verdict;
}

export interface Rule {
  readonly handle: number;
  readonly text: string;
  readonly tests: readonly Test[];
  readonly verdict: Verdict;
  /** Packets counted by the rule after all of its tests; null when it does not count, or not only what it matches. */
  readonly packets: number | null;
}

/** Where in the kernel a base chain is called. */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

export interface Base {
  readonly hook: Hook;
  /** Whether it translates addresses: then it sees the first packet of a connection only. */
  readonly isNat: boolean;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  /** Packets that the policy decided; null when the tool does not count them. */
  readonly packets: number | null;
  /** For ingress and egress: the interface; null when it is not told. */
  readonly device: string | null;
}

export interface Chain {
  readonly name: string;
  readonly base: Base | null;
  readonly rules: readonly Rule[];
}

export interface Table {
  readonly tool: FilterTool;
  readonly family: string;
  readonly name: string;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** One key for a rule (or a chain's policy) over several readings. */
export function ruleKey(table: Table, chain: Chain, rule: Rule | null): string {
  return [table.tool, table.family, table.name, chain.name, rule === null ? 'policy' : `${rule.handle} ${rule.text}`].join(' ');
}
