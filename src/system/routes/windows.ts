import type { Measured } from '../../model/evidence.ts';
import { powershellArguments } from '../processes/powershell.ts';
import { runTool, windowsTool } from '../processes/run-tool.ts';
import { parseAdapters, parseDefaults, parseFindRoute, parseNeighbours } from './windows-parse.ts';
import type { RouteReader } from './reader.ts';

const ADAPTERS =
  'Get-NetAdapter | ForEach-Object { $s = Get-NetAdapterStatistics -Name $_.Name -ErrorAction SilentlyContinue; [pscustomobject]@{ Name = $_.Name; Description = $_.InterfaceDescription; Hardware = $_.HardwareInterface; Status = "$($_.Status)"; Admin = "$($_.AdminStatus)"; Mtu = $_.MtuSize; Received = $s.ReceivedUnicastPackets; Sent = $s.SentUnicastPackets; Unsent = $(if ($s) { $s.OutboundDiscardedPackets + $s.OutboundPacketErrors }) } } | ConvertTo-Json -Compress';

const DEFAULTS =
  "Get-NetRoute -DestinationPrefix '0.0.0.0/0','::/0','0.0.0.0/1','128.0.0.0/1','::/1','8000::/1' -ErrorAction SilentlyContinue | ForEach-Object { [pscustomobject]@{ DestinationPrefix = $_.DestinationPrefix; NextHop = $_.NextHop; InterfaceAlias = $_.InterfaceAlias; Metric = $_.RouteMetric + $_.InterfaceMetric } } | ConvertTo-Json -Compress";

const NEIGHBOURS =
  'Get-NetNeighbor -ErrorAction SilentlyContinue | ForEach-Object { [pscustomobject]@{ IPAddress = $_.IPAddress; State = "$($_.State)" } } | ConvertTo-Json -Compress';

/** Windows, by PowerShell's own cmdlets; none of these needs an administrator. */
export const windowsRoutes: RouteReader = {
  choosesDevice: false,
  wireguardPeer: async () => ({ kind: 'not-measured', why: 'WireGuard is asked for its peers on Linux only' }),

  async lookup({ address }, signal) {
    // An address literal of ours, so nothing in it needs quoting.
    const script = `Find-NetRoute -RemoteIPAddress '${address}' -ErrorAction SilentlyContinue | Select-Object IPAddress,InterfaceAlias,DestinationPrefix,NextHop | ConvertTo-Json -Compress`;
    return read(script, parseFindRoute, signal);
  },
  interfaces: (signal) => read(ADAPTERS, parseAdapters, signal),
  defaults: (signal) => read(DEFAULTS, parseDefaults, signal),

  async neighbours(signal) {
    const known = await read(NEIGHBOURS, parseNeighbours, signal);
    return known.kind === 'measured' ? known.value : new Map();
  },
};

async function read<T>(script: string, parse: (text: string) => T, signal: AbortSignal): Promise<Measured<T>> {
  const shell = await runTool(windowsTool('WindowsPowerShell\\v1.0\\powershell.exe'), powershellArguments(script), signal);
  if (shell.kind === 'failed') return { kind: 'not-measured', why: shell.why };
  if (shell.code !== 0) return { kind: 'not-measured', why: `PowerShell ended with code ${shell.code}` };
  return { kind: 'measured', value: parse(shell.stdout.toString()) };
}
