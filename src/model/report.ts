/** The public report, `mcpreach.report/1`: what `doctor --json` prints and `diagnose()` returns. */
import type { Certainty, Severity } from './cause.ts';
import type { Transport } from './target.ts';
import type { CauseId } from './ids.gen.ts';
import type { Layer } from './layer.ts';

export type TargetStatus = 'ok' | 'warning' | 'failed' | 'skipped';
export type StepStatus = 'ok' | 'failed' | 'skipped';

/** One layer of the way, in order. */
export interface PathStep {
  readonly layer: Layer;
  readonly status: StepStatus;
  /** Milliseconds this layer took; null when it was not walked. */
  readonly ms: number | null;
  readonly detail: string;
}

export interface ReportRemedy {
  readonly kind: 'edit' | 'run' | 'set' | 'tell';
  readonly title: string;
  /** Whether `mcpreach fix` can do it. */
  readonly automatic: boolean;
  readonly file: string | null;
  readonly diff: string | null;
  /** Shell command for `run`; null otherwise. */
  readonly command: string | null;
  /** The new value for `edit` and `set`; null otherwise. */
  readonly value: string | null;
}

export interface ReportFinding {
  readonly cause: CauseId;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly hiddenBy: CauseId | null;
  readonly remedies: readonly ReportRemedy[];
}

export interface ReportTarget {
  readonly name: string;
  readonly client: string | null;
  readonly source: { readonly file: string; readonly line: number; readonly column: number; readonly scope: string } | null;
  readonly transport: Transport | null;
  readonly address: string;
  readonly status: TargetStatus;
  /** The verdict; null unless failed. */
  readonly cause: CauseId | null;
  /** The verdict's certainty; null unless failed. */
  readonly certainty: Certainty | null;
  readonly summary: string;
  readonly path: readonly PathStep[];
  readonly findings: readonly ReportFinding[];
  /** Present when the handshake succeeded. */
  readonly server: {
    readonly name: string | null;
    readonly version: string | null;
    readonly protocol: string;
    readonly tools: number | null;
  } | null;
  /** What the logs say, when any was looked at. */
  readonly log?: ReportLog;
  /** What `mcpreach fix` did about it, in order; absent in the reports of other commands. */
  readonly fixes?: readonly ReportFix[];
  readonly durationMs: number;
}

/** What log files say about a target. */
export interface ReportLog {
  readonly files: readonly {
    readonly file: string;
    readonly state: 'read' | 'empty' | 'not-text' | 'compressed' | 'unreadable';
    /** The system's code for `unreadable`; null otherwise. */
    readonly code: string | null;
    /** Named with `--log`; else one of the client's own. */
    readonly named: boolean;
  }[];
  /** The last failure of this server that no success came after; null without one. */
  readonly failure: { readonly file: string; readonly at: string | null; readonly ageMs: number | null; readonly text: string } | null;
}

/** One edit of one file, as `mcpreach fix` planned it and what came of it. */
export interface ReportFix {
  /** What was to be mended; null when the target does not say. */
  readonly cause: CauseId | null;
  /** Path of the file, absolute. */
  readonly file: string;
  readonly title: string;
  /** Unified diff with all secrets masked; null when no edit could be planned. */
  readonly diff: string | null;
  /** Path of the copy of the file as it was, absolute; null when nothing was written. */
  readonly backup: string | null;
  /** Whether it was written, even if it was taken back afterwards. */
  readonly applied: boolean;
  /** Whether the diagnosis afterwards was better. */
  readonly verified: boolean;
  readonly rolledBack: boolean;
  /** Why it is not in place; null when it is, and when nothing stood in its way. */
  readonly error: string | null;
}

export interface Report {
  readonly schema: 'mcpreach.report/1';
  readonly version: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly host: { readonly platform: string; readonly node: string; readonly container: string | null; readonly wsl: boolean };
  readonly targets: readonly ReportTarget[];
  readonly summary: { readonly ok: number; readonly warning: number; readonly failed: number; readonly skipped: number };
}

/** What `--json` prints when there is no report: wrong usage, unreadable input, our own fault. */
export interface ErrorDocument {
  readonly schema: 'mcpreach.error/1';
  readonly error: { readonly code: string; readonly message: string };
}
