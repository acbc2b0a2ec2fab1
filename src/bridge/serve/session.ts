/** One client's session over Streamable HTTP up to 2025-11-25: its streams, what belongs on which, and what is kept for a client that comes back. */
import { RPC_CODES } from '../../facts/revisions.ts';
import { after, now } from '../../system/clock.ts';
import type { IncomingMessage, ServerResponse, Socket } from '../../system/http-server.ts';
import { type Envelope, memberAt, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import { accepts, REJECT, sendJson, startEvents, writeEvent } from './answer.ts';
import { createEventLog, eventId, type LoggedEvent, readEventId } from './event-log.ts';
import type { Metrics, SessionEnd } from './metrics.ts';
import type { OpenUpstream } from './upstream.ts';

export interface SessionOptions {
  readonly id: string;
  readonly open: OpenUpstream;
  readonly metrics: Metrics;
  /** How long nothing may happen, and no stream be open, before it ends. */
  readonly idleMs: number;
  /** How long a client may take to come back after it left a stream. SDKs open their own stream again after 1 s. */
  readonly goneMs: number;
  readonly onEnd: () => void;
}

export interface ClientSession {
  readonly id: string;
  /** The revision that was agreed on; null before. */
  version(): string | null;
  /** Messages of one POST. */
  post(messages: readonly Envelope[], request: IncomingMessage, response: ServerResponse): void;
  /** The session's own stream, or one that is resumed. */
  get(request: IncomingMessage, response: ServerResponse): void;
  end(reason: SessionEnd): Promise<void>;
  /** Called about once a second. */
  sweep(time: number): void;
  /** Requests without an answer. */
  running(): number;
}

/** The session's own stream; POSTs count from 1. */
const OWN = 0;
/** Unanswered for so long, a POST becomes an event stream: it can be resumed, and nobody in between takes it for dead (Node's fetch does after 300 s). */
const PATIENT_MS = 5_000;
/** After which a client that lost its stream comes back for the rest, in milliseconds. */
const RETRY_MS = 500;
/** Proxies cut streams that are silent for a minute. */
const KEEP_ALIVE_MS = 15_000;
/** Unread by the client: at this much its child is not read from, in bytes. */
const BEHIND_BYTES = 4 * 1024 * 1024;
/** A shared child is read on; at this much the stream is cut, and the client may resume it, in bytes. */
const LOST_BYTES = 128 * 1024 * 1024;
/** The revision that introduced events which only give an id. */
const PRIMED_SINCE = '2025-11-25';

interface Stream {
  readonly number: number;
  response: ServerResponse | null;
  mode: 'undecided' | 'events';
  readonly pending: Set<string>;
  readonly json: boolean;
  readonly events: boolean;
  readonly isBatch: boolean;
  /** Answers of a batch for a client that takes no events. */
  readonly held: Buffer[];
  readonly openedAt: number;
  writtenAt: number;
}

export function createSession({ id, open, metrics, idleMs, goneMs, onEnd }: SessionOptions): ClientSession {
  const log = createEventLog();
  const streams = new Map<number, Stream>();
  const byRequest = new Map<string, Stream>();
  const started = new Map<string, { readonly method: string; readonly at: number }>();
  const sockets = new Set<Socket>();
  const headers = { 'mcp-session-id': id };
  let lastStream = OWN;
  /** The newest event of the session's own stream that was handed to a connection. */
  let ownSent = 0;
  let version: string | null = null;
  let initializeId: string | null = null;
  let activeAt = now();
  /** Which stream the client left before its end. */
  let left: 'own' | 'post' | null = null;
  let cancelGone: (() => void) | null = null;
  let ending: Promise<void> | null = null;
  let isPaused = false;

  const own: Stream = makeStream(OWN, null, true, true, false);
  own.mode = 'events';
  const upstream = open({
    onMessage: route,
    onLost: () => void end('child-ended'),
  });

  function makeStream(number: number, response: ServerResponse | null, json: boolean, events: boolean, isBatch: boolean): Stream {
    const at = now();
    return {
      number,
      response,
      mode: 'undecided',
      pending: new Set(),
      json,
      events,
      isBatch,
      held: [],
      openedAt: at,
      writtenAt: at,
    };
  }

  function route(message: Envelope, of: string | null): void {
    activeAt = now();
    const isResponse = message.kind === 'response';
    if (isResponse && of !== null) settle(message, of);
    let stream = (of === null ? undefined : byRequest.get(of)) ?? own;
    if (!isResponse) {
      // A client that takes no events on its POST, and one that asks something of a client without a stream of its own.
      if (stream !== own && stream.mode === 'undecided' && !stream.events) stream = own;
      if (stream === own && own.response === null && message.kind === 'request') stream = newestPost() ?? own;
    }
    if (stream === own && isResponse) return;
    deliver(stream, message, isResponse ? of : null);
  }

  function newestPost(): Stream | undefined {
    return [...streams.values()].findLast((one) => one.events && one.response !== null);
  }

  function settle(message: Envelope, requestId: string): void {
    const asked = started.get(requestId);
    started.delete(requestId);
    if (asked !== undefined) metrics.request(asked.method, message.errorAt === null ? 'result' : 'error', (now() - asked.at) / 1000);
    if (requestId !== initializeId) return;
    initializeId = null;
    const result = valueAt(message, message.resultAt);
    const agreed = isRecord(result) ? result['protocolVersion'] : undefined;
    if (typeof agreed === 'string') version = agreed;
  }

  function deliver(stream: Stream, message: Envelope, answered: string | null): void {
    metrics.bytes('out', message.bytes.length);
    if (answered !== null) {
      stream.pending.delete(answered);
      byRequest.delete(answered);
    }
    const isLast = stream !== own && stream.pending.size === 0;
    if (stream.mode === 'undecided') {
      if (isLast && stream.json && !stream.isBatch) {
        streams.delete(stream.number);
        if (stream.response !== null) sendAlone(stream.response, message, answered);
        return;
      }
      if (!stream.events) return hold(stream, message, isLast);
      toEvents(stream);
    }
    const event = log.add(stream.number, message.bytes);
    writeLogged(stream, event);
    if (!isLast) return;
    streams.delete(stream.number);
    stream.response?.end();
  }

  /** A handshake that was refused opens no session. */
  function sendAlone(response: ServerResponse, message: Envelope, answered: string | null): void {
    const refused = version === null && answered !== null && message.errorAt !== null;
    if (refused) {
      // A server of the newer era alone answers so over HTTP.
      const code = valueAt(message, memberAt(message.bytes, message.errorAt, 'code'));
      sendJson(response, code === RPC_CODES.unsupportedProtocolVersion ? 400 : 200, message.bytes);
      void end('deleted');
    } else sendJson(response, 200, message.bytes, headers);
  }

  function hold(stream: Stream, message: Envelope, isLast: boolean): void {
    stream.held.push(message.bytes);
    if (!isLast) return;
    streams.delete(stream.number);
    if (stream.response !== null) sendJson(stream.response, 200, Buffer.from(`[${stream.held.map(String).join(',')}]`), headers);
  }

  function toEvents(stream: Stream): void {
    stream.mode = 'events';
    if (stream.response !== null) startEvents(stream.response, headers);
    prime(stream);
  }

  function isPrimed(): boolean {
    return version !== null && version >= PRIMED_SINCE;
  }

  function prime(stream: Stream): void {
    if (isPrimed()) writeLogged(stream, log.add(stream.number, Buffer.alloc(0)));
  }

  function writeLogged(stream: Stream, event: LoggedEvent): void {
    const { response } = stream;
    if (response === null) return;
    writeEvent(response, event.data, `id: ${eventId(event)}\n${event.data.length === 0 ? `retry: ${RETRY_MS}\n` : 'event: message\n'}`);
    stream.writtenAt = now();
    if (stream === own) ownSent = event.number;
    if (response.writableLength > LOST_BYTES) response.destroy();
    if (isPaused || response.writableLength <= BEHIND_BYTES) return;
    isPaused = true;
    upstream.pause();
    response.once('drain', goOn);
    response.once('close', goOn);
  }

  function goOn(): void {
    if (isPaused) upstream.resume();
    isPaused = false;
  }

  /** Watches a connection that something of this session is on. */
  function hear(request: IncomingMessage): void {
    activeAt = now();
    left = null;
    cancelGone?.();
    cancelGone = null;
    const { socket } = request;
    if (sockets.has(socket)) return;
    sockets.add(socket);
    // One connection may carry any number of sessions, each of which listens to it.
    socket.setMaxListeners(0);
    socket.once('close', () => {
      sockets.delete(socket);
      checkGone();
    });
  }

  function attach(stream: Stream, response: ServerResponse): void {
    stream.response = response;
    response.once('close', () => {
      if (stream.response === response) stream.response = null;
      activeAt = now();
      if (response.writableFinished) return;
      if (stream === own || left === null) left = stream === own ? 'own' : 'post';
      checkGone();
    });
  }

  function checkGone(): void {
    if (left === null || cancelGone !== null || ending !== null || isOpen()) return;
    // Connections are shared by all sessions of a process; one that is left open says little. A call that was given up says less than a stream.
    if (left === 'post' && sockets.size > 0) return;
    cancelGone = after(goneMs, () => void end('client-gone'));
  }

  function isOpen(): boolean {
    return own.response !== null || [...streams.values()].some(({ response }) => response !== null);
  }

  function replay(stream: Stream, events: readonly LoggedEvent[]): void {
    for (const event of events) writeLogged(stream, event);
  }

  async function close(reason: SessionEnd): Promise<void> {
    cancelGone?.();
    metrics.sessionEnded(reason);
    for (const { method, at } of started.values()) metrics.request(method, 'abandoned', (now() - at) / 1000);
    started.clear();
    onEnd();
    for (const { response, mode } of [own, ...streams.values()]) {
      if (response === null) continue;
      if (mode === 'undecided') REJECT.unknownSession(response);
      else response.end();
    }
    streams.clear();
    byRequest.clear();
    await upstream.close();
  }

  function end(reason: SessionEnd): Promise<void> {
    return (ending ??= close(reason));
  }

  return {
    id,
    version: () => version,
    running: () => started.size,
    post(messages, request, response) {
      hear(request);
      const requests = messages.filter(({ kind }) => kind === 'request');
      if (requests.some((one) => one.id === null || byRequest.has(one.id))) {
        return REJECT.invalid(response, 'the id of a request is missing or belongs to one that still runs');
      }
      if (requests.length === 0) {
        response.writeHead(202);
        response.end();
      } else {
        lastStream += 1;
        const { accept } = request.headers;
        const stream = makeStream(
          lastStream,
          null,
          accepts(accept, 'application/json'),
          accepts(accept, 'text/event-stream'),
          messages.length > 1,
        );
        streams.set(stream.number, stream);
        attach(stream, response);
        for (const one of requests) {
          if (one.id === null) continue;
          stream.pending.add(one.id);
          byRequest.set(one.id, stream);
          started.set(one.id, { method: one.method ?? '', at: now() });
          if (one.method === 'initialize') initializeId = one.id;
        }
        // Since 2025-11-25 a client that loses its connection in the middle of a call can take it up again, from this event on.
        if (stream.events && isPrimed()) toEvents(stream);
      }
      for (const one of messages) {
        metrics.bytes('in', one.bytes.length);
        upstream.send(one);
      }
    },
    get(request, response) {
      hear(request);
      const header = request.headers['last-event-id'];
      const last = typeof header === 'string' ? readEventId(header) : null;
      const missed = last === null ? null : log.after(last.stream, last.number);
      if (last !== null && last.stream !== OWN && last.stream <= lastStream && missed !== null) {
        const stream = streams.get(last.stream);
        // The client says that it is no longer on the old connection, whatever we know of it.
        stream?.response?.destroy();
        const resumed = stream ?? { ...makeStream(last.stream, null, false, true, false), mode: 'events' as const };
        startEvents(response, headers);
        attach(resumed, response);
        replay(resumed, missed);
        if (stream === undefined) response.end();
        return;
      }
      if (own.response !== null && last === null) return REJECT.http(response, 409, 'Conflict: Only one SSE stream is allowed per session');
      own.response?.destroy();
      startEvents(response, headers);
      attach(own, response);
      const from = last?.stream === OWN ? last.number : ownSent;
      const events = log.after(OWN, from) ?? log.after(OWN, ownSent) ?? [];
      const missedOnes = events.filter(({ data }) => data.length > 0);
      replay(own, missedOnes);
      if (missedOnes.length === 0) prime(own);
    },
    end,
    sweep(time) {
      if (ending !== null) return;
      for (const stream of [own, ...streams.values()]) {
        const { response } = stream;
        if (response === null) continue;
        if (stream.mode === 'undecided') {
          if (stream.events && time - stream.openedAt > PATIENT_MS) toEvents(stream);
        } else if (time - stream.writtenAt > KEEP_ALIVE_MS) {
          response.write(': keep-alive\n\n');
          stream.writtenAt = time;
        }
      }
      if (!isOpen() && time - activeAt > idleMs) void end('idle');
    },
  };
}
