import type { Readable, Writable } from 'node:stream';
import { connect } from '../../bridge/connect.ts';
import { openMemory } from '../../bridge/memory-file.ts';
import { UsageError } from '../../model/errors.ts';
import { createRedactor, maskForeign } from '../../model/redact.ts';
import { homeFolder } from '../../system/home.ts';
import { stateFolder } from '../../system/state-folder.ts';
import { parseDuration } from '../duration.ts';
import { headersFromVariables, parseHeaders } from '../header.ts';
import { resolveReach } from '../reach.ts';
import { verdictOn } from './diagnosis.ts';
import { holdFor } from './hold.ts';
import { upstreamOf } from './upstream.ts';

/** What somebody asked for, as written on the command line. */
export interface ConnectRequest {
  readonly targets: readonly string[];
  /** A stdio server's command line, word by word; empty without one. */
  readonly command: readonly string[];
  readonly hold?: string | undefined;
  readonly queue?: string | undefined;
  readonly memory: boolean;
  readonly retryIdempotent: boolean;
  readonly headers: readonly string[];
  /** `Header=VARIABLE`: the header's value is taken from the variable. */
  readonly headerVariables: readonly string[];
  readonly ca?: string | undefined;
  readonly transport?: 'http' | 'sse' | undefined;
  readonly config?: string | undefined;
  readonly client?: string | undefined;
  readonly yes: boolean;
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  /** Lines for stderr, without secrets. */
  readonly note: (line: string) => void;
}

/** How long requests are held while there is no server, in milliseconds: less than the 60 s after which the SDKs' clients give up. */
const QUEUE_MS = 45_000;

/** Serves one client until it goes. Resolves with the exit code. Throws UsageError before anything is started. */
export async function runBridge(request: ConnectRequest): Promise<0 | 1> {
  const { hold, queue, ca } = request;
  const holdMs = hold === undefined ? null : parseDuration(hold, '--hold', 0);
  const queueMs = queue === undefined ? QUEUE_MS : parseDuration(queue, '--queue', 0);
  const headers = { ...headersFromVariables(request.headerVariables, process.env), ...parseHeaders(request.headers) };
  const [reach] = await resolveReach(request.targets, { ...request, headers, one: true });
  if (reach === undefined) throw new Error('a target that was resolved is missing');
  const { input: target, secrets } = reach;
  if ('command' in target && Object.keys(headers).length > 0)
    throw new UsageError('conflicting-options', 'Headers belong to an address; a stdio server gets its settings from its environment.');
  const redact = createRedactor();
  for (const secret of secrets) redact.add(secret);
  const note = (line: string) => request.note(redact.text(line));
  const upstream = await upstreamOf(target, { ca, mask: (text) => redact.text(maskForeign(text)), onStderr: request.note });
  const memory = request.memory ? openMemory(stateFolder(process.env, homeFolder(process.env)), upstream.key) : null;
  const ended = await connect({
    open: upstream.open,
    backoff: upstream.backoff,
    holdMs: (client) => holdMs ?? holdFor(client),
    queueMs,
    trustHints: request.retryIdempotent,
    recall: () => memory?.recall() ?? Promise.resolve(null),
    remember: (recall) => memory?.remember(recall),
    diagnose: async (signal) => redact.deep(await verdictOn(target, { ...(ca === undefined ? {} : { ca }), signal })),
    note,
    input: request.input,
    output: request.output,
    signal: request.signal,
  });
  await memory?.flush();
  return ended === 'over' ? 1 : 0;
}
