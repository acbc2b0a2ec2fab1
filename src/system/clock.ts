/** Milliseconds of a clock that never jumps. */
export function now(): number {
  return performance.now();
}

/** Waits; ends early and without an error when the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** A promise's value, or `fallback` when it takes longer than `ms` or the signal is aborted. The promise itself goes on. */
export async function within<T, F>(promise: Promise<T>, ms: number, fallback: F, signal?: AbortSignal): Promise<T | F> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    return await Promise.race([promise, sleep(ms, ended.signal).then(() => fallback)]);
  } finally {
    signal?.removeEventListener('abort', end);
    ended.abort();
  }
}

/** Calls back once after `ms`; the returned function cancels it. */
export function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}

/** Today's wall-clock time, for reports and certificate dates. */
export function today(): Date {
  return new Date();
}
