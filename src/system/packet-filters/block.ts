import type { Address } from '../../model/evidence.ts';
import type { FilterBlock, FilterRule } from '../../model/filters.ts';
import type { Growth } from './evaluate.ts';
import type { Found } from './find-block.ts';
import { managerOf } from './manager.ts';

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
    manager: managerOf(table, chain, rule),
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
  // A redirect stays on this machine, at the address that was asked for when that is a loopback one.
  const host = verdict.address === null || verdict.address === 'this machine' ? address : verdict.address;
  return `${host.includes(':') ? `[${host}]` : host}:${verdict.port ?? port}`;
}
