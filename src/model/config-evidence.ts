/** What is known about one entry of a config file before, and besides, any probe. Facts only, without any secret. */
import type { Approval, ConfigProblem } from './config.ts';
import type { HostEvidence } from './evidence.ts';
import type { Transport } from './target.ts';

/** Why nothing was tried. */
export type Skip =
  /** The entry, or a list of the client's, switches the server off. */
  | 'switched-off'
  /** `--no-spawn` was given. */
  | 'no-spawn'
  /** The command stands in a file of the working directory, and nobody agreed to run it. */
  | 'no-consent'
  /** The user told the client not to use it. */
  | 'rejected'
  /** Another definition of the same name wins. */
  | 'hidden';

/** One entry as it may be shown. */
export interface ConfigTarget {
  /** The server's name, or the file's shown path when it has no readable server. */
  readonly name: string;
  /** The client's name as people know it. */
  readonly client: string;
  readonly transport: Transport | null;
  /** The file's path as it is shown. */
  readonly file: string;
  /** How the client asks for approval; empty when it does not. */
  readonly approvalStep: string;
  /** Where the client keeps what is switched off. */
  readonly switchedOffBy: string;
}

export interface ConfigEvidence {
  readonly host: HostEvidence;
  readonly target: ConfigTarget;
  /** What is wrong with the entry and its file. */
  readonly problems: readonly ConfigProblem[];
  readonly approval: Approval;
  readonly skip: Skip | null;
}
