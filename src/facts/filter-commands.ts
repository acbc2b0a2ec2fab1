/** Commands that let one connection through, each in the words of the tool that keeps the rules. */
import type { FilterBlock, FilterRule } from '../model/filters.ts';
import { isForeignRule } from '../model/foreign-filter-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { allowForeign, seeForeignRule } from './foreign-filter-commands.ts';

/** The steps that let this one address and port through, best first: past this rule, and past those which come to bear after it. */
export function allowRemedies(block: FilterBlock, later: readonly FilterBlock[]): readonly Remedy[] {
  const all = [block, ...later].flatMap(stepsPast);
  const isNew = (remedy: Remedy, index: number) => all.findIndex((one) => wordsOf(one) === wordsOf(remedy)) === index;
  const steps = all.filter(isNew);
  return [...steps.filter(({ kind }) => kind === 'run'), ...steps.filter(({ kind }) => kind !== 'run')];
}

function wordsOf(remedy: Remedy): string {
  return remedy.kind === 'run' ? remedy.command : remedy.title;
}

function stepsPast(block: FilterBlock): readonly Remedy[] {
  if (isForeignRule(block.rule)) return allowForeign(block);
  const { manager } = block.rule;
  if (manager?.kind === 'ufw') return ufwRemedies(block, manager.own);
  if (manager?.kind === 'firewalld') return firewalldRemedies(block, manager.zone, manager.policy);
  return block.rule.tool === 'nftables' ? nftRemedies(block) : iptablesRemedies(block);
}

/** The command that shows the rule among its neighbours. */
export function seeRule(rule: FilterRule): string {
  if (isForeignRule(rule)) return seeForeignRule(rule);
  const { tool, family, table, chain } = rule;
  if (tool === 'nftables') return `sudo nft --handle list chain ${family} ${table} ${chain}`;
  return `sudo ${tool} -t ${table} -vnL ${chain} --line-numbers`;
}

function nftRemedies(block: FilterBlock): readonly Remedy[] {
  const { family, table, chain, handle } = block.rule;
  const ip = block.family === 4 ? 'ip' : 'ip6';
  const match =
    block.way === 'request'
      ? `${ip} daddr ${block.address} tcp dport ${block.port}`
      : // At the device nothing is known of connections yet.
        `${ip} saddr ${block.address} tcp sport ${block.port}${family === 'netdev' ? '' : ' ct state established'}`;
  const place = handle === null ? '' : ` position ${handle}`;
  return [
    { kind: 'run', title: titleOf(block), command: `sudo nft insert rule ${family} ${table} ${chain}${place} ${match} accept` },
    { kind: 'tell', title: 'To keep it, write the same rule into the file that the rules are loaded from, often /etc/nftables.conf.' },
  ];
}

function iptablesRemedies(block: FilterBlock): readonly Remedy[] {
  const { tool, table, chain, handle } = block.rule;
  const match =
    block.way === 'request'
      ? `-d ${block.address} -p tcp --dport ${block.port}`
      : `-s ${block.address} -p tcp --sport ${block.port}${table === 'raw' ? '' : ' -m conntrack --ctstate ESTABLISHED'}`;
  const place = handle === null ? '' : ` ${handle}`;
  const inTable = table === 'filter' ? '' : ` -t ${table}`;
  return [
    { kind: 'run', title: titleOf(block), command: `sudo ${tool}${inTable} -I ${chain}${place} ${match} -j ACCEPT` },
    { kind: 'tell', title: `To keep it, save the rules where they are loaded from at boot, for example with netfilter-persistent save.` },
  ];
}

function ufwRemedies(block: FilterBlock, own: boolean): readonly Remedy[] {
  const { address, port, family, way } = block;
  if (!own) {
    const file = `/etc/ufw/before${family === 6 ? '6' : ''}.rules`;
    return [
      { kind: 'tell', title: `Change the rule in ${file} so that it leaves out ${address} port ${port}/tcp, then run: sudo ufw reload` },
    ];
  }
  const isOut = way === 'request' && block.hook !== 'input';
  const match = way === 'request' ? `to ${address} port ${port}` : `from ${address} port ${port}`;
  return [
    {
      kind: 'run',
      title: titleOf(block),
      command: `sudo ufw prepend allow ${isOut ? 'out' : 'in'} ${match} proto tcp`,
    },
  ];
}

function firewalldRemedies(block: FilterBlock, zone: string | null, policy: string | null): readonly Remedy[] {
  const { address, port, family, way } = block;
  const place = policy === null ? (zone === null ? '' : ` --zone=${zone}`) : ` --policy=${policy}`;
  const end = way === 'request' ? 'destination' : 'source';
  const element = way === 'request' ? 'port' : 'source-port';
  const rule = `rule priority="-100" family="ipv${family}" ${end} address="${address}" ${element} port="${port}" protocol="tcp" accept`;
  return [
    { kind: 'run', title: titleOf(block), command: `sudo firewall-cmd${place} --add-rich-rule='${rule}'` },
    { kind: 'tell', title: 'To keep it, run the same command once more with --permanent.' },
  ];
}

function titleOf({ way, rule }: FilterBlock): string {
  const whose = rule.manager === null ? '' : `, in ${rule.manager.kind}'s own words`;
  return way === 'request' ? `Let this address and port through${whose}:` : `Let the answers of this address and port in${whose}:`;
}
