/** How long to wait before the next attempt to reach a server. Pure. */

export interface BackoffPlan {
  /** Before the second attempt, in milliseconds; the first is made at once. */
  readonly firstMs: number;
  /** Longer than this it never gets, in milliseconds. */
  readonly mostMs: number;
  /** What each wait is multiplied by to make the next. */
  readonly factor: number;
}

/** A refused connection costs next to nothing, and a restart takes seconds: dense at first, so that nobody waits for us. */
export const CONNECT_BACKOFF: BackoffPlan = { firstMs: 20, mostMs: 1_000, factor: 1.2 };

/** A program that ends at every start costs a whole start each time. */
export const START_BACKOFF: BackoffPlan = { firstMs: 250, mostMs: 30_000, factor: 2 };

/** Milliseconds before the attempt after `failures` failed ones; `random` from 0 to 1 spreads clients that lost their server together. */
export function backoffMs({ firstMs, mostMs, factor }: BackoffPlan, failures: number, random: number): number {
  if (failures === 0) return 0;
  // 64 doublings are past any limit, and the power of a larger number is infinite.
  const full = Math.min(mostMs, firstMs * factor ** Math.min(failures - 1, 64));
  return full * (0.5 + random / 2);
}
