/** What leads across WSL's boundary for one port: settings and commands, those for Windows in PowerShell. */
import type { Remedy } from '../model/remedy.ts';
import type { WslReason } from '../model/wsl-situation.ts';

/** The id under which WSL's virtual machine is known to the Hyper-V firewall. */
const VIRTUAL_MACHINE = '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}';

/** What WSL's adapter is called where its own name was not told; cmdlets take the pattern. */
const ANY_WSL_ADAPTER = 'vEthernet (WSL*';

/** Windows passes a port on to its own loopback, for callers from WSL only. */
function passPortOn(door: string, port: number, loopback: '127.0.0.1' | '::1'): string {
  const table = loopback === '::1' ? 'v4tov6' : 'v4tov4';
  return `netsh interface portproxy add ${table} listenaddress=${door} listenport=${port} connectaddress=${loopback} connectport=${port}`;
}

/** Windows' firewall lets one port in from WSL and from nowhere else. */
function letWslIn({ port, adapter }: WslWay, file: string | null): string {
  const program = file === null ? '' : ` -Program '${file.replaceAll("'", "''")}'`;
  const alias = `'${(adapter ?? ANY_WSL_ADAPTER).replaceAll("'", "''")}'`;
  return `New-NetFirewallRule -DisplayName 'MCP server for WSL, port ${port}' -Direction Inbound -Action Allow -Protocol TCP -LocalPort ${port}${program} -InterfaceAlias ${alias}`;
}

/** The Hyper-V firewall lets one port in to Linux. */
function letIntoLinux(port: number): string {
  return `New-NetFirewallHyperVRule -Name mcp-server-${port} -DisplayName 'MCP server in WSL, port ${port}' -Direction Inbound -Action Allow -VMCreatorId '${VIRTUAL_MACHINE}' -Protocol TCP -LocalPorts ${port}`;
}

/** What the Hyper-V firewall does with loopback between the sides. */
function seeHyperVFirewall(): string {
  return `Get-NetFirewallHyperVVMSetting -PolicyStore ActiveStore -Name '${VIRTUAL_MACHINE}' | Select-Object Enabled,LoopbackEnabled,DefaultInboundAction,DefaultOutboundAction`;
}

/** Loopback between the sides is let through, and nothing else is changed. */
function letLoopbackThrough(): string {
  return `Set-NetFirewallHyperVVMSetting -Name '${VIRTUAL_MACHINE}' -LoopbackEnabled True`;
}

/** Who listens on a port in Windows, seen from inside WSL. */
function seeWindowsListeners(port: number): string {
  return `powershell.exe -NoProfile -Command 'Get-NetTCPConnection -State Listen -LocalPort ${port}'`;
}

/** Who listens on a port in WSL, seen from Windows. */
function seeLinuxListeners(port: number): string {
  return `wsl.exe -- ss -ltnp "sport = :${port}"`;
}

/** What is known of the way to the other side. */
export interface WslWay {
  readonly side: 'linux' | 'windows';
  readonly reason: WslReason;
  readonly port: number;
  /** The URL that was seen answering, and its address with the port. */
  readonly answers: { readonly url: string; readonly at: string } | null;
  readonly onIPv6: boolean;
  /** The rule of Windows' firewall that blocks it; null when none was seen. */
  readonly blockedBy: { readonly id: string; readonly isPolicy: boolean } | null;
  readonly door: string | null;
  readonly adapter: string | null;
  /** The server's program, as the other side writes its path. */
  readonly file: string | null;
  /** How mirrored networking is had. */
  readonly mirrored: string;
  readonly settingsFile: string;
}

/** A rule that blocks stands above every rule that allows. */
function unblock({ id, isPolicy }: NonNullable<WslWay['blockedBy']>): Remedy {
  if (isPolicy)
    return { kind: 'tell', title: `Ask whoever manages this machine: the rule that blocks it (${id}) comes from the organisation.` };
  return {
    kind: 'run',
    title: 'Take away the rule that blocks it, which stands above every rule that allows (in a PowerShell of Windows, as administrator):',
    command: `Remove-NetFirewallRule -Name '${id.replaceAll("'", "''")}'`,
  };
}

/** Steps that end the separation for this port, best first. */
export function wslRemedies(way: WslWay): readonly Remedy[] {
  const { side, reason, port, answers, door, onIPv6, file, blockedBy, mirrored, settingsFile } = way;
  const edit: readonly Remedy[] =
    answers === null ? [] : [{ kind: 'edit', title: 'Use the address at which the server answers:', field: 'url', value: answers.url }];
  const share: Remedy = { kind: 'tell', title: mirrored };
  const restart: Remedy = {
    kind: 'run',
    title: 'Let WSL read its settings again (this ends everything that runs in it):',
    command: 'wsl.exe --shutdown',
  };
  const see: Remedy = {
    kind: 'run',
    title: 'See who listens on the other side:',
    command: side === 'linux' ? seeWindowsListeners(port) : seeLinuxListeners(port),
  };
  const admin = 'in a PowerShell of Windows, as administrator';
  switch (reason) {
    case 'windows-loopback':
      return [
        ...edit,
        share,
        restart,
        ...(door === null || answers !== null
          ? []
          : ([
              {
                kind: 'run',
                title: `Or keep NAT, and let Windows pass the port on at the address of WSL only (${admin}):`,
                command: passPortOn(door, port, onIPv6 ? '::1' : '127.0.0.1'),
              },
              {
                kind: 'run',
                title: `with a rule that lets it in from WSL only (${admin}); the URL then names ${door}:`,
                // What listens there is the service of the port proxy, not the server's program.
                command: letWslIn(way, null),
              },
            ] as const)),
        see,
      ];
    case 'windows-firewall':
      return [
        ...(blockedBy === null ? [] : [unblock(blockedBy)]),
        {
          kind: 'run',
          title: `Let this port in from WSL only (${admin}); the URL then names ${door ?? 'the address of Windows'}:`,
          command: letWslIn(way, file),
        },
        share,
        restart,
        see,
      ];
    case 'windows-apart':
      return [...edit, share, restart, see];
    case 'mirrored-ipv6':
      return [{ kind: 'tell', title: 'Let the server listen at 127.0.0.1, and name 127.0.0.1 in the URL.' }, see];
    case 'mirrored-address':
      return [
        ...edit,
        { kind: 'tell', title: 'Let the server listen at 127.0.0.1 as well, and name 127.0.0.1 in the URL.' },
        {
          kind: 'tell',
          title: `Or write hostAddressLoopback=true under [experimental] in ${settingsFile}, and name the address in the URL.`,
        },
        restart,
        see,
      ];
    case 'mirrored-ignored':
      return [{ kind: 'tell', title: `Take ${port} out of ignoredPorts in ${settingsFile}.` }, restart, see];
    case 'mirrored-blocked':
      return [
        ...edit,
        { kind: 'run', title: `See what the Hyper-V firewall does (${admin}):`, command: seeHyperVFirewall() },
        { kind: 'run', title: `If LoopbackEnabled is False (${admin}):`, command: letLoopbackThrough() },
        ...(side === 'windows' ? [{ kind: 'run', title: `Or let this port in (${admin}):`, command: letIntoLinux(port) } as const] : []),
        see,
      ];
    case 'forwarding-off':
      return [
        ...edit,
        { kind: 'tell', title: `Write localhostForwarding=true under [wsl2] in ${settingsFile}, or take the line out.` },
        restart,
        share,
      ];
    case 'forwarding-stopped':
      return [
        ...edit,
        {
          kind: 'run',
          title: 'Start WSL afresh (this ends everything that runs in it), then the server again:',
          command: 'wsl.exe --shutdown',
        },
        share,
        see,
      ];
    case 'linux-address':
      return [
        ...edit,
        { kind: 'tell', title: 'Or let the server listen at 127.0.0.1 in WSL: Windows passes localhost on to it.' },
        share,
        see,
      ];
  }
}
