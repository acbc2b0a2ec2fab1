/**
 * What the kernel tells of Podman's containers while no service of Podman's runs, as is usual: each has a monitor, conmon, whose command
 * line names it, and which holds its published ports in their place.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { ContainerFacts, PublishedPort } from '../../model/containers.ts';
import type { ListeningSocket, Measured } from '../../model/evidence.ts';
import { listPids, parseStat, readArguments, readLink, readProc, readUserId } from '../processes/proc.ts';
import { netInode } from '../sockets/net-namespaces.ts';
import { readNetTables } from '../sockets/net-tables.ts';
import { readListening } from './inside.ts';
import { UNTOLD } from './forwarders.ts';

/** A container's monitor, by its command line: `conmon -c ID -n NAME …`. */
export interface Monitor {
  readonly id: string;
  readonly name: string;
}

/** Reads a monitor's command line; null for any other program's. */
export function parseMonitor(argv: readonly string[]): Monitor | null {
  if (basename(argv[0] ?? '') !== 'conmon') return null;
  const flag = (name: string) => (argv.includes(name) ? (argv[argv.indexOf(name) + 1] ?? '') : '');
  const id = flag('-c');
  return /^[0-9a-f]{64}$/.test(id) ? { id: id.slice(0, 12), name: flag('-n') || id.slice(0, 12) } : null;
}

/** The running containers of this network whose published ports can be told. */
export async function readMonitoredContainers(): Promise<readonly ContainerFacts[]> {
  if (process.platform !== 'linux') return [];
  const ours = netInode('self');
  const pids = listPids();
  const monitors = pids.flatMap((pid) => {
    const monitor = parseMonitor(readArguments(pid));
    return monitor !== null && netInode(pid) === ours ? [{ pid, ...monitor }] : [];
  });
  if (monitors.length === 0) return [];
  const sockets = (await readNetTables('/proc/self/net')) ?? [];
  const found = await Promise.all(
    monitors.map(async ({ pid, id, name }): Promise<readonly ContainerFacts[]> => {
      const first = pids.find((one) => parseStat(readProc(`/proc/${one}/stat`) ?? '')?.parent === pid);
      if (first === undefined) return [];
      const listening = await readListening(first);
      const held = inodesOf(pid);
      // Another user's sockets may not be seen: one of the same user and number as in the container is taken for its own.
      const user = readUserId(pid);
      const served = new Set(listening.kind === 'measured' ? listening.value.map(({ port }) => port) : []);
      const mine = sockets.filter(({ inode, uid, port }) => (held === null ? uid === user && served.has(port) : held.has(inode)));
      if (mine.length === 0) return [];
      const published = mine.map(({ address, family, port }): PublishedPort => {
        return { address, family, hostPort: port, innerPort: innerPortOf(port, listening) };
      });
      return [{ ...UNTOLD, engine: 'podman', id, name, networks: [], published, listening }];
    }),
  );
  return found.flat();
}

/** The port inside is known to Podman only: the same number is usual, else the one that is served. */
function innerPortOf(hostPort: number, listening: Measured<readonly ListeningSocket[]>): number {
  const served = listening.kind === 'measured' ? [...new Set(listening.value.map(({ port }) => port))] : [];
  return served.includes(hostPort) || served.length !== 1 ? hostPort : (served[0] ?? hostPort);
}

/** The sockets a process holds, as /proc names them; null when they may not be seen. */
function inodesOf(pid: number): ReadonlySet<string> | null {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`) ?? '');
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.slice(1) ?? []));
  } catch {
    return null;
  }
}
