import type { FilterManager } from '../../model/filters.ts';
import type { Chain, Rule, Table } from './ruleset.ts';

/** Who wrote a rule, by the names that ufw and firewalld give their chains and tables. Pure. */
export function managerOf(table: Table, chain: Chain, rule: Rule | null): FilterManager | null {
  const names = [...table.chains.keys()];
  if (/^ufw6?-/.test(chain.name)) return { kind: 'ufw', own: !/^ufw6?-(before|after)-/.test(chain.name) || isUnconditional(rule) };
  // ufw sets the policies of the chains that it hooks itself into.
  if (rule === null && table.tool !== 'nftables' && names.some((name) => /^ufw6?-/.test(name))) return { kind: 'ufw', own: true };
  const isFirewalld =
    table.name === 'firewalld' || (table.tool !== 'nftables' && names.some((name) => /^(INPUT|OUTPUT)_(ZONES|POLICIES_pre)$/.test(name)));
  if (!isFirewalld || chain.name.endsWith('_direct')) return null;
  const [, place = null] =
    /^(?:filter|nat|mangle|raw)?_?(?:IN|OUT|FWDI|FWDO|FWD|PRE|POST)_(.+?)(?:_(?:pre|log|deny|allow|post))?$/.exec(chain.name) ?? [];
  const policy = place?.startsWith('policy_') === true ? place.slice('policy_'.length) : null;
  return { kind: 'firewalld', zone: policy === null ? place : null, policy };
}

/** ufw ends its own chains with a jump for whatever nobody has let through; a rule of the user's comes before it. */
function isUnconditional(rule: Rule | null): boolean {
  return rule !== null && rule.tests.length === 0;
}
