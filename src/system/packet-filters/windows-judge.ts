import type { Measured } from '../../model/evidence.ts';
import type { FilterBlock, FilterSource } from '../../model/filters.ts';
import type { Dialled, Dialler, FilterReading } from './foreign.ts';
import { evaluateWindows, type WindowsVerdict } from './windows-evaluate.ts';
import type { WindowsFirewall, WindowsProfileName, WindowsRule } from './windows-parse.ts';

/** Windows' firewall, and the profiles of the networks that are connected. */
export interface WindowsFilters {
  readonly firewall: Measured<WindowsFirewall>;
  readonly active: Measured<readonly WindowsProfileName[]>;
}

const ALL_PROFILES: readonly WindowsProfileName[] = ['domain', 'private', 'public'];

/** What Windows' firewall does with these connections as they leave; loopback and this machine's own addresses are never filtered. */
export function judgeWindows(
  { firewall, active }: WindowsFilters,
  dialled: readonly Dialled[],
  { program }: Dialler,
  environment: Readonly<Record<string, string | undefined>>,
): FilterReading {
  const source: FilterSource = {
    tool: 'windows-firewall',
    rules: firewall.kind === 'measured' ? { kind: 'measured', value: firewall.value.rules.length } : firewall,
    command: 'Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Action Block',
  };
  if (firewall.kind === 'not-measured') return { sources: [source], blocks: [] };
  const profiles = active.kind === 'measured' ? active.value : ALL_PROFILES;
  const doubt = active.kind === 'measured' || active.why === '' ? [] : [`which profiles are in force: ${active.why}`];
  const blocks = dialled.flatMap((one): readonly FilterBlock[] => {
    const verdict = evaluateWindows(firewall.value, {
      direction: 'out',
      localAddress: null,
      localPort: null,
      remoteAddress: one.address,
      remotePort: one.port,
      program,
      profiles,
      isLocal: one.isLocal,
      environment,
    });
    return candidates(verdict).map(({ rule, profile, unsure }) => ({
      address: one.address,
      family: one.family,
      port: one.port,
      action: 'reject',
      how: 'access denied (WSAEACCES)',
      phase: 'connect',
      way: 'request',
      hook: 'out',
      device: one.device,
      rule: {
        tool: 'windows-firewall',
        manager: null,
        family: rule?.isPolicy === true ? 'policy' : 'local',
        table: profile,
        chain: rule?.id ?? '',
        handle: null,
        text: rule === null ? 'the default, which blocks what goes out' : rule.name,
      },
      chains: [],
      grew: null,
      unsure: [...doubt, ...unsure],
    }));
  });
  return { sources: [source], blocks };
}

interface Candidate {
  readonly rule: WindowsRule | null;
  readonly profile: string;
  readonly unsure: readonly string[];
}

function candidates(verdict: WindowsVerdict): readonly Candidate[] {
  if (verdict.kind === 'passes') return [];
  if (verdict.kind === 'blocks') return [{ rule: verdict.rule, profile: verdict.profile, unsure: [] }];
  return verdict.rules
    .filter(({ action }) => action === 'block')
    .map((rule) => ({
      rule,
      profile: rule.profiles.join(', '),
      unsure: rule.conditions.length > 0 ? rule.conditions : ['the program it is for'],
    }));
}
