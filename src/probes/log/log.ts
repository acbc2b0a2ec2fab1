/** The log facet: looks through a client's own logs, and those that were named, for the last failure of one server. */
import type { LogEvidence, LogFile, LogFileFacts, LogSource } from '../../model/logs.ts';
import { maskForeign } from '../../model/redact.ts';
import { now, today } from '../../system/clock.ts';
import { type LogTail, readLogTail } from '../../system/log-tail.ts';
import type { LogSubject } from './belongs.ts';
import { programNotFound } from './not-found.ts';
import { type LastOutcome, lastOutcome } from './find-failure.ts';

/** More files of a client are not opened for one target. */
const MOST_FILES = 8;

const LONGEST_QUOTE = 300;

/** What the logs say about this server. */
export async function probeLog(source: LogSource, subject: LogSubject, signal: AbortSignal): Promise<LogEvidence> {
  const started = now();
  const wall = today().getTime();
  const all = await source.files();
  const files = [...all.filter(({ named }) => named), ...all.filter(({ named }) => !named).slice(0, MOST_FILES)];
  const facts: LogFileFacts[] = [];
  let found: Found | null = null;
  for (const file of files) {
    if (signal.aborted) break;
    const tail = await readLogTail(file.path);
    // Rotated away since it was listed.
    if (tail.kind === 'missing') continue;
    facts.push({ file: file.shown, named: file.named, ...stateOf(tail) });
    if (tail.kind !== 'text') continue;
    const outcome = lastOutcome({ ...tail, own: file.own }, subject, wall);
    if (outcome !== null && isLater(outcome, tail.modifiedAt, found)) found = { outcome, file, time: outcome.at ?? tail.modifiedAt };
  }
  return { files: facts, failure: await failureOf(found, source, wall), ms: now() - started };
}

interface Found {
  readonly outcome: LastOutcome;
  readonly file: LogFile;
  readonly time: number;
}

/** Two logs tell of one failure at nearly the same time: the first of them, which is the server's own, says more. */
const SAME_TIME_MS = 10_000;

function isLater(outcome: LastOutcome, modifiedAt: number, found: Found | null): boolean {
  if (found === null) return true;
  const ahead = (outcome.at ?? modifiedAt) - found.time;
  return outcome.kind === found.outcome.kind ? ahead > SAME_TIME_MS : ahead > 0;
}

async function failureOf(found: Found | null, { reader, home }: LogSource, wall: number): Promise<LogEvidence['failure']> {
  if (found === null || found.outcome.kind === 'success') return null;
  const { outcome, file } = found;
  const text = shownLine(outcome.text, home);
  return {
    ...(await reader())(text),
    file: file.shown,
    text,
    link: outcome.link,
    notFound: programNotFound(outcome.text),
    at: outcome.at === null ? null : new Date(outcome.at).toISOString(),
    ageMs: outcome.at === null ? null : Math.max(0, wall - outcome.at),
  };
}

function stateOf(tail: LogTail): Pick<LogFileFacts, 'state' | 'code'> {
  switch (tail.kind) {
    case 'text':
      return { state: 'read', code: null };
    case 'unreadable':
      return { state: 'unreadable', code: tail.code };
    case 'folder':
      return { state: 'unreadable', code: 'EISDIR' };
    case 'missing':
      return { state: 'unreadable', code: 'ENOENT' };
    default:
      return { state: tail.kind, code: null };
  }
}

/** The message without the tags before it, and without the stack and context that some loggers hang on it as JSON. */
function bare(text: string): string {
  const [, reason] = /"notifications\/cancelled".*"reason":"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  if (reason !== undefined) return reason;
  const message = text.replace(/^(?:\[[^\]]*\]\s*)+(?=\S)/, '').replace(/\s*\{\s*"?(?:context|stack|metadata)"?:.*$/s, '');
  return message.trim() === '' ? text : message;
}

/** A line as it may be shown: secrets masked, nobody's home folder, one line of bounded length. */
export function shownLine(text: string, home: string): string {
  const plain = maskForeign(bare(text))
    .replaceAll(home.length > 3 ? home : '\0', '~')
    .replace(/(?:\/(?:Users|home)|\b[A-Za-z]:\\{1,2}Users)[\\/]{1,2}[^\\/\s"'`:]+/g, '~')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length <= LONGEST_QUOTE ? plain : `${plain.slice(0, LONGEST_QUOTE - 1)}…`;
}
