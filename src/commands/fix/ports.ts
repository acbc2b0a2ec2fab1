/** What `fix` needs of the world, and what it tells it. */
import type { DocumentFormat } from '../../model/document.ts';
import type { Report } from '../../model/report.ts';
import type { Patient } from './plan.ts';

/** A diagnosis together with what could be done. */
export interface Diagnosed {
  readonly report: Report;
  /** One for each target of the report, in its order. */
  readonly patients: readonly Patient[];
}

/** One edit as it is put before the user. */
export interface Question {
  readonly title: string;
  /** Names of the servers it is for. */
  readonly servers: readonly string[];
  /** By file; secrets are masked. */
  readonly diffs: readonly { readonly file: string; readonly diff: string }[];
}

export type FixEvent =
  /** An edit as it is planned, before any question. */
  | { readonly kind: 'planned'; readonly question: Question }
  | { readonly kind: 'verified'; readonly question: Question }
  | { readonly kind: 'rolled-back'; readonly question: Question }
  /** It could not be written, or not be taken back. */
  | { readonly kind: 'refused'; readonly title: string; readonly servers: readonly string[]; readonly reason: string };

export interface FixPorts {
  /** Diagnoses all targets, or only those whose config is one of these files. */
  readonly diagnose: (files: ReadonlySet<string> | null) => Promise<Diagnosed>;
  readonly formatOf: (file: string) => DocumentFormat;
  /** Whether an edit may be made. Never asked in a dry run. */
  readonly confirm: (question: Question) => Promise<boolean>;
  readonly tell: (event: FixEvent) => void;
  /** The folder of our own state, where backups and locks are. */
  readonly state: string;
  /** Nothing is written. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}
