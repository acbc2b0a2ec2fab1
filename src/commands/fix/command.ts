import { extname } from 'node:path';
import { CLIENTS } from '../../clients/index.gen.ts';
import type { DiagnoseOptions } from '../../diagnose/options.ts';
import type { ConfigFile, Mend } from '../../model/config.ts';
import type { DocumentFormat } from '../../model/document.ts';
import { UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { type Backup, listBackups } from '../../system/backups.ts';
import { stateFolder } from '../../system/state-folder.ts';
import type { Target } from '../configs/known.ts';
import { fix, type FixOutcome } from './fix.ts';
import type { Patient } from './plan.ts';
import type { Diagnosed, FixPorts } from './ports.ts';
import { undo, type UndoOutcome } from './undo.ts';

/** How targets are found and diagnosed. Both read the configs anew each time. */
export interface Diagnosis {
  readonly resolve: () => Promise<readonly Target[]>;
  readonly diagnose: (targets: readonly Target[]) => Promise<{ readonly report: Report; readonly mends: readonly (readonly Mend[])[] }>;
}

export interface FixRequest extends Pick<FixPorts, 'confirm' | 'tell' | 'dryRun' | 'signal'> {
  readonly diagnosis: Diagnosis;
}

export interface FixResult extends FixOutcome {
  /** The step that makes a client read a mended entry again. */
  readonly reloads: readonly { readonly client: string; readonly step: string }[];
  /** Backups of this run. */
  readonly backups: readonly Backup[];
}

/** Mends what an edit of a config can mend. */
export async function runFix({ diagnosis, ...request }: FixRequest): Promise<FixResult> {
  const formats = new Map<string, DocumentFormat>();
  const state = stateFolder();
  const outcome = await fix({
    ...request,
    state,
    formatOf: (file) => formats.get(file) ?? formatByName(file),
    async diagnose(files) {
      const all = await diagnosis.resolve();
      const targets = files === null ? all : all.filter((target) => isIn(target, files));
      for (const file of targets.map(fileOf)) if (file !== null) formats.set(file.path, file.format);
      return withPatients(targets, await diagnosis.diagnose(targets));
    },
  });
  const copies = new Set(outcome.report.targets.flatMap(({ fixes = [] }) => fixes.map(({ backup }) => backup)));
  const backups = copies.size === 0 ? [] : (await listBackups(state)).filter(({ copy }) => copies.has(copy));
  return { ...outcome, reloads: reloadsOf(outcome.report), backups };
}

function withPatients(targets: readonly Target[], { report, mends }: Awaited<ReturnType<Diagnosis['diagnose']>>): Diagnosed {
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
  return listBackups(stateFolder());
}

/** Puts a file back as it was; without an id the one that was edited last. */
export function restore(id: string | null): Promise<UndoOutcome> {
  return undo(stateFolder(), id);
}
