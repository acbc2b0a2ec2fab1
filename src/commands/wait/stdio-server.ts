/** A stdio server is ready when it can be started and answers the handshake; it is ended again. */
import { readStdioTarget } from '../../diagnose/stdio-target.ts';
import type { StdioInput } from '../../diagnose/options.ts';
import { readHost } from '../../system/host.ts';
import { createStartGate } from '../../system/gate.ts';
import { createRedactor } from '../../model/redact.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import type { Report } from '../../model/report.ts';
import { probeServer } from '../../probes/stdio/probe-server.ts';
import { now, sleep } from '../../system/clock.ts';
import { diagnoseNow } from './diagnosis.ts';
import { missingTools, type Sighting } from './sighting.ts';
import type { WaitTarget } from './targets.ts';
import type { Watch } from './watch.ts';

/** What may pass by itself: what the server needs may still be starting. */
const PASSING: ReadonlySet<CauseId> = new Set([
  'crash-on-boot',
  'backend-unreachable',
  'timeout-hang',
  'timeout-slow-start',
  'mcp-error',
  'port-in-use',
  'unknown',
]);

/** A start that is given less than this says nothing but that there was no time. */
const LEAST_MS = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface StdioWatchOptions {
  readonly started: number;
  /** Of the whole wait, in milliseconds. A start that is under way then is given its verdict. */
  readonly timeoutMs: number;
  /** Names that have to be among the tools; null where the handshake is enough. */
  readonly tools: readonly string[] | null;
  readonly intervalMs: number | null;
  readonly keepWaiting: boolean;
  readonly onSeen: (seen: Sighting) => void;
  readonly signal: AbortSignal;
}

export interface StdioWatch extends Watch {
  /** What the doctor said of the last start that came to its end. */
  readonly report: Report | null;
}

/** Starts the server until it answers; each start is ended before the next. */
export async function watchStdio(target: WaitTarget, input: StdioInput, options: StdioWatchOptions): Promise<StdioWatch> {
  const { started, timeoutMs, tools, intervalMs, keepWaiting, onSeen, signal } = options;
  const left = () => timeoutMs - (now() - started);
  let report: Report | null = null;
  let attempts = 0;
  for (
    let pause = FIRST_PAUSE_MS;
    (attempts === 0 || left() >= LEAST_MS) && !signal.aborted;
    pause = Math.min(LONGEST_PAUSE_MS, 2 * pause)
  ) {
    attempts += 1;
    report = await diagnoseNow([target], { ca: undefined, answerMs: Math.max(1, left()), signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return report;
    });
    const [seen] = report?.targets ?? [];
    if (signal.aborted || seen === undefined) break;
    const works = seen.status === 'ok' || seen.status === 'warning';
    const missing = works && tools !== null ? missingTools(await toolsOf(input, left(), signal), tools) : null;
    if (works && missing === null) return { afterMs: now() - started, attempts, isTerminal: false, report };
    onSeen({ kind: 'failing', what: missing ?? seen.summary });
    if (!keepWaiting && seen.cause !== null && !PASSING.has(seen.cause)) return { afterMs: null, attempts, isTerminal: true, report };
    await sleep(Math.min(intervalMs ?? pause, Math.max(0, left())), signal);
  }
  return { afterMs: null, attempts, isTerminal: false, report };
}

/** The names of the tools, by another start: a report only counts them. Null when they cannot be listed. */
async function toolsOf(input: StdioInput, answerMs: number, signal: AbortSignal): Promise<readonly string[] | null> {
  const { target, launch } = readStdioTarget(input, {});
  const context = { launch, signal, answerMs: Math.max(1, answerMs), redact: createRedactor(), starts: createStartGate() };
  const { handshake } = await probeServer(context, { target, host: readHost() });
  return handshake?.result.kind === 'ready' ? (handshake.result.tools?.names ?? []) : null;
}
