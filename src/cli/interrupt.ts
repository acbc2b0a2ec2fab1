import { setMaxListeners } from 'node:events';
import { after } from '../system/clock.ts';

/** Signals that end us, with their numbers for the exit code (128 + n). */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Time for started children and sessions to be taken down; then we go anyway. */
const GRACE_MS = 2000;

export interface Interruption {
  readonly signal: AbortSignal;
  /** 128 + n once a signal arrived, null before. */
  exitCode(): number | null;
  /** Ends the run for a reason of our own, without an exit code. */
  abort(): void;
  /** Stops listening: signals are somebody else's from here on. */
  release(): void;
}

/** Turns the first signal into an abort, and the second into an immediate end. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  // Every target listens to it; past ten of them Node would warn of a leak.
  setMaxListeners(0, controller.signal);
  let code: number | null = null;
  const names = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
  const listeners = names.map((name) => () => {
    if (code !== null) process.exit(code);
    const ours = 128 + NUMBERS[name];
    code = ours;
    controller.abort();
    after(GRACE_MS, () => process.exit(ours));
  });
  for (const [index, name] of names.entries()) process.on(name, listeners[index] ?? (() => undefined));
  return {
    signal: controller.signal,
    exitCode: () => code,
    abort: () => controller.abort(),
    release() {
      for (const [index, name] of names.entries()) process.off(name, listeners[index] ?? (() => undefined));
    },
  };
}
