import { UsageError } from '../model/errors.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;

/** A day: beyond it a timer's own limits come near, and nobody waits that long for an answer. */
const LONGEST_MS = 24 * UNITS.h;

/** Reads `500`, `500ms`, `5s`, `1.5m`: milliseconds when there is no unit. Throws UsageError naming the option. */
export function parseDuration(text: string, option: string, shortestMs: number): number {
  const [, number, unit = 'ms'] = DURATION.exec(text.trim()) ?? [];
  if (number === undefined) {
    throw new UsageError('invalid-duration', `${option}: '${text}' is not a duration. Write 500 (milliseconds), 500ms, 5s or 2m.`);
  }
  const ms = Number(number) * UNITS[unit as keyof typeof UNITS];
  if (ms < shortestMs) throw new UsageError('invalid-duration', `${option}: '${text}' is too short; the least is ${shortestMs}ms.`);
  if (ms > LONGEST_MS) throw new UsageError('invalid-duration', `${option}: '${text}' is too long; the most is 24h.`);
  return ms;
}
