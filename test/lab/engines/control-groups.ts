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

/** The deepest first, as they have to be removed. */
function groupsNamed(name: string): string[] {
  if (!existsSync(ROOT)) return [];
  const roots = [
    ROOT,
    ...readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(ROOT, entry.name)] : [])),
  ];
  return roots
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
