/** What one look at a server says about its readiness. Pure. */
import type { AnswerMeaning, Exchange, ExchangeFailure, Handshake } from '../../model/evidence.ts';
import { isGatewayStatus, NO_TLS_RECORD } from '../../model/view.ts';

/** How much has to work before a server counts as ready. */
export type WaitLevel = 'tcp' | 'http' | 'mcp' | 'tools';

/** `what` is said to the user: what the server does at the moment. */
export type Sighting =
  | { readonly kind: 'ready' }
  /** Nobody accepts connections there. */
  | { readonly kind: 'closed'; readonly what: string }
  /** Accepts, and has not answered so far. */
  | { readonly kind: 'silent'; readonly what: string }
  /** Says itself that it is too early, perhaps also until when. */
  | { readonly kind: 'busy'; readonly what: string; readonly retryAfterMs: number | null }
  /** Answers as a server does that is not well yet. */
  | { readonly kind: 'failing'; readonly what: string }
  /** Answers as something else does; the end of the wait when it goes on doing so. */
  | { readonly kind: 'wrong'; readonly what: string }
  /** Waiting does not mend it: the end of the wait. */
  | { readonly kind: 'denied'; readonly what: string };

/** What the universal probe is answered by servers that speak MCP. */
const ALIVE: ReadonlySet<AnswerMeaning> = new Set([
  'result',
  'other-modern-version',
  'modern-request-fault',
  'session-unknown',
  'session-required',
  'version-unsupported',
  'method-unknown',
  'rpc-error',
]);

/** Answers that a server of the older transport gives to the universal probe. */
const MAYBE_SSE: ReadonlySet<AnswerMeaning> = new Set(['not-found', 'method-not-allowed', 'bad-request', 'unusable']);

/** Whether an answer to the universal probe makes the handshake worth a try. */
export function isWorthHandshake({ meaning }: Exchange, transport: 'http' | 'sse' | null): boolean {
  return meaning !== null && (ALIVE.has(meaning) || (transport === null && MAYBE_SSE.has(meaning)));
}

/** What the answer to the universal probe alone says; `ready` means that MCP is spoken there, or HTTP where that is enough. */
export function sightProbe({ answer, failure, meaning }: Exchange, level: 'http' | 'mcp', at: Date): Sighting {
  if (failure !== null) return sightFailure(failure);
  if (answer === null || meaning === null) return { kind: 'silent', what: 'no answer yet' };
  const { status, headers } = answer;
  if (status === 429 || isGatewayStatus(status)) {
    return { kind: 'busy', what: `HTTP ${status}`, retryAfterMs: readRetryAfter(headers['retry-after'], at) };
  }
  if (level === 'http' || ALIVE.has(meaning)) return { kind: 'ready' };
  switch (meaning) {
    case 'auth-required':
    case 'forbidden':
    case 'host-rejected':
    case 'origin-rejected':
    case 'proxy-auth':
      return { kind: 'denied', what: `HTTP ${status}` };
    case 'server-error':
      return { kind: 'failing', what: `HTTP ${status}` };
    default:
      return { kind: 'wrong', what: status < 300 ? 'an answer that is not MCP' : `HTTP ${status}` };
  }
}

/** What a handshake says; `tools` are the names that are asked for, null where the handshake itself is enough. */
export function sightHandshake({ result, exchanges, sessionEnded }: Handshake, tools: readonly string[] | null, at: Date): Sighting {
  if (result.kind === 'answered' || result.kind === 'broken') {
    const last = exchanges.at(-1);
    const seen: Sighting = last === undefined ? { kind: 'silent', what: 'no answer yet' } : sightProbe(last, 'mcp', at);
    if (seen.kind !== 'ready') return seen;
    const what = 'the handshake is refused';
    return last?.meaning === 'version-unsupported' ? { kind: 'wrong', what } : { kind: 'failing', what };
  }
  if (tools === null) return { kind: 'ready' };
  const missing = missingTools(result.kind === 'ready' ? result.tools?.names : null, tools);
  if (missing === null) return { kind: 'ready' };
  // Every look at the tools opens a session, and this server keeps them.
  return sessionEnded ? { kind: 'failing', what: missing } : { kind: 'busy', what: missing, retryAfterMs: KEPT_SESSION_MS };
}

const KEPT_SESSION_MS = 5_000;

/** What is missing among the tools, in words; null when nothing is. Without names any tool will do. */
export function missingTools(listed: readonly string[] | null | undefined, wanted: readonly string[]): string | null {
  if (listed === null) return 'the tools cannot be listed';
  if (listed === undefined || listed.length === 0) return 'no tools yet';
  const missing = wanted.filter((name) => !listed.includes(name));
  return missing.length === 0 ? null : `no tool ${missing.join(', ')} yet`;
}

function sightFailure({ stage, reason, code, status }: ExchangeFailure): Sighting {
  if (stage === 'proxy') {
    if (status === 407) return { kind: 'denied', what: 'the proxy wants a login' };
    return { kind: 'closed', what: status === null ? 'the proxy does not answer' : `the proxy answers ${status}` };
  }
  if (stage === 'tls' && reason === 'failed') {
    if (NO_TLS_RECORD.has(code ?? '')) return { kind: 'wrong', what: 'no TLS there' };
    // Codes of OpenSSL's alerts and protocol faults begin so; all others are judgements on the certificate.
    if (code?.startsWith('ERR_SSL_') === true) return { kind: 'wrong', what: 'TLS fails' };
    return { kind: 'denied', what: 'the certificate is not trusted' };
  }
  if (stage === 'connect') return { kind: 'closed', what: reason === 'refused' ? 'nothing listens there' : 'it cannot be reached' };
  if (reason === 'timed-out' || reason === 'cancelled') return { kind: 'silent', what: 'no answer yet' };
  if (reason === 'not-http') return { kind: 'wrong', what: 'no HTTP there' };
  return { kind: 'failing', what: 'it closes the connection' };
}

/** `Retry-After` in milliseconds, seconds or a date as RFC 9110, section 10.2.3 has it; null when it says nothing. */
export function readRetryAfter(header: string | undefined, at: Date): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - at.getTime());
}
