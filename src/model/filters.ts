/** What the packet filters of this machine do with the target's connection. */
import type { Address, Measured, TcpAttempt } from './evidence.ts';
import type { SelinuxEvidence } from './selinux.ts';

/** Whose language a rule is written in: what the user types to see and to change it. */
export type FilterTool = 'nftables' | 'iptables' | 'ip6tables' | 'iptables-legacy' | 'ip6tables-legacy';

/** The filters of macOS and Windows. */
export type ForeignFilterTool = 'pf' | 'application-firewall' | 'windows-firewall';

/** The program that wrote the rule and would write over a change made behind its back; null when nobody is known. */
export type FilterManager =
  | { readonly kind: 'ufw' /** Whether it is one of the user's own rules, not one of ufw's. */; readonly own: boolean }
  | {
      readonly kind: 'firewalld' /** The zone or policy that the chain's name gives. */;
      readonly zone: string | null;
      readonly policy: string | null;
    };

/** One rule, or a chain's policy, as the user finds it again. */
export interface FilterRule {
  readonly tool: FilterTool | ForeignFilterTool;
  readonly manager: FilterManager | null;
  /** `ip`, `ip6`, `inet` or `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** nftables' handle, or the rule's number in its chain for iptables; null for a chain's policy. */
  readonly handle: number | null;
  /** As its tool prints it, without the counter's numbers. */
  readonly text: string;
}

/** A rule that ends, or moves, the target's connection. */
export interface FilterBlock extends Address {
  readonly port: number;
  readonly action: 'reject' | 'drop' | 'move';
  /** What a reject answers with (`tcp reset`, `icmp port-unreachable` …), or where the connection is moved to; null for a drop. */
  readonly how: string | null;
  /** Whether the connection cannot be opened, or opens and then loses its data. */
  readonly phase: 'connect' | 'data';
  /** Whether the client's packets are meant, or the server's answers. */
  readonly way: 'request' | 'answer';
  readonly hook: string;
  /** The interface that the rule sees the packet on, null when it is not known. */
  readonly device: string | null;
  readonly rule: FilterRule;
  /** How the packet came there: the chains jumped through, first to last. */
  readonly chains: readonly string[];
  /** By how many packets the rule's counter grew during one more attempt; null without a counter. */
  readonly grew: number | null;
  /** Parts of the rules on the way that cannot be judged from here; empty when every one could be. */
  readonly unsure: readonly string[];
}

/** One collection of rules, and whether it could be read. */
export interface FilterSource {
  readonly tool: FilterTool | ForeignFilterTool;
  /** How many rules it holds. */
  readonly rules: Measured<number>;
  /** By which command it is read by hand. */
  readonly command: string;
}

/** One more attempt, made between two readings of the counters. */
export interface FilterAttempt extends TcpAttempt {
  /** Whether anything came back on the open connection when something was said. */
  readonly heard: boolean;
  /** The port on this side, null when it is not known. */
  readonly localPort: number | null;
}

export interface FiltersEvidence {
  readonly sources: readonly FilterSource[];
  /** One at each address in question. */
  readonly attempts: readonly FilterAttempt[];
  /** For each address the rule that ends its connection, then those which would once that one is out of the way. */
  readonly blocks: readonly FilterBlock[];
  /** Looked at where a connection was forbidden (EACCES, EPERM) and SELinux is in use. */
  readonly selinux?: SelinuxEvidence;
  readonly ms: number;
}
