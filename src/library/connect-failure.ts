/** What a failed `connect()` of an SDK client means: by codes and statuses, never by message texts. */
import { TCP_OUTCOMES } from '../facts/errno.ts';
import type { CauseId } from '../model/ids.gen.ts';

/** Why one attempt failed. */
export interface ConnectFailure {
  readonly kind: 'refused' | 'reset' | 'unreachable' | 'name-not-found' | 'timed-out' | 'status' | 'tls' | 'other';
  /** The error's own code, for example `ECONNREFUSED`; null when it has none. */
  readonly code: string | null;
  /** The HTTP status that ended the attempt; null when no answer came. */
  readonly status: number | null;
  /** Whether waiting can heal it. */
  readonly retry: boolean;
}

/** Statuses of a server that is there and not ready yet, or of the proxy before it. */
const PASSING_STATUSES = new Set([429, 502, 503, 504]);

/** undici's and the SDKs' own names for what an errno says elsewhere. */
const OTHER_CODES: Readonly<Record<string, ConnectFailure['kind']>> = {
  UND_ERR_SOCKET: 'reset',
  EPIPE: 'reset',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  UND_ERR_HEADERS_TIMEOUT: 'timed-out',
  REQUEST_TIMEOUT: 'timed-out',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
};

const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

/** JSON-RPC code with which SDK v1 reports its own time limit; servers use the same one for lost sessions. */
const V1_TIMEOUT = -32001;

/** Errors nest a few levels: `TypeError`, its cause, an `AggregateError`, one error for each address. */
const DEEPEST = 8;

/** What was seen of the attempt's requests, for errors that lost their cause on the way. */
export interface SeenByFetch {
  /** Status of the last answer; null when there was none. */
  readonly status: number | null;
  /** What the last request was rejected with; null when it was answered. */
  readonly error: unknown;
}

/** The meaning of an error, with what its requests showed where the error itself says nothing. */
export function readFailure(error: unknown, seen: SeenByFetch): ConnectFailure {
  const own = judge(error);
  if (own.kind !== 'other') return own;
  const lower = seen.error === null ? statusFailure(seen.status) : judge(seen.error);
  return lower === null || lower.kind === 'other' ? own : lower;
}

/** Set by us when an attempt takes too long. */
export const TIMED_OUT: ConnectFailure = { kind: 'timed-out', code: null, status: null, retry: true };

function judge(error: unknown): ConnectFailure {
  const found = flatten(error, DEEPEST).map(judgeOne);
  const known = found.filter((one) => one !== null);
  // Where one address fails for good and another only for now, waiting heals nothing as long as the first is dialled.
  const worst = known.find(({ kind, retry }) => kind !== 'other' && !retry) ?? known.find(({ retry }) => retry) ?? known[0];
  return worst ?? { kind: 'other', code: null, status: null, retry: false };
}

/** The error and all it was caused by, outermost first. */
function flatten(error: unknown, depth: number): readonly object[] {
  if (typeof error !== 'object' || error === null || depth === 0) return [];
  const inner = [field(error, 'cause'), field(field(error, 'data'), 'cause'), ...listOf(field(error, 'errors'))];
  return [error, ...inner.flatMap((one) => flatten(one, depth - 1))];
}

function judgeOne(error: object): ConnectFailure | null {
  const code = field(error, 'code');
  const status = statusFailure(field(error, 'status')) ?? statusFailure(code);
  if (status !== null) return status;
  if (code === V1_TIMEOUT && typeof field(field(error, 'data'), 'timeout') === 'number') return TIMED_OUT;
  if (typeof code !== 'string') return null;
  if (TLS_CODE.test(code)) return { kind: 'tls', code, status: null, retry: false };
  const kind = OTHER_CODES[code] ?? kindOfErrno(code);
  return { kind, code, status: null, retry: kind !== 'other' };
}

function kindOfErrno(code: string): ConnectFailure['kind'] {
  const outcome = TCP_OUTCOMES[code];
  if (outcome === 'refused' || outcome === 'reset' || outcome === 'timed-out' || outcome === 'unreachable') return outcome;
  return 'other';
}

function statusFailure(status: unknown): ConnectFailure | null {
  if (typeof status !== 'number' || status < 300 || status > 599) return null;
  return { kind: 'status', code: null, status, retry: PASSING_STATUSES.has(status) };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The cause that a failure speaks for when no diagnosis was made. */
export function causeOf({ kind, code, status }: ConnectFailure): CauseId {
  switch (kind) {
    case 'refused':
      return 'server-not-running';
    case 'reset':
      return 'connection-reset';
    case 'unreachable':
      return 'host-unreachable';
    case 'name-not-found':
      return 'dns-failure';
    case 'timed-out':
      return 'timeout-hang';
    case 'tls':
      return causeOfTls(code ?? '');
    case 'status':
      return causeOfStatus(status ?? 0);
    case 'other':
      return 'unknown';
  }
}

function causeOfTls(code: string): CauseId {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'tls-self-signed';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'tls-expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') return 'tls-hostname';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'wrong-scheme';
  return code.startsWith('ERR_') ? 'tls-protocol' : 'tls-unknown-ca';
}

function causeOfStatus(status: number): CauseId {
  if (status < 400) return 'redirect';
  if (status === 401) return 'auth-required';
  if (status === 404 || status === 405) return 'wrong-path';
  if (status === 429) return 'rate-limited';
  if (status >= 502 && status <= 504) return 'upstream-down';
  return status >= 500 ? 'server-error' : 'unknown';
}
