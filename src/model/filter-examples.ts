/** Short forms for packet filters in the examples of causes. */
import { attempt } from './examples.ts';
import type { FilterBlock, FiltersEvidence } from './filters.ts';

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
