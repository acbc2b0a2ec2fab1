/** Pure readers for what Windows tells: Get-NetTCPConnection and Win32_Process as JSON, and netstat in any display language. */
import { canonicalAddress } from './canonical.ts';
import { shownCommand } from '../processes/proc.ts';
import type { ListeningSocket, ProcessFacts } from '../../model/evidence.ts';

export interface PidSocket extends ListeningSocket {
  readonly pid: number;
}

/** Rows of `Get-NetTCPConnection -State Listen | ConvertTo-Json`; null when the text is no such document. */
export function parseConnections(json: string): readonly PidSocket[] | null {
  const rows = parseRows(json);
  return rows && rows.flatMap((row) => toSocket(text(row['LocalAddress']) ?? '', Number(row['LocalPort']), Number(row['OwningProcess'])));
}

/**
 * Listeners from `netstat -ano`. The state's word is translated ("ABHÖREN") and in the console's own code page, so a
 * listener is known by its foreign address instead: nobody, port 0.
 */
export function parseNetstat(output: string): readonly PidSocket[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [protocol, local, foreign, ...rest] = line.trim().split(/\s+/);
    if (protocol !== 'TCP' || local === undefined || (foreign !== '0.0.0.0:0' && foreign !== '[::]:0')) return [];
    const colon = local.lastIndexOf(':');
    return toSocket(local.slice(0, colon), Number(local.slice(colon + 1)), Number(rest.at(-1)));
  });
}

/** Processes from Win32_Process with `Started` and `User` added; null when the text is no such document. */
export function parseProcesses(json: string): ReadonlyMap<number, ProcessFacts> | null {
  const rows = parseRows(json);
  return (
    rows &&
    new Map(
      rows.map((row) => {
        const pid = Number(row['ProcessId']);
        const name = text(row['Name']) ?? '';
        // The command line of another user's process is null unless we are elevated.
        const command = shownCommand(text(row['CommandLine']) ?? name);
        const startedAt = isoTime(text(row['Started']));
        return [pid, { pid, name, command, user: text(row['User']), startedAt, cwd: null }];
      }),
    )
  );
}

/** Rows of a ConvertTo-Json document, which is nothing at all for no row and a bare object for one; null when it is no such document. */
export function parseRows(json: string): readonly Readonly<Record<string, unknown>>[] | null {
  if (json.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ''));
    const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
    return rows.filter((row): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null);
  } catch {
    return null;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isoTime(value: string | null): string | null {
  const time = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function toSocket(host: string, port: number, pid: number): readonly PidSocket[] {
  const address = canonicalAddress(host);
  return address === null || !Number.isInteger(port) || !Number.isInteger(pid) ? [] : [{ ...address, port, v6Only: null, pid }];
}
