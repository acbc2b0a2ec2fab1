import { powershellArguments } from '../processes/powershell.ts';
import { runTool, windowsTool } from '../processes/run-tool.ts';
import type { ToolResult } from '../processes/run-tool.ts';
import { measured, notMeasured, toSocket } from './reader.ts';
import type { SocketReader } from './reader.ts';
import { parseConnections, parseNetstat, parseProcesses } from './windows-parse.ts';
import type { PidSocket } from './windows-parse.ts';
import type { Measured } from '../../model/evidence.ts';

const CONNECTIONS =
  'Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue | Select-Object LocalAddress,LocalPort,OwningProcess | ConvertTo-Json -Compress';

/** Windows: PowerShell's own cmdlets, and netstat where they are missing or forbidden. */
export const windowsSockets: SocketReader = {
  async listeningSockets(signal) {
    const sockets = await readSockets(signal);
    if (sockets.kind === 'not-measured') return sockets;
    return measured(sockets.value.map((one) => ({ ...toSocket(one), ownerKey: String(one.pid) })));
  },

  async ownersOf(listeners, signal) {
    const pids = [...new Set(listeners.map((one) => Number(one.ownerKey)))];
    if (pids.length === 0) return [];
    const shell = await powershell(processQuery(pids), signal);
    const processes = shell.kind === 'done' ? parseProcesses(shell.stdout.toString()) : null;
    const why = shell.kind === 'failed' ? shell.why : 'PowerShell could not read Win32_Process';
    return listeners.map((one) => {
      if (processes === null) return notMeasured(`${why}; the owner is process ${one.ownerKey}`);
      const facts = processes.get(Number(one.ownerKey));
      return facts === undefined ? notMeasured(`process ${one.ownerKey} is not visible or has ended`) : measured(facts);
    });
  },

  heldBy: async (pids, listeners) => listeners.filter((one) => pids.includes(Number(one.ownerKey))),
  foreignListeners: async () => measured([]),
  youngProcesses: async () => [],
};

async function readSockets(signal: AbortSignal): Promise<Measured<readonly PidSocket[]>> {
  const shell = await powershell(CONNECTIONS, signal);
  const rows = shell.kind === 'done' && shell.code === 0 ? parseConnections(shell.stdout.toString()) : null;
  // No listener at all does not happen on Windows (RPC listens always): an empty answer means the cmdlet is missing.
  if (rows !== null && rows.length > 0) return measured(rows);
  const netstat = await runTool(windowsTool('netstat.exe'), ['-ano', '-p', 'TCP'], signal);
  const netstat6 = await runTool(windowsTool('netstat.exe'), ['-ano', '-p', 'TCPv6'], signal);
  if (netstat.kind === 'failed') return notMeasured(netstat.why);
  // Only ASCII matters in the rows we read; latin1 keeps every byte of the rest from failing.
  return measured([netstat, netstat6].flatMap((one) => (one.kind === 'done' ? parseNetstat(one.stdout.toString('latin1')) : [])));
}

function processQuery(pids: readonly number[]): string {
  const filter = pids.map((pid) => `ProcessId=${pid}`).join(' or ');
  return `Get-CimInstance Win32_Process -Filter "${filter}" | ForEach-Object { $o = Invoke-CimMethod -InputObject $_ -MethodName GetOwner -ErrorAction SilentlyContinue; [pscustomobject]@{ ProcessId = $_.ProcessId; Name = $_.Name; CommandLine = $_.CommandLine; Started = $(if ($_.CreationDate) { $_.CreationDate.ToUniversalTime().ToString('o') }); User = $(if ($o.User) { $o.Domain + '\\' + $o.User }) } } | ConvertTo-Json -Compress`;
}

/** Windows PowerShell is part of every Windows. */
function powershell(script: string, signal: AbortSignal): Promise<ToolResult> {
  return runTool(windowsTool('WindowsPowerShell\\v1.0\\powershell.exe'), powershellArguments(script), signal);
}
