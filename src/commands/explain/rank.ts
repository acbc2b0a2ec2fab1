import { CHECKS, type ExplainedCause } from '../../facts/signatures/checks.ts';
import { SIGNATURES } from '../../facts/signatures/index.ts';
import type { Signature, Statistics } from '../../facts/signatures/signature.ts';
import type { Candidate } from '../../model/explanation.ts';
import { fits, type Subject } from './match.ts';
import { counted, tilt } from './weigh.ts';

const MOST_CANDIDATES = 5;

/** What a cause that no signature knows would weigh: a text that says little must not sound sure. */
const DOUBT = 1.5;

/** A candidate below this share of the best one is noise. */
const LEAST_SHARE = 0.05;

/** What a summary line counts beside a line that says more. */
const SUMMARY_SHARE = 0.35;

/** What to say when a text gives nothing away. */
const UNKNOWN: Candidate = {
  cause: 'unknown',
  score: 0,
  why: 'The text holds no code, status, address or wording that points to a cause.',
  check:
    "Collect the server's address or command, the client's log and what the server prints when started by hand; or let mcpreach try it: mcpreach doctor TARGET",
};

/** Something that speaks for causes: a signature that was found, or a fault of a config. */
export interface Spoken extends Pick<Signature, 'id' | 'says' | 'causes' | 'summary'> {
  /** The whole sentence, where "The text …" would be wrong. */
  readonly why?: string;
}

interface Weighed {
  readonly weight: number;
  /** What speaks most for it. */
  readonly why: string;
  readonly most: number;
}

/** The signatures that are found in a text. */
export function signaturesIn(subject: Subject, among: readonly Signature[] = SIGNATURES): readonly Signature[] {
  return among.filter((one) => fits(one, subject));
}

/** The causes that the signatures found in a text speak for, best first; `unknown` when there is none. Pure. */
export function rank(subject: Subject, found: readonly Spoken[], statistics: Statistics): readonly Candidate[] {
  const weighed = weigh(found, subject, statistics);
  const likely = [...weighed].filter(([, { weight }]) => weight > 0).sort(([, a], [, b]) => b.weight - a.weight);
  const best = likely[0]?.[1].weight ?? 0;
  const total = likely.reduce((sum, [, { weight }]) => sum + weight, DOUBT);
  const candidates = likely
    .filter(([, { weight }]) => weight >= best * LEAST_SHARE)
    .slice(0, MOST_CANDIDATES)
    .map(([cause, { weight, why }]) => ({
      cause,
      // Rounded down, so that the sum stays at most 1.
      score: Math.floor((weight / total) * 100) / 100,
      why,
      check: CHECKS[cause],
    }));
  return candidates.length === 0 ? [UNKNOWN] : candidates;
}

/** Adds up what the signatures say and what was counted with them, and leans it to what is usual on that system. */
function weigh(found: readonly Spoken[], { system }: Subject, statistics: Statistics): ReadonlyMap<ExplainedCause, Weighed> {
  const isTold = found.some(({ summary }) => summary !== true);
  const weighed = new Map<ExplainedCause, Weighed>();
  for (const { id, says, why = `The text ${says}.`, causes, summary } of found) {
    const share = summary === true && isTold ? SUMMARY_SHARE : 1;
    const seen = counted(id, statistics);
    for (const name of new Set([...Object.keys(causes), ...Object.keys(seen)])) {
      const cause = name as ExplainedCause;
      const weight = share * ((causes[cause] ?? 0) + (seen[cause] ?? 0));
      const before = weighed.get(cause) ?? { weight: 0, why, most: 0 };
      weighed.set(cause, {
        weight: before.weight + weight,
        ...(weight > before.most ? { why, most: weight } : { why: before.why, most: before.most }),
      });
    }
  }
  return new Map([...weighed].map(([cause, one]) => [cause, { ...one, weight: one.weight * tilt(cause, system, statistics) }]));
}
