/** What processes of a started tree are and how much they write; Linux tells from /proc, elsewhere only ids are known. */
import { parseStat, readArguments, readProc } from './proc.ts';

export interface ProcessActivity {
  readonly pid: number;
  /** Command line as given to exec; may hold secrets, never shown. */
  readonly argv: readonly string[];
  /** Bytes written so far, to files and pipes; null where the system does not tell. */
  readonly writtenBytes: number | null;
}

/** The living ones of these processes; empty where the system keeps no /proc. */
export function readActivity(pids: readonly number[]): readonly ProcessActivity[] {
  if (process.platform !== 'linux') return [];
  return pids.flatMap((pid) => {
    if (parseStat(readProc(`/proc/${pid}/stat`) ?? '') === undefined) return [];
    const written = /^wchar: (\d+)$/m.exec(readProc(`/proc/${pid}/io`) ?? '')?.[1];
    return [{ pid, argv: readArguments(pid), writtenBytes: written === undefined ? null : Number(written) }];
  });
}
