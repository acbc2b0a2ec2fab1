import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Sample {
  readonly ms: number;
  /** Highest resident set of the process, in mebibytes; null where the system does not tell. */
  readonly peakMiB: number | null;
}

/** Runs a command to its end and times it from outside; throws when it ends with another code than expected. */
export function run(command: readonly string[], expected: number, withMemory = false): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
    let peakMiB: number | null = null;
    // The kernel keeps the high-water mark while the process lives; the last look before its end counts.
    const watch = withMemory ? setInterval(() => (peakMiB = peakOf(child.pid) ?? peakMiB), 5) : undefined;
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code === expected) resolve({ ms: performance.now() - started, peakMiB });
      else reject(new Error(`${command.join(' ')} ended with ${code}, not ${expected}`));
    });
  });
}

function peakOf(pid: number | undefined): number | null {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? null : Number(line[1]) / 1024;
  } catch {
    return null;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
