import { readFile } from 'node:fs/promises';
import { parseProcNetTcp, type ProcNetRow } from './proc-net.ts';

/**
 * Every listening socket of the network namespace that a folder such as `/proc/PID/net` shows; null when it cannot be read.
 * Asynchronous, for the kernel walks its whole connection table, which takes some milliseconds.
 */
export async function readNetTables(folder: string): Promise<readonly ProcNetRow[] | null> {
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8').catch(() => null);
  // A kernel without IPv6 has no tcp6.
  const [four, six] = await Promise.all([read('tcp'), read('tcp6')]);
  return four === null && six === null ? null : [...parseProcNetTcp(four ?? '', 4), ...parseProcNetTcp(six ?? '', 6)];
}
