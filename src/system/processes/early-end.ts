/** Why a start command ended before it served anything: exit codes first, then codes in its output, wording only where there is no code. */
import { constants } from 'node:os';
import type { EarlyEnd } from '../../model/evidence.ts';
import { maskForeign } from '../../model/redact.ts';

export interface EndedCommand {
  readonly code: number | null;
  readonly signal: string | null;
  /** errno name when the shell itself could not be started. */
  readonly startError: string | null;
  /** Last lines of the output, oldest first. */
  readonly stderr: readonly string[];
  readonly stdout: readonly string[];
}

export interface EarlyEndReading {
  readonly early: EarlyEnd;
  /** The line that decided, secrets masked; null when the command said nothing. */
  readonly detail: string | null;
}

interface Rule {
  readonly early: EarlyEnd;
  readonly pattern: RegExp;
  /** The rule counts only when some other line of the output says this. */
  readonly beside?: RegExp;
  /** Programs also remark on what they can do without: where an error was thrown, only its headline and what follows count. */
  readonly sinceError?: true;
  readonly unless?: RegExp;
}

const LONGEST_DETAIL = 300;

/** The shell's own codes (POSIX sh, and 9009 of Windows' cmd); other programs may end with them for reasons of their own. */
const EXIT_CODES: Readonly<Record<number, EarlyEnd>> = { 126: 'permission-denied', 127: 'command-not-found', 9009: 'command-not-found' };

/** What a shell, or a program that starts others as a shell does, prints beside such a code: in any language its name or the line comes first. */
const SHELL_LINE =
  /^\S*(?:sh|env)(?:\.exe)?:|^\S+: (?:line )?\d+: |^\S+: \S+ \d+: |\bnot (?:found|recognized)\b|\bno such file or directory\b|\bpermission denied\b|\bcannot execute\b/i;

const START_ERRORS: Readonly<Record<string, EarlyEnd>> = {
  ENOENT: 'command-not-found',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
};

/** EADDRINUSE is 98 on Linux, 48 on macOS, 10048 on Windows. */
const ADDRESS_IN_USE: Rule = {
  early: 'address-in-use',
  pattern: /\bEADDRINUSE\b|\bErrno (?:98|48)\b|\bWinError 10048\b|\bos error (?:98|48|10048)\b/,
};

/** What runtimes print as codes, and the names of exception classes, which are codes as well. */
const OUTPUT_CODES: readonly Rule[] = [
  ADDRESS_IN_USE,
  { early: 'module-not-found', pattern: /\b(?:ERR_)?MODULE_NOT_FOUND\b|^(?:\w+\.)*(?:ModuleNotFoundError|ImportError)\b/ },
  { early: 'syntax', pattern: /^(?:\w+\.)*(?:SyntaxError|IndentationError|TabError)\b/, unless: /\bJSON\b/ },
  { early: 'missing-variable', pattern: /^KeyError: '[A-Za-z_]\w*'$/, beside: /os\.environ|<frozen os>|\bos\.py\b/ },
  { early: 'missing-variable', pattern: /\[type=missing\b/, beside: /validation errors? for \w*(?:settings|config|env)/i },
  { early: 'missing-variable', pattern: /^\s*"[A-Z][A-Z0-9_]*"$/, beside: /\bZodError\b/ },
  { early: 'permission-denied', pattern: /\b(?:EACCES|EPERM)\b|^PermissionError\b|\bWinError (?:5|10013)\b/ },
];

const NAME = String.raw`\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b`;

const WORDINGS: readonly Rule[] = [
  {
    early: 'address-in-use',
    pattern: /address already in use|\bport \d+ is (?:already )?(?:in use|taken|occupied)|only one usage of each socket address/i,
  },
  { early: 'module-not-found', pattern: /\bNo module named\b|\bCannot find (?:module|package)\b|can't open file .*No such file/ },
  {
    early: 'missing-variable',
    sinceError: true,
    pattern:
      /\benv(?:ironment)?[ -]var(?:iable)?s?\b.*\b(?:missing|required|unset|not (?:set|defined|found|provided)|must be|undefined)\b/i,
  },
  {
    early: 'missing-variable',
    sinceError: true,
    pattern: /\b(?:missing|required|unset|undefined)\b.*\benv(?:ironment)?[ -]var(?:iable)?s?\b/i,
  },
  {
    early: 'missing-variable',
    sinceError: true,
    pattern: new RegExp(
      `${NAME}.*\\b(?:missing|required|unset|not (?:set|defined|found|provided|configured)|must be (?:set|provided|defined)|undefined)\\b`,
    ),
  },
  {
    early: 'missing-variable',
    sinceError: true,
    pattern: new RegExp(`\\b(?:[Mm]issing|[Rr]equires?|[Pp]lease (?:set|provide|define))\\b.*${NAME}`),
  },
  { early: 'command-not-found', pattern: /: (?:command )?not found$|is not recognized as an internal or external command/ },
];

/** Classifies an end that came before anything was served; pure. */
export function readEarlyEnd(ended: EndedCommand): EarlyEndReading {
  const lines = [...ended.stderr, ...ended.stdout];
  const say = (early: EarlyEnd, line: string | null = lastWords(ended)): EarlyEndReading => ({
    early,
    detail: line === null ? null : shown(line),
  });
  if (ended.startError !== null) return say(START_ERRORS[ended.startError] ?? 'error', ended.startError);

  const byShell = ended.code === null ? undefined : EXIT_CODES[ended.code];
  if (byShell !== undefined && isShells(ended.code, lines)) return say(byShell);

  // Ended by a signal or well: of all that was printed before, only this one is known to end servers in such a way.
  const quiet = ended.code === 0 || signalOf(ended) !== null;
  const coded = findRule(quiet ? [ADDRESS_IN_USE] : OUTPUT_CODES, lines);
  if (coded !== null) return say(coded.early, coded.line);
  if (signalOf(ended) !== null) return say('signal');
  if (ended.code === 0) return say('silent-success');
  const worded = findRule(WORDINGS, lines);
  return worded === null ? say('error') : say(worded.early, worded.line);
}

/** Whether it was a shell that chose the code: it prints nothing beside it, or what shells print. No other program knows 9009. */
function isShells(code: number | null, lines: readonly string[]): boolean {
  return code === 9009 || lines.every((line) => line.trim() === '') || lines.some((line) => SHELL_LINE.test(line));
}

/** The signal that ended it, also where a shell reports it as 128 + n. */
function signalOf({ code, signal }: EndedCommand): string | null {
  if (signal !== null || code === null) return signal;
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found?.[0] ?? null;
}

function findRule(rules: readonly Rule[], all: readonly string[]): { readonly early: EarlyEnd; readonly line: string } | null {
  const thrown = headlineAt(all);
  for (const { early, pattern, beside, unless, sinceError } of rules) {
    const lines = sinceError && thrown >= 0 ? all.slice(thrown) : all;
    if (beside !== undefined && !lines.some((line) => beside.test(line))) continue;
    // Node shows the source line that threw above the error itself.
    const at = lines.findIndex((line) => pattern.test(line) && !unless?.test(line) && !/^\s*throw\b/.test(line));
    const line = lines[at];
    if (line !== undefined) return { early, line: isProperty(line) ? (headline(lines.slice(0, at)) ?? line) : line };
  }
  return null;
}

/** Node prints an error's fields below its stack; the line with the message says more than `code: 'MODULE_NOT_FOUND'`. */
function isProperty(line: string): boolean {
  return /^\s+\w+: /.test(line);
}

function headline(lines: readonly string[]): string | null {
  return lines[headlineAt(lines)] ?? null;
}

/** Where the last error that was thrown has its headline; -1 without any. */
function headlineAt(lines: readonly string[]): number {
  return lines.findLastIndex((line) => /^(?:Uncaught )?(?:[A-Za-z_]\w*\.)*[A-Z]?\w*(?:Error|Exception)\b/.test(line));
}

/** The line that most likely says why: the last error's headline, else the last line that is neither stack nor banner. */
function lastWords({ stderr, stdout }: EndedCommand): string | null {
  const isNoise = (line: string) => /^\s+at |^Node\.js v\d|^\s*[{}\]^~]+\s*$|^(?:Run|See|Try) ['`].*--help['`]/.test(line);
  return headline(stderr) ?? stderr.findLast((line) => !isNoise(line)) ?? stdout.findLast((line) => !isNoise(line)) ?? null;
}

function shown(line: string): string {
  return maskOutput(line.trim()).slice(0, LONGEST_DETAIL);
}

/** A line of a command's output as it may be shown. What follows Python's `KeyError` is a name, never a value, whatever it sounds like. */
export function maskOutput(line: string): string {
  return /^KeyError: '\w+'$/.test(line) ? line : maskForeign(line);
}
