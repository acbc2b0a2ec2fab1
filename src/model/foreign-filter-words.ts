import type { FilterRule, ForeignFilterTool } from './filters.ts';

const TOOLS: readonly string[] = ['pf', 'application-firewall', 'windows-firewall'] satisfies readonly ForeignFilterTool[];

/** Whether a rule is one of macOS' or Windows' filters. */
export function isForeignRule({ tool }: FilterRule): boolean {
  return TOOLS.includes(tool);
}

/** Where such a rule is found again: `pf, anchor com.example`. */
export function foreignRuleName({ tool, table, chain, text }: FilterRule): string {
  if (tool === 'pf') return chain === '' ? 'pf, main rules' : `pf, anchor ${chain}`;
  return `Windows Defender Firewall, ${table} profile, ${chain === '' ? text : `rule "${text}"`}`;
}
