/** Short forms for logs in a cause's examples. */
import type { LogEvidence, LogFailure } from './logs.ts';

/** A log whose last failure of this server is this line, an hour ago. */
export function logSaying(text: string, more: Partial<LogFailure> = {}): LogEvidence {
  const file = '~/Library/Logs/Claude/mcp.log';
  const [, notFound = null] = /^spawn (\S+) ENOENT$/.exec(text) ?? [];
  const failure: LogFailure = {
    file,
    text,
    link: 'name',
    notFound,
    errno: null,
    status: null,
    speaksFor: [],
    at: '2026-11-28T11:00:00.000Z',
    ageMs: 3_600_000,
    ...more,
  };
  return { files: [{ file, state: 'read', code: null, named: false }], failure, ms: 4 };
}
