import { diagnose } from '../../diagnose/run.ts';
import type { DiagnosisEvent } from '../../model/events.ts';
import type { Report, ReportTarget } from '../../model/report.ts';
import { sleep } from '../../system/clock.ts';
import { type Expectation, SCENES, type Scene, type Staged } from './scenes.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

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
      readonly asExpected: boolean;
    };

export interface DemoOptions {
  /** Time to read between scenes, in milliseconds. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: DemoEvent) => void;
}

export interface DemoOutcome {
  readonly shown: number;
  readonly asExpected: number;
  readonly leftOut: number;
  /** 0 when every verdict was the expected one, so that the demo checks itself. */
  readonly exitCode: 0 | 1;
}

/** Breaks an embedded MCP server in one way after another and runs the doctor on each. Ends everything it started. */
export async function demo({ pauseMs, signal, onEvent }: DemoOptions): Promise<DemoOutcome> {
  const workshop = openWorkshop(signal);
  let shown = 0;
  let asExpected = 0;
  let leftOut = 0;
  try {
    for (const [index, scene] of SCENES.entries()) {
      signal.throwIfAborted();
      const result = await play(scene, index + 1, workshop, signal, onEvent);
      await workshop.clear();
      if (result === 'left-out') leftOut++;
      else shown++;
      if (result === 'as-expected') asExpected++;
      if (index + 1 < SCENES.length) await sleep(pauseMs, signal);
    }
  } finally {
    await workshop.clear();
  }
  return { shown, asExpected, leftOut, exitCode: asExpected === shown ? 0 : 1 };
}

async function play(
  scene: Scene,
  number: number,
  workshop: Workshop,
  signal: AbortSignal,
  onEvent: DemoOptions['onEvent'],
): Promise<'as-expected' | 'unexpected' | 'left-out'> {
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
  const verdict = target === undefined ? 'nothing' : verdictOf(target);
  const isExpected = expected.some((one) => one === verdict);
  onEvent({ kind: 'verdict', report, verdict, expected, asExpected: isExpected });
  return isExpected ? 'as-expected' : 'unexpected';
}

/** The code that sums a target up: its verdict, the reason for its warning, or `ok`. */
function verdictOf({ status, cause, findings }: ReportTarget): string {
  if (status === 'ok') return 'ok';
  return cause ?? findings.find(({ severity }) => severity === 'warning')?.cause ?? status;
}
