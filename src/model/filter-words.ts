/** How findings tell of packet filters. Pure. */
import type { MatchBase } from './cause.ts';
import type { Evidence } from './evidence.ts';
import type { FilterBlock, FilterRule } from './filters.ts';
import { laterBlocks, listensAt } from './filters-view.ts';
import { foreignRuleName, isForeignRule } from './foreign-filter-words.ts';
import { endpoint, isOwnAddress, works } from './view.ts';

/** `nftables, table inet filter, chain output, handle 9`. */
export function ruleName(rule: FilterRule): string {
  if (isForeignRule(rule)) return foreignRuleName(rule);
  const { tool, manager, family, table, chain, handle } = rule;
  const owner = manager === null ? '' : `${manager.kind}${managerPlace(manager)}: `;
  const place = tool === 'nftables' ? `table ${family} ${table}, chain ${chain}` : `table ${table}, chain ${chain}`;
  const which = handle === null ? 'policy' : tool === 'nftables' ? `handle ${handle}` : `rule ${handle}`;
  return `${owner}${tool}, ${place}, ${which}`;
}

function managerPlace(manager: NonNullable<FilterRule['manager']>): string {
  if (manager.kind === 'ufw') return '';
  if (manager.policy !== null) return ` policy ${manager.policy}`;
  return manager.zone === null ? '' : ` zone ${manager.zone}`;
}

/** How sure it is that this rule is the reason, its counter being the proof, and how much that weighs. */
export function blockWeight(found: Evidence, { grew, unsure }: FilterBlock): Pick<MatchBase, 'certainty' | 'severity'> {
  const counted = grew !== null && grew > 0;
  const certainty = unsure.length === 0 ? (counted ? 'proved' : 'likely') : counted ? 'likely' : 'possible';
  // What is merely possible must not push another reason aside.
  return { certainty, ...((works(found) || certainty === 'possible') && { severity: 'warning' as const }) };
}

/** The facts about one blocked connection, most telling first. */
export function blockWords(found: Evidence, block: FilterBlock): readonly string[] {
  const { rule, grew, address, family, port, way, hook, device, chains, unsure } = block;
  const at = endpoint(address, port);
  const attempt = found.filters?.attempts.find((one) => one.address === address);
  const seen = attempt === undefined ? '' : ` (${attempt.outcome}${attempt.code === null ? '' : `, ${attempt.code}`})`;
  const local = isOwnAddress(found, address);
  const listens = local && listensAt(found, block);
  const facts = [
    `the rule: ${rule.text}`,
    grew === null
      ? `it has no counter; it was found by following the rules for ${at}`
      : `its counter grew by ${grew} during one more attempt${seen}`,
    `it meets ${way === 'request' ? 'the request' : "the server's answer"} at hook ${hook}${device === null ? '' : `, interface ${device}`}, IPv${family}`,
  ];
  if (chains.length > 1) facts.push(`on the way: chain ${chains.join(' -> ')}`);
  if (local) facts.push(listens ? `a program listens on port ${port} there` : `besides, no program listens at ${at}`);
  const later = laterBlocks(found, block).map(
    (one) => `then it would ${one.action} ${one.way === 'request' ? 'the request' : "the server's answer"}: ${ruleName(one.rule)}`,
  );
  return [...facts, ...later, ...unsure.map((what) => `not judged: ${what}`)];
}

/** What of this machine's packet filters could not be read, with the command to read it; empty when all was. */
export function unreadFilters({ filters }: Evidence): readonly string[] {
  return (filters?.sources ?? []).flatMap(({ tool, rules, command }) =>
    rules.kind === 'not-measured' ? [`this machine's packet filters (${tool}) could not be read: ${rules.why}; by hand: ${command}`] : [],
  );
}

/** What SELinux may have refused and could not be read; empty when it is not in use, or was read. */
export function unreadSelinux({ filters }: Evidence): readonly string[] {
  const denials = filters?.selinux?.denials;
  return denials?.kind === 'not-measured'
    ? [`what SELinux refused could not be read: ${denials.why}; by hand: sudo ausearch -m avc -ts recent`]
    : [];
}
