import type { EvidenceKind } from './evidence.ts';
import type { CauseId } from './ids.gen.ts';
import type { PathStep, ReportTarget } from './report.ts';

/** Everything that can happen while targets are diagnosed. `index` is the target's place in the run. */
export type DiagnosisEvent =
  | { readonly kind: 'target-started'; readonly index: number; readonly address: string }
  /** Probes begin (`launch` is a stdio server's start); what a progress line shows while they take long. */
  | { readonly kind: 'probing'; readonly index: number; readonly probes: readonly (EvidenceKind | 'launch')[] }
  /** A layer is settled and will not change any more. */
  | { readonly kind: 'step'; readonly index: number; readonly step: PathStep }
  /** One cause threw while it judged: a bug of mcpreach; the other causes still reported. */
  | { readonly kind: 'cause-crashed'; readonly index: number; readonly cause: CauseId; readonly message: string }
  | { readonly kind: 'target-finished'; readonly index: number; readonly target: ReportTarget };

export type DiagnosisListener = (event: DiagnosisEvent) => void;
