/** Steps about a rule of macOS' or Windows' own packet filter, in the words of its own tools. */
import { quoted } from './commands.ts';
import type { FilterBlock, FilterRule } from '../model/filters.ts';
import type { Remedy } from '../model/remedy.ts';

/** The command that shows the rule among its neighbours. */
export function seeForeignRule({ tool, table, chain }: FilterRule): string {
  if (tool === 'pf') return chain === '' ? 'sudo pfctl -sr' : `sudo pfctl -a ${quoted('darwin', chain)} -sr`;
  if (chain === '') return `Get-NetFirewallProfile -PolicyStore ActiveStore -Name ${table}`;
  return `Get-NetFirewallRule -PolicyStore ActiveStore -Name ${quoted('win32', chain)} | Format-List *`;
}

/** The steps that let this one address and port through, best first. */
export function allowForeign(block: FilterBlock): readonly Remedy[] {
  return block.rule.tool === 'pf' ? pfRemedies(block) : windowsRemedies(block);
}

function pfRemedies({ rule, address, port, family, hook }: FilterBlock): readonly Remedy[] {
  const line = `pass ${hook} quick inet${family === 6 ? '6' : ''} proto tcp from any to ${address} port = ${port}`;
  if (rule.chain === '') {
    return [
      { kind: 'tell', title: `Write this line into /etc/pf.conf, before the rule that blocks it: ${line}` },
      { kind: 'run', title: 'Load the rules again:', command: 'sudo pfctl -f /etc/pf.conf' },
    ];
  }
  return [
    {
      kind: 'tell',
      title: `Allow ${address} port ${port} in the program that keeps the anchor ${rule.chain}, a VPN or a sandbox for example: it would write over a change made behind its back.`,
    },
    { kind: 'tell', title: `If the anchor is your own, write this line into its file, before the rule that blocks it: ${line}` },
  ];
}

function windowsRemedies({ rule, address, port }: FilterBlock): readonly Remedy[] {
  const admin = 'in PowerShell, as administrator';
  if (rule.family === 'policy')
    return [
      { kind: 'tell', title: `Ask whoever manages this machine to allow ${address} port ${port}: the rule comes from the organisation.` },
    ];
  if (rule.chain !== '') {
    return [
      {
        kind: 'run',
        title: `Take away the rule, since one that blocks stands above every rule that allows (${admin}):`,
        command: `Remove-NetFirewallRule -Name ${quoted('win32', rule.chain)}`,
      },
    ];
  }
  const name = `'MCP server at ${address}, port ${port}'`;
  return [
    {
      kind: 'run',
      title: `Let this address and port through (${admin}):`,
      command: `New-NetFirewallRule -DisplayName ${name} -Direction Outbound -Action Allow -Protocol TCP -RemoteAddress ${address} -RemotePort ${port}`,
    },
  ];
}
