import type { Redactor } from '../../model/redact.ts';
import type { Gate } from '../../system/gate.ts';

/** The secret-laden side of a launch command: what is really run. Never shown. */
export interface LaunchContext {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Everything the server gets: what its client passes on, and the entry's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's own environment, for what the client does not pass on. */
  readonly shell: Readonly<Record<string, string | undefined>>;
  /** Whether the entry itself sets PATH. */
  readonly ownPath: boolean;
}

/** Everything a stdio probe may use besides the evidence so far. */
export interface StdioContext {
  readonly launch: LaunchContext;
  /** Ends with the target's budget, or when the user interrupts. */
  readonly signal: AbortSignal;
  /** How long the handshake may take, in milliseconds. */
  readonly answerMs: number;
  readonly redact: Redactor;
  /** Entered by every server that starts, left when it has answered. */
  readonly starts: Gate;
}

/** A variable's value; names are not case-sensitive on Windows. */
export function variable(environment: LaunchContext['environment'], name: string): string | undefined {
  if (process.platform !== 'win32') return environment[name];
  return Object.entries(environment).find(([key]) => key.toUpperCase() === name)?.[1];
}
