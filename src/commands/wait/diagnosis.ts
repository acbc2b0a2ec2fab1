/** The doctor's word on servers that did not become ready. */
import { diagnosePlanned, type PlannedTarget } from '../../diagnose/run.ts';
import type { Report, ReportTarget } from '../../model/report.ts';
import type { WaitTarget } from './targets.ts';

export interface DiagnosisOptions {
  readonly ca: string | undefined;
  /** How long one answer may take, in milliseconds. */
  readonly answerMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Diagnoses these targets once more as a whole; nothing is watched, for that has been done. */
export function diagnoseNow(targets: readonly WaitTarget[], { ca, answerMs, signal }: DiagnosisOptions): Promise<Report> {
  return diagnosePlanned(targets.map(planned), {
    patienceMs: 0,
    timeoutMs: answerMs,
    ...(ca === undefined ? {} : { ca }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function planned({ what, display, secrets }: WaitTarget): PlannedTarget {
  const finish = (target: ReportTarget): ReportTarget => (what.kind === 'port' ? { ...target, name: display, address: display } : target);
  return {
    // A bare port is looked at as any server's is; the way fails before HTTP is spoken.
    input: what.kind === 'port' ? `http://${what.host.includes(':') ? `[${what.host}]` : what.host}:${what.port}/` : what.input,
    secrets,
    finish(probed) {
      if (probed === null) throw new Error('a target of a wait was not probed');
      return finish(probed.target);
    },
  };
}
