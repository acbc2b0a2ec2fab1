import type { Surroundings } from '../clients/locate.ts';
import type { DiagnoseOptions } from '../diagnose/options.ts';
import { diagnosePlanned, type PlannedTarget } from '../diagnose/run.ts';
import type { Mend } from '../model/config.ts';
import type { DiagnosisEvent } from '../model/events.ts';
import type { LogFile } from '../model/logs.ts';
import type { Report } from '../model/report.ts';
import { configStep } from './configs/config-step.ts';
import { type AskUser, consentTo } from './configs/consent.ts';
import { readEnvFiles } from './configs/env-files.ts';
import type { Target } from './configs/known.ts';

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
  /** Log files that the user named. */
  readonly logs?: readonly LogFile[];
}

export interface Diagnosed {
  readonly report: Report;
  /** What can be mended by an edit, by the index of the target, best first. */
  readonly mends: readonly (readonly Mend[])[];
}

/** Diagnoses targets of every kind side by side. Commands of a project's config are started only with consent. */
export async function diagnoseTargets(
  targets: readonly Target[],
  { surroundings, transport, spawn, yes, ask, logs = [], ...options }: DiagnoseTargetsOptions,
): Promise<Diagnosed> {
  const agreed = await consentTo(targets, { surroundings, spawn, yes, ask });
  const mends: (readonly Mend[])[] = targets.map(() => []);
  // Parsers of five formats, which bare addresses and commands do without.
  const plans = targets.some(({ kind }) => kind === 'entry' || kind === 'file') ? await import('./configs/entry-plan.ts') : null;
  const compose = targets.some(({ kind }) => kind === 'compose') ? await import('./compose/plan-compose.ts') : null;
  const fileVariables = await readEnvFiles(targets, surroundings);
  const sources = plans !== null || logs.length > 0 ? await import('./logs/log-source.ts') : null;
  const plan = targets.map((target, index): PlannedTarget => {
    const source = sources?.logSourceOf(target.kind === 'entry' ? target : null, logs, surroundings) ?? null;
    return { ...plannedTarget(target, index), ...(source === null ? {} : { logs: source }) };
  });
  function plannedTarget(target: Target, index: number): PlannedTarget {
    const context = {
      surroundings,
      fileVariables,
      spawn,
      agreed,
      onMends: (some: readonly Mend[]) => {
        mends[index] = some;
      },
    };
    switch (target.kind) {
      case 'entry':
        return planned(plans?.planEntry(target, context));
      case 'file':
        return planned(plans?.planFile(target, context));
      case 'compose':
        return planned(compose?.planCompose(target, context));
      case 'url':
        return plain(transport === undefined ? target.url : { url: target.url, transport });
      case 'command':
        return plain({ command: target.command, args: target.args });
    }
  }
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
