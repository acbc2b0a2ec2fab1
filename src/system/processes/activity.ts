/** What the processes of a started tree are and whether they fetch: from /proc on Linux, by ps elsewhere, and by what their caches show. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseStat, readArguments, readProc } from './proc.ts';

export interface ProcessActivity {
  readonly pid: number;
  /** Command line as given to exec, where the system tells it word by word; may hold secrets, never shown. */
  readonly argv: readonly string[];
  /** Bytes written so far, to files and pipes; null where the system does not tell. */
  readonly writtenBytes: number | null;
}

/** The living ones of these processes. */
export function readActivity(pids: readonly number[]): readonly ProcessActivity[] {
  if (pids.length === 0) return [];
  if (process.platform !== 'linux') return askPs(pids);
  return pids.flatMap((pid) => {
    if (parseStat(readProc(`/proc/${pid}/stat`) ?? '') === undefined) return [];
    const written = /^wchar: (\d+)$/m.exec(readProc(`/proc/${pid}/io`) ?? '')?.[1];
    return [{ pid, argv: readArguments(pid), writtenBytes: written === undefined ? null : Number(written) }];
  });
}

function askPs(pids: readonly number[]): readonly ProcessActivity[] {
  const ps = spawnSync('/bin/ps', ['-o', 'pid=,command=', '-p', pids.join(',')], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  return parsePsCommands(ps.stdout ?? '');
}

/** `ps -o pid=,command=`; macOS and the BSDs, which do not tell where one word ends. */
export function parsePsCommands(text: string): readonly ProcessActivity[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\S.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), argv: (match[2] ?? '').split(' '), writtenBytes: null }];
  });
}

/** Caches have thousands of entries further down; the upper ones change with them. */
const MOST_ENTRIES = 500;

/** The latest change of these folders and what lies directly in them, in milliseconds since 1970; 0 where none is there. */
export function newestChange(folders: readonly string[]): number {
  let newest = 0;
  for (const folder of folders) {
    for (const path of [folder, ...entriesOf(folder)]) newest = Math.max(newest, changeOf(path));
  }
  return newest;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .slice(0, MOST_ENTRIES)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function changeOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    // Gone between the look and this one, or not ours to see.
    return 0;
  }
}
