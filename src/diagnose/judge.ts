import type { AnyCause, AnyConfigCause, AnyStdioCause, Certainty, MatchBase, Severity } from '../model/cause.ts';
import type { ConfigEvidence } from '../model/config-evidence.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { CauseId } from '../model/ids.gen.ts';
import { LAYERS } from '../model/layer.ts';
import type { StdioEvidence } from '../model/stdio.ts';
import { stdioWorks } from '../model/stdio-view.ts';
import { works } from '../model/view.ts';

export interface Judgement {
  readonly status: 'ok' | 'warning' | 'failed';
  /** The root finding; null unless failed. */
  readonly verdict: Finding | null;
  /** Verdict first, then other errors, warnings, advice. */
  readonly findings: readonly Finding[];
  /** Causes that threw: bugs of theirs, to be told and not to stop the others. */
  readonly crashed: readonly { readonly cause: CauseId; readonly error: unknown }[];
}

/** What came of one cause: `crashed` is a bug in that cause, and the others still report. */
export type Judged =
  | { readonly kind: 'found'; readonly finding: Finding }
  | { readonly kind: 'clear' }
  | { readonly kind: 'not-known' }
  | { readonly kind: 'crashed'; readonly error: unknown };

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'advice'];
const CERTAINTIES: readonly Certainty[] = ['proved', 'likely', 'possible'];

type Subject = Evidence | StdioEvidence | ConfigEvidence;
type AnyOf = AnyCause | AnyStdioCause | AnyConfigCause;

/** Runs one cause on the evidence of its own kind of target. */
export function judgeOne(cause: AnyOf, evidence: Subject): Judged {
  if (cause.needs.some((kind: string) => (evidence as unknown as Readonly<Record<string, unknown>>)[kind] === undefined))
    return { kind: 'not-known' };
  try {
    const args: MatchBase | undefined = (cause.match as (evidence: Subject) => MatchBase | undefined)(evidence);
    if (args === undefined) return { kind: 'clear' };
    const { summary, evidence: lines } = cause.explain(args);
    const finding: Finding = {
      cause: cause.id,
      layer: args.layer ?? cause.layer,
      severity: args.severity ?? cause.severity,
      certainty: args.certainty,
      summary,
      evidence: lines,
      hiddenBy: null,
      remedies: cause.remedies(args, evidence.host),
    };
    return { kind: 'found', finding };
  } catch (error) {
    return { kind: 'crashed', error };
  }
}

/** Turns evidence into findings and one verdict: the first layer's error that no other finding explains away. Pure. */
export function judge(evidence: Evidence, causes: readonly AnyCause[]): Judgement {
  return judgeAll(evidence, causes, works(evidence));
}

/** The same for a stdio target. */
export function judgeStdio(evidence: StdioEvidence, causes: readonly AnyStdioCause[]): Judgement {
  return judgeAll(evidence, causes, stdioWorks(evidence));
}

/** The same for what stands in a config: failed when the client does not get to the server by this entry. */
export function judgeConfig(evidence: ConfigEvidence, causes: readonly AnyConfigCause[]): Judgement {
  return judgeAll(evidence, causes, !evidence.problems.some(({ severity }) => severity === 'error'));
}

function judgeAll(evidence: Subject, causes: readonly AnyOf[], good: boolean): Judgement {
  const judged = causes.map((cause) => ({ cause, judged: judgeOne(cause, evidence) }));
  const found = judged.flatMap(({ cause, judged: one }) => (one.kind === 'found' ? [{ cause, finding: one.finding }] : []));
  const crashed = judged.flatMap(({ cause, judged: one }) =>
    one.kind === 'crashed' ? [{ cause: cause.id as CauseId, error: one.error }] : [],
  );
  const findings = found
    .map(({ cause, finding }) => ({ cause, finding: { ...finding, hiddenBy: hiderOf(cause, finding, found) } }))
    // A last resort is no finding at all beside a reason.
    .filter(({ cause, finding }) => cause.hiddenBy !== 'any-other' || finding.hiddenBy === null)
    .map(({ finding }) => finding)
    .sort(compare);
  if (good) {
    return { status: findings.some(({ severity }) => severity !== 'advice') ? 'warning' : 'ok', verdict: null, findings, crashed };
  }
  return { status: 'failed', verdict: findings.find(({ severity }) => severity === 'error') ?? null, findings, crashed };
}

type Found = { readonly cause: AnyOf; readonly finding: Finding };

/** The finding that explains this one: a declared one, or for a last resort any other error. */
function hiderOf(cause: AnyOf, finding: Finding, found: readonly Found[]): CauseId | null {
  // What is wrong only at times cannot explain what is wrong now.
  const errors = found.filter(
    (other) =>
      other.cause.id !== cause.id &&
      (other.finding.severity === 'error' || (other.finding.severity === 'warning' && finding.severity !== 'error')),
  );
  if (cause.hiddenBy !== 'any-other') {
    const declared: readonly CauseId[] = cause.hiddenBy;
    return errors.find((other) => declared.includes(other.cause.id))?.cause.id ?? null;
  }
  // Two last resorts: the one of the earlier layer stays.
  const stronger = errors.filter(
    (other) => other.finding.severity === 'error' && (other.cause.hiddenBy !== 'any-other' || compare(other.finding, finding) < 0),
  );
  return stronger.sort((a, b) => compare(a.finding, b.finding))[0]?.cause.id ?? null;
}

/** Severity first; what is explained by another comes after what is not; then the way's order, then certainty, then the name. */
function compare(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(a.hiddenBy !== null) - Number(b.hiddenBy !== null) ||
    LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) ||
    CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) ||
    a.cause.localeCompare(b.cause)
  );
}
