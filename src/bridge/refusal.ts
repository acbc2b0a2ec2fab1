/** What the bridge itself answers when it cannot serve a request. */
import type { CauseId } from '../model/ids.gen.ts';
import type { ReportRemedy } from '../model/report.ts';
import { type Envelope, readEnvelope } from '../wire/envelope.ts';
import type { LinkFailure } from './links/link.ts';

/** Why a server cannot be used, as far as its client is to know. */
export interface Refusal {
  readonly cause: CauseId;
  /** One or two plain sentences. */
  readonly summary: string;
  readonly remedies: readonly ReportRemedy[];
}

/** Codes from -32768 to -32000 belong to JSON-RPC and to the specification (2026-07-28, basic/index); this one is ours. */
const CODE = -31_000;

/** A JSON-RPC error for a request. `executed` says whether the server may have run it (contract, section 4). */
export function refusalOf(id: string, { cause, summary, remedies }: Refusal, executed: 'no' | 'unknown'): Envelope {
  const error = { code: CODE, message: summary, data: { mcpreach: { cause, executed, remedies } } };
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`));
}

/** A remedy that is a sentence. */
export function tell(title: string): ReportRemedy {
  return { kind: 'tell', title, automatic: false, file: null, diff: null, command: null, value: null };
}

/** The end of what a program printed on standard error, as a sentence. */
export function lastWords(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ` Its last words: ${lines.slice(-3).join(' / ')}`;
}

/** For a request that was under way when the server went. */
export function lostInFlight(what: string, { detail, lastLines }: LinkFailure): Refusal {
  return {
    cause: 'connection-reset',
    summary: `The server went while ${what} was running: ${detail}. It may have run, so it was not sent again.${lastWords(lastLines)}`,
    remedies: [tell('Find out whether it took effect before you repeat it.')],
  };
}
