import type { Address } from '../../model/evidence.ts';
import type { FilterBlock, FilterRule } from '../../model/filters.ts';
import type { Growth } from './evaluate.ts';
import type { Found } from './find-block.ts';

/** What was found, as evidence shows it. */
export function toBlock(
  { address, family }: Address,
  port: number,
  phase: FilterBlock['phase'],
  { decision, step }: Found,
  growth: Growth,
): FilterBlock {
  const { table, chain, rule, verdict, chains, unsure } = decision;
  const shown: FilterRule = {
    tool: table.tool,
    manager: null,
    family: table.family,
    table: table.name,
    chain: chain.name,
    handle: rule?.handle ?? null,
    text: rule?.text ?? `policy ${chain.base?.policy ?? 'drop'}`,
  };
  return {
    address,
    family,
    port,
    action: verdict.kind,
    how: verdict.kind === 'reject' ? verdict.how : verdict.kind === 'move' ? movedTo(verdict, address, port) : null,
    phase,
    way: step.way,
    hook: step.hook,
    device: step.device,
    rule: shown,
    chains,
    grew: growth(table, chain, rule),
    unsure,
  };
}

function movedTo(verdict: { readonly address: string | null; readonly port: number | null }, address: string, port: number): string {
  const host = verdict.address ?? address;
  return `${host.includes(':') ? `[${host}]` : host}:${verdict.port ?? port}`;
}
