/** Finds the last failure of one server in a log. Pure. */
import type { LogLink } from '../../model/logs.ts';
import { belongsTo, type LogSubject } from './belongs.ts';
import { outcomeOf } from './outcomes.ts';
import { recordsOf } from './records.ts';

export interface LogText {
  readonly text: string;
  /** The text begins inside the file. */
  readonly isCut: boolean;
  /** Only this server's lines are in it. */
  readonly own: boolean;
}

/** How the last attempt in a log ended. */
export interface LastOutcome {
  readonly kind: 'failure' | 'success';
  /** Milliseconds since 1970; null where the log has no times. */
  readonly at: number | null;
  /** The line that decides. */
  readonly text: string;
  readonly link: LogLink;
}

/** Failures further apart are not of one attempt. */
const SAME_ATTEMPT_MS = 60_000;

interface Failure {
  readonly weight: number;
  readonly at: number | null;
  readonly text: string;
  readonly link: LogLink;
}

/** How the last attempt to use this server ended; null when the log does not tell of any. `now` is milliseconds since 1970. */
export function lastOutcome({ text, isCut, own }: LogText, subject: LogSubject, now: number): LastOutcome | null {
  const test = belongsTo(subject);
  let attempt: Failure[] = [];
  let last: LastOutcome | null = null;
  let isNew = false;
  let above: LogLink | null = null;
  for (const record of recordsOf(text, isCut, now)) {
    const link: LogLink | null = test(record) ?? (own ? 'file' : record.continues ? above : null);
    above = link;
    if (link === null) continue;
    const outcome = outcomeOf(record.text);
    if (outcome === null) continue;
    if (outcome.kind === 'start') isNew = true;
    else if (outcome.kind === 'success') {
      attempt = [];
      last = { kind: 'success', at: record.at, text: record.text, link };
    } else {
      const before = attempt.at(-1)?.at ?? null;
      if (isNew || (before !== null && record.at !== null && record.at - before > SAME_ATTEMPT_MS)) attempt = [];
      isNew = false;
      attempt.push({ weight: outcome.weight, at: record.at, text: record.text, link });
    }
  }
  const [decisive] = attempt.toSorted((a, b) => b.weight - a.weight);
  return decisive === undefined ? last : { kind: 'failure', at: decisive.at, text: decisive.text, link: decisive.link };
}
