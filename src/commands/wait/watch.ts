/** Looks at one server again and again until it is ready, or waiting cannot mend it. */
import { now, sleep, within } from '../../system/clock.ts';
import { besideMs, delayAfter, isTerminal, MOST_BESIDE } from './schedule.ts';
import type { Sighting } from './sighting.ts';
import type { Watched } from './watched.ts';

export interface WatchOptions {
  /** Start of the whole wait, by the clock. */
  readonly started: number;
  readonly intervalMs: number | null;
  /** For how long the server has to stay ready, in milliseconds. */
  readonly stableMs: number;
  readonly keepWaiting: boolean;
  /** How many targets are waited for in all. */
  readonly targets: number;
  /** Told what the server does whenever that changes. */
  readonly onSeen: (seen: Sighting) => void;
  /** Looks closely at a server that seems beyond waiting: whether it is. */
  readonly confirm: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface Watch {
  /** When it became ready, in milliseconds after the start; null when it did not. */
  readonly afterMs: number | null;
  readonly attempts: number;
  /** Waiting was given up before the time was over. */
  readonly isTerminal: boolean;
}

/** A look that takes longer than this is due for another beside it even while the stable time is watched. */
const STABLE_LOOK_MS = 2_000;
/** How often a server is looked at that has to stay ready. */
const STABLE_EVERY_MS = 250;

/** Watches until the server is ready, the signal is aborted, or it is beyond waiting. */
export async function watch(server: Watched, options: WatchOptions): Promise<Watch> {
  const { started, intervalMs, stableMs, keepWaiting, targets, onSeen, confirm, signal } = options;
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const running = new Set<Promise<Sighting>>();
  let attempts = 0;
  let state = '';
  let since = started;

  function begin(): void {
    attempts += 1;
    const look = server.look(ended.signal);
    running.add(look);
    void look.then(() => running.delete(look));
  }

  /** The next thing that any look sees; one that has to be waited for long gets another beside it. */
  async function next(): Promise<Sighting> {
    if (state === 'closed' && running.size === 0) {
      const still = await server.knock(signal);
      if (still !== null) {
        attempts += 1;
        return still;
      }
    }
    if (running.size < MOST_BESIDE) begin();
    return within(Promise.race(running), besideMs(running.size), SLOW, signal);
  }

  try {
    while (!signal.aborted) {
      const seen = await next();
      if (signal.aborted) break;
      if (seen.kind !== state) [state, since] = [seen.kind, now()];
      onSeen(seen);
      if (seen.kind === 'ready') {
        const afterMs = now() - started;
        if (stableMs === 0 || (await staysReady())) return { afterMs, attempts, isTerminal: false };
        continue;
      }
      if (seen === SLOW) continue;
      const { local, addresses } = server.reach();
      const moment = {
        seen,
        elapsedMs: now() - started,
        steadyMs: now() - since,
        intervalMs,
        local,
        addresses: addresses * targets,
        hasCompany: targets > 1,
        random: Math.random(),
      };
      if (!keepWaiting && isTerminal(moment) && (await confirm())) return { afterMs: null, attempts, isTerminal: true };
      await sleep(delayAfter(moment), signal);
    }
    return { afterMs: null, attempts, isTerminal: false };
  } finally {
    // A handshake under way may be handed a session, which has to be ended.
    if (!signal.aborted) await server.settle();
    signal.removeEventListener('abort', end);
    end();
  }

  /** Whether the server is ready for the whole stable time and, looked at as a whole, still is at its end. */
  async function staysReady(): Promise<boolean> {
    const until = now() + stableMs;
    while (now() < until && !signal.aborted) {
      await sleep(Math.min(STABLE_EVERY_MS, until - now()), signal);
      const last = now() >= until;
      attempts += 1;
      const seen = await within(last ? server.look(ended.signal) : server.glance(ended.signal), STABLE_LOOK_MS, SLOW, signal);
      if (seen.kind !== 'ready') return false;
    }
    return !signal.aborted;
  }
}

const SLOW: Sighting = { kind: 'silent', what: 'no answer yet' };
