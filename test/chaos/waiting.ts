/** Bounded waits of the harness. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again; false when it did not come true in time. */
export async function until(limitMs: number, isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > end) return false;
    await sleep(10);
  }
  return true;
}

/** What was promised, or null when it takes too long. */
export async function within<T>(limitMs: number, promised: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, limitMs, null)));
  try {
    return await Promise.race([promised, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
