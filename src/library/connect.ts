import { SESSION_END_MS } from '../facts/budgets.ts';
import { UsageError } from '../model/errors.ts';
import { diagnose } from '../diagnose/run.ts';
import { type ParsedTarget, readTarget } from '../diagnose/target.ts';
import { now, sleep, today, within } from '../system/clock.ts';
import { watchFetch } from '../system/watched-fetch.ts';
import { nextPauseMs, readRetryAfter } from './back-off.ts';
import { causeOf, type ConnectFailure, readFailure, TIMED_OUT } from './connect-failure.ts';
import { describeFailure, ReachError } from './reach-error.ts';
import { type SdkClient, type SdkTransport, type TransportFactory, transportFor } from './sdk.ts';

/** As long as `mcpreach wait` waits: an installation from the network at the first start fits in. */
const TIMEOUT_MS = 60_000;

/** A server that takes longer than this for its handshake is not up yet; the next attempt finds it faster. */
const ATTEMPT_MS = 15_000;

/** The verdict is due soon after the time is up: one answer of a slow server, and no further watching of a refused address. */
const DIAGNOSIS = { timeoutMs: 5000, patienceMs: 0 } as const;

/** One finished attempt. */
export interface ConnectAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Milliseconds since the call. */
  readonly elapsedMs: number;
  /** Null for the attempt that connected. */
  readonly failure: ConnectFailure | null;
  /** Milliseconds until the next attempt; null when there is none. */
  readonly retryInMs: number | null;
}

export interface ConnectOptions<C extends SdkClient> {
  /** A client of `@modelcontextprotocol/client` (v2) or `@modelcontextprotocol/sdk` (v1) that is not connected. */
  readonly client: C;
  /**
   * `http` is Streamable HTTP, `sse` the older HTTP+SSE; both take the class from the SDK of the client.
   * A function makes a transport of your own for each attempt, for example with an `authProvider`. Default: `http`.
   */
  readonly transport?: 'http' | 'sse' | TransportFactory;
  /** Sent with every request. Never shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to go on trying, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number;
  /** How long one attempt may take, in milliseconds. Default: 15 000. */
  readonly attemptMs?: number;
  /** Ends the waiting; no socket is left open. */
  readonly signal?: AbortSignal;
  /** Told of each attempt as it ends. */
  readonly onAttempt?: (attempt: ConnectAttempt) => void;
  /** Whether the error carries a diagnosis, which takes up to some seconds more. Default: true. */
  readonly diagnose?: boolean;
}

/**
 * Connects a client of the official SDK, and goes on trying while waiting can heal what is wrong: the connection is
 * refused or reset, the host is unreachable or its name does not resolve yet, nothing answers in time, or the answer is
 * HTTP 429, 502, 503 or 504 (its `Retry-After` is kept to). Everything else fails at once: 401, certificates,
 * redirects, answers that are no MCP. Pauses double from 50 ms to 1 s and are jittered.
 *
 * @param target `http:` or `https:` URL of the server
 * @returns the client that was given, connected
 * @throws ReachError when the server cannot be reached: its `code` names the cause, its `report` is a full diagnosis
 * @throws UsageError for an address that is no HTTP(S) URL, `already-connected`, `sdk-not-found`, `invalid-timeout`
 * @throws the signal's reason when `options.signal` is aborted
 * @example
 * ```js
 * import { Client } from '@modelcontextprotocol/client';
 * import { connectWithRetry } from 'mcpreach';
 *
 * const client = await connectWithRetry('http://localhost:3000/mcp', {
 *   client: new Client({ name: 'example', version: '1.0.0' }),
 *   timeoutMs: 30_000,
 * });
 * console.log((await client.listTools()).tools.length > 0);
 * await client.close();
 * ```
 */
export async function connectWithRetry<C extends SdkClient>(target: string | URL, options: ConnectOptions<C>): Promise<C> {
  const { client, transport = 'http', timeoutMs = TIMEOUT_MS, attemptMs = ATTEMPT_MS, signal, onAttempt } = options;
  for (const [name, value] of Object.entries({ timeoutMs, attemptMs })) {
    if (!(value >= 0)) throw new UsageError('invalid-timeout', `${name} is ${value}; it must be a number of milliseconds.`);
  }
  const parsed = readTarget({ url: String(target), ...(options.headers !== undefined && { headers: options.headers }) }, {});
  if (client.transport !== undefined) throw new UsageError('already-connected', 'The client is connected already; close it first.');
  signal?.throwIfAborted();
  const create = typeof transport === 'function' ? transport : await transportFor(client, transport);
  const started = now();
  const elapsed = () => now() - started;
  let before: AttemptResult | null = null;
  for (let attempt = 1; ; attempt++) {
    const limit = Math.max(1, Math.min(attemptMs, timeoutMs - elapsed()));
    const result = await tryOnce(client, create, parsed, limit, signal);
    signal?.throwIfAborted();
    const { failure } = result;
    // Ended by the end of the whole time, which says less than the attempt before it.
    const cut = failure === TIMED_OUT && limit < attemptMs;
    const retryInMs =
      failure?.retry === true && !cut ? nextPauseMs(attempt, timeoutMs - elapsed(), result.retryAfterMs, Math.random()) : null;
    onAttempt?.({ attempt, elapsedMs: elapsed(), failure, retryInMs });
    if (failure === null) return client;
    if (retryInMs === null) {
      const told = cut && before !== null ? before : result;
      throw await giveUp(String(target), parsed, options, told.failure ?? failure, attempt, told.error);
    }
    before = result;
    await sleep(retryInMs, signal);
    signal?.throwIfAborted();
  }
}

interface AttemptResult {
  readonly failure: ConnectFailure | null;
  readonly retryAfterMs: number | null;
  readonly error: unknown;
}

/** One attempt. Afterwards the client is connected, or as it was before. */
async function tryOnce(
  client: SdkClient,
  create: TransportFactory,
  { url, headers }: ParsedTarget,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<AttemptResult> {
  const watched = watchFetch();
  // The SDKs may keep and change what they are given.
  const transport = await create(new URL(url), { requestInit: { headers: { ...headers } }, fetch: watched.fetch });
  const settle = endSessionOnClose(transport);
  // Any client fits SdkClient, so what it takes has to be said here. Without a time its own would end an attempt that we still allow.
  const sdk = client as unknown as { connect(transport: SdkTransport, options: { readonly timeout: number }): Promise<unknown> };
  const connecting = sdk.connect(transport, { timeout: limitMs + SESSION_END_MS }).then(
    () => ({ kind: 'connected' as const }),
    (error: unknown) => ({ kind: 'failed' as const, error }),
  );
  const outcome = await within(connecting, limitMs, { kind: 'timed-out' as const }, signal);
  if (outcome.kind === 'connected' && signal?.aborted !== true) {
    settle.release();
    return { failure: null, retryAfterMs: null, error: null };
  }
  const { status, retryAfter, error } = watched.last();
  // Each waits for the other side at most so long: a server that hangs must not hang us.
  await within(Promise.allSettled([client.close(), transport.close()]), SESSION_END_MS, null);
  await within(settle.ended(), SESSION_END_MS, null);
  if (outcome.kind !== 'failed') return { failure: TIMED_OUT, retryAfterMs: null, error: null };
  const failure = readFailure(outcome.error, { status, error });
  return { failure, retryAfterMs: readRetryAfter(retryAfter, today()), error: outcome.error };
}

/**
 * A client closes the transport of a failed handshake, and with it the way to end the session that the server may have
 * opened already. Until it is released, closing ends the session first.
 */
function endSessionOnClose(transport: SdkTransport): { release(): void; ended(): Promise<void> } {
  const close = transport.close.bind(transport);
  let closing: Promise<void> | null = null;
  transport.close = () => {
    closing ??= endSession(transport).then(close);
    return closing;
  };
  return {
    release: () => {
      transport.close = close;
    },
    ended: async () => {
      await closing?.catch(() => {});
    },
  };
}

async function endSession(transport: SdkTransport): Promise<void> {
  if (transport.terminateSession === undefined) return;
  // That the server does not take the goodbye is no news: it is being given up because it does not work.
  const goodbye = transport.terminateSession().catch(() => {});
  await within(goodbye, SESSION_END_MS, undefined);
}

/** What the caller gets in the end: the verdict of a diagnosis, made as this client would connect. */
async function giveUp(
  address: string,
  parsed: ParsedTarget,
  options: ConnectOptions<SdkClient>,
  failure: ConnectFailure,
  attempts: number,
  cause: unknown,
): Promise<ReachError> {
  const { headers, transport, signal } = options;
  const report =
    options.diagnose === false
      ? null
      : await diagnose([{ url: address, ...(headers !== undefined && { headers }), ...(typeof transport === 'string' && { transport }) }], {
          ...DIAGNOSIS,
          ...(signal !== undefined && { signal }),
        });
  const verdict = report?.targets[0];
  const said = verdict?.cause == null ? describeFailure(failure, parsed.target.display) : verdict.summary;
  const tries = attempts === 1 ? '' : ` Given up after ${attempts} attempts.`;
  return new ReachError(`${said}${tries}`, { code: verdict?.cause ?? causeOf(failure), failure, attempts, report, cause });
}
