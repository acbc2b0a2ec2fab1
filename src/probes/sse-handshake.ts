/** The handshake of the older HTTP+SSE transport (2024-11-05): a GET stream that names where to POST, and answers. */
import type { HttpAnswer } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import { after, now } from '../system/clock.ts';
import type { HttpResponse } from '../system/http.ts';
import { shownHeaders } from '../wire/headers.ts';
import { isRecord, parseJson, type RpcResponse, readRpcResponse } from '../wire/json-rpc.ts';
import { initializedNotification, initializeRequest, legacyToolsRequest, type McpRequest, SSE_REQUEST } from '../wire/requests.ts';
import { createEventReader } from '../wire/sse.ts';
import { exchange, type FullExchange } from './exchange.ts';
import { type Finish, type HandshakeRun, offersTools, serverInfo, unfinished } from './handshake-run.ts';
import { listTools } from './tools.ts';

/** The open stream of an HTTP+SSE server. */
interface Stream {
  /** Where messages are posted; null when the stream's first event was something else or did not come. */
  readonly endpoint: Promise<URL | null>;
  /** The response with this id, as soon as the stream brings it; null when the stream ends first. */
  response(id: string): Promise<RpcResponse | null>;
  close(): void;
}

/** Opens the stream and completes the handshake over it. `firstEventMs` bounds the wait for the `endpoint` event. */
export async function attemptSse(run: HandshakeRun, firstEventMs: number): Promise<Finish> {
  const { channel, options } = run;
  const started = now();
  const response = await channel.send({
    method: 'GET',
    path: `${run.url.pathname}${run.url.search}`,
    headers: { ...SSE_REQUEST.headers, ...options.headers },
    body: null,
    timeoutMs: run.remainingMs(),
    signal: options.signal,
  });
  const display = maskUrl(run.url);
  const record = (part: Pick<FullExchange['shown'], 'answer' | 'failure' | 'meaning'>): FullExchange => {
    const full = { shown: { request: 'sse' as const, url: display, ...part }, rpc: null, session: null, location: null, offered: [] };
    run.exchanges.push(full);
    return full;
  };
  if (response.kind === 'failure') {
    const { kind: _, ...failure } = response;
    return { transport: 'sse', result: unfinished(record({ answer: null, failure, meaning: null })) };
  }
  const answer: HttpAnswer = {
    status: response.status,
    headers: shownHeaders(response.headers),
    body: { kind: 'event-stream', bytes: 0, truncated: true, excerpt: '' },
    rpc: null,
    mintedSession: false,
    headMs: response.headMs,
    ms: now() - started,
  };
  if (response.status !== 200 || !/^text\/event-stream/i.test(response.headers['content-type'] ?? '')) {
    response.close();
    // The same request once more through the ordinary reader: status, body and meaning as for any other answer.
    return { transport: 'sse', result: unfinished(await run.send(SSE_REQUEST)) };
  }
  const stream = readStream(response, run.url);
  const cancel = after(firstEventMs, () => stream.close());
  try {
    const endpoint = await stream.endpoint;
    cancel();
    if (endpoint === null) {
      const head = { status: answer.status, headers: answer.headers };
      const failure = { stage: 'body' as const, reason: 'timed-out' as const, code: null, status: null, head, ms: now() - started };
      return { transport: 'sse', result: unfinished(record({ answer: null, failure, meaning: null })) };
    }
    record({ answer, failure: null, meaning: 'result' });
    return await talk(run, stream, endpoint);
  } finally {
    cancel();
    stream.close();
  }
}

async function talk(run: HandshakeRun, stream: Stream, endpoint: URL): Promise<Finish> {
  const initialized = await ask(run, stream, endpoint, initializeRequest());
  const result = initialized.rpc?.result;
  const version = isRecord(result) ? result['protocolVersion'] : undefined;
  if (initialized.shown.meaning !== 'result' || typeof version !== 'string') return { transport: 'sse', result: unfinished(initialized) };
  const server = { ...serverInfo(result), protocol: version, era: 'legacy' as const };
  await ask(run, stream, endpoint, initializedNotification(null, version));
  const sender = {
    wantsTools: run.wantsTools,
    send: (request: ReturnType<typeof legacyToolsRequest>) => ask(run, stream, endpoint, request),
  };
  const tools = await listTools(sender, { era: 'legacy', version, session: null }, offersTools(result));
  if (tools.kind === 'failed') return { transport: 'sse', result: { kind: 'tools-failed', server } };
  return { transport: 'sse', result: { kind: 'ready', server, tools: tools.kind === 'listed' ? tools.tools : null } };
}

/** Posts a message to the endpoint; its answer comes on the stream, the POST itself only says "accepted". */
async function ask(run: HandshakeRun, stream: Stream, endpoint: URL, request: McpRequest): Promise<FullExchange> {
  const started = now();
  const { options, channel } = run;
  const posted = await exchange(request, {
    channel,
    url: endpoint,
    display: maskUrl(endpoint),
    headers: options.headers,
    timeoutMs: run.remainingMs(),
    signal: options.signal,
  });
  run.exchanges.push(posted);
  const status = posted.shown.answer?.status ?? 0;
  if (request.id === null || status < 200 || status >= 300) return posted;
  const cancel = after(run.remainingMs(), () => stream.close());
  const rpc = await stream.response(request.id);
  cancel();
  run.exchanges.pop();
  const full: FullExchange =
    rpc === null
      ? {
          ...posted,
          shown: {
            ...posted.shown,
            answer: null,
            failure: { stage: 'body', reason: 'timed-out', code: null, status: null, head: null, ms: now() - started },
            meaning: null,
          },
        }
      : {
          ...posted,
          rpc,
          shown: {
            ...posted.shown,
            answer:
              posted.shown.answer === null
                ? null
                : {
                    ...posted.shown.answer,
                    rpc: { hasResult: rpc.error === null, error: rpc.error },
                    ms: now() - started,
                  },
            meaning: rpc.error === null ? 'result' : 'rpc-error',
          },
        };
  run.exchanges.push(full);
  return full;
}

function readStream(response: HttpResponse, base: URL): Stream {
  const events = createEventReader();
  const decoder = new TextDecoder();
  const waiting = new Map<string, (rpc: RpcResponse | null) => void>();
  const early = new Map<string, RpcResponse>();
  let ended = false;
  let settleEndpoint: (url: URL | null) => void = () => {};
  let first = true;
  const endpoint = new Promise<URL | null>((resolve) => {
    settleEndpoint = resolve;
  });
  const end = () => {
    ended = true;
    settleEndpoint(null);
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  };
  void response
    .read((chunk) => {
      for (const { event, data } of events.feed(decoder.decode(chunk, { stream: true }))) {
        if (first) {
          first = false;
          settleEndpoint(event === 'endpoint' ? sameOrigin(data, base) : null);
          continue;
        }
        const rpc = readRpcResponse(parseJson(data), '');
        if (rpc === null || typeof rpc.id !== 'string') continue;
        const answer = waiting.get(rpc.id);
        waiting.delete(rpc.id);
        if (answer === undefined) early.set(rpc.id, rpc);
        else answer(rpc);
      }
      return 'more';
    })
    .then(end);
  return {
    endpoint,
    response(id) {
      const known = early.get(id);
      if (known !== undefined || ended) return Promise.resolve(known ?? null);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    close() {
      response.close();
      end();
    },
  };
}

/** The endpoint event's address; only on the same origin, as the transport demands. */
function sameOrigin(data: string, base: URL): URL | null {
  if (!URL.canParse(data, base.href)) return null;
  const url = new URL(data, base.href);
  return url.origin === base.origin ? url : null;
}
