import { diagnose } from '../../diagnose/run.ts';
import type { DiagnosisEvent } from '../../model/events.ts';
import type { Report, ReportTarget } from '../../model/report.ts';
import { sleep } from '../../system/clock.ts';
import { type Expectation, SCENES, type Scene, type Staged } from './scenes.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/**
 * How a scene ended. `disturbed`: another MCP server of this machine was taken for the missing one. The doctor cannot know
 * better, since the demo's server is in no config; such a scene proves nothing.
 */
export type SceneResult = 'as-expected' | 'unexpected' | 'disturbed' | 'left-out';

/** What happens in the demo, in order. */
export type DemoEvent =
  | { readonly kind: 'scene'; readonly number: number; readonly total: number; readonly title: string; readonly staged: Staged }
  | { readonly kind: 'left-out'; readonly number: number; readonly total: number; readonly title: string; readonly why: string }
  | { readonly kind: 'diagnosis'; readonly event: DiagnosisEvent }
  | {
      readonly kind: 'verdict';
      readonly report: Report;
      readonly verdict: string;
      readonly expected: Expectation;
      readonly result: Exclude<SceneResult, 'left-out'>;
    };

export interface DemoOptions {
  /** Time to read between scenes, in milliseconds. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: DemoEvent) => void;
}

export interface DemoOutcome {
  /** Scenes by how they ended. */
  readonly counts: Readonly<Record<SceneResult, number>>;
  /** 0 when no verdict was a wrong one, so that the demo checks itself. */
  readonly exitCode: 0 | 1;
}

/** Breaks an embedded MCP server in one way after another and runs the doctor on each. Ends everything it started. */
export async function demo({ pauseMs, signal, onEvent }: DemoOptions): Promise<DemoOutcome> {
  const workshop = openWorkshop(signal);
  const counts = { 'as-expected': 0, unexpected: 0, disturbed: 0, 'left-out': 0 };
  try {
    for (const [index, scene] of SCENES.entries()) {
      signal.throwIfAborted();
      counts[await play(scene, index + 1, workshop, signal, onEvent)]++;
      await workshop.clear();
      if (index + 1 < SCENES.length) await sleep(pauseMs, signal);
    }
  } finally {
    await workshop.clear();
  }
  return { counts, exitCode: counts.unexpected === 0 ? 0 : 1 };
}

async function play(
  scene: Scene,
  number: number,
  workshop: Workshop,
  signal: AbortSignal,
  onEvent: DemoOptions['onEvent'],
): Promise<SceneResult> {
  const { title, expected } = scene;
  const total = SCENES.length;
  const stage = await scene.stage(workshop, signal);
  if (stage.kind === 'left-out') {
    onEvent({ kind: 'left-out', number, total, title, why: stage.why });
    return 'left-out';
  }
  onEvent({ kind: 'scene', number, total, title, staged: stage });
  const report = await diagnose([{ url: stage.url, name: workshop.serverName }], {
    patienceMs: stage.patienceMs,
    // Proxy settings of this machine have nothing to do with a server inside this process.
    environment: {},
    signal,
    onEvent: (event) => onEvent({ kind: 'diagnosis', event }),
  });
  signal.throwIfAborted();
  const [target] = report.targets;
  if (target === undefined) throw new Error('a report without its target');
  const verdict = verdictOf(target);
  const isExpected = expected.some((one) => one === verdict);
  const result = isExpected ? 'as-expected' : isDisturbed(target, workshop) ? 'disturbed' : 'unexpected';
  onEvent({ kind: 'verdict', report, verdict, expected, result });
  return result;
}

/** The code that sums a target up: its verdict, the reason for its warning, or `ok`. */
function verdictOf({ status, cause, findings }: ReportTarget): string {
  if (status === 'ok') return 'ok';
  return cause ?? findings.find(({ severity }) => severity === 'warning')?.cause ?? status;
}

/** Whether the doctor points at an MCP server that is not ours. */
function isDisturbed({ cause, findings }: ReportTarget, workshop: Workshop): boolean {
  if (cause !== 'wrong-port') return false;
  const url = findings.find((finding) => finding.cause === cause)?.remedies.find(({ kind }) => kind === 'edit')?.value;
  return typeof url === 'string' && URL.canParse(url) && !workshop.owns(Number(new URL(url).port));
}
