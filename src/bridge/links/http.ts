/** Streamable HTTP, all revisions from 2025-03-26 on: every message of the client is a POST of its exact bytes. */
import { setMaxListeners } from 'node:events';
import type { TcpOutcome } from '../../model/evidence.ts';
import { now, sleep } from '../../system/clock.ts';
import type { HttpResponse } from '../../system/http.ts';
import { type Envelope, idText, readEnvelope, valueAt, withId } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import { SESSION_HEADER } from '../../wire/requests.ts';
import { createEventReader } from '../../wire/sse.ts';
import { createModernHeaders } from '../../wire/modern-headers.ts';
import { BROKEN, CLOSED, failureOf, HTTP, judgeAnswer, notSent, sessionLost, unknown } from './http-outcome.ts';
import type { Link, LinkFailure, LinkListener, OpenedLink, OpenLink, Outcome } from './link.ts';
import { type OpenWay, openWay, type WayOptions } from './route.ts';
import { createVigil } from './vigil.ts';

/** As the official clients do. */
const MOST_REDIRECTS = 5;
/** Before a stream that ended is opened again where the server names no time (`retry`), in milliseconds. */
const REOPEN_MS = 500;
/** A stream that is refused again and again is still asked for so often, in milliseconds. */
const MOST_REOPEN_MS = 30_000;
/** How often a stream is taken up again for one response. */
const MOST_RESUMES = 10;
/** Ending a session must not hold up the end of the bridge, in milliseconds. */
const DELETE_MS = 1_000;

/** Opens a link when the server accepts a connection. */
export function openHttpLink(options: WayOptions): OpenLink {
  return async (listener, signal): Promise<OpenedLink> => {
    const way = await openWay(options, signal);
    return way.kind === 'failed' ? way : { kind: 'open', link: createHttpLink(options, way, listener) };
  };
}

function createHttpLink({ url: start, headers: own }: WayOptions, { channel, knock }: OpenWay, listener: LinkListener): Link {
  let url = start;
  let session: string | null = null;
  let version: string | null = null;
  let isLost = false;
  let isClosed = false;
  let isPaused = false;
  /** Responses that are being read. */
  const reading = new Set<HttpResponse>();
  /** Requests that can be abandoned, by id. */
  const running = new Map<string, AbortController>();
  const closing = new AbortController();
  // Any number of requests may listen to it.
  setMaxListeners(0, closing.signal);
  const modern = createModernHeaders();
  const vigil = knock === null ? null : createVigil(knock, vanish, closing.signal);

  const path = () => `${url.pathname}${url.search}`;

  function sessionHeaders(): Record<string, string> {
    return {
      ...(version === null ? {} : { 'mcp-protocol-version': version }),
      ...(session === null ? {} : { [SESSION_HEADER]: session }),
    };
  }

  function lose(why: LinkFailure): void {
    if (isLost || isClosed) return;
    isLost = true;
    listener.onLost(why);
  }

  function vanish(outcome: TcpOutcome): void {
    const what = outcome === 'refused' ? 'refuses new connections' : 'cannot be reached any more';
    lose({ ...BROKEN, code: outcome === 'refused' ? 'ECONNREFUSED' : 'ETIMEDOUT', detail: `${url.host} ${what}` });
  }

  async function send(message: Envelope): Promise<Outcome> {
    const end = vigil?.begin();
    const outcome = await sendOn(message);
    end?.();
    return outcome;
  }

  async function sendOn(message: Envelope): Promise<Outcome> {
    if (isClosed || isLost) return notSent(CLOSED);
    const extra = modern.headersFor(message);
    // Over modern HTTP closing the stream of a request is its cancellation.
    if (message.method === 'notifications/cancelled' && modern.isSpoken()) return { kind: 'done' };
    const { id } = message;
    // Requests of the older eras are not abandoned, and need no controller of their own.
    if (message.kind !== 'request' || id === null || extra === null) return post(message, extra ?? sessionHeaders(), closing.signal, 0);
    const stop = new AbortController();
    running.set(id, stop);
    try {
      return await post(message, extra, stop.signal, 0);
    } finally {
      running.delete(id);
    }
  }

  async function post(message: Envelope, headers: Record<string, string>, signal: AbortSignal, hops: number): Promise<Outcome> {
    const response = await channel.send({
      method: 'POST',
      path: path(),
      headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers, ...own },
      body: message.bytes,
      timeoutMs: null,
      signal,
    });
    if (response.kind === 'failure') return failureOf(response, url);
    vigil?.heard();
    if (response.status === 307 || response.status === 308) {
      const target = redirectOf(response);
      response.close();
      if (target === null || hops >= MOST_REDIRECTS)
        return notSent({ ...HTTP, status: response.status, detail: `${url.host} redirects (HTTP ${response.status})` });
      url = target;
      return post(message, headers, signal, hops + 1);
    }
    if (message.method === 'initialize') noteSession(response);
    if (response.status === 202 || response.status === 204) {
      response.close();
      if (message.method === 'notifications/initialized' && session !== null) void keepStream();
      return { kind: 'done' };
    }
    if (isEventStream(response) && response.status < 300) return readStream(message, response, signal);
    return readBody(message, response);
  }

  function redirectOf(response: HttpResponse): URL | null {
    const { location } = response.headers;
    if (location === undefined || !URL.canParse(location, url.href)) return null;
    const target = new URL(location, url.href);
    return target.origin === url.origin ? target : null;
  }

  function noteSession(response: HttpResponse): void {
    const minted = response.headers[SESSION_HEADER];
    if (typeof minted === 'string' && minted !== '' && response.status < 300) session = minted;
  }

  async function collect(response: HttpResponse, onChunk: (chunk: Buffer) => 'more' | 'enough') {
    reading.add(response);
    if (isPaused) response.pause();
    const failure = await response.read((chunk) => {
      vigil?.heard();
      return onChunk(chunk);
    });
    reading.delete(response);
    return failure;
  }

  async function readBody(message: Envelope, response: HttpResponse): Promise<Outcome> {
    const chunks: Buffer[] = [];
    const failure = await collect(response, (chunk) => {
      chunks.push(chunk);
      return 'more';
    });
    if (failure !== null) return unknown({ ...BROKEN, code: failure.code, detail: `${url.host} broke off its answer` });
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    const judged = judgeAnswer({ message, response, body, hasSession: session !== null && message.method !== 'initialize', url });
    if (judged.kind === 'outcome') return judged.outcome;
    for (const part of judged.messages) passOn(message, part);
    return { kind: 'done' };
  }

  /** Passes a message of the stream of a request on; true when it was its response. */
  function passOn(request: Envelope, message: Envelope): boolean {
    const isResponse = message.kind === 'response' && (message.id === request.id || message.id === null);
    // HTTP says whose answer it is where the server does not.
    const own = isResponse && message.id === null ? withId(message, idText(request)) : message;
    if (isResponse) learn(request, own);
    if (!isClosed) listener.onMessage(own, request.id);
    return isResponse;
  }

  function learn(request: Envelope, response: Envelope): void {
    if (request.method === 'initialize') {
      const result = valueAt(response, response.resultAt);
      if (isRecord(result) && typeof result['protocolVersion'] === 'string') version = result['protocolVersion'];
    }
    modern.learn(request, response);
  }

  async function readStream(message: Envelope, response: HttpResponse, signal: AbortSignal): Promise<Outcome> {
    const stream = { answered: false, lastId: null as string | null, retryMs: null as number | null };
    let failure = await follow(response, stream, message);
    // Since 2025-11-25 a server may end a stream early and have it taken up again (basic/transports, resumability).
    for (let tries = 0; !stream.answered && stream.lastId !== null && session !== null && tries < MOST_RESUMES; tries += 1) {
      await sleep(stream.retryMs ?? REOPEN_MS, signal);
      if (signal.aborted) break;
      const before = stream.lastId;
      const again = await get(stream.lastId, signal);
      if (again.kind === 'failure' || !isEventStream(again) || again.status !== 200) {
        if (again.kind === 'response') again.close();
        break;
      }
      failure = await follow(again, stream, message);
      if (stream.lastId !== before) tries = 0;
    }
    if (stream.answered || message.kind !== 'request') return { kind: 'done' };
    if (isClosed || signal.aborted) return unknown(CLOSED);
    return unknown({ ...BROKEN, code: failure?.code ?? null, detail: `${url.host} ended the stream before the answer` });
  }

  async function follow(
    response: HttpResponse,
    stream: { answered: boolean; lastId: string | null; retryMs: number | null },
    request: Envelope | null,
  ) {
    const events = createEventReader();
    return collect(response, (chunk) => {
      for (const event of events.feed(chunk)) {
        stream.lastId = event.id ?? stream.lastId;
        stream.retryMs = event.retry ?? stream.retryMs;
        if (event.data.length === 0) continue;
        const message = readEnvelope(event.data);
        if (message.kind === 'invalid') continue;
        if (request === null) {
          if (!isClosed) listener.onMessage(message, null);
        } else if (passOn(request, message)) stream.answered = true;
      }
      return 'more';
    });
  }

  function get(lastId: string | null, signal: AbortSignal) {
    return channel.send({
      method: 'GET',
      path: path(),
      headers: { accept: 'text/event-stream', ...sessionHeaders(), ...(lastId === null ? {} : { 'last-event-id': lastId }), ...own },
      body: null,
      timeoutMs: null,
      signal,
    });
  }

  /** The stream for what the server says of its own accord; it tells at once when the server goes. */
  async function keepStream(): Promise<void> {
    const stream = { answered: false, lastId: null as string | null, retryMs: null as number | null };
    let wasOpen = false;
    let failures = 0;
    for (;;) {
      const opened = now();
      const response = await get(stream.lastId, closing.signal);
      if (isClosed || isLost) return;
      if (response.kind === 'failure') {
        const outcome = failureOf(response, url);
        if (outcome.kind === 'not-sent') return lose(outcome.why);
        failures += 1;
      } else if (response.status === 200 && isEventStream(response)) {
        if (wasOpen || failures > 0) listener.onGap?.();
        wasOpen = true;
        failures = 0;
        await follow(response, stream, null);
      } else {
        response.close();
        if (response.status === 404) return lose(sessionLost(url, response.status));
        // 405: the server has no such stream. What had one will have it again.
        if (!wasOpen && !isPassing(response.status)) return;
        failures += 1;
      }
      if (isClosed || isLost) return;
      await sleep(stream.retryMs ?? reopenMs(now() - opened, failures), closing.signal);
      if (isClosed || isLost) return;
    }
  }

  return {
    send,
    abandon: (id) => running.get(id)?.abort(),
    pause() {
      isPaused = true;
      for (const response of reading) response.pause();
    },
    resume() {
      isPaused = false;
      for (const response of reading) response.resume();
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      closing.abort();
      for (const stop of running.values()) stop.abort();
      // A server that is gone has no session to end.
      if (session !== null && !isLost) {
        const ended = await channel.send({
          method: 'DELETE',
          path: path(),
          headers: { ...sessionHeaders(), ...own },
          body: null,
          timeoutMs: DELETE_MS,
          signal: new AbortController().signal,
        });
        if (ended.kind === 'response') ended.close();
      }
      channel.close();
    },
  };
}

function isEventStream({ headers }: HttpResponse): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream');
}

/** A stream that ends the moment it is opened, or is refused, must not make us ask as fast as we can. */
function reopenMs(stoodMs: number, failures: number): number {
  if (failures === 0 && stoodMs >= REOPEN_MS) return 0;
  return Math.min(REOPEN_MS * 2 ** Math.min(failures, 16), MOST_REOPEN_MS) * (0.5 + Math.random() / 2);
}

/** Statuses of servers that are too busy, or of what stands in front of them; 501 is for good. */
function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}
