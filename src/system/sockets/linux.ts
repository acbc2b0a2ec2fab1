import { readdirSync, readlinkSync } from 'node:fs';
import { getuid } from 'node:process';
import {
  listPids,
  parseStat,
  readAllStats,
  readArguments,
  readBootTime,
  readProc,
  readProcessFacts,
  readUserId,
  startedAtMs,
  userName,
} from '../processes/proc.ts';
import type { ProcStat } from '../processes/proc.ts';
import { today } from '../clock.ts';
import { namesPort } from './names-port.ts';
import { netInode, otherNamespaces } from './net-namespaces.ts';
import { readNetTables } from './net-tables.ts';
import type { ProcNetRow } from './proc-net.ts';
import { measured, notMeasured } from './reader.ts';
import type { Listener, SocketReader } from './reader.ts';
import type { NotMeasured, ProcessFacts } from '../../model/evidence.ts';

/** Past this age a server that still listens nowhere is not "starting" any more. */
const YOUNG_MS = 60_000;

/** Linux, from /proc alone: nothing to install, nothing to start, and a few milliseconds for all sockets. */
export const linuxSockets: SocketReader = {
  async listeningSockets() {
    const rows = await readNetTables('/proc/self/net');
    return rows === null ? notMeasured('/proc/net/tcp cannot be read') : measured(rows.map(toListener));
  },

  async ownersOf(listeners) {
    if (listeners.length === 0) return [];
    const search = findHolders(new Set(listeners.map((one) => parseKey(one.ownerKey).inode)));
    return listeners.map((listener) => {
      const { inode, uid } = parseKey(listener.ownerKey);
      const facts = search.found.has(inode) ? oldest(search.found.get(inode) ?? []) : undefined;
      return facts === undefined ? whyNoOwner(uid, search.unreadable) : measured(facts);
    });
  },

  async heldBy(pids, listeners) {
    const inodes = new Set(pids.flatMap((pid) => readSocketInodes(pid) ?? []));
    return listeners.filter((one) => inodes.has(parseKey(one.ownerKey).inode));
  },

  async foreignListeners() {
    if (hidesProcesses())
      return notMeasured(`processes of other users are hidden from ${userName(currentUser())} (/proc is mounted with hidepid)`);
    const tables = await Promise.all(otherNamespaces().map((pid) => readNetTables(`/proc/${pid}/net`)));
    return measured(tables.flatMap((table) => (table ?? []).map(toListener)));
  },

  async youngProcesses() {
    const boot = readBootTime();
    if (boot === null) return [];
    const stats = readAllStats();
    const ancestors = ancestorsOf(process.pid, stats);
    const ours = netInode('self');
    const since = today().getTime() - YOUNG_MS;
    const young = stats.filter((stat) => stat.state !== 'Z' && !ancestors.has(stat.pid) && startedAtMs(stat, boot) > since);
    if (young.length === 0) return [];
    const rows = (await readNetTables('/proc/self/net')) ?? [];
    return young
      .filter((stat) => netInode(stat.pid) === ours)
      .map((stat) => ({ pid: stat.pid, argv: readArguments(stat.pid) }))
      .filter(({ pid, argv }) => !familyOf(pid, stats).some((member) => listens(member, argv, rows)))
      .flatMap(({ pid, argv }) => {
        const facts = readProcessFacts(pid);
        return facts ? [{ facts, argv }] : [];
      });
  },
};

function toListener({ address, family, port, uid, inode }: ProcNetRow): Listener {
  return { address, family, port, v6Only: null, ownerKey: `${inode} ${uid}` };
}

function parseKey(key: string): { readonly inode: string; readonly uid: number } {
  const [inode = '', uid = ''] = key.split(' ');
  return { inode, uid: Number(uid) };
}

/** The socket inodes a process holds; null when we may not look (or it is gone). */
function readSocketInodes(pid: number): readonly string[] | null {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed between the two calls
      }
    });
  } catch {
    return null;
  }
}

interface HolderSearch {
  readonly found: ReadonlyMap<string, readonly number[]>;
  /** Processes that are alive and whose open files we may not see. */
  readonly unreadable: number;
}

function findHolders(wanted: ReadonlySet<string>): HolderSearch {
  const found = new Map<string, number[]>();
  let unreadable = 0;
  for (const pid of listPids()) {
    const inodes = readSocketInodes(pid);
    if (inodes === null) unreadable += 1;
    for (const inode of new Set(inodes)) {
      if (wanted.has(inode)) found.set(inode, [...(found.get(inode) ?? []), pid]);
    }
  }
  return { found, unreadable };
}

/** A forked server shares its socket with its workers; the one that was there first is the one to name and to end. */
function oldest(pids: readonly number[]): ProcessFacts | undefined {
  const stats = pids.flatMap((pid) => parseStat(readProc(`/proc/${pid}/stat`) ?? '') ?? []);
  const [first] = stats.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  return first && readProcessFacts(first.pid);
}

function whyNoOwner(uid: number, unreadable: number): NotMeasured {
  const me = currentUser();
  if (me !== 0 && (unreadable > 0 || hidesProcesses())) {
    const who = uid === me ? '' : `the socket belongs to user ${userName(uid)}; `;
    return notMeasured(`${who}user ${userName(me)} may not see the open files of other users' processes (root may)`);
  }
  if (unreadable > 0) return notMeasured(`the open files of ${unreadable} processes may not be read here (CAP_SYS_PTRACE is missing)`);
  return notMeasured(
    'no process that is visible here holds the socket (it lives in another PID namespace, in the kernel, or has just ended)',
  );
}

/** hidepid=1 or 2: nobody but root sees the processes of others, not even that of init. */
function hidesProcesses(): boolean {
  return readProc('/proc/1/stat') === null;
}

function currentUser(): number {
  return getuid?.() ?? 0;
}

function ancestorsOf(pid: number, stats: readonly ProcStat[]): ReadonlySet<number> {
  const parents = new Map(stats.map((stat) => [stat.pid, stat.parent]));
  const line = new Set<number>();
  for (let next: number | undefined = pid; next !== undefined && !line.has(next); next = parents.get(next)) line.add(next);
  return line;
}

/** A process and all its descendants: a shell that waits for a server which already listens is not starting. */
function familyOf(pid: number, stats: readonly ProcStat[]): readonly number[] {
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
  }
  return [...family];
}

/** Whether a process listens anywhere. Where its files are closed to us, its user's listening on a port that it names counts. */
function listens(pid: number, argv: readonly string[], rows: readonly ProcNetRow[]): boolean {
  const inodes = readSocketInodes(pid);
  if (inodes !== null) return rows.some((row) => inodes.includes(row.inode));
  const uid = readUserId(pid);
  return rows.some((row) => row.uid === uid && namesPort(argv, row.port));
}
