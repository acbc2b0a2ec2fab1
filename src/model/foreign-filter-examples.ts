/** Short forms for the filters of macOS and Windows in the examples of causes. */
import { attempt } from './examples.ts';
import { filterBlock } from './filter-examples.ts';
import type { FilterBlock, FiltersEvidence } from './filters.ts';

/** A rule of pf about loopback. */
export function pfBlock(reply: 'drop' | 'return', more: Partial<FilterBlock> = {}): FilterBlock {
  const text = `block ${reply} in quick on lo0 inet proto tcp from any to any port = 3000`;
  return filterBlock(reply === 'drop' ? 'drop' : 'reject', {
    hook: 'in',
    device: 'lo0',
    rule: { tool: 'pf', manager: null, family: 'ip', table: '', chain: 'com.example.vpn', handle: null, text },
    chains: ['com.example.vpn'],
    grew: null,
    ...more,
  });
}

/** A rule of Windows about what goes out to another machine. */
export function windowsBlock(more: Partial<FilterBlock> = {}): FilterBlock {
  return filterBlock('reject', {
    address: '203.0.113.9',
    port: 443,
    how: 'access denied (WSAEACCES)',
    hook: 'out',
    device: null,
    rule: {
      tool: 'windows-firewall',
      manager: null,
      family: 'local',
      table: 'private',
      chain: '{1E78ACD0}',
      handle: null,
      text: 'no egress',
    },
    chains: [],
    grew: null,
    ...more,
  });
}

/** What was read: these rules are in the way of attempts that ended like this. */
export function foreignFilters(outcome: 'timed-out' | 'refused' | 'not-permitted', ...blocks: FilterBlock[]): FiltersEvidence {
  return {
    sources: [{ tool: blocks[0]?.rule.tool ?? 'pf', rules: { kind: 'measured', value: 3 }, command: "sudo pfctl -a '*' -sr" }],
    attempts: blocks.map(({ address, port }) => ({ ...attempt(address, outcome, port), localPort: null, heard: false })),
    blocks,
    ms: 300,
  };
}
