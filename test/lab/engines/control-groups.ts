/** Everything a container runs is in a control group named after its case, whatever it does to its environment or sessions. */
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end } from '../processes.ts';

const ROOT = '/sys/fs/cgroup';
/** A killed process leaves its group within moments. */
const ATTEMPTS = 40;
const PAUSE_MS = 25;

/** The group of a case, as engines are told of it. */
export function controlGroupOf(mark: string): string {
  return `/mcplab-${mark}`;
}

/** Ends what is left in a case's control groups, and removes them. */
export async function removeControlGroups(mark: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const groups = groupsNamed(controlGroupOf(mark));
    if (groups.length === 0) return;
    for (const group of groups) endGroup(group);
    for (const group of groups) {
      try {
        rmdirSync(group);
      } catch {
        // Still in use: the next round finds it.
      }
    }
    await sleep(PAUSE_MS);
  }
}

/** Does the same for what a lab that was killed left behind. */
export async function removeStaleControlGroups(): Promise<void> {
  const marks = new Set<string>();
  for (const name of roots().flatMap((root) => readdirSync(root))) {
    const [, mark, owner] = /^mcplab-((\d+)-\d+)$/.exec(name) ?? [];
    if (mark !== undefined && !existsSync(`/proc/${owner}`)) marks.add(mark);
  }
  for (const mark of marks) await removeControlGroups(mark);
}

/** Where control groups are mounted: in one place, or one for each controller below it. */
function roots(): string[] {
  if (!existsSync(ROOT)) return [];
  const inner = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [ROOT, ...inner.map(({ name }) => join(ROOT, name))];
}

/** The deepest first, as they have to be removed. */
function groupsNamed(name: string): string[] {
  return roots()
    .map((root) => join(root, name))
    .filter((group) => existsSync(group))
    .flatMap(withInner);
}

function withInner(group: string): string[] {
  const inner = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...inner.flatMap(({ name }) => withInner(join(group, name))), group];
}

/** A frozen process does not die before it is thawed. */
function endGroup(group: string): void {
  for (const [file, value] of [
    ['freezer.state', 'THAWED'],
    ['cgroup.freeze', '0'],
  ] as const) {
    if (existsSync(join(group, file))) attempt(() => writeFileSync(join(group, file), value));
  }
  attempt(() => {
    const pids = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n');
    for (const pid of pids) if (pid !== '' && pid !== '0') end(Number(pid));
  });
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // The group is gone already.
  }
}
