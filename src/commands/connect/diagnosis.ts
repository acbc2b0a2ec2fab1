import type { Refusal } from '../../bridge/refusal.ts';
import type { DiagnoseOptions, StdioInput, TargetInput } from '../../diagnose/options.ts';

/** Shorter than the bridge waits for us: a server that hangs is said to hang. */
const ANSWER_MS = 2_000;

/** The doctor's verdict on a target, as far as the bridge tells it to its client; null when nothing is wrong with it now. */
export async function verdictOn(input: TargetInput | StdioInput, options: DiagnoseOptions): Promise<Refusal | null> {
  try {
    const { diagnose } = await import('../../diagnose/run.ts');
    const { targets } = await diagnose([input], { ...options, patienceMs: 0, timeoutMs: ANSWER_MS });
    const [target] = targets;
    if (target === undefined || target.status !== 'failed' || target.cause === null) return null;
    return { cause: target.cause, summary: target.summary, remedies: target.findings[0]?.remedies ?? [] };
  } catch {
    // Given up since the bridge ends; or the program was replaced by another version while it ran, and its parts are gone.
    return null;
  }
}
