import type { Measured } from '../../model/evidence.ts';
import { consoleText } from '../console-text.ts';
import type { ToolResult } from '../processes/run-tool.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseWindowsFirewall, type WindowsFirewall } from './windows-parse.ts';

/** How Windows' programs are run: in Windows, from inside WSL, or by a stand-in. */
export type RunWindowsProgram = (name: string, args: readonly string[]) => Promise<ToolResult>;

const LOCAL_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY_KEY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
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
