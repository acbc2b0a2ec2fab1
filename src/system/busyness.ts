import { availableParallelism, loadavg } from 'node:os';

/** Beyond this a limit that grows with the load would be none. */
const MOST = 4;

/** How many times as long everything on this machine may take as when it is at rest, from 1 to 4; 1 where the system keeps no load average. */
export function busyness(): number {
  const [lastMinute = 0] = loadavg();
  return Math.min(MOST, Math.max(1, lastMinute / availableParallelism()));
}
