import type { Certainty, Severity } from './cause.ts';
import type { CauseId } from './ids.gen.ts';
import type { Layer } from './layer.ts';
import type { Remedy } from './remedy.ts';

/** A cause that the evidence supports, for one target. */
export interface Finding {
  readonly cause: CauseId;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly summary: string;
  readonly evidence: readonly string[];
  /** The finding that explains this one, if any. */
  readonly hiddenBy: CauseId | null;
  readonly remedies: readonly Remedy[];
}
