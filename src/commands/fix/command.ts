import { extname } from 'node:path';
import { CLIENTS } from '../../clients/index.gen.ts';
import type { DiagnoseOptions } from '../../diagnose/options.ts';
import type { ConfigFile } from '../../model/config.ts';
import type { DocumentFormat } from '../../model/document.ts';
import { UsageError } from '../../model/errors.ts';
import type { DiagnosisListener } from '../../model/events.ts';
import type { Report } from '../../model/report.ts';
import { type Backup, listBackups } from '../../system/backups.ts';
import { homeFolder } from '../../system/home.ts';
import { stateFolder } from '../../system/state-folder.ts';
import { checkCaFile } from '../ca-file.ts';
import type { Target } from '../configs/known.ts';
import type { AskUser } from '../configs/consent.ts';
import { type Diagnosed as Diagnosis, diagnoseTargets } from '../diagnose-targets.ts';
import { parseDuration } from '../duration.ts';
import { parseHeaders } from '../header.ts';
import { resolveTargets } from '../targets.ts';
import { fix, type FixOutcome } from './fix.ts';
import type { Patient } from './plan.ts';
import type { Diagnosed, FixPorts } from './ports.ts';
import { undo, type UndoOutcome } from './undo.ts';

/** What somebody asked for, as written on the command line. */
export interface FixRequest extends Pick<FixPorts, 'confirm' | 'tell' | 'dryRun' | 'signal'> {
  readonly targets: readonly string[];
  readonly config?: string | undefined;
  readonly client?: string | undefined;
  readonly timeout?: string | undefined;
  readonly patience?: string | undefined;
  readonly ca?: string | undefined;
  readonly headers: readonly string[];
  /** Whether stdio servers may be started. */
  readonly spawn: boolean;
  /** Whether everything is agreed to beforehand. */
  readonly yes: boolean;
  /** Asks whether the commands of a project's file may be started; absent where nobody can answer. */
  readonly ask?: AskUser;
  readonly onEvent: DiagnosisListener;
}

export interface FixResult extends FixOutcome {
  /** The step that makes a client read a mended entry again. */
  readonly reloads: readonly { readonly client: string; readonly step: string }[];
  /** Backups of this run. */
  readonly backups: readonly Backup[];
}

/**
 * Mends what an edit of a config can mend.
 * @throws UsageError before anything is probed.
 */
export async function runFix(request: FixRequest): Promise<FixResult> {
  const { targets: words, config = null, client = null, spawn, yes, ask, confirm, tell, dryRun, signal } = request;
  const url = words.find((word) => /^[a-z][a-z0-9+.-]*:\/\//i.test(word));
  if (url !== undefined) {
    throw new UsageError(
      'not-in-a-config',
      'fix edits config files: name a server, a client (CLIENT:) or a file, not an address. For an address there is: mcpreach doctor',
    );
  }
  const options = await optionsOf(request);
  const place = {
    cwd: process.cwd(),
    home: homeFolder(process.env),
    platform: process.platform,
    environment: process.env,
    configFile: config,
    clientId: client,
  };
  const formats = new Map<string, DocumentFormat>();
  const state = stateFolder(process.env, place.home);
  const outcome = await fix({
    confirm,
    tell,
    dryRun,
    signal,
    state,
    formatOf: (file) => formats.get(file) ?? formatByName(file),
    async diagnose(files) {
      const { targets: all, surroundings } = await resolveTargets(words, place);
      const targets = files === null ? all : all.filter((target) => isIn(target, files));
      for (const file of targets.map(fileOf)) if (file !== null) formats.set(file.path, file.format);
      return withPatients(
        targets,
        await diagnoseTargets(targets, { ...options, surroundings, spawn, yes, ...(ask === undefined ? {} : { ask }) }),
      );
    },
  });
  const copies = new Set(outcome.report.targets.flatMap(({ fixes = [] }) => fixes.map(({ backup }) => backup)));
  const backups = copies.size === 0 ? [] : (await listBackups(state)).filter(({ copy }) => copies.has(copy));
  return { ...outcome, reloads: reloadsOf(outcome.report), backups };
}

async function optionsOf({ timeout, patience, ca, headers, signal, onEvent }: FixRequest): Promise<DiagnoseOptions> {
  if (ca !== undefined) await checkCaFile(ca);
  return {
    headers: parseHeaders(headers),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, '--timeout', 1) }),
    ...(patience === undefined ? {} : { patienceMs: parseDuration(patience, '--patience', 0) }),
    ...(ca === undefined ? {} : { ca }),
    signal,
    onEvent,
  };
}

function withPatients(targets: readonly Target[], { report, mends }: Diagnosis): Diagnosed {
  const seen = new Map<string, number>();
  const patients = report.targets.map((target, index): Patient => {
    const source = targets[index];
    const file = source === undefined ? null : (fileOf(source)?.path ?? null);
    const base = JSON.stringify([target.client, file, target.source?.scope, target.name, file === null ? target.address : null]);
    // One file may hold a name twice, and a command line may name a server twice.
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return { key: count === 0 ? base : `${base} ${count}`, target, mends: mends[index] ?? [], file };
  });
  return { report, patients };
}

function fileOf(target: Target): ConfigFile | null {
  switch (target.kind) {
    case 'entry':
      return target.entry.file;
    case 'file':
    case 'compose':
      return target.file;
    case 'url':
    case 'command':
      return null;
  }
}

function isIn(target: Target, files: ReadonlySet<string>): boolean {
  const file = fileOf(target);
  return file !== null && files.has(file.path);
}

/** For a file that only a mend names, such as the one an entry belongs into. */
function formatByName(file: string): DocumentFormat {
  switch (extname(file).toLowerCase()) {
    case '.toml':
      return 'toml';
    case '.yaml':
    case '.yml':
      return 'yaml';
    case '.json5':
      return 'json5';
    case '.jsonc':
      return 'jsonc';
    default:
      return 'json';
  }
}

function reloadsOf({ targets }: Report): FixResult['reloads'] {
  const steps = new Map<string, { readonly client: string; readonly step: string }>();
  for (const { client: id, name, fixes = [] } of targets) {
    const client = CLIENTS.find((one) => one.id === id);
    if (client === undefined || !fixes.some(({ verified }) => verified)) continue;
    const step = client.reload.replaceAll('{name}', name);
    steps.set(`${client.id} ${step}`, { client: client.title, step });
  }
  return [...steps.values()];
}

/** All backups, newest first. */
export function backups(): Promise<readonly Backup[]> {
  return listBackups(stateFolder(process.env, homeFolder(process.env)));
}

/** Puts a file back as it was; without an id the one that was edited last. */
export function restore(id: string | null): Promise<UndoOutcome> {
  return undo(stateFolder(process.env, homeFolder(process.env)), id);
}
