/** Shell commands by which a user sees for themselves what was measured, for each system. */

type Platform = NodeJS.Platform;

/** A word as the shell of that system takes it: PowerShell on Windows, else a POSIX shell. */
export function quoted(platform: Platform, word: string): string {
  if (/^[\w.:/@%+-]+$/.test(word)) return word;
  return platform === 'win32' ? `'${word.replaceAll("'", "''")}'` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Who listens on a port. Other users' processes are shown to an administrator only. */
export function seePortOwner(platform: Platform, port: number): string {
  if (platform === 'win32') return `Get-NetTCPConnection -State Listen -LocalPort ${port} | Select-Object LocalAddress,OwningProcess`;
  return platform === 'linux' ? `ss -ltnp 'sport = :${port}'` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}

/** All listening TCP sockets with their owners. */
export function seeListeners(platform: Platform): string {
  if (platform === 'win32') return 'Get-NetTCPConnection -State Listen | Sort-Object LocalPort';
  return platform === 'linux' ? 'ss -ltnp' : 'lsof -nP -iTCP -sTCP:LISTEN';
}

/** Asks a process to end; for the user to run, never for us. */
export function endProcess(platform: Platform, pid: number): string {
  return platform === 'win32' ? `Stop-Process -Id ${pid}` : `kill ${pid}`;
}

/** What a name means to the programs of this machine, hosts file included. */
export function seeAddresses(platform: Platform, host: string): string {
  const name = quoted(platform, host);
  if (platform === 'win32') return `Resolve-DnsName ${name}`;
  return platform === 'linux' ? `getent ahosts ${name}` : `dscacheutil -q host -a name ${name}`;
}

/** Which name servers are asked, and whether they answer. */
export function seeResolver(platform: Platform, host: string): string {
  if (platform === 'win32') return 'Get-DnsClientServerAddress';
  // Without systemd-resolved the file is all there is.
  return platform === 'linux' ? `resolvectl query ${quoted(platform, host)} || cat /etc/resolv.conf` : 'scutil --dns';
}

/** Every rule of this machine's packet filters (Linux). */
export const SEE_FILTERS = 'sudo nft --handle list ruleset; sudo iptables-save -c; sudo ip6tables-save -c';

/** Which way packets to an address leave this machine. */
export function seeRoute(platform: Platform, address: string): string {
  if (platform === 'win32') return `Find-NetRoute -RemoteIPAddress ${address}`;
  if (platform === 'linux') return `ip route get ${address}`;
  return `route -n get ${address.includes(':') ? '-inet6 ' : ''}${address}`;
}

/** State and counters of one interface. */
export function seeInterface(platform: Platform, name: string): string {
  const word = quoted(platform, name);
  if (platform === 'win32') return `Get-NetAdapter -IncludeHidden -Name ${word} | Format-List; Get-NetAdapterStatistics -Name ${word}`;
  return platform === 'linux' ? `ip -s link show dev ${word}` : `ifconfig ${word} && netstat -I ${word}`;
}

/** Which machines of the own network answer. */
export function seeNeighbours(platform: Platform): string {
  if (platform === 'win32') return 'Get-NetNeighbor';
  return platform === 'linux' ? 'ip neigh' : 'arp -an';
}
