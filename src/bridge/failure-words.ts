/** A failure in words, for the case in which nobody can find out more. */
import type { CauseId } from '../model/ids.gen.ts';
import type { LinkFailure } from './links/link.ts';
import { lastWords, type Refusal, tell } from './refusal.ts';

const CAUSES: Readonly<Record<LinkFailure['kind'], CauseId>> = {
  unreachable: 'server-not-running',
  broken: 'connection-reset',
  'session-lost': 'session-lost',
  unauthorized: 'auth-required',
  http: 'mcp-error',
  tls: 'tls-unknown-ca',
  ended: 'crash-on-boot',
  'not-mcp': 'not-mcp',
  closed: 'unknown',
};

/** How servers and the proxies in front of them say that they cannot answer now (RFC 9110, section 15; RFC 6585). */
const BY_STATUS: Readonly<Record<number, CauseId>> = {
  403: 'auth-rejected',
  404: 'wrong-path',
  429: 'rate-limited',
  500: 'server-error',
  502: 'upstream-down',
  503: 'upstream-down',
  504: 'upstream-down',
};

/** What a client is told when the server cannot be reached and the doctor has nothing to add. */
export function failureRefusal(failure: LinkFailure | null): Refusal {
  if (failure === null) return { cause: 'unknown', summary: 'The server has not answered in time.', remedies: [] };
  const { kind, status, detail, lastLines } = failure;
  const cause = kind === 'http' ? ((status === null ? undefined : BY_STATUS[status]) ?? CAUSES.http) : CAUSES[kind];
  return {
    cause:
      kind === 'ended' && failure.code === 'ENOENT'
        ? 'command-not-found'
        : kind === 'ended' && failure.code === 'EACCES'
          ? 'permission-denied'
          : cause,
    summary: `The server cannot be used: ${detail}.${lastWords(lastLines)}`,
    remedies: [tell('Start the server; this connection finds it by itself.')],
  };
}
