/** Finds processes by a mark in their environment, which no double fork and no new process group takes off. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Pids of living processes that were started with `name=value`; empty where there is no /proc. */
export function findMarked(name: string, value: string): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  const mark = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => isMarked(pid, mark))
    .map(Number);
}

function isMarked(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    return false;
  }
}

/** The highest resident size a process has had so far, in kilobytes; null where that is not told. */
export function peakMemory(pid: number): number | null {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}

/** Ends one process and waits for nothing. */
export function end(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}

/** The command line of a process, for a complaint about it. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim().slice(0, 100);
  } catch {
    return 'ended';
  }
}
