/** Finds everything that a started command left running, also what has left its process group or lost its parent. */
import { spawnSync } from 'node:child_process';
import { parseStat, readAllStats, readProc } from './proc.ts';
import type { ProcStat } from './proc.ts';

/** The variable that marks our children. It is inherited across fork, setsid and exec, so it finds daemons as well. */
export const MARK = 'MCPREACH_START';

/** A process that belongs to a started command; the start time tells it from a later one with the same id. */
export type Member = Pick<ProcStat, 'pid' | 'group' | 'startTicks'>;

/** Remembers who belonged to the tree, since an orphan's parent no longer says so. */
export interface ProcessTree {
  /** Everybody alive now. Synchronous, so that the exit hook can use it. */
  members(): readonly Member[];
}

/** Watches the tree below `root`, which leads a process group of its own and carries the mark in its environment. */
export function watchTree(root: number, mark: string): ProcessTree {
  let known = new Map<number, Member>();
  // Nobody older than the root can have inherited its mark; most processes of a machine need not be asked.
  const since =
    process.platform === 'linux' ? (parseStat(readProc(`/proc/${root}/stat`) ?? '')?.startTicks ?? 0) : Number.POSITIVE_INFINITY;
  return {
    members() {
      const alive = readTable().filter((stat) => stat.state !== 'Z');
      const carries = (stat: ProcStat) => stat.startTicks >= since && carriesMark(stat.pid, mark);
      known = new Map(selectMembers(alive, root, known, carries).map((one) => [one.pid, one]));
      return [...known.values()];
    },
  };
}

/** The members among all processes: the group and session of the root, who was known before, who carries the mark, and all their descendants. */
export function selectMembers(
  all: readonly ProcStat[],
  root: number,
  known: ReadonlyMap<number, Member>,
  carries: (stat: ProcStat) => boolean,
): readonly ProcStat[] {
  const isKnown = (stat: ProcStat) => known.get(stat.pid)?.startTicks === stat.startTicks;
  const chosen = new Set(
    all
      .filter((stat) => stat.pid === root || stat.group === root || stat.session === root || isKnown(stat) || carries(stat))
      .map((stat) => stat.pid),
  );
  for (let size = 0; size !== chosen.size; ) {
    size = chosen.size;
    for (const stat of all) if (chosen.has(stat.parent)) chosen.add(stat.pid);
  }
  return all.filter((stat) => chosen.has(stat.pid) && stat.pid !== process.pid);
}

function carriesMark(pid: number, mark: string): boolean {
  return readProc(`/proc/${pid}/environ`)?.split('\0').includes(`${MARK}=${mark}`) ?? false;
}

function readTable(): readonly ProcStat[] {
  if (process.platform === 'linux') return readAllStats();
  const ps = spawnSync('/bin/ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  return parsePsTable(ps.stdout ?? '');
}

/** `ps -axo pid=,ppid=,pgid=,stat=,lstart=`; macOS and the BSDs, where the start time stands in for ticks. */
export function parsePsTable(text: string): readonly ProcStat[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.+)$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, group, state = '?', started = ''] = match;
    const ids = { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 };
    return [{ ...ids, comm: '', state, startTicks: Date.parse(started) / 1000 }];
  });
}
