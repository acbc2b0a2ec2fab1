import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Surroundings } from '../clients/locate.ts';
import type { DiagnoseOptions } from '../diagnose/options.ts';
import { diagnosePlanned, type PlannedTarget } from '../diagnose/run.ts';
import type { ConfigEntry, ConfigFile, Mend } from '../model/config.ts';
import type { DiagnosisEvent } from '../model/events.ts';
import type { Report } from '../model/report.ts';
import { hashOf } from '../system/atomic-file.ts';
import { readText } from '../system/config-files.ts';
import { stateFolder } from '../system/state-folder.ts';
import { isTrusted, recordTrust } from '../system/trust-file.ts';
import { configStep } from './configs/config-step.ts';
import { isInside } from './configs/inside.ts';
import type { EntryTarget, Target } from './configs/known.ts';
import { maskForeign } from '../model/redact.ts';

/** A question about one config file: may its commands be started? */
export interface ConsentQuestion {
  /** The file as it is shown. */
  readonly file: string;
  /** The command lines in it, secrets masked. */
  readonly commands: readonly string[];
}

export type AskUser = (question: ConsentQuestion) => Promise<boolean>;

export interface DiagnoseTargetsOptions extends DiagnoseOptions {
  readonly surroundings: Surroundings;
  /** The transport of targets that are bare addresses. */
  readonly transport?: 'http' | 'sse';
  /** Whether stdio servers of configs may be started. */
  readonly spawn: boolean;
  /** Whether the user agreed to every command beforehand. */
  readonly yes: boolean;
  /** Asks the user; absent where nobody can answer. */
  readonly ask?: AskUser;
}

export interface Diagnosed {
  readonly report: Report;
  /** What can be mended by an edit, by the index of the target, best first. */
  readonly mends: readonly (readonly Mend[])[];
}

/** Diagnoses targets of every kind side by side. Commands of a project's config are started only with consent. */
export async function diagnoseTargets(
  targets: readonly Target[],
  { surroundings, transport, spawn, yes, ask, ...options }: DiagnoseTargetsOptions,
): Promise<Diagnosed> {
  const agreed = await consentTo(targets, { surroundings, spawn, yes, ask });
  const mends: (readonly Mend[])[] = targets.map(() => []);
  // Parsers of five formats, which bare addresses and commands do without.
  const plans = targets.some(({ kind }) => kind === 'entry' || kind === 'file') ? await import('./configs/entry-plan.ts') : null;
  const variables = await readEnvFiles(targets, surroundings);
  const plan = targets.map((target, index): PlannedTarget => {
    const context = {
      surroundings,
      fileVariables: (entry: ConfigEntry) => variables.get(entry) ?? {},
      spawn,
      agreed: (file: ConfigFile) => !needsConsent(file, surroundings) || agreed.has(file.path),
      onMends: (some: readonly Mend[]) => {
        mends[index] = some;
      },
    };
    switch (target.kind) {
      case 'entry':
        return planned(plans?.planEntry(target, context));
      case 'file':
        return planned(plans?.planFile(target, context));
      case 'url':
        return plain(transport === undefined ? target.url : { url: target.url, transport });
      case 'command':
        return plain({ command: target.command, args: target.args });
    }
  });
  const report = await diagnosePlanned(plan, {
    ...options,
    onEvent: (event) => {
      for (const one of eventsOf(event, targets[event.index])) options.onEvent?.(one);
    },
  });
  return { report, mends };
}

/** Events as they read for an entry of a config: by its own name, and with the config as the first step of its way. */
function eventsOf(event: DiagnosisEvent, target: Target | undefined): readonly DiagnosisEvent[] {
  if (target?.kind !== 'entry') return [event];
  const { entry, client, problems } = target;
  // What comes of the entry's own faults is known only at the end, and steps cannot be taken back.
  const isOpen = problems.some(({ severity, code }) => severity === 'error' || code === 'config-timeout-unit');
  if (event.kind === 'step') return isOpen ? [] : [event];
  if (event.kind !== 'target-started') return [event];
  const { index } = event;
  // Several entries may have one address: the name says which is meant.
  const started = { ...event, address: `${client.id}:${entry.name}  ${event.address}` };
  return isOpen ? [started] : [started, { kind: 'step', index, step: configStep(entry) }];
}

/** What the files of variables hold that entries name; nothing for one that cannot be read. */
async function readEnvFiles(
  targets: readonly Target[],
  { home, cwd }: Surroundings,
): Promise<ReadonlyMap<ConfigEntry, Readonly<Record<string, string>>>> {
  const found = new Map<ConfigEntry, Readonly<Record<string, string>>>();
  for (const target of targets) {
    if (target.kind !== 'entry' || target.entry.envFile === null) continue;
    const path = target.entry.envFile.replace(/^~(?=[/\\])/, () => home).replace(/\$\{(?:workspaceFolder|cwd)\}/g, () => cwd);
    const reading = await readText(resolve(cwd, path));
    if (reading.kind === 'text') found.set(target.entry, parseEnv(reading.text) as Record<string, string>);
  }
  return found;
}

function planned(plan: PlannedTarget | undefined): PlannedTarget {
  if (plan === undefined) throw new Error('the plans of configs were not loaded');
  return plan;
}

function plain(input: PlannedTarget['input']): PlannedTarget {
  return {
    input,
    secrets: [],
    finish(probed) {
      if (probed === null) throw new Error('a target without config was not probed');
      return probed.target;
    },
  };
}

/** Whether anybody who writes to the working directory could have put a command into this file. */
function needsConsent({ scope, path }: ConfigFile, { cwd, platform }: Surroundings): boolean {
  return scope === 'project' || (scope === 'custom' && isInside(cwd, path, platform));
}

/** The files whose commands may be started. */
async function consentTo(
  targets: readonly Target[],
  { surroundings, spawn, yes, ask }: Pick<DiagnoseTargetsOptions, 'surroundings' | 'spawn' | 'yes'> & { readonly ask: AskUser | undefined },
): Promise<ReadonlySet<string>> {
  const waiting = targets.filter(
    (target): target is EntryTarget =>
      target.kind === 'entry' &&
      target.entry.transport === 'stdio' &&
      !target.entry.disabled &&
      target.entry.unread !== 'hidden' &&
      needsConsent(target.entry.file, surroundings),
  );
  const paths = [...new Set(waiting.map(({ entry }) => entry.file.path))];
  if (yes || !spawn) return new Set(yes ? paths : []);
  const state = stateFolder(surroundings.environment, surroundings.home);
  const agreed = new Set<string>();
  // One question after the other: a terminal has one prompt.
  for (const path of paths) {
    const own = waiting.filter(({ entry }) => entry.file.path === path);
    const [first] = own;
    if (first === undefined) continue;
    const hash = hashOf(first.text);
    if (await isTrusted(state, path, hash)) agreed.add(path);
    else if (ask !== undefined && (await ask({ file: first.entry.file.shown, commands: [...new Set(own.map(commandLine))] }))) {
      agreed.add(path);
      await recordTrust(state, path, hash);
    }
  }
  return agreed;
}

function commandLine({ entry: { command, args } }: EntryTarget): string {
  return maskForeign([command ?? '', ...args].join(' '));
}
