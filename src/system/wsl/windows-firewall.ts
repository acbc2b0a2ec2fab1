import type { Measured } from '../../model/evidence.ts';
import type { WslFirewall, WslListener } from '../../model/wsl.ts';
import { evaluateWindows } from '../packet-filters/windows-evaluate.ts';
import { readWindowsRules } from '../packet-filters/windows.ts';
import { measured } from '../sockets/reader.ts';
import { runWindowsProgram, type WslPlaces } from './windows-side.ts';

/** The network of WSL's adapter is one that Windows cannot identify, and such networks are public. */
const PROFILE = 'public';

/** Variables that rules use in paths; those of Windows itself are not handed to Linux. */
const VARIABLES = { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };

/** What Windows' firewall does with a connection from here to that listener. */
export async function askWindowsFirewall(listener: WslListener, places: WslPlaces, signal: AbortSignal): Promise<Measured<WslFirewall>> {
  const rules = await readWindowsRules((name, args) => runWindowsProgram(name, args, places, signal));
  if (rules.kind === 'not-measured') return rules;
  const verdict = evaluateWindows(rules.value, {
    direction: 'in',
    localAddress: null,
    localPort: listener.port,
    remoteAddress: null,
    remotePort: null,
    program: listener.file,
    profiles: [PROFILE],
    isLocal: false,
    environment: VARIABLES,
  });
  const rule = verdict.kind === 'unknown' ? null : verdict.rule;
  return measured({ verdict: verdict.kind, rule: rule && { id: rule.id, name: rule.name, isPolicy: rule.isPolicy }, profile: PROFILE });
}
