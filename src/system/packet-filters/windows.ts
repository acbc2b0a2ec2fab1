import type { Measured } from '../../model/evidence.ts';
import { consoleText } from '../console-text.ts';
import { powershellArguments } from '../processes/powershell.ts';
import type { ToolResult } from '../processes/run-tool.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseRows } from '../sockets/windows-parse.ts';
import type { Dialled, Dialler, FilterReading } from './foreign.ts';
import { judgeWindows } from './windows-judge.ts';
import { activeProfiles, parseWindowsFirewall, type WindowsFirewall } from './windows-parse.ts';

/** How Windows' programs are run: in Windows, from inside WSL, or by a stand-in. */
export type RunWindowsProgram = (name: string, args: readonly string[]) => Promise<ToolResult>;

const LOCAL_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY_KEY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const NETWORKS =
  'Get-NetConnectionProfile -ErrorAction SilentlyContinue | Select-Object InterfaceAlias,NetworkCategory | ConvertTo-Json -Compress';

/** Reads the registry, which any user may, asks for the networks' categories, and judges the connections. */
export async function readWindows(dialled: readonly Dialled[], dialler: Dialler, run: RunWindowsProgram): Promise<FilterReading> {
  const [firewall, networks] = await Promise.all([
    readWindowsRules(run),
    run('WindowsPowerShell\\v1.0\\powershell.exe', powershellArguments(NETWORKS)),
  ]);
  const rows = parseRows(textOf(networks));
  const profiles = activeProfiles((rows ?? []).map((row) => row['NetworkCategory']));
  const active = profiles.length === 0 ? notMeasured(whyNot('Get-NetConnectionProfile', networks)) : measured(profiles);
  return judgeWindows({ firewall, active }, dialled, dialler, process.env);
}

/** Profiles and rules, the machine's own and the organisation's. */
export async function readWindowsRules(run: RunWindowsProgram): Promise<Measured<WindowsFirewall>> {
  const [local, policy] = await Promise.all([
    run('reg.exe', ['query', LOCAL_KEY, '/s']),
    // Absent where no organisation manages the machine.
    run('reg.exe', ['query', POLICY_KEY, '/s']),
  ]);
  const firewall = parseWindowsFirewall(textOf(local), textOf(policy));
  return firewall === null ? notMeasured(whyNot('reg.exe', local)) : measured(firewall);
}

function textOf(result: ToolResult): string {
  return result.kind === 'done' && result.code === 0 ? consoleText(result.stdout) : '';
}

function whyNot(name: string, result: ToolResult): string {
  return result.kind === 'failed' ? result.why : `${name} ended with code ${result.code} and said nothing that can be read`;
}
