/** Short forms for packet filters in the examples of causes. */
import { attempt } from './examples.ts';
import type { FilterBlock, FiltersEvidence } from './filters.ts';
import type { SelinuxDenial } from './selinux.ts';

/** A rule of nftables about 127.0.0.1:3000, whose counter grew, unless told otherwise. */
export function filterBlock(action: FilterBlock['action'], more: Partial<FilterBlock> = {}): FilterBlock {
  const verdict = action === 'reject' ? 'reject with tcp reset' : 'drop';
  return {
    address: '127.0.0.1',
    family: 4,
    port: 3000,
    action,
    how: action === 'reject' ? 'tcp reset' : null,
    phase: 'connect',
    way: 'request',
    hook: 'output',
    device: 'lo',
    rule: {
      tool: 'nftables',
      manager: null,
      family: 'inet',
      table: 'filter',
      chain: 'output',
      handle: 9,
      text: `oifname "lo" tcp dport 3000 counter ${verdict}`,
    },
    chains: ['output'],
    grew: 1,
    unsure: [],
    ...more,
  };
}

/** What was read of the packet filters: these rules are in the way. */
export function filters(...blocks: FilterBlock[]): FiltersEvidence {
  return {
    sources: [{ tool: 'nftables', rules: { kind: 'measured', value: 3 }, command: 'sudo nft --handle list ruleset' }],
    attempts: blocks.map(({ address, port, action, phase }) => ({
      ...attempt(address, phase === 'data' ? 'open' : action === 'drop' ? 'timed-out' : 'refused', port),
      heard: false,
      localPort: null,
    })),
    blocks,
    ms: 40,
  };
}

/** Packet filters that the user may not read, and how one more attempt at 127.0.0.1:3000 ended. */
export const UNREAD_FILTERS: FiltersEvidence = {
  sources: [
    { tool: 'nftables', rules: { kind: 'not-measured', why: 'only root may read the rules' }, command: 'sudo nft --handle list ruleset' },
  ],
  attempts: [{ ...attempt('127.0.0.1', 'refused'), heard: false, localPort: null }],
  blocks: [],
  ms: 10,
};

/** A connection to 203.0.113.9:3000 that SELinux refused, unless told otherwise. */
export function deniedFilters(more: Partial<SelinuxDenial> = {}): FiltersEvidence {
  const denial: SelinuxDenial = {
    permission: 'name_connect',
    program: 'node',
    port: 3000,
    source: 'httpd_t',
    target: 'unreserved_port_t',
    at: 1_764_331_200_000,
    enforced: true,
    ...more,
  };
  return {
    ...filters(),
    attempts: [{ ...attempt('203.0.113.9', 'not-permitted'), code: 'EACCES', heard: false, localPort: null }],
    selinux: { enforcing: true, denials: { kind: 'measured', value: [denial] }, booleans: new Map([['httpd_can_network_connect', false]]) },
  };
}
