import { constants } from 'node:os';

/** The number of a signal, null for names that are none. A shell reports its end by one as 128 + n. */
export function signalNumber(name: string): number | null {
  return Object.entries(constants.signals).find(([known]) => known === name)?.[1] ?? null;
}
