/**
 * What error texts give away. A signature is one wording or code with the causes it speaks for. The weights follow from what the wording
 * means where it is made; how often it misled in labelled real cases is counted apart, in statistics.gen.ts.
 */
import type { Hop } from '../../model/explanation.ts';
import type { Transport } from '../../model/target.ts';
import type { ExplainedCause } from './checks.ts';

/** Systems on which the failing side may run. */
export const SYSTEMS = ['linux', 'macos', 'windows', 'wsl', 'docker'] as const;
export type System = (typeof SYSTEMS)[number];

/** Where a signature counts. Everything that is named must be known and fit. */
export interface Circumstances {
  /** Systems; `unknown` stands for a text that gives none away. */
  readonly system?: readonly (System | 'unknown')[];
  readonly transport?: readonly Transport[];
  readonly client?: readonly string[];
  /** The address that the text names is loopback, or is not. */
  readonly loopback?: boolean;
  readonly family?: 4 | 6;
  /** Who tells of the failure: the client of the server, or the server of what stands behind it. */
  readonly hop?: Hop;
}

export interface Signature {
  /** Stable name; the statistics are kept under it. */
  readonly id: string;
  /** What was recognised, as the end of a sentence that begins with "The text". */
  readonly says: string;
  /** Where the wording is made or defined: a program's source or documentation, a standard, or reports of several people. */
  readonly source: string;
  /** Failed system calls of which the text must name one; see errno-words.ts. */
  readonly errno?: readonly string[];
  /** HTTP statuses of which the text must name one. */
  readonly status?: readonly number[];
  readonly pattern?: RegExp;
  /** A second pattern that must be found as well, anywhere; one pattern for both would take quadratic time. */
  readonly and?: RegExp;
  /** A pattern that must not be found. */
  readonly not?: RegExp;
  readonly when?: Circumstances;
  /** A summary that programs print whatever went wrong ("Connection closed"): it counts for little beside anything that says more. */
  readonly summary?: boolean;
  /**
   * Causes with their weights: 10 says it by name, 5 is what it nearly always means, 2 is one of several usual meanings, 1 is
   * possible, and a negative weight speaks against.
   */
  readonly causes: Readonly<Partial<Record<ExplainedCause, number>>>;
}

/** How often each signature was seen with each cause, by the signature's id; and each cause with each system, and in total. */
export interface Statistics {
  readonly signatures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly systems: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly causes: Readonly<Record<string, number>>;
}
