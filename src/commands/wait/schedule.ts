/** When to look again: densely while that is cheap and the user has just begun to wait, sparsely later. Pure. */
import type { Sighting } from './sighting.ts';

export interface Moment {
  readonly seen: Exclude<Sighting, { kind: 'ready' }>;
  /** Since the wait began, in milliseconds. */
  readonly elapsedMs: number;
  /** For how long the server has been like this, in milliseconds. */
  readonly steadyMs: number;
  /** The user's own interval, in milliseconds; null for ours. */
  readonly intervalMs: number | null;
  /** Whether the address is this machine's: a refusal costs nothing but a few microseconds then. */
  readonly local: boolean;
  /** How many addresses are watched in all, those of other targets as well. */
  readonly addresses: number;
  /** Whether other targets are waited for besides this one. */
  readonly hasCompany: boolean;
  /** From 0 up to 1. */
  readonly random: number;
}

/** Until which moment of the wait a refused address of this machine is dialled how often. */
const REFUSED_HERE: readonly (readonly [untilMs: number, everyMs: number])[] = [
  [1_000, 5],
  [3_000, 10],
  [10_000, 30],
  [60_000, 35],
  [Number.POSITIVE_INFINITY, 75],
];

/** Other machines: each attempt is traffic, and theirs to answer. */
const REFUSED_ELSEWHERE: readonly (readonly [untilMs: number, everyMs: number])[] = [
  [10_000, 100],
  [60_000, 250],
  [Number.POSITIVE_INFINITY, 1_000],
];

/** For how long an answer has been the same, and how often it is asked for then: a request costs the server as well. */
const ANSWERING: readonly (readonly [untilMs: number, everyMs: number])[] = [
  [1_000, 25],
  [10_000, 100],
  [Number.POSITIVE_INFINITY, 500],
];

/** An answer of something else is seldom a matter of milliseconds. */
const WRONG_MS = 250;

/** A server's own word counts, but nobody waits for minutes on the word of a server that is just starting. */
const LONGEST_RETRY_AFTER_MS = 10_000;

/** For how long something else has to answer before the wait ends: development servers answer like that while they start. */
export const STEADY_MS = 3_000;

/** How long to wait before the next look, in milliseconds. */
export function delayAfter(moment: Moment): number {
  const { seen, intervalMs, addresses, hasCompany, random } = moment;
  if (intervalMs !== null) return intervalMs;
  const base = usualDelay(moment);
  // Several addresses share what one may cost, and several servers do not march in step.
  const own = seen.kind === 'closed' ? base * Math.max(1, addresses) : base;
  return hasCompany ? own * (0.75 + random / 2) : own;
}

function usualDelay({ seen, elapsedMs, steadyMs, local }: Moment): number {
  switch (seen.kind) {
    case 'closed':
      return pick(local ? REFUSED_HERE : REFUSED_ELSEWHERE, elapsedMs);
    case 'busy':
      return Math.max(pick(ANSWERING, steadyMs), Math.min(seen.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
    case 'failing':
    case 'silent':
      return pick(ANSWERING, steadyMs);
    case 'wrong':
    case 'denied':
      return Math.max(WRONG_MS, pick(ANSWERING, steadyMs));
  }
}

function pick(steps: readonly (readonly [number, number])[], ms: number): number {
  return (steps.find(([until]) => ms < until) ?? steps.at(-1))?.[1] ?? 0;
}

/** Looks that are under way at once: one that hangs must not hide that the next would be answered. */
export const MOST_BESIDE = 4;

/** How long `running` unanswered looks are waited for before another goes beside them, in milliseconds. */
export function besideMs(running: number): number {
  return 500 * 2 ** (running - 1);
}

/** Whether the wait for a server is over for good, although it is not ready. */
export function isTerminal({ seen, steadyMs }: Pick<Moment, 'seen' | 'steadyMs'>): boolean {
  return seen.kind === 'denied' || (seen.kind === 'wrong' && steadyMs >= STEADY_MS);
}
