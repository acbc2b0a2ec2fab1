import type { Check } from '../check.ts';
import { isObject, mendOf } from '../problem.ts';

/** A limit below it, taken for milliseconds, is shorter than any server needs: seconds were meant. */
const SHORTEST_MS = 1000;
/** A limit of an hour or more in seconds is what milliseconds look like. */
const LONGEST_S = 3600;

/** Seconds written where milliseconds are wanted, and the reverse. */
export const timeoutUnit: Check = (entry, { client }) => {
  const { raw, file, path, name, at } = entry;
  if (!isObject(raw)) return [];
  return client.shape.timeouts.flatMap(({ field, unit }) => {
    const value = raw[field];
    if (typeof value !== 'number' || !(value > 0)) return [];
    const isWrong = unit === 'ms' ? value < SHORTEST_MS : value > LONGEST_S || (value >= SHORTEST_MS && value % 1000 === 0);
    if (!isWrong) return [];
    const right = unit === 'ms' ? value * 1000 : Math.max(1, Math.round(value / 1000));
    return [
      {
        code: 'config-timeout-unit',
        severity: 'warning',
        certainty: 'likely',
        position: at['timeout']?.position ?? entry.position,
        summary: `\`${field}\` of "${name}" is ${value}, and ${client.title} counts it in ${unit === 'ms' ? 'milliseconds' : 'seconds'}.`,
        mend: mendOf(file, `Write ${right}`, { op: 'set', path: [...path, field], value: right }),
      } as const,
    ];
  });
};
