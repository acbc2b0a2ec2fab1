/** The first pause, in milliseconds: a server that is just starting is often up within a second. */
const FIRST_MS = 50;

/** The longest pause, in milliseconds: nobody waits noticeably longer than the server takes, and a dead one costs one try a second. */
const LONGEST_MS = 1000;

/** Pauses are drawn from their upper half, so that many clients of one server do not come back in the same moment. */
const JITTER = 0.5;

/** How long to pause after so many failed attempts (1 or more), in milliseconds; `random` is from 0 up to 1. */
export function backOffMs(failed: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failed - 1, 30));
  return full * (1 - JITTER * random);
}

/**
 * The pause before the next attempt, or null when there is no sense in waiting: the time is up, or the server has said
 * that it will not answer within it.
 */
export function nextPauseMs(failed: number, remainingMs: number, retryAfterMs: number | null, random: number): number | null {
  if (remainingMs <= 0) return null;
  if (retryAfterMs !== null && retryAfterMs > remainingMs) return null;
  return Math.min(remainingMs, Math.max(retryAfterMs ?? 0, backOffMs(failed, random)));
}

/** What a `Retry-After` header asks for, in milliseconds; null when there is none or it cannot be read. */
export function readRetryAfter(value: string | null, today: Date): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - today.getTime());
}
