/** The process side of Linux's /proc. Every reader takes the root of the file system, so that tests can read a recorded one. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcessFacts } from '../../model/evidence.ts';
import { maskForeign } from '../../model/redact.ts';

/** USER_HZ, the unit of times in /proc/PID/stat: 100 on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;
const LONGEST_COMMAND = 300;

/** The fields of /proc/PID/stat that we use. */
export interface ProcStat {
  readonly pid: number;
  /** Up to 15 characters of the program's name. */
  readonly comm: string;
  /** One letter; `Z` is a zombie: ended, only its exit code is still to be fetched. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Ticks between the boot and the start of the process; with the pid it names one process for good. */
  readonly startTicks: number;
}

/** Reads one line of /proc/PID/stat; undefined for anything else. The name may itself hold spaces and brackets. */
export function parseStat(text: string): ProcStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return {
    pid: Number.parseInt(text, 10),
    comm: text.slice(open + 1, close),
    state: fields[0] ?? '?',
    parent: at(1),
    group: at(2),
    session: at(3),
    startTicks: at(19),
  };
}

/** The file's text, or null when it cannot be read: the process ended meanwhile, or is not ours to see. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Ids of all processes that this process may see. */
export function listPids(root = '/proc'): readonly number[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Every visible process. Synchronous on purpose: /proc never waits for a disk, and the exit hook can use it too. */
export function readAllStats(root = '/proc'): readonly ProcStat[] {
  return listPids(root).flatMap((pid) => {
    const stat = parseStat(readProc(`${root}/${pid}/stat`) ?? '');
    return stat === undefined ? [] : [stat];
  });
}

/** The command line's words as given to exec; empty for kernel threads and zombies. */
export function readArguments(pid: number, root = '/proc'): readonly string[] {
  return (readProc(`${root}/${pid}/cmdline`) ?? '').split('\0').filter((word, index, all) => word !== '' || index < all.length - 1);
}

/** The real user id of a process; null when it is gone. */
export function readUserId(pid: number, root = '/proc'): number | null {
  const uid = /^Uid:\s+(\d+)/m.exec(readProc(`${root}/${pid}/status`) ?? '')?.[1];
  return uid === undefined ? null : Number(uid);
}

/** When the machine booted, in milliseconds since 1970; null when unknown. */
export function readBootTime(root = '/proc'): number | null {
  const match = /^btime (\d+)$/m.exec(readProc(`${root}/stat`) ?? '');
  return match ? Number(match[1]) * 1000 : null;
}

/** When a process was started, in milliseconds since 1970. */
export function startedAtMs(stat: ProcStat, bootMs: number): number {
  return bootMs + (stat.startTicks * 1000) / TICKS_PER_SECOND;
}

/** The name of a user id by /etc/passwd, or the id itself where that file does not list it (LDAP, containers). */
export function userName(uid: number, passwd = readProc('/etc/passwd') ?? ''): string {
  const line = passwd.split('\n').find((one) => one.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? String(uid);
}

/** What may be told about a process; undefined when it is gone. */
export function readProcessFacts(pid: number, root = '/proc'): ProcessFacts | undefined {
  const stat = parseStat(readProc(`${root}/${pid}/stat`) ?? '');
  if (stat === undefined) return undefined;
  const uid = readUserId(pid, root);
  const words = readArguments(pid, root);
  const boot = readBootTime(root);
  return {
    pid,
    name: executableName(pid, root) ?? stat.comm,
    command: shownCommand(words.length > 0 ? words.join(' ') : `[${stat.comm}]`),
    user: uid === null ? null : userName(uid),
    startedAt: boot === null ? null : new Date(startedAtMs(stat, boot)).toISOString(),
    cwd: readLink(`${root}/${pid}/cwd`),
  };
}

/** A foreign command line as it may be shown: secrets masked, one line, cut to 300 characters. */
export function shownCommand(command: string): string {
  // Masked before it is cut: half a secret at the end would no longer look like one.
  const masked = maskForeign(command.replace(/[\s\0]+/g, ' ').trim());
  return masked.length > LONGEST_COMMAND ? `${masked.slice(0, LONGEST_COMMAND - 1)}…` : masked;
}

/** Where a symbolic link of /proc points; null when we may not know. */
export function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function executableName(pid: number, root: string): string | null {
  const path = readLink(`${root}/${pid}/exe`);
  return path === null ? null : basename(path.replace(/ \(deleted\)$/, ''));
}
