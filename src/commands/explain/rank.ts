import { CHECKS, type ExplainedCause } from '../../facts/signatures/checks.ts';
import { SIGNATURES } from '../../facts/signatures/index.ts';
import type { Circumstances, Signature, System } from '../../facts/signatures/signature.ts';
import type { Candidate } from '../../model/explanation.ts';
import type { Reading } from './read-text.ts';

const MOST_CANDIDATES = 5;

/** What a cause that no signature knows would weigh: a text that says little must not sound sure. */
const DOUBT = 1.5;

/** A candidate below this share of the best one is noise. */
const LEAST_SHARE = 0.06;

/** What to say when a text gives nothing away. */
const UNKNOWN: Candidate = {
  cause: 'unknown',
  score: 0,
  why: 'The text holds no code, status, address or wording that points to a cause.',
  check:
    "Collect the server's address or command, the client's log and what the server prints when started by hand; or let mcpreach try it: mcpreach doctor TARGET",
};

/** The causes that the text speaks for, best first; `unknown` when there is none. Pure. */
export function rank(text: string, reading: Reading, system: System | null): readonly Candidate[] {
  const weights = new Map<ExplainedCause, number>();
  const reasons = new Map<ExplainedCause, { readonly weight: number; readonly says: string }>();
  for (const signature of SIGNATURES.filter((one) => fits(one, text, reading, system))) {
    for (const [id, weight] of Object.entries(signature.causes)) {
      const cause = id as ExplainedCause;
      weights.set(cause, (weights.get(cause) ?? 0) + weight);
      if (weight > (reasons.get(cause)?.weight ?? 0)) reasons.set(cause, { weight, says: signature.says });
    }
  }
  const found = [...weights].filter(([, weight]) => weight > 0).sort(([, a], [, b]) => b - a);
  const best = found[0]?.[1] ?? 0;
  const total = found.reduce((sum, [, weight]) => sum + weight, DOUBT);
  const candidates = found
    .filter(([, weight]) => weight >= best * LEAST_SHARE)
    .slice(0, MOST_CANDIDATES)
    .map(([cause, weight]) => ({
      cause,
      // Rounded down, so that the sum stays at most 1.
      score: Math.floor((weight / total) * 100) / 100,
      why: `The text ${reasons.get(cause)?.says ?? ''}.`,
      check: CHECKS[cause],
    }));
  return candidates.length === 0 ? [UNKNOWN] : candidates;
}

function fits({ errno, status, pattern, and, not, when }: Signature, text: string, reading: Reading, system: System | null): boolean {
  if (errno !== undefined && !errno.some((one) => reading.errnos.includes(one))) return false;
  if (status !== undefined && !status.some((one) => reading.statuses.includes(one))) return false;
  if ([pattern, and].some((one) => one !== undefined && !one.test(text))) return false;
  if (not?.test(text)) return false;
  return when === undefined || holds(when, reading, system);
}

function holds(when: Circumstances, { host, family, transport }: Reading, system: System | null): boolean {
  if (when.system !== undefined && (system === null || !when.system.includes(system))) return false;
  if (when.transport !== undefined && (transport === null || !when.transport.includes(transport))) return false;
  if (when.family !== undefined && when.family !== family) return false;
  return when.loopback === undefined || (host !== null && when.loopback === isLoopback(host));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
