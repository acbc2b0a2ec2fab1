import type { WslListener } from '../../model/wsl.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { parseRows } from '../sockets/windows-parse.ts';

/** A PowerShell script that tells in one go who listens on a port, the adapters' addresses, and the text of `.wslconfig`. */
export function windowsQuestion(port: number): string {
  return [
    '$all = @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)',
    `$here = @($all | Where-Object { $_.LocalPort -eq ${port} } | ForEach-Object { $p = Get-Process -Id $_.OwningProcess -ErrorAction SilentlyContinue; [pscustomobject]@{ LocalAddress = $_.LocalAddress; LocalPort = $_.LocalPort; Process = $p.ProcessName; Path = $p.Path } })`,
    '$adapters = @(Get-NetIPAddress -AddressFamily IPv4 -ErrorAction SilentlyContinue | Select-Object IPAddress,InterfaceAlias)',
    '$file = "$env:USERPROFILE\\.wslconfig"',
    '$text = $(if (Test-Path $file) { [IO.File]::ReadAllText($file) })',
    '[pscustomobject]@{ total = $all.Count; listeners = $here; adapters = $adapters; settings = $text; settingsFile = $file } | ConvertTo-Json -Compress -Depth 3',
  ].join('; ');
}

/** The answer to {@link windowsQuestion}. */
export interface WindowsAnswer {
  /** All listeners of Windows; none at all does not happen and means that the cmdlet is missing. */
  readonly total: number;
  readonly listeners: readonly WslListener[];
  /** Adapter names by IPv4 address. */
  readonly adapters: ReadonlyMap<string, string>;
  readonly settings: string | null;
  readonly settingsFile: string;
}

/** Reads the answer; null when it is none, for example an error message. */
export function parseWindowsAnswer(json: string): WindowsAnswer | null {
  const [row] = parseRows(json) ?? [];
  if (row === undefined || typeof row['total'] !== 'number') return null;
  return {
    total: row['total'],
    listeners: rowsOf(row['listeners']).flatMap((one) => {
      const address = canonicalAddress(String(one['LocalAddress']));
      const port = Number(one['LocalPort']);
      const text = (name: string) => (typeof one[name] === 'string' ? one[name] : null);
      return address === null || !Number.isInteger(port) ? [] : [{ ...address, port, program: text('Process'), file: text('Path') }];
    }),
    adapters: new Map(rowsOf(row['adapters']).map((one) => [String(one['IPAddress']), String(one['InterfaceAlias'])])),
    settings: typeof row['settings'] === 'string' ? row['settings'] : null,
    settingsFile: typeof row['settingsFile'] === 'string' ? row['settingsFile'] : '%USERPROFILE%\\.wslconfig',
  };
}

function rowsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  return rows.filter((row): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null);
}
