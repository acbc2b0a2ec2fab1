/** The handshake of the older HTTP+SSE transport (2024-11-05): a GET stream that names where to POST, and answers. */
import { SHORTEST_CLIENT_LIMIT_MS } from '../facts/budgets.ts';
import { isKnownRevision } from '../facts/revisions.ts';
import type { Exchange, HttpAnswer } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import { after, now } from '../system/clock.ts';
import type { HttpResponse } from '../system/http.ts';
import { meaningOfMessage, offeredVersions } from '../wire/answer.ts';
import { shownHeaders } from '../wire/headers.ts';
import { isRecord, type RpcResponse } from '../wire/json-rpc.ts';
import { initializedNotification, initializeRequest, type McpRequest, SSE_REQUEST } from '../wire/requests.ts';
import { exchange, failed, type FullExchange, locationOf, readAnswer, shownError } from './exchange.ts';
import { decide, type Finish, type HandshakeRun, isRefused, offersTools, serverInfo, unfinished } from './handshake-run.ts';
import { readStream, type Stream } from './sse-stream.ts';
import { listTools } from './tools.ts';

/** As many same-origin redirects as the official clients follow on a GET. */
const MOST_REDIRECTS = 5;

/**
 * Opens the stream and completes the handshake over it.
 * @param firstEventMs bounds the wait for the `endpoint` event, which servers send together with the head
 */
export async function attemptSse(
  run: HandshakeRun,
  firstEventMs: number = Math.min(run.remainingMs(), SHORTEST_CLIENT_LIMIT_MS),
): Promise<Finish> {
  const started = now();
  const patience = new AbortController();
  const cancel = after(firstEventMs, () => patience.abort());
  const sending = { ...run.sending(), signal: AbortSignal.any([run.options.signal, patience.signal]) };
  let stream: Stream | null = null;
  try {
    const response = await run.channel.send({
      method: 'GET',
      path: `${run.url.pathname}${run.url.search}`,
      headers: { ...SSE_REQUEST.headers, ...run.options.headers },
      body: null,
      timeoutMs: sending.timeoutMs,
      signal: sending.signal,
    });
    const silent = () => patience.signal.aborted && !run.options.signal.aborted;
    const record = (full: FullExchange): Finish => {
      run.exchanges.push(full);
      return { transport: 'sse', result: unfinished(full) };
    };
    if (response.kind === 'failure') {
      return record(failed(SSE_REQUEST, sending, silent() ? { ...response, reason: 'timed-out' } : response));
    }
    if (response.status !== 200 || !/^text\/event-stream/i.test(response.headers['content-type'] ?? '')) {
      const location = locationOf(response, run.url);
      if (response.status >= 300 && response.status < 400 && location?.origin === run.url.origin && run.redirects.length < MOST_REDIRECTS) {
        response.close();
        run.redirects.push(maskUrl(run.url));
        run.url = location;
        return await attemptSse(run, firstEventMs);
      }
      return record(await readAnswer(SSE_REQUEST, sending, response, started));
    }
    stream = readStream(response, run.url);
    const opened = await stream.opened;
    cancel();
    const head = { status: response.status, headers: shownHeaders(response.headers) };
    if (opened.kind === 'ended' && silent()) {
      return record(
        failed(SSE_REQUEST, sending, { stage: 'body', reason: 'timed-out', code: null, status: null, head, ms: now() - started }),
      );
    }
    const elsewhere = opened.kind === 'elsewhere' ? { location: maskUrl(opened.url) } : {};
    const answer = streamAnswer(
      response,
      { ...head.headers, ...elsewhere },
      opened.kind === 'other' ? opened.excerpt : '',
      now() - started,
    );
    const meaning = { endpoint: 'result', elsewhere: 'redirect', other: 'unusable', ended: 'unusable' } as const;
    const finish = record(asExchange(run, { answer, meaning: meaning[opened.kind] }));
    return opened.kind === 'endpoint' ? await talk(run, stream, opened.url) : finish;
  } finally {
    cancel();
    stream?.close();
  }
}

function streamAnswer(response: HttpResponse, headers: HttpAnswer['headers'], excerpt: string, ms: number): HttpAnswer {
  return {
    status: response.status,
    headers,
    body: { kind: 'event-stream', bytes: excerpt.length, truncated: true, excerpt },
    rpc: null,
    mintedSession: false,
    headMs: response.headMs,
    ms,
  };
}

function asExchange(run: HandshakeRun, { answer, meaning }: Pick<Exchange, 'answer' | 'meaning'>): FullExchange {
  const shown = { request: SSE_REQUEST.name, url: maskUrl(run.url), answer, failure: null, meaning };
  return { shown, rpc: null, session: null, location: null, offered: [] };
}

async function talk(run: HandshakeRun, stream: Stream, endpoint: URL): Promise<Finish> {
  const initialized = await ask(run, stream, endpoint, initializeRequest());
  if (initialized.shown.meaning !== 'result') return { transport: 'sse', result: unfinished(initialized) };
  const result = initialized.rpc?.result;
  const version = isRecord(result) ? result['protocolVersion'] : undefined;
  if (typeof version !== 'string' || !isKnownRevision(version)) {
    const offered = typeof version === 'string' ? [version] : [];
    const refused = decide(run, initialized, { meaning: offered.length > 0 ? 'version-unsupported' : 'unusable', offered });
    return { transport: 'sse', result: unfinished(refused) };
  }
  run.markReady();
  const server = { ...serverInfo(result), protocol: version, era: 'legacy' as const };
  if (!run.wantsTools()) return { transport: 'sse', result: { kind: 'ready', server, tools: null } };
  const told = await ask(run, stream, endpoint, initializedNotification(null, version));
  if (isRefused(told)) return { transport: 'sse', result: { kind: 'tools-failed', server } };
  const sender = { wantsTools: run.wantsTools, send: (request: McpRequest) => ask(run, stream, endpoint, request) };
  const tools = await listTools(sender, { era: 'legacy', version, session: null }, offersTools(result));
  if (tools.kind === 'failed') return { transport: 'sse', result: { kind: 'tools-failed', server } };
  return { transport: 'sse', result: { kind: 'ready', server, tools: tools.kind === 'listed' ? tools.tools : null } };
}

/** Posts a message to the endpoint; its answer comes on the stream, the POST itself only says "accepted". */
async function ask(run: HandshakeRun, stream: Stream, endpoint: URL, request: McpRequest): Promise<FullExchange> {
  const started = now();
  const sending = { ...run.sending(), url: endpoint, display: maskUrl(endpoint) };
  const posted = await exchange(request, sending);
  const accepted = posted.shown.answer !== null && posted.shown.answer.status >= 200 && posted.shown.answer.status < 300;
  const full = accepted && request.id !== null ? await awaitResponse(run, stream, request, request.id, posted, started) : posted;
  run.exchanges.push(full);
  return full;
}

async function awaitResponse(
  run: HandshakeRun,
  stream: Stream,
  request: McpRequest,
  id: string,
  posted: FullExchange,
  started: number,
): Promise<FullExchange> {
  let late = false;
  const cancel = after(run.remainingMs(), () => {
    late = true;
    stream.close();
  });
  const rpc = await stream.response(id);
  cancel();
  const ms = now() - started;
  const { answer } = posted.shown;
  if (rpc === null || answer === null) {
    const reason = run.options.signal.aborted ? 'cancelled' : late ? 'timed-out' : 'closed';
    const failure = {
      stage: 'body' as const,
      reason: reason as 'timed-out' | 'closed' | 'cancelled',
      code: null,
      status: null,
      head: null,
      ms,
    };
    return { ...posted, shown: { ...posted.shown, answer: null, failure, meaning: null } };
  }
  return {
    ...posted,
    rpc,
    offered: offeredVersions(rpc),
    shown: { ...posted.shown, answer: withMessage(answer, rpc, ms), meaning: meaningOfMessage(rpc, request.name) },
  };
}

function withMessage(answer: HttpAnswer, rpc: RpcResponse, ms: number): HttpAnswer {
  return { ...answer, rpc: { hasResult: rpc.error === null, error: shownError(rpc) }, ms };
}
