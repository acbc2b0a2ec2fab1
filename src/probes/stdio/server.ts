/** A started stdio server: sends it messages, keeps its messages, its other output and its end apart. */
import type { JsonRpcError } from '../../model/evidence.ts';
import type { ForeignLine, StdioExchange, StdioRequestName } from '../../model/stdio.ts';
import { now, within } from '../../system/clock.ts';
import { maskOutput } from '../../system/processes/early-end.ts';
import { type ProcessGroup, startGroup } from '../../system/processes/start-group.ts';
import { readRpcResponse } from '../../wire/json-rpc.ts';
import { createLineReader } from '../../wire/lines.ts';
import { readStdioLine } from '../../wire/stdio-lines.ts';
import type { LaunchContext } from './context.ts';

/** The read buffer of the official SDK ends a connection at 10 MB; no client reads a longer line. */
const LONGEST_LINE = 10 * 1024 * 1024;
/** Nobody who speaks MCP prints so much before the first message. */
const FLOOD_LINES = 100_000;
const FLOOD_BYTES = 256 * 1024 * 1024;
const FOREIGN_LINES = 5;
const FOREIGN_LENGTH = 200;
/** What a server may take to end by itself when its input is closed, as the specification asks clients to do first. */
const CLOSE_MS = 300;
/** The exit code arrives a moment after the end of the output. */
const EXIT_MS = 1_000;

export interface Reply {
  readonly exchange: StdioExchange;
  /** Undefined unless the outcome is a result. */
  readonly result: unknown;
}

export interface StdioServer {
  readonly group: ProcessGroup;
  /** Sends a request and waits for its answer, the server's end, or the limit. */
  request(name: StdioRequestName, message: { readonly id: string | null; readonly body: string | null }, limitMs: number): Promise<Reply>;
  notify(body: string): void;
  /** Milliseconds since the start. */
  elapsed(): number;
  foreign(): { readonly count: number; readonly lines: readonly ForeignLine[] };
  firstOutputMs(): number | null;
  firstMessageMs(): number | null;
  /** Resolves when no more answer can come. */
  readonly over: Promise<void>;
  stop(): Promise<void>;
}

interface Pending {
  readonly id: string;
  resolve(outcome: StdioExchange['outcome'], result?: unknown): void;
}

export function startServer(command: string | readonly [string, ...string[]], launch: LaunchContext, signal: AbortSignal): StdioServer {
  const started = now();
  const elapsed = () => now() - started;
  const sent = new Set<string>();
  const lines: ForeignLine[] = [];
  let count = 0;
  let bytes = 0;
  let firstOutputMs: number | null = null;
  let firstMessageMs: number | null = null;
  let pending: Pending | null = null;
  let isOver: StdioExchange['outcome'] | null = null;
  let tellOver: () => void;
  const over = new Promise<void>((resolve) => {
    tellOver = resolve;
  });

  function finish(outcome: StdioExchange['outcome']): void {
    isOver ??= outcome;
    pending?.resolve(isOver);
    tellOver();
  }

  function foreign(kind: ForeignLine['kind'], text: string): void {
    count += 1;
    if (lines.length < FOREIGN_LINES)
      lines.push({ kind, text: maskOutput(text.trim().slice(0, 4000)).slice(0, FOREIGN_LENGTH), atMs: elapsed() });
    if (count > FLOOD_LINES && firstMessageMs === null) finish({ kind: 'flooded' });
  }

  function receive(message: Record<string, unknown>): void {
    firstMessageMs ??= elapsed();
    const { id, method } = message;
    if (typeof method === 'string') {
      if (id !== undefined && id !== null) group.writeStdin(`${JSON.stringify(answerTo(method, id))}\n`);
      return;
    }
    const response = readRpcResponse(message, pending?.id ?? '');
    if (response === null || pending === null) return;
    // A request that a server could not read is answered without its id.
    const ours = response.id === pending.id || (response.error !== null && (response.id === null || response.id === undefined));
    if (!ours) return;
    if (response.error === null) pending.resolve({ kind: 'result' }, response.result);
    else pending.resolve({ kind: 'error', error: shownError(response.error) });
  }

  const reader = createLineReader({
    longest: LONGEST_LINE,
    onLine(line) {
      if (isOver?.kind === 'flooded') return;
      const read = readStdioLine(line, (text) => sent.has(text));
      if (read.kind === 'message') receive(read.message);
      else if (read.kind !== 'empty') foreign(read.kind, line);
    },
    onTooLong: (start) => foreign('too-long', start),
  });

  const group = startGroup({
    command,
    environment: launch.environment,
    cwd: launch.cwd,
    onStdout(chunk) {
      if (chunk === null) {
        reader.end();
        finish({ kind: 'ended' });
        return;
      }
      firstOutputMs ??= elapsed();
      bytes += chunk.length;
      if (bytes > FLOOD_BYTES && firstMessageMs === null) finish({ kind: 'flooded' });
      if (isOver?.kind !== 'flooded') reader.push(chunk);
    },
  });
  void group.exit.then(({ startError }) => {
    // A wrapper may leave its server behind, which then still holds the output.
    if (startError !== null || group.pids().length === 0) finish({ kind: 'ended' });
  });
  const abort = () => finish({ kind: 'cancelled' });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  return {
    group,
    elapsed,
    over,
    foreign: () => ({ count, lines }),
    firstOutputMs: () => firstOutputMs,
    firstMessageMs: () => firstMessageMs,
    async request(name, { id, body }, limitMs) {
      const asked = now();
      const answer = new Promise<Reply>((resolve) => {
        pending = {
          id: id ?? '',
          resolve: (outcome, result) => resolve({ exchange: { request: name, outcome, ms: now() - asked }, result }),
        };
        if (isOver !== null) pending.resolve(isOver);
      });
      if (body !== null && isOver === null) {
        sent.add(body);
        group.writeStdin(`${body}\n`);
      }
      const late: Reply = { exchange: { request: name, outcome: { kind: 'timed-out' }, ms: limitMs }, result: undefined };
      const reply = await within(answer, limitMs, late);
      pending = null;
      if (reply.exchange.outcome.kind === 'ended') await within(group.exit, EXIT_MS, null);
      return reply;
    },
    notify: (body) => group.writeStdin(`${body}\n`),
    async stop() {
      signal.removeEventListener('abort', abort);
      group.closeStdin();
      if (group.ended() === null && !signal.aborted) await within(group.exit, CLOSE_MS, null);
      await group.end();
    },
  };
}

/** We offer a server nothing but life. */
function answerTo(method: string, id: unknown): object {
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
}

function shownError({ code, message, data }: JsonRpcError): JsonRpcError {
  return { code, message: maskOutput(message.replace(/\s+/g, ' ')).slice(0, 500), ...(data === undefined ? {} : { data }) };
}
