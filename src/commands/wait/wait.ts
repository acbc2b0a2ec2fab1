/** Waits until servers are ready, all of them; says of those that are not what the doctor says. */
import { setMaxListeners } from 'node:events';
import { readTarget } from '../../diagnose/target.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import type { Report, ReportTarget } from '../../model/report.ts';
import { after, now } from '../../system/clock.ts';
import { type HttpServerOptions, watchHttp } from './http-server.ts';
import type { Sighting, WaitLevel } from './sighting.ts';
import type { WaitTarget } from './targets.ts';
import { type Watch, watch } from './watch.ts';
import { watchPort, type Watched } from './watched.ts';

/** One target of a {@link WaitResult}. */
export interface WaitedTarget {
  /** The address or command with all secrets masked. */
  readonly address: string;
  readonly ready: boolean;
  /** When it became ready, in milliseconds after the start; null when it did not. */
  readonly afterMs: number | null;
  /** How often it was looked at. */
  readonly attempts: number;
  /**
   * Why it is not ready: the verdict of a full diagnosis, its `cause` null when the diagnosis found nothing wrong. Null for
   * targets that are ready, and for those that were given up because another one was beyond waiting.
   */
  readonly last: { readonly cause: CauseId | null; readonly summary: string } | null;
}

/** What came of a wait; what `mcpreach wait --json` prints. */
export interface WaitResult {
  readonly schema: 'mcpreach.wait/1';
  /** Whether every target is ready. */
  readonly ready: boolean;
  /** In the order in which they were given. */
  readonly targets: readonly WaitedTarget[];
}

export interface WaitRequest {
  readonly targets: readonly WaitTarget[];
  readonly level: WaitLevel;
  /** Names that have to be among the tools. */
  readonly tools: readonly string[];
  readonly timeoutMs: number;
  /** Null for the adaptive one. */
  readonly intervalMs: number | null;
  readonly stableMs: number;
  readonly keepWaiting: boolean;
  readonly ca: string | undefined;
  /** Told whenever a target does something else than before. */
  readonly onSeen?: (index: number, seen: Sighting) => void;
  readonly signal: AbortSignal;
}

export interface Waited {
  readonly result: WaitResult;
  /** The doctor's report on the targets that are not ready; null when all are, or when none of them was diagnosed. */
  readonly report: Report | null;
  /** Whether the wait ended early because it was no use. */
  readonly givenUp: boolean;
}

/** The whole wait has been long enough to tell slow from never; the doctor needs no patience of its own. */
const DIAGNOSIS_ANSWER_MS = 5_000;

/**
 * Waits for all targets at once.
 * @throws the signal's reason when it is aborted; nothing is left open then
 */
export async function waitForTargets(request: WaitRequest): Promise<Waited> {
  const { targets, timeoutMs, signal } = request;
  const started = now();
  // Aborted when there is nothing left to wait for, and when the time is up.
  const over = new AbortController();
  const timeUp = new AbortController();
  for (const controller of [over, timeUp]) setMaxListeners(0, controller.signal);
  const end = () => {
    over.abort();
    timeUp.abort();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const cancel = after(timeoutMs, () => timeUp.abort());
  try {
    const watches = await Promise.all(
      targets.map(async (target, index) => {
        const done = await watchOne(target, index, { ...request, started, over: over.signal, timeUp: timeUp.signal });
        // One that never will be ready makes waiting for the others pointless.
        if (done.isTerminal) end();
        return done;
      }),
    );
    signal.throwIfAborted();
    return await conclude(request, watches);
  } finally {
    cancel();
    signal.removeEventListener('abort', end);
    end();
  }
}

interface OneWatch extends Watch {
  readonly report: Report | null;
}

interface Running extends WaitRequest {
  readonly started: number;
  readonly over: AbortSignal;
  readonly timeUp: AbortSignal;
}

async function watchOne(target: WaitTarget, index: number, run: Running): Promise<OneWatch> {
  const { started, level, tools, timeoutMs, intervalMs, stableMs, keepWaiting, targets } = run;
  let before = '';
  const onSeen = (seen: Sighting): void => {
    const now = seen.kind === 'ready' ? '' : seen.what;
    if (now !== before) run.onSeen?.(index, seen);
    before = now;
  };
  if (target.what.kind === 'stdio') {
    const { watchStdio } = await import('./stdio-server.ts');
    const wanted = level === 'tools' ? tools : null;
    return watchStdio(target, target.what.input, { started, timeoutMs, tools: wanted, intervalMs, keepWaiting, onSeen, signal: run.over });
  }
  let report: Report | null = null;
  const done = await watch(await watchedOf(target, run), {
    started,
    intervalMs,
    stableMs,
    keepWaiting,
    targets: targets.length,
    onSeen,
    async confirm() {
      report = await diagnose([target], run, run.timeUp);
      return report?.targets[0]?.status === 'failed';
    },
    signal: run.timeUp,
  });
  return { ...done, report: done.isTerminal ? report : null };
}

async function watchedOf({ what }: WaitTarget, { level, tools, ca }: Running): Promise<Watched> {
  if (what.kind === 'port') return watchPort(what.host, what.port);
  if (what.kind === 'stdio') throw new Error('a command has no address');
  const parsed = readTarget(what.input, {});
  if (level === 'tcp') return watchPort(parsed.target.host, parsed.target.port);
  const options: HttpServerOptions = { level, tools, ca };
  return watchHttp(parsed, options);
}

/** Diagnoses targets; null when the signal ended it. */
async function diagnose(targets: readonly WaitTarget[], { ca }: Pick<WaitRequest, 'ca'>, signal: AbortSignal): Promise<Report | null> {
  const { diagnoseNow } = await import('./diagnosis.ts');
  try {
    return await diagnoseNow(targets, { ca, answerMs: DIAGNOSIS_ANSWER_MS, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    return null;
  }
}

/** Joins what was watched with what the doctor says of those that are not ready. */
async function conclude(request: WaitRequest, watches: readonly OneWatch[]): Promise<Waited> {
  const { targets, signal } = request;
  const givenUp = watches.some(({ isTerminal }) => isTerminal);
  const open = watches.flatMap(({ afterMs, report }, index) => (afterMs === null && report === null && !givenUp ? [index] : []));
  const asked = open.flatMap((index) => targets[index] ?? []);
  const late = asked.length === 0 ? null : await diagnose(asked, request, signal);
  signal.throwIfAborted();
  const reported = watches.map(({ afterMs, report }, index): ReportTarget | null =>
    afterMs !== null ? null : (report?.targets[0] ?? late?.targets[open.indexOf(index)] ?? null),
  );
  const result: WaitResult = {
    schema: 'mcpreach.wait/1',
    ready: watches.every(({ afterMs }) => afterMs !== null),
    targets: watches.map(({ afterMs, attempts }, index) => ({
      address: targets[index]?.display ?? '',
      ready: afterMs !== null,
      afterMs: afterMs === null ? null : Math.round(afterMs),
      attempts,
      last: lastOf(reported[index] ?? null, request),
    })),
  };
  const base = late ?? watches.find(({ afterMs, report }) => afterMs === null && report !== null)?.report ?? null;
  return {
    result,
    report:
      base === null
        ? null
        : joined(
            base,
            reported.filter((one) => one !== null),
          ),
    givenUp,
  };
}

function lastOf(target: ReportTarget | null, { level, tools, stableMs }: WaitRequest): WaitedTarget['last'] {
  if (target === null) return null;
  if (target.status === 'failed') return { cause: target.cause, summary: target.summary };
  const missing =
    level === 'tools'
      ? `not all of the tools were there in time${tools.length === 0 ? '' : ` (${tools.join(', ')})`}.`
      : stableMs > 0
        ? 'it did not stay ready for long enough.'
        : 'it answered only when the time was over.';
  return { cause: null, summary: `${target.summary} But ${missing}` };
}

function joined(report: Report, targets: readonly ReportTarget[]): Report {
  const summary = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { status } of targets) summary[status] += 1;
  return { ...report, targets, summary };
}
