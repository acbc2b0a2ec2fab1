/** Starts the server as its client would, speaks MCP to it, sees what becomes of it, and ends everything it started. */
import type { ListeningSocket } from '../../model/evidence.ts';
import type { EnvironmentEvidence, ForeignLine, SpawnEvidence, StdioEvidence, StdioHandshake } from '../../model/stdio.ts';
import { after, within } from '../../system/clock.ts';
import { maskOutput, readEarlyEnd } from '../../system/processes/early-end.ts';
import { readStdioLine } from '../../wire/stdio-lines.ts';
import { pythonModule } from './command-words.ts';
import { type StdioContext, variable } from './context.ts';
import { cachesOf, createDownloadWatch, type DownloadWatch } from './download.ts';
import { asksForModern, legacyHandshake, modernHandshake } from './handshake.ts';
import { readListening, socketsOf } from './listening.ts';
import { readRuntime } from './runtime.ts';
import { readBackend, readMissingNames, readPackage, readVersionWords } from './said.ts';
import { startServer, type StdioServer } from './server.ts';

/** Healthy servers have answered by then; only who has not is looked at more closely. */
const WATCH_AFTER_MS = 1_000;
const WATCH_EVERY_MS = 500;
/** A server that answers over HTTP, or whose answer was lost, and that has not spoken for so long, will not. */
const SETTLED_MS = 3_000;
/** Foreign output in which an answer was lost. */
const LOST: ReadonlySet<ForeignLine['kind']> = new Set(['glued', 'byte-order-mark', 'spread', 'header', 'echo']);
const STDERR_LINES = 20;
/** What a runtime and a large server take of a busy processor before they wait for input. */
const STARTING_MS = 3_000;

type Facets = Partial<
  Pick<StdioEvidence, 'spawn' | 'handshake' | 'download' | 'listening' | 'environment' | 'package' | 'backend' | 'runtime'>
>;

/** All that running the server tells. Nothing of it is alive when this resolves. */
export async function probeServer(context: StdioContext, evidence: StdioEvidence): Promise<Facets> {
  const legacy = await runOnce(context, evidence, legacyHandshake);
  const { handshake } = legacy;
  if (handshake === undefined || !asksForModern(handshake) || context.signal.aborted) return legacy;
  // A second child: after a refused request a server may be in any state.
  const modern = await runOnce(context, evidence, modernHandshake);
  return modern.handshake === undefined || (modern.handshake.result.kind === 'failed' && !isOfModern(handshake, modern.handshake))
    ? legacy
    : modern;
}

/** Whether one of two failed handshakes shows a server of the revisions without a handshake, so that the second says what is wrong. */
function isOfModern(...both: readonly StdioHandshake[]): boolean {
  return both.some(({ offeredVersions }) => offeredVersions.length > 0);
}

interface Watched {
  readonly download: DownloadWatch;
  sockets: readonly ListeningSocket[];
}

async function runOnce(context: StdioContext, evidence: StdioEvidence, speak: typeof legacyHandshake): Promise<Facets> {
  const { launch, answerMs, signal } = context;
  const budget = new AbortController();
  const give = () => budget.abort();
  signal.addEventListener('abort', give, { once: true });
  if (signal.aborted) give();
  const watched: Watched = { download: createDownloadWatch(cachesOf(launch.environment)), sockets: [] };
  const leave = await context.starts.enter();
  if (signal.aborted) {
    leave();
    return {};
  }
  const server = startServer(commandFor(evidence, context), launch, budget.signal);
  // Who has not answered by then waits for something else than a processor.
  const cancel = after(STARTING_MS, leave);
  try {
    const done = new AbortController();
    const watching = watch(server, watched, done.signal, give);
    const handshake = await speak(server, { answerMs, lateAfterMs: evidence.target.limitMs });
    done.abort();
    await watching;
    return await gather(context, evidence, { server, handshake, watched });
  } finally {
    cancel();
    leave();
    signal.removeEventListener('abort', give);
    await server.stop();
  }
}

/** On Windows a client that knows of command files runs them through `cmd`; one that does not fails, and so do we. */
function commandFor({ executable, target }: StdioEvidence, { launch }: StdioContext): string | readonly [string, ...string[]] {
  const found = executable?.resolution;
  const shim = process.platform === 'win32' && found?.kind === 'found' && (found.shim === 'cmd' || found.shim === 'bat');
  if (!shim || target.client?.needsCmdWrapper === true) return [launch.file, ...launch.args];
  return [found.path, ...launch.args].map((word) => (/[\s&|<>^"()%!]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join(' ');
}

/** Looks at a server that keeps silent, until it speaks or ends. */
async function watch(server: StdioServer, watched: Watched, done: AbortSignal, giveUp: () => void): Promise<void> {
  let told = 0;
  let settledAt: number | null = null;
  const over = new Promise<void>((resolve) => done.addEventListener('abort', () => resolve(), { once: true }));
  await within(over, WATCH_AFTER_MS, null);
  while (!done.aborted && server.firstMessageMs() === null) {
    const pids = server.group.pids();
    watched.download.look(pids, server.elapsed());
    const stderr = server.group.stderr();
    for (const line of stderr.slice(told)) watched.download.hear(line, server.elapsed());
    told = stderr.length;
    const sockets = await socketsOf(pids, done);
    if (sockets.length > 0) watched.sockets = sockets;
    // A message that shared its line with other text is lost; a client would wait for it in vain.
    if (server.elapsed() > SETTLED_MS && server.foreign().lines.some(({ kind }) => LOST.has(kind))) giveUp();
    if (sockets.length > 0 && settledAt === null && server.elapsed() > SETTLED_MS) {
      settledAt = server.elapsed();
      const listening = await readListening(sockets, { stdout: server.group.stdout(), stderr }, done);
      if (listening?.endpoint != null && server.firstMessageMs() === null) giveUp();
    }
    await within(over, WATCH_EVERY_MS, null);
  }
}

interface Run {
  readonly server: StdioServer;
  readonly handshake: StdioHandshake;
  readonly watched: Watched;
}

async function gather(context: StdioContext, evidence: StdioEvidence, { server, handshake, watched }: Run): Promise<Facets> {
  const { group } = server;
  const stderr = group.stderr();
  const stdout = group.stdout();
  const exit = group.ended();
  const gone = exit !== null && (exit.startError !== null || group.pids().length === 0);
  const end = gone
    ? readEarlyEnd({ ...exit, stderr: withoutWarnings(stderr), stdout: withoutWarnings(stdout.filter((line) => !isAnswer(line))) })
    : null;
  const spawn: SpawnEvidence = {
    startError: exit?.startError ?? null,
    exit: gone && exit.startError === null ? { code: exit.code, signal: exit.signal, atMs: server.elapsed() } : null,
    early: end?.early ?? null,
    detail: end?.detail ?? null,
    foreign: server.foreign(),
    stderr: stderr.slice(-STDERR_LINES).map(maskOutput),
    firstOutputMs: server.firstOutputMs(),
    firstMessageMs: server.firstMessageMs(),
    ms: server.elapsed(),
  };
  const works = handshake.result.kind === 'ready';
  const errors = handshake.exchanges.flatMap(({ outcome }) => (outcome.kind === 'error' ? [outcome.error.message] : []));
  // What an old server prints on its way is no news while it works.
  const lines = works ? [] : [...stdout, ...stderr];
  const said = works ? null : readVersionWords(lines);
  const alive = exit === null && !works && server.firstMessageMs() === null;
  const runtime = works || gone === false ? null : await readRuntime(context, { ...evidence, spawn }, said);
  return {
    spawn,
    handshake,
    download: handshake.readyMs !== null && handshake.readyMs <= evidence.target.limitMs ? null : watched.download.read(server.elapsed()),
    listening: alive ? await readListening(watched.sockets, { stdout, stderr }, context.signal) : null,
    environment: works
      ? null
      : readEnvironment(context, withoutWarnings([...lines, ...errors]), end?.early === 'missing-variable' ? end.detail : null),
    package: gone ? readPackage([...stderr, ...stdout], pythonModule(context.launch.file, context.launch.args)) : null,
    backend: (works ? null : readBackend(errors, 'error')) ?? readBackend(stderr, 'stderr', end?.early === 'error' ? end.detail : null),
    ...(runtime !== null && { runtime }),
  };
}

/** Part of the protocol, and no word about an end; an error may be one. */
function isAnswer(line: string): boolean {
  const read = readStdioLine(line, () => false);
  return read.kind === 'message' && !('error' in read.message);
}

/** A warning ends no server: where there are other lines, the reason is in those. */
function withoutWarnings(lines: readonly string[]): readonly string[] {
  const own = lines.filter((line) => !/^npm (?:warn|notice)\b/i.test(line));
  const others = own.filter((line) => !/^\W*(?:\w+ )?warn(?:ing)?\b/i.test(line));
  return others.some((line) => line.trim() !== '') ? others : own;
}

/** Variables that output and errors name and the server did not get. */
function readEnvironment({ launch }: StdioContext, lines: readonly string[], decided: string | null): EnvironmentEvidence | null {
  const missing = readMissingNames(lines, decided).flatMap((name) => {
    const value = variable(launch.environment, name);
    const state = value === undefined ? 'unset' : value.trim() === '' ? 'empty' : isPlaceholder(value) ? 'placeholder' : null;
    return state === null ? [] : [{ name, state, inShell: (variable(launch.shell, name) ?? '').trim() !== '' } as const];
  });
  const first = missing[0];
  if (first === undefined) return null;
  const line = decided ?? lines.find((one) => one.includes(first.name)) ?? first.name;
  return { missing, line: maskOutput(line.trim()).slice(0, 300) };
}

/** Text that some client replaces and this one did not, or that a guide tells to replace. */
function isPlaceholder(value: string): boolean {
  return /^\$\{?[\w:.-]+\}?$|^\{env:\w+\}$|^\$\{\{.*\}\}$|^<[^>]+>$|^your[-_ ].*(?:key|token|here)/i.test(value.trim());
}
