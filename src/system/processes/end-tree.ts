import { spawnSync } from 'node:child_process';
import { now, sleep } from '../clock.ts';
import { runTool, windowsTool } from './run-tool.ts';
import type { Member, ProcessTree } from './tree.ts';

/** What a server may take to close its sockets and files after SIGTERM; well below the time an interrupted run has to say goodbye. */
const GRACE_MS = 1_000;
/** How long new children may keep turning up between two SIGKILLs before we give up. */
const KILL_MS = 2_000;
const POLL_MS = 20;

/** Ends the whole tree: first politely, then by force, until nobody is left. */
export async function endTree(root: number, tree: ProcessTree): Promise<void> {
  if (process.platform === 'win32') {
    await runTool(windowsTool('taskkill.exe'), ['/PID', String(root), '/T', '/F'], AbortSignal.timeout(GRACE_MS));
    return;
  }
  if (await signalUntilGone(root, tree, 'SIGTERM', GRACE_MS)) return;
  await signalUntilGone(root, tree, 'SIGKILL', KILL_MS);
}

/** The same at once and by force, for the moment in which our own process ends. */
export function endTreeNow(root: number, tree: ProcessTree): void {
  if (process.platform === 'win32') {
    spawnSync(windowsTool('taskkill.exe'), ['/PID', String(root), '/T', '/F'], { windowsHide: true });
    return;
  }
  // Twice, for a child that was forked between the look and the blow.
  for (let round = 0; round < 2; round += 1) signalAll(root, tree.members(), 'SIGKILL');
}

async function signalUntilGone(root: number, tree: ProcessTree, signal: 'SIGTERM' | 'SIGKILL', limitMs: number): Promise<boolean> {
  const started = now();
  const told = new Set<string>();
  while (now() - started < limitMs) {
    const alive = tree.members();
    if (alive.length === 0) return true;
    // SIGTERM once each: a second one makes some servers skip their own clean-up. SIGKILL as often as it takes.
    const fresh = signal === 'SIGKILL' ? alive : alive.filter((one) => !told.has(keyOf(one)));
    signalAll(root, fresh, signal);
    for (const one of fresh) told.add(keyOf(one));
    await sleep(POLL_MS);
  }
  return tree.members().length === 0;
}

function signalAll(root: number, members: readonly Member[], signal: NodeJS.Signals): void {
  // The group in one call leaves no gap for a fork. Only while a member is in it: else the number may be somebody else's.
  const inGroup = members.some((one) => one.group === root);
  if (inGroup) send(-root, signal);
  for (const one of members) if (one.group !== root) send(one.pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended between the look and the signal, or changed its user (then root's own supervisor must end it).
  }
}

function keyOf({ pid, startTicks }: Member): string {
  return `${pid} ${startTicks}`;
}
