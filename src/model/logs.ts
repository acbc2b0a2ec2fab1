/** What log files say about one target. Facts only: which files were looked at, and the last failure in them that belongs to it. */

/** How a log line was told to be about this server. `file`: all of the file is. */
export type LogLink = 'file' | 'name' | 'address' | 'command';

/** One file that was looked at. */
export interface LogFileFacts {
  /** As it may be shown. */
  readonly file: string;
  readonly state: 'read' | 'empty' | 'not-text' | 'compressed' | 'unreadable';
  /** The system's code for `unreadable`; null otherwise. */
  readonly code: string | null;
  /** Whether the user named it. */
  readonly named: boolean;
}

/** What the wording of one line is known to mean, as `explain` reads it. */
export interface LineReading {
  readonly errno: string | null;
  readonly status: number | null;
  /** Codes of causes it speaks for, best first, with their share. */
  readonly speaksFor: readonly { readonly cause: string; readonly score: number }[];
}

/** Reads one line. Handed in from above: whoever diagnoses need not know how texts are read. */
export type LineReader = (text: string) => LineReading;

export interface LogFailure extends LineReading {
  /** The file, as it may be shown. */
  readonly file: string;
  /** The line that decides, without its time and with secrets and home folders masked; at most 300 characters. */
  readonly text: string;
  readonly link: LogLink;
  /** The program that it says was not found; null where it says nothing of the kind. */
  readonly notFound: string | null;
  /** ISO 8601; null where the log has no times. */
  readonly at: string | null;
  /** How long ago that was, milliseconds; null without a time. */
  readonly ageMs: number | null;
}

export interface LogEvidence {
  readonly files: readonly LogFileFacts[];
  /** The last failure of this server that no success came after; null without one. */
  readonly failure: LogFailure | null;
  readonly ms: number;
}

/** A file to look at. */
export interface LogFile {
  readonly path: string;
  /** As it may be shown. */
  readonly shown: string;
  /** Only this server's lines are in it. */
  readonly own: boolean;
  /** The user named it; else it is the client's. */
  readonly named: boolean;
}

/** Where to look, and how to read. */
export interface LogSource {
  /** The user named a file: it is read whether or not the target works. */
  readonly named: boolean;
  /** The files, the ones that may tell most first. */
  files(): Promise<readonly LogFile[]>;
  /** Loaded only when there is a line to read: it takes the whole catalogue along. */
  reader(): Promise<LineReader>;
  /** What the client calls this server in its logs besides its name. */
  readonly alias: string | null;
  /** The user's own folder, which is not shown. */
  readonly home: string;
}

/** One day in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** An older failure says little: the server may have been mended since. */
const FRESH_MS = DAY_MS;

/** Whether the failure is known to be of the last day. */
export function isFresh({ ageMs }: LogFailure): boolean {
  return ageMs !== null && ageMs < FRESH_MS;
}

/** `2 hours ago`: how long ago the line was written; empty without a time. */
function ageWords(ageMs: number | null): string {
  if (ageMs === null) return '';
  const minutes = Math.round(ageMs / 60_000);
  const [count, unit] =
    minutes < 1
      ? [0, '']
      : minutes < 90
        ? [minutes, 'minute']
        : minutes < 36 * 60
          ? [Math.round(minutes / 60), 'hour']
          : [Math.round(minutes / 1440), 'day'];
  return count === 0 ? 'just now' : `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** The failure as one line of evidence. */
export function quoted({ file, text, ageMs }: Pick<LogFailure, 'file' | 'text' | 'ageMs'>): string {
  const age = ageWords(ageMs);
  return `${file}${age === '' ? '' : `, ${age}`}: "${text}"`;
}
