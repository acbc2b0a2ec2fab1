import type { StdioInput, TargetInput } from '../../diagnose/options.ts';
import { UsageError } from '../../model/errors.ts';
import type { WaitLevel } from './sighting.ts';
import { fromInput } from './targets.ts';
import { type WaitResult, waitForTargets } from './wait.ts';

/** Options of {@link waitUntilReady}. All durations are in milliseconds. */
export interface WaitOptions {
  /**
   * How much has to work. `tcp`: the port accepts connections · `http`: it answers HTTP, and not that it is too early (429,
   * 502, 503, 504) · `mcp`: it completes the MCP handshake · `tools`: it lists the wanted tools too. Default `mcp`.
   */
  readonly for?: WaitLevel;
  /** Names that have to be among the server's tools; implies `for: 'tools'`. Without names any tool is enough there. */
  readonly tools?: readonly string[];
  /** How long to wait at most. Default 60 000. The diagnosis of what is not ready then takes a few seconds more. */
  readonly timeoutMs?: number;
  /** A fixed pause between two looks, at least 1. Default: adaptive, from a few milliseconds up to a second. */
  readonly intervalMs?: number;
  /** For how long a server has to stay ready before it counts as ready. Default 0. Commands are started once whatever it says. */
  readonly stableMs?: number;
  /** Waits on where waiting is no use (an untrusted certificate, a refused login, a program that is no MCP server). Default false. */
  readonly keepWaiting?: boolean;
  /** Sent with every request to every target's own origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM file with additional trusted roots. */
  readonly ca?: string;
  /** Ends the wait early; no socket, session or child survives it. */
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/** Timers of Node hold no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Waits until every one of these MCP servers is ready. HTTP servers are asked in a way that leaves no session behind, however
 * often; commands are started, spoken to and ended again. A server that is not ready in time, or never will be, is a result
 * and no exception: `last` then tells why, in the words of a full diagnosis.
 *
 * @param targets addresses (`http:`, `https:`, or `tcp://HOST:PORT` for a bare port), addresses with their headers and transport, or commands
 * @returns when all are ready, when the time is up, or at once when waiting is no use for one of them
 * @throws UsageError for no targets, an address that is none, an empty command, or a negative or endless duration
 * @throws the signal's reason when `options.signal` is aborted
 *
 * @example
 * ```ts
 * import { waitUntilReady } from 'mcpreach';
 *
 * const { ready, targets } = await waitUntilReady(['http://localhost:3000/mcp'], { timeoutMs: 2_000 });
 * if (ready) console.log(`ready after ${targets[0]?.afterMs} ms`);
 * else console.log(`${targets[0]?.last?.cause}: ${targets[0]?.last?.summary}`);
 * ```
 */
export async function waitUntilReady(
  targets: readonly (string | TargetInput | StdioInput)[],
  options: WaitOptions = {},
): Promise<WaitResult> {
  const { tools = [], timeoutMs = TIMEOUT_MS, intervalMs, stableMs = 0, keepWaiting = false, headers = {}, ca } = options;
  if (targets.length === 0) throw new UsageError('missing-argument', 'There is no target to wait for.');
  checkDuration('timeoutMs', timeoutMs, 0);
  checkDuration('stableMs', stableMs, 0);
  if (intervalMs !== undefined) checkDuration('intervalMs', intervalMs, 1);
  const { result } = await waitForTargets({
    targets: await Promise.all(targets.map((target) => fromInput(target, headers))),
    level: tools.length > 0 ? 'tools' : (options.for ?? 'mcp'),
    tools,
    timeoutMs,
    intervalMs: intervalMs ?? null,
    stableMs,
    keepWaiting,
    ca,
    signal: options.signal ?? new AbortController().signal,
  });
  return result;
}

function checkDuration(name: string, ms: number, least: number): void {
  if (!(ms >= least && ms <= LONGEST_MS)) {
    throw new UsageError('invalid-duration', `${name}: ${ms} is not between ${least} and ${LONGEST_MS} milliseconds.`);
  }
}
