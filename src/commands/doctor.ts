import type { DiagnoseOptions } from '../diagnose/options.ts';
import { diagnose } from '../diagnose/run.ts';
import { UsageError } from '../model/errors.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { Report } from '../model/report.ts';
import { checkCaFile } from './ca-file.ts';
import { parseDuration } from './duration.ts';
import { parseHeaders } from './header.ts';

/** What somebody asked for, as written on the command line. */
export interface DoctorRequest {
  readonly targets: readonly string[];
  /** A stdio server's command line, word by word; empty without one. */
  readonly command?: readonly string[];
  readonly timeout?: string | undefined;
  readonly patience?: string | undefined;
  readonly start?: string | undefined;
  readonly ca?: string | undefined;
  readonly transport?: 'http' | 'sse' | undefined;
  readonly headers: readonly string[];
  /** Whether warnings count as failures. */
  readonly strict: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: DiagnosisListener;
}

export interface DoctorOutcome {
  readonly report: Report;
  /** 0: all well · 1: a target failed. */
  readonly exitCode: 0 | 1;
}

/** Diagnoses every target. Throws UsageError before anything is probed. */
export async function doctor(request: DoctorRequest): Promise<DoctorOutcome> {
  const { targets, transport, strict, command: [program, ...args] = [] } = request;
  const options = await readOptions(request);
  const report = await diagnose(
    [
      ...targets.map((url) => (transport === undefined ? url : { url, transport })),
      ...(program === undefined ? [] : [{ command: program, args }]),
    ],
    options,
  );
  return { report, exitCode: exitCodeOf(report, strict) };
}

/** 1 when a target failed, or has a warning and `strict` is on. */
export function exitCodeOf({ summary }: Report, strict: boolean): 0 | 1 {
  return summary.failed > 0 || (strict && summary.warning > 0) ? 1 : 0;
}

async function readOptions({
  targets,
  command = [],
  timeout,
  patience,
  start,
  ca,
  headers,
  signal,
  onEvent,
}: DoctorRequest): Promise<DiagnoseOptions> {
  if (targets.length === 0 && command.length === 0) {
    throw new UsageError(
      'missing-target',
      'Which server? Give its address or its command, for example: mcpreach doctor http://localhost:3000/mcp or mcpreach doctor -- npx -y some-server',
    );
  }
  if (start !== undefined && start.trim() === '') throw new UsageError('invalid-value', '--start: the command is empty.');
  if (start !== undefined && command.length > 0) {
    throw new UsageError(
      'conflicting-options',
      '--start belongs to an HTTP address; a stdio server is started by its own command after --.',
    );
  }
  if (start !== undefined && targets.length > 1) {
    throw new UsageError('conflicting-options', '--start belongs to one server; give one TARGET with it.');
  }
  if (ca !== undefined) await checkCaFile(ca);
  return {
    headers: parseHeaders(headers),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, '--timeout', 1) }),
    ...(patience === undefined ? {} : { patienceMs: parseDuration(patience, '--patience', 0) }),
    ...(start === undefined ? {} : { start }),
    ...(ca === undefined ? {} : { ca }),
    signal,
    onEvent,
  };
}
