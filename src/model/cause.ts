import type { ConfigEvidence } from './config-evidence.ts';
import type { Evidence, EvidenceKind, HostEvidence } from './evidence.ts';
import type { CauseId } from './ids.gen.ts';
import type { Layer } from './layer.ts';
import type { Remedy } from './remedy.ts';
import type { StdioEvidence, StdioEvidenceKind } from './stdio.ts';

/** `proved`: seen failing and seen working otherwise (or the fault itself was observed); `likely`; `possible`. */
export type Certainty = 'proved' | 'likely' | 'possible';
export type Severity = 'error' | 'warning' | 'advice';
export type CauseGroup = 'process' | 'address' | 'network' | 'tls' | 'http' | 'stdio' | 'config' | 'beyond' | 'advice';

/** What every match carries besides the cause's own arguments. */
export interface MatchBase {
  readonly certainty: Certainty;
  /** Overrides the cause's own severity, for example when the handshake succeeded all the same. */
  readonly severity?: Severity;
  /** Overrides the cause's own layer, for example for a fault that shows only in the tool list. */
  readonly layer?: Layer;
}

/** Evidence in which the facets `K` are known to be measured. */
export type Needed<K extends keyof Subject, Subject = Evidence> = Subject & { readonly [P in K]-?: NonNullable<Subject[P]> };

export interface Explanation {
  /** One sentence in plain words that names the fault with its addresses and numbers. */
  readonly summary: string;
  /** The facts that support it, one per line, most telling first. */
  readonly evidence: readonly string[];
}

export interface Example<Subject = Evidence> {
  readonly title: string;
  readonly evidence: Subject;
}

/** One reason why a target cannot be used, judged on the evidence about one kind of target. */
interface CauseOver<Subject, Args extends MatchBase, K extends keyof Subject> {
  /** Code of the public contract; equals the file name and is never reused. */
  readonly id: CauseId;
  readonly group: CauseGroup;
  readonly title: string;
  /** Where on the way it bites. */
  readonly layer: Layer;
  readonly severity: Severity;
  /** Facets `match` reads; while one is missing the cause is "not known". */
  readonly needs: readonly K[];
  /** Causes that explain this one away when they fire as well; `'any-other'` for what is left when nothing else explains. */
  readonly hiddenBy: readonly CauseId[] | 'any-other';
  /** Judges the evidence; pure. Undefined means clear. */
  match(evidence: Needed<K, Subject>): Args | undefined;
  explain(args: Args): Explanation;
  /** Exact steps, best first, for the system the diagnosis ran on. */
  remedies(args: Args, host: HostEvidence): readonly Remedy[];
  /** What happens, why, and how one confirms it by hand: a few lines of Markdown for docs and `explain`. */
  readonly about: string;
  /** Links to the specification, RFC or issue the knowledge comes from. */
  readonly refs: readonly string[];
  /** At least one that fires (this cause is then the verdict) and one quiet look-alike. A function, so that no start pays for it. */
  examples(): { readonly fires: readonly Example<Subject>[]; readonly quiet: readonly Example<Subject>[] };
}

/** A cause of HTTP targets. */
export type Cause<Args extends MatchBase, K extends EvidenceKind> = CauseOver<Evidence, Args, K>;

/** A cause of stdio targets. One id may have both: the code is the same, the evidence is not. */
export type StdioCause<Args extends MatchBase, K extends StdioEvidenceKind> = CauseOver<StdioEvidence, Args, K>;

/** A cause that stands in a config file, or in what was decided about one of its entries. */
export type ConfigCause<Args extends MatchBase> = CauseOver<ConfigEvidence, Args, never>;

/** A cause whose argument types have been forgotten, as the catalogue holds it. */
// The registry's generic bound: match() is only ever paired with its own explain().
export type AnyCause = Cause<any, any>;

/** The same for stdio targets. */
export type AnyStdioCause = StdioCause<any, any>;

/** The same for configs. */
export type AnyConfigCause = ConfigCause<any>;

/** Gives a cause its types: `match` learns its facets from `needs`, `explain` and `remedies` their arguments from `match`. */
export function defineCause<Args extends MatchBase, const K extends EvidenceKind = never>(cause: Cause<Args, K>): Cause<Args, K> {
  return cause;
}

/** The same for stdio targets. */
export function defineStdioCause<Args extends MatchBase, const K extends StdioEvidenceKind = never>(
  cause: StdioCause<Args, K>,
): StdioCause<Args, K> {
  return cause;
}

/** The same for configs. */
export function defineConfigCause<Args extends MatchBase>(cause: ConfigCause<Args>): ConfigCause<Args> {
  return cause;
}
