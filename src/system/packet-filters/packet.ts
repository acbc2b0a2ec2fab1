/** A packet as rules see it, and whether a rule's tests hold for it. Pure. */
import type { Fact, Test } from './ruleset.ts';
import { holds, type Value } from './values.ts';

/** What is known about a packet; undefined is "not known from here". */
export type Packet = { readonly [F in Fact]: Value };

/** TCP flags, as the header has them (RFC 9293, section 3.1). */
export const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 } as const;

/** Bits of the connection's state, as nftables numbers them (linux/netfilter/nf_conntrack_common.h). */
export const STATES = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;

/** Kinds of addresses, as the routing table has them (linux/rtnetlink.h). */
export const ADDRESS_TYPES = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

export const TCP = 6;

/** Whether a test holds: true, false, or undefined when that cannot be told. */
export function passes(test: Test, packet: Packet): boolean | undefined {
  switch (test.kind) {
    case 'unknown':
      return undefined;
    case 'bits': {
      const value = packet[test.fact];
      if (typeof value !== 'number') return undefined;
      const result = test.how === 'any' ? (value & test.value) !== 0 : (value & test.mask) === test.value;
      return result !== test.negated;
    }
    case 'among': {
      const results = test.elements.map((element) => every(element.map((values, at) => holds(values, packet[test.facts[at] ?? 'mark']))));
      const result = results.includes(true) ? true : results.includes(undefined) ? undefined : false;
      return result === undefined ? undefined : result !== test.negated;
    }
  }
}

/** True when all are, false when one is not, else not known. */
export function every(results: readonly (boolean | undefined)[]): boolean | undefined {
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}
