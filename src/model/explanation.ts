/** The public document `mcpreach.explain/1`: what a text says, and what may be behind it. */
import type { Transport } from './target.ts';

export interface ReadText {
  /** The failed system call's code in POSIX or Node's terms. */
  readonly errno: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly family: 4 | 6 | null;
  /** HTTP status. */
  readonly status: number | null;
  /** Id of the client that wrote it. */
  readonly client: string | null;
  readonly transport: Transport | null;
}

export interface Candidate {
  readonly cause: string;
  /** Share of what speaks for it, 0 to 1; all candidates together at most 1. */
  readonly score: number;
  readonly why: string;
  /** The one thing to look at. */
  readonly check: string;
}

export interface Explanation {
  readonly schema: 'mcpreach.explain/1';
  readonly read: ReadText;
  /** Best first, at most five. */
  readonly candidates: readonly Candidate[];
  /** What the catalogue says, when a cause's code was asked for instead of a text. */
  readonly account?: CauseAccount;
}

/** A cause in general, without any case of it. */
export interface CauseAccount {
  readonly title: string;
  /** Markdown. */
  readonly about: string;
  readonly refs: readonly string[];
}
