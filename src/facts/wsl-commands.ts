/** Commands and settings by which WSL's boundary is opened for one port; for a Windows PowerShell that runs as administrator. */

/** The id under which WSL's virtual machine is known to the Hyper-V firewall. */
const VIRTUAL_MACHINE = '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}';

/** What WSL's adapter is called where its own name was not told; cmdlets take the pattern. */
const ANY_WSL_ADAPTER = 'vEthernet (WSL*';

/** Windows passes a port on to its own loopback, for callers from WSL only. */
export function passPortOn(door: string, port: number, loopback: '127.0.0.1' | '::1'): string {
  const table = loopback === '::1' ? 'v4tov6' : 'v4tov4';
  return `netsh interface portproxy add ${table} listenaddress=${door} listenport=${port} connectaddress=${loopback} connectport=${port}`;
}

/** Windows' firewall lets one port in from WSL and from nowhere else. */
export function letWslIn(port: number, adapter: string | null): string {
  const alias = `'${(adapter ?? ANY_WSL_ADAPTER).replaceAll("'", "''")}'`;
  return `New-NetFirewallRule -DisplayName 'MCP server for WSL, port ${port}' -Direction Inbound -Action Allow -Protocol TCP -LocalPort ${port} -InterfaceAlias ${alias}`;
}

/** The Hyper-V firewall lets one port in to Linux. */
export function letIntoLinux(port: number): string {
  return `New-NetFirewallHyperVRule -Name mcp-server-${port} -DisplayName 'MCP server in WSL, port ${port}' -Direction Inbound -Action Allow -VMCreatorId '${VIRTUAL_MACHINE}' -Protocol TCP -LocalPorts ${port}`;
}

/** What the Hyper-V firewall does with loopback between the sides. */
export function seeHyperVFirewall(): string {
  return `Get-NetFirewallHyperVVMSetting -PolicyStore ActiveStore -Name '${VIRTUAL_MACHINE}' | Select-Object Enabled,LoopbackEnabled,DefaultInboundAction,DefaultOutboundAction`;
}

/** Loopback between the sides is let through, and nothing else is changed. */
export function letLoopbackThrough(): string {
  return `Set-NetFirewallHyperVVMSetting -Name '${VIRTUAL_MACHINE}' -LoopbackEnabled True`;
}

/** Who listens on a port in Windows, seen from inside WSL. */
export function seeWindowsListeners(port: number): string {
  return `powershell.exe -NoProfile -Command 'Get-NetTCPConnection -State Listen -LocalPort ${port}'`;
}

/** Who listens on a port in WSL, seen from Windows. */
export function seeLinuxListeners(port: number): string {
  return `wsl.exe -- ss -ltnp "sport = :${port}"`;
}
