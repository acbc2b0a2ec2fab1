import type { Statistics } from '../../facts/signatures/signature.ts';

/** How many cases a cause or a signature must be seen in before what was counted outweighs what was known before. */
const DOUBT_CASES = 4;
/** The weight that what was counted can reach: as much as "it is what it nearly always means". */
const MOST_COUNTED = 4;
/** How many cases of a system it takes until they count as much as all systems together do. */
const DOUBT_SYSTEM = 60;

/** What counting says of a signature: for each cause its share of the cases in which the signature was seen, shrunk while these are few. */
export function counted(signature: string, { signatures }: Statistics): Readonly<Record<string, number>> {
  const counts = signatures[signature] ?? {};
  const cases = sum(Object.values(counts));
  return Object.fromEntries(Object.entries(counts).map(([cause, count]) => [cause, (MOST_COUNTED * count) / (cases + DOUBT_CASES)]));
}

/** How much more often than elsewhere a cause was seen on a system: 1 when nothing is known. */
export function tilt(cause: string, system: string | null, { systems, causes }: Statistics): number {
  const here = system === null ? undefined : systems[system];
  if (here === undefined) return 1;
  // One case is added to each cause, so that nothing is impossible for not having been seen yet.
  const usual = ((causes[cause] ?? 0) + 1) / (sum(Object.values(causes)) + Object.keys(causes).length + 1);
  return ((here[cause] ?? 0) + DOUBT_SYSTEM * usual) / ((sum(Object.values(here)) + DOUBT_SYSTEM) * usual);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
