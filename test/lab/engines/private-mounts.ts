/** A case's own view of the machine's folders: no engine sees, or leaves, anything in /run, and all can make control groups. */
import { readFile } from 'node:fs/promises';
import type { Bench } from '../bench.ts';

const CONTROL_GROUPS = '/sys/fs/cgroup';
/** Where engines keep sockets, locks and namespaces whatever folders they are given. */
const HIDDEN = ['/run', '/var/lib/containers'];
/** Options of a mount that belong to the mount, not to the control groups in it. */
const GENERAL = new Set(['rw', 'ro', 'relatime', 'noatime', 'nosuid', 'nodev', 'noexec', 'nsdelegate', 'memory_recursiveprot']);

let isDone = false;

/**
 * Lays empty folders over those that engines of the machine use, and brings back the control groups, which `ip netns exec` hides.
 * The case's process has a mount namespace of its own, so nothing of this outlives it.
 */
export async function makePrivateMounts(bench: Bench): Promise<void> {
  if (isDone) return;
  isDone = true;
  for (const folder of HIDDEN) {
    await bench.run('mkdir', '-p', folder);
    await bench.run('mount', '-t', 'tmpfs', '-o', 'mode=755', 'mcplab', folder);
  }
  const mounts = controlGroupMounts(await readFile('/proc/1/mounts', 'utf8'));
  if (mounts.every(({ folder }) => folder !== CONTROL_GROUPS))
    await bench.run('mount', '-t', 'tmpfs', '-o', 'mode=755', 'mcplab', CONTROL_GROUPS);
  for (const { folder, type, options } of mounts) {
    await bench.run('mkdir', '-p', folder);
    await bench.run('mount', '-t', type, ...(options === '' ? [] : ['-o', options]), 'mcplab', folder);
  }
}

interface Mount {
  readonly folder: string;
  readonly type: string;
  readonly options: string;
}

function controlGroupMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [, folder = '', type = '', options = ''] = line.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const own = options.split(',').filter((one) => !GENERAL.has(one));
    return [{ folder, type, options: own.join(',') }];
  });
}
