/** What an answer tells about the era of a server. Pure. */
import { MODERN_REVISIONS, RPC_CODES } from '../../facts/revisions.ts';
import type { Outcome } from '../links/link.ts';
import { recordOf } from './meta.ts';
import type { Answer } from './upstream.ts';

/** `unclear`: the answer is about something else than the era, such as credentials or a broken connection. */
export type Verdict = 'modern' | 'legacy' | 'unclear';

/** HTTP statuses about credentials, patience and load: any server gives them. */
const NOT_ABOUT_ERA: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);

/** Reads the answer to `server/discover` (basic/versioning and basic/transports/stdio, backward compatibility). */
export function verdictOf(answer: Answer, stdio: boolean): Verdict {
  switch (answer.kind) {
    case 'result':
      return Array.isArray(recordOf(answer.result)['supportedVersions']) ? 'modern' : 'legacy';
    case 'error':
      return isModernError(answer.code, answer.data) ? 'modern' : 'legacy';
    case 'passed':
      return 'modern';
    case 'failed':
      return isRefusedMessage(answer.outcome) || (stdio && isEnded(answer.outcome)) ? 'legacy' : 'unclear';
  }
}

/** Whether the versions that we translate for are among those of a `DiscoverResult`. */
export function isSpoken(discovered: unknown): boolean {
  const versions: unknown = recordOf(discovered)['supportedVersions'];
  return Array.isArray(versions) && versions.some((one) => (MODERN_REVISIONS as readonly unknown[]).includes(one));
}

/** Whether the server refused the message as such: a server of the other era does, over HTTP. */
export function isRefusedMessage(outcome: Outcome): boolean {
  if (outcome.kind === 'done') return false;
  const { kind, status } = outcome.why;
  if (kind === 'session-lost') return true;
  return kind === 'http' && status !== null && status >= 400 && status < 500 && !NOT_ABOUT_ERA.has(status);
}

/** Whether the child ended: servers built on rmcp do on any message before `initialize`. */
export function isEnded(outcome: Outcome): boolean {
  return outcome.kind !== 'done' && outcome.why.kind === 'ended';
}

function isModernError(code: number, data: unknown): boolean {
  if (code === RPC_CODES.headerMismatch || code === RPC_CODES.missingClientCapability) return true;
  if (code !== RPC_CODES.unsupportedProtocolVersion) return false;
  const { supported } = recordOf(data);
  // Versions are dates; a server that only lists older ones speaks with a handshake.
  return !Array.isArray(supported) || supported.some((one) => typeof one === 'string' && one >= MODERN_REVISIONS[0]);
}
