/** What is to be said about the logs of a target besides what its findings quote. */
import { quoted } from '../model/logs.ts';
import type { ReportLog, ReportTarget } from '../model/report.ts';

const STATES: Readonly<Record<Exclude<ReportLog['files'][number]['state'], 'read' | 'unreadable'>, string>> = {
  empty: 'it is empty',
  'not-text': 'it is no text',
  compressed: 'it is compressed; unpack it and name the result with --log',
};

const CODES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'the system does not let this program read it',
};

/** Sentences about the logs: what they say that no finding quotes, what could not be read, and that a named one says nothing. */
export function logNotes({ log, findings, status }: ReportTarget, verbose: boolean): readonly string[] {
  if (log === undefined) return [];
  const { failure, files } = log;
  const notes: string[] = [];
  if (failure !== null) {
    const isQuoted = findings.some(({ evidence }) => evidence.includes(quoted(failure)));
    // An old failure of another kind beside a verdict would only distract.
    if (!isQuoted && (verbose || status !== 'failed'))
      notes.push(`${status === 'failed' ? '' : 'It works now. '}The last failure in the log: ${quoted(failure)}`);
  }
  for (const { file, state, code, named } of files) {
    if (state === 'unreadable') notes.push(`${file} was not read: ${CODES[code ?? ''] ?? code ?? 'unknown'}.`);
    else if (state !== 'read' && (named || verbose || state === 'compressed')) notes.push(`${file} was not read: ${STATES[state]}.`);
  }
  const silent = files.filter(({ state, named }) => state === 'read' && (named || verbose));
  if (failure === null && silent.length > 0)
    notes.push(`No failure of this server in ${silent.map(({ file }) => file).join(', ')}, or a success came after it.`);
  return notes;
}
