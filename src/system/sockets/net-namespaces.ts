import { statSync } from 'node:fs';
import { listPids } from '../processes/proc.ts';

/**
 * One process for each network namespace other than ours. /proc/PID/ns/net is closed to other users, so namespaces are told
 * apart by the inode of /proc/PID/net/tcp, which the kernel makes once per namespace and shows to everybody.
 */
export function otherNamespaces(): readonly number[] {
  const ours = netInode('self');
  const first = new Map<number, number>();
  for (const pid of listPids()) {
    const inode = netInode(pid);
    if (inode !== null && inode !== ours && !first.has(inode)) first.set(inode, pid);
  }
  return [...first.values()];
}

/** What tells the network namespace of one process from others; null for a process that has none any more. */
export function netInode(pid: number | 'self'): number | null {
  try {
    return statSync(`/proc/${pid}/net/tcp`).ino;
  } catch {
    return null; // ended meanwhile, or a zombie, which has no namespace any more
  }
}
