import type { CauseId } from '../model/ids.gen.ts';
import type { Report } from '../model/report.ts';
import type { ConnectFailure } from './connect-failure.ts';

/** What is known when an attempt to reach a server is given up. */
export interface ReachErrorDetails {
  readonly code: CauseId;
  readonly failure: ConnectFailure;
  readonly attempts: number;
  readonly report: Report | null;
  readonly cause: unknown;
}

/** The server could not be reached. The message is the verdict of the diagnosis, and shows no secret. */
export class ReachError extends Error {
  override readonly name = 'ReachError';
  /** A cause code, for example `server-not-running`; `unknown` when nothing is known. */
  readonly code: CauseId;
  /** How the last attempt failed. */
  readonly failure: ConnectFailure;
  readonly attempts: number;
  /** The full diagnosis, as `mcpreach doctor --json` prints it; null when none was made. */
  readonly report: Report | null;

  /** `cause` is the SDK's own error, as it was thrown. */
  constructor(message: string, details: ReachErrorDetails) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.failure = details.failure;
    this.attempts = details.attempts;
    this.report = details.report;
  }
}

/** The first sentence of a {@link ReachError} without a diagnosis: what happened, in our words. */
export function describeFailure({ kind, code, status }: ConnectFailure, address: string): string {
  const because = code === null ? '' : ` (${code})`;
  switch (kind) {
    case 'refused':
      return `${address} refuses the connection${because}.`;
    case 'reset':
      return `${address} closes the connection without an answer${because}.`;
    case 'unreachable':
      return `${address} cannot be reached from here${because}.`;
    case 'name-not-found':
      return `The name in ${address} does not resolve${because}.`;
    case 'timed-out':
      return `${address} does not answer in time${because}.`;
    case 'tls':
      return `No secure connection to ${address}${because}.`;
    case 'status':
      return `${address} answers with HTTP ${status}.`;
    case 'other':
      return `${address} does not complete the MCP handshake${because}.`;
  }
}
