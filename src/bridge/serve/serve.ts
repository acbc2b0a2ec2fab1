/** `mcpreach serve`: an HTTP server in front of a stdio server's processes. */
import { randomUUID } from 'node:crypto';
import { after, now, sleep, within } from '../../system/clock.ts';
import { type HttpServer, type IncomingMessage, type ServerResponse, startHttpServer } from '../../system/http-server.ts';
import { LEGACY_REVISIONS } from '../../facts/revisions.ts';
import { type Envelope, messagesOf, readEnvelope } from '../../wire/envelope.ts';
import type { LinkFailure, OpenLink } from '../links/link.ts';
import { refusalOf, tell } from '../refusal.ts';
import { REJECT, sendJson } from './answer.ts';
import { createEventSession, type EventSession } from './event-transport.ts';
import { createGuard, type GuardOptions } from './guards.ts';
import { createHub } from './hub.ts';
import { createMetrics } from './metrics.ts';
import { createModern } from './modern.ts';
import { createNursery } from './nursery.ts';
import { createReadiness } from './readiness.ts';
import { type ClientSession, createSession } from './session.ts';
import { openOwnChild, type OpenUpstream } from './upstream.ts';

export interface ServeOptions {
  /** Starts one process of the command. */
  readonly open: OpenLink;
  /** One process for all sessions instead of one for each. */
  readonly shared: boolean;
  /** Where Streamable HTTP is. */
  readonly path: string;
  /** Where HTTP+SSE is; null when it is not offered. */
  readonly ssePath: string | null;
  readonly port: number;
  readonly guard: GuardOptions;
  readonly maxSessions: number;
  readonly idleMs: number;
  /** How long `/ready` waits for the child. */
  readonly readyMs: number;
  /** Progress and trouble, one line each. */
  readonly note: (line: string) => void;
}

export type ServeStart =
  | { readonly kind: 'serving'; readonly service: Service }
  | { readonly kind: 'port-taken'; readonly address: string; readonly code: string };

export interface Service {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Resolves when the command turned out to be unable to run, before it ever served. */
  readonly hopeless: Promise<LinkFailure>;
  /** Stops accepting, lets what runs finish for a while, ends all children. */
  close(): Promise<void>;
}

/** What runs may finish within this time when we are told to end; the process is ended after 2 s whatever happens. */
const FINISH_MS = 1_000;
/** The largest body that is read, in bytes. */
const MOST_BODY = 64 * 1024 * 1024;
/** A process of its own is not kept for a client that left; a share of one costs next to nothing. */
const GONE_MS = 2_500;
const SHARED_GONE_MS = 60_000;
const MOST_BATCH = 100;
const SWEEP_MS = 1_000;
const LOOPBACK = ['127.0.0.1', '::1'] as const;
/** The kernel's choice for one family may be taken in the other. */
const PORT_ATTEMPTS = 10;

/** Starts the command and the server, at the same time. */
export async function serve(options: ServeOptions): Promise<ServeStart> {
  const { shared, path, ssePath, maxSessions, idleMs, note } = options;
  const metrics = createMetrics();
  const admit = createGuard(options.guard);
  const sessions = new Map<string, ClientSession>();
  const eventSessions = new Map<string, EventSession>();
  const ends = new Set<Promise<void>>();
  let isClosing = false;
  let tellHopeless: (why: LinkFailure) => void = () => undefined;
  const hopeless = new Promise<LinkFailure>((resolve) => {
    tellHopeless = resolve;
  });
  let hasServed = false;

  const nursery = createNursery(heard(options.open), metrics);
  const onEarlyEnd = (why: LinkFailure) => {
    if (!hasServed || why.code === 'ENOENT' || why.code === 'EACCES') tellHopeless(why);
  };
  const hub = shared ? createHub({ open: nursery.open, metrics, note, onLost: onEarlyEnd }) : null;
  const openUpstream: OpenUpstream = hub === null ? (listener) => openOwnChild(nursery.open, listener) : hub.open;
  const modern = createModern({ open: nursery.open, metrics, note });
  const ready = createReadiness({ open: openUpstream, limitMs: options.readyMs, startsChild: !shared });

  /** Remembers that the command has said something: from then on its end is no failure to start. */
  function heard(open: OpenLink): OpenLink {
    return (listener, signal) =>
      open(
        {
          onMessage(message, of) {
            hasServed = true;
            listener.onMessage(message, of);
          },
          onLost: listener.onLost,
        },
        signal,
      );
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { headers, method = '' } = request;
    const admission = admit({ host: headers.host, origin: headers.origin, authorization: headers.authorization });
    const url = request.url ?? '/';
    const question = url.indexOf('?');
    const at = question < 0 ? url : url.slice(0, question);
    if (admission.kind === 'refused') {
      // Whoever asks for life needs no token: probes of containers have none, and hear nothing but that.
      if (admission.status !== 401 || at !== '/health') {
        metrics.rejected(admission.status);
        return REJECT.http(response, admission.status, admission.message, admission.status === 401 ? { 'www-authenticate': 'Bearer' } : {});
      }
    }
    if (headers.origin !== undefined) allowOrigin(response, headers.origin);
    if (method === 'OPTIONS' && headers.origin !== undefined) {
      response.writeHead(204, { 'access-control-allow-methods': 'GET, POST, DELETE', 'access-control-allow-headers': ALLOWED_HEADERS });
      response.end();
      return;
    }
    if (at === path) return mcp(request, response);
    if (at === '/health') return sendJson(response, 200, Buffer.from('{"status":"ok"}'));
    if (at === '/ready') return void isReady(response);
    if (at === '/metrics') return tellMetrics(response);
    if (ssePath !== null && at === ssePath) return openEvents(request, response);
    if (ssePath !== null && at === `${ssePath}/message`)
      return postEvents(request, response, new URLSearchParams(url.slice(question + 1)).get('sessionId') ?? '');
    metrics.rejected(404);
    REJECT.http(response, 404, `Not found. MCP is at ${path}.`);
  }

  async function isReady(response: ServerResponse): Promise<void> {
    const answer = isClosing ? { ready: false, tools: null, cause: null, summary: 'mcpreach is ending.', ms: 0 } : await ready();
    sendJson(response, answer.ready ? 200 : 503, Buffer.from(JSON.stringify(answer)));
  }

  function tellMetrics(response: ServerResponse): void {
    const body = metrics.render({ sessions: sessions.size + eventSessions.size, children: nursery.count() });
    response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' });
    response.end(body);
  }

  function mcp(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', headers } = request;
    if (method === 'POST') {
      if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
        return turnAway(request, response, 415, 'Unsupported Media Type: Content-Type must be application/json');
      }
      if (!accepted(headers.accept)) {
        return turnAway(request, response, 406, 'Not Acceptable: Client must accept application/json or text/event-stream');
      }
      return readBody(request, response, (body) => post(body, request, response));
    }
    const isModern = (headers['mcp-protocol-version'] ?? '') >= '2026-07-28' && modern.era() !== 'legacy';
    if ((method !== 'GET' && method !== 'DELETE') || isModern) {
      metrics.rejected(405);
      return REJECT.http(response, 405, 'Method not allowed.', { allow: isModern ? 'POST' : 'GET, POST, DELETE' });
    }
    const session = sessionOf(request, response);
    if (session === null) return;
    if (method === 'DELETE') {
      track(session.end('deleted'));
      response.writeHead(200);
      response.end();
      return;
    }
    if (headers.accept !== undefined && !headers.accept.includes('text/event-stream') && !headers.accept.includes('*/*')) {
      return turnAway(request, response, 406, 'Not Acceptable: Client must accept text/event-stream');
    }
    session.get(request, response);
  }

  function turnAway(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
    metrics.rejected(status);
    request.resume();
    REJECT.http(response, status, message);
  }

  /** The session a request names; answers by itself when there is none. */
  function sessionOf(request: IncomingMessage, response: ServerResponse): ClientSession | null {
    const id = request.headers['mcp-session-id'];
    const session = typeof id === 'string' ? sessions.get(id) : undefined;
    const version = request.headers['mcp-protocol-version'];
    if (session !== undefined) {
      if (typeof version !== 'string' || version === session.version() || (LEGACY_REVISIONS as readonly string[]).includes(version))
        return session;
      metrics.rejected(400);
      REJECT.http(
        response,
        400,
        `Bad Request: Unsupported protocol version: ${version.slice(0, 40)} (supported versions: ${LEGACY_REVISIONS.join(', ')})`,
      );
    } else if (typeof id === 'string') {
      metrics.rejected(404);
      REJECT.unknownSession(response);
    } else {
      metrics.rejected(400);
      REJECT.noSession(response);
    }
    return null;
  }

  function post(body: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const message = readEnvelope(body);
    if (message.kind === 'invalid') {
      metrics.rejected(400);
      return isJson(body) ? REJECT.invalid(response, 'the body is no JSON-RPC message') : REJECT.parse(response);
    }
    const id = request.headers['mcp-session-id'];
    if ((typeof id !== 'string' || !sessions.has(id)) && modern.isModern(message, request)) {
      if (isClosing) return ending(message, response);
      return void modern.post(message, request, response);
    }
    if (message.kind === 'request' && message.method === 'initialize' && id === undefined) return initialize(message, request, response);
    const session = sessionOf(request, response);
    if (session === null) return;
    if (message.method === 'initialize') return REJECT.invalid(response, 'Server already initialized');
    if (message.kind !== 'batch') return session.post([message], request, response);
    const messages = messagesOf(message);
    if (session.version() !== '2025-03-26')
      return REJECT.invalid(response, `batches are not part of revision ${session.version() ?? 'unknown'}`);
    if (messages.length === 0 || messages.length > MOST_BATCH) return REJECT.invalid(response, `a batch holds 1 to ${MOST_BATCH} messages`);
    if (messages.some(({ kind, method }) => kind === 'invalid' || kind === 'batch' || method === 'initialize'))
      return REJECT.invalid(response, 'a message of the batch is no JSON-RPC message');
    session.post(messages, request, response);
  }

  function initialize(message: Envelope, request: IncomingMessage, response: ServerResponse): void {
    if (isClosing) return ending(message, response);
    if (isFull()) return full(message, response);
    const session = createSession({
      id: randomUUID(),
      open: openUpstream,
      metrics,
      idleMs,
      goneMs: shared ? SHARED_GONE_MS : GONE_MS,
      onEnd: () => void sessions.delete(session.id),
    });
    sessions.set(session.id, session);
    metrics.sessionOpened();
    session.post([message], request, response);
  }

  function isFull(): boolean {
    return sessions.size + eventSessions.size >= maxSessions;
  }

  function full(message: Envelope | null, response: ServerResponse): void {
    const summary = `All ${maxSessions} sessions of this server are in use.`;
    const remedies = [tell('Wait for a session to end, or start `mcpreach serve` with a larger --max-sessions.')];
    refuse(message, response, { cause: 'rate-limited', summary, remedies });
  }

  function ending(message: Envelope, response: ServerResponse): void {
    refuse(message, response, { cause: 'server-not-running', summary: 'This server is ending.', remedies: [] });
  }

  function refuse(message: Envelope | null, response: ServerResponse, refusal: Parameters<typeof refusalOf>[1]): void {
    metrics.rejected(503);
    const id = message === null || message.idAt === null ? 'null' : message.bytes.toString('utf8', message.idAt.start, message.idAt.end);
    sendJson(response, 503, refusalOf(id, refusal, 'no').bytes, { 'retry-after': '1' });
  }

  function openEvents(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') return turnAway(request, response, 405, 'Method not allowed.');
    if (isFull()) return full(null, response);
    const id = randomUUID();
    const session = createEventSession({
      id,
      open: openUpstream,
      metrics,
      response,
      endpoint: `${ssePath}/message?sessionId=${id}`,
      onEnd: () => void eventSessions.delete(id),
    });
    eventSessions.set(id, session);
    metrics.sessionOpened();
  }

  function postEvents(request: IncomingMessage, response: ServerResponse, id: string): void {
    const session = eventSessions.get(id);
    if (request.method !== 'POST') return turnAway(request, response, 405, 'Method not allowed.');
    if (session === undefined) return turnAway(request, response, 404, 'Session not found');
    readBody(request, response, (body) => {
      const message = readEnvelope(body);
      if (message.kind === 'invalid' || message.kind === 'batch') return REJECT.parse(response);
      session.post(message, response);
    });
  }

  function track(end: Promise<void>): void {
    ends.add(end);
    void end.then(() => ends.delete(end));
  }

  let cancelSweep: () => void = () => undefined;
  function sweep(): void {
    const time = now();
    for (const session of sessions.values()) session.sweep(time);
    for (const session of eventSessions.values()) session.sweep(time);
    modern.sweep(time);
    hub?.mux.sweep(time);
    cancelSweep = after(SWEEP_MS, sweep);
  }

  async function close(servers: readonly HttpServer[]): Promise<void> {
    isClosing = true;
    cancelSweep();
    for (const server of servers) server.stopAccepting();
    const started = now();
    const all = [...sessions.values(), ...eventSessions.values()];
    const isBusy = () => modern.running() > 0 || all.some((session) => session.running() > 0);
    while (isBusy() && now() - started < FINISH_MS) await sleep(10);
    for (const session of all) track(session.end('shutdown'));
    await Promise.all([...ends, modern.close(), hub?.mux.close(), nursery.close()]);
    await Promise.all(servers.map((server) => server.close()));
  }

  const listening = await listen(options, handle);
  if (listening.kind === 'failed') return { kind: 'port-taken', address: listening.address, code: listening.code };
  // Before the port is ours no command is started: it may do something that only one may do.
  if (hub === null) nursery.prepare(onEarlyEnd);
  else hub.mux.start();
  sweep();
  const { servers } = listening;
  return {
    kind: 'serving',
    service: {
      port: servers[0]?.port ?? options.port,
      addresses: servers.map(({ address }) => address),
      hopeless,
      close: () => within(close(servers), 5_000, undefined),
    },
  };
}

type Listening =
  | { readonly kind: 'listening'; readonly servers: readonly HttpServer[] }
  | { readonly kind: 'failed'; readonly address: string; readonly code: string };

/** Loopback means both families; a family this machine does not have is left out. */
async function listen(
  { guard, port }: ServeOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
  const wanted = guard.host === null ? LOOPBACK : [guard.host];
  for (let attempt = 0; ; attempt += 1) {
    const servers: HttpServer[] = [];
    let failed: { readonly address: string; readonly code: string } | null = null;
    for (const address of wanted) {
      const started = await startHttpServer(address, servers[0]?.port ?? port, handle);
      if (started.kind === 'listening') servers.push(started.server);
      else if (servers.length === 0 || !['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(started.code))
        failed = { address, code: started.code };
    }
    if (failed === null && servers.length > 0) return { kind: 'listening', servers };
    await Promise.all(servers.map((server) => server.close()));
    const why = failed ?? { address: wanted[0] ?? '', code: 'EADDRNOTAVAIL' };
    if (port !== 0 || attempt >= PORT_ATTEMPTS) return { kind: 'failed', ...why };
  }
}

function readBody(request: IncomingMessage, response: ServerResponse, then: (body: Buffer) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BODY) parts.push(chunk);
    else if (!response.headersSent) REJECT.http(response, 413, 'Payload Too Large', { connection: 'close' });
  });
  request.on('end', () => {
    if (size > MOST_BODY) return;
    const [only] = parts;
    then(parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size));
  });
}

function accepted(header: string | undefined): boolean {
  return header === undefined || /application\/json|text\/event-stream|application\/\*|text\/\*|\*\/\*/i.test(header);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

const ALLOWED_HEADERS = 'authorization, content-type, accept, last-event-id, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name';

/** Pages of an allowed origin may read what we answer. */
function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'mcp-session-id, www-authenticate');
  response.setHeader('vary', 'origin');
}
