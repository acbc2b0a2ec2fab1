import type { DiagnoseOptions } from '../diagnose/options.ts';
import { UsageError } from '../model/errors.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { Report } from '../model/report.ts';
import { homeFolder } from '../system/home.ts';
import { checkCaFile } from './ca-file.ts';
import type { AskUser } from './configs/consent.ts';
import type { Target } from './configs/known.ts';
import { diagnoseTargets } from './diagnose-targets.ts';
import { parseDuration } from './duration.ts';
import { parseHeaders } from './header.ts';
import { checkNamedLogs } from './logs/named-logs.ts';
import type { Resolved } from './targets.ts';

/** What somebody asked for, as written on the command line. */
export interface DoctorRequest {
  /** Addresses, names, clients and config files; without any, every server of every client config found here. */
  readonly targets: readonly string[];
  /** A stdio server's command line, word by word; empty without one. */
  readonly command?: readonly string[];
  readonly timeout?: string | undefined;
  readonly patience?: string | undefined;
  readonly start?: string | undefined;
  /** Whether a command that only reads may be run in a container. */
  readonly exec?: boolean;
  readonly ca?: string | undefined;
  readonly transport?: 'http' | 'sse' | undefined;
  readonly headers: readonly string[];
  /** Read this config file only. */
  readonly config?: string | undefined;
  /** Read the configs of this client only. */
  readonly client?: string | undefined;
  /** Whether stdio servers may be started; default: yes. */
  readonly spawn?: boolean;
  /** Whether the user agreed to everything beforehand. */
  readonly yes?: boolean;
  /** Asks the user; absent where nobody can answer. */
  readonly ask?: AskUser | undefined;
  /** Told how many targets there will be, before the first event. */
  readonly onTargets?: (total: number) => void | Promise<void>;
  /** Log files to read besides those of the clients. */
  readonly logs?: readonly string[];
  /** Whether warnings count as failures. */
  readonly strict: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: DiagnosisListener;
}

export interface DoctorOutcome {
  readonly report: Report;
  /** 0: all well · 1: a target failed. */
  readonly exitCode: 0 | 1;
  /** Where configs were looked for when none was found; empty otherwise. */
  readonly lookedInVain: readonly string[];
}

/** Diagnoses every target. Throws UsageError before anything is probed. */
export async function doctor(request: DoctorRequest): Promise<DoctorOutcome> {
  const { transport, strict, command: [program, ...args] = [], spawn = true, yes = false } = request;
  const options = await readOptions(request);
  const { targets, looked, surroundings } = await findTargets(request);
  const all: readonly Target[] = [...targets, ...(program === undefined ? [] : [{ kind: 'command' as const, command: program, args }])];
  const logs = await checkNamedLogs(request.logs ?? [], surroundings);
  await request.onTargets?.(all.length);
  const { report } = await diagnoseTargets(all, {
    ...options,
    surroundings,
    ...(transport === undefined ? {} : { transport }),
    spawn,
    yes,
    logs,
    ...(request.ask === undefined ? {} : { ask: request.ask }),
  });
  return { report, exitCode: exitCodeOf(report, strict), lookedInVain: all.length === 0 ? looked : [] };
}

/** What the words mean. The catalogue of clients is loaded only when one of them is no address. */
async function findTargets({ targets: words, command = [], config, client }: DoctorRequest): Promise<Resolved> {
  const environment = process.env;
  const cwd = process.cwd();
  const surroundings = { cwd, project: cwd, home: homeFolder(environment), platform: process.platform, environment };
  const isPlain = words.length > 0 ? words.every((word) => /^[a-z][a-z0-9+.-]*:\/\//i.test(word)) : command.length > 0;
  if (isPlain) return { targets: words.map((url) => ({ kind: 'url', url })), looked: [], surroundings };
  const { resolveTargets } = await import('./targets.ts');
  return resolveTargets(words, { ...surroundings, configFile: config ?? null, clientId: client ?? null });
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
  exec,
  ca,
  headers,
  signal,
  onEvent,
}: DoctorRequest): Promise<DiagnoseOptions> {
  if (start !== undefined && start.trim() === '') throw new UsageError('invalid-value', '--start: the command is empty.');
  if (start !== undefined && command.length > 0) {
    throw new UsageError(
      'conflicting-options',
      '--start belongs to an HTTP address; a stdio server is started by its own command after --.',
    );
  }
  if (start !== undefined && targets.length !== 1) {
    throw new UsageError('conflicting-options', '--start belongs to one server; give one TARGET with it.');
  }
  if (ca !== undefined) await checkCaFile(ca);
  return {
    headers: parseHeaders(headers),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, '--timeout', 1) }),
    ...(patience === undefined ? {} : { patienceMs: parseDuration(patience, '--patience', 0) }),
    ...(start === undefined ? {} : { start }),
    ...(exec === undefined ? {} : { exec }),
    ...(ca === undefined ? {} : { ca }),
    signal,
    onEvent,
  };
}
