/**
 * HTTP as the prober needs it: over a route that is decided beforehand (one address, or a proxy), with its own time
 * for every stage and every failure as a value. Node's `fetch` hides all three, so this stands on node:http.
 */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { TCP_OUTCOMES } from '../facts/errno.ts';
import type { ExchangeFailure } from '../model/evidence.ts';
import { after, now } from './clock.ts';

/** Loaded when the first secure target needs them: together they take as long as everything else here. */
const https = () => process.getBuiltinModule('node:https');
const tls = () => process.getBuiltinModule('node:tls');

/** The way to one origin. */
export type ChannelRoute =
  | { readonly kind: 'direct'; readonly address: string }
  /** `url` with credentials; `address` is where the proxy itself is dialled; `tunnel` asks for CONNECT even to a plain target. */
  | { readonly kind: 'proxy'; readonly url: URL; readonly address: string; readonly tunnel: boolean };

export interface ChannelOptions {
  /** Scheme, host and port of the target; only requests to this origin are sent. */
  readonly origin: URL;
  readonly route: ChannelRoute;
  /** Trusted roots in PEM, instead of Node's own; undefined keeps those. */
  readonly ca?: readonly string[] | undefined;
  /**
   * Whether a request is sent once more when the server closed a kept-alive connection under it; default: yes. Not for requests
   * that must not run twice: the server may have read them. Idle connections are then closed before most servers do it.
   */
  readonly resendStale?: boolean;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** For the whole exchange, reading included; null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly headMs: number;
  /** The body as it arrives; ends with the failure that cut it short, or null when it was complete. */
  read(onChunk: (chunk: Buffer) => 'more' | 'enough'): Promise<ExchangeFailure | null>;
  /** Stops, and goes on, reading the body. */
  pause(): void;
  resume(): void;
  /** Gives the connection up. */
  close(): void;
}

/** TCP asks a silent peer after so long whether it is still there, in milliseconds; a vanished one is noticed ten seconds later. */
const TCP_KEEP_ALIVE_MS = 5_000;

/** Node's and uvicorn's servers close an idle connection after 5 s; one of ours is closed before, in milliseconds. */
const IDLE_MS = 4_000;

/** Requests to one origin over one route; they share a connection where the server keeps it open. */
export interface Channel {
  send(request: HttpRequest): Promise<HttpResponse | ({ readonly kind: 'failure' } & ExchangeFailure)>;
  /** Closes every connection of this channel. */
  close(): void;
}

type Failure = { readonly kind: 'failure' } & ExchangeFailure;

export function openChannel(options: ChannelOptions): Channel {
  const { origin, route } = options;
  const secure = origin.protocol === 'https:';
  const tunnel = route.kind === 'proxy' && (secure || route.tunnel);
  const Agent = secure ? https().Agent : HttpAgent;
  const { resendStale = true } = options;
  const agent = tunnel
    ? null
    : new Agent({ keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS, ...(resendStale ? {} : { timeout: IDLE_MS }) });
  const open = new Set<ClientRequest>();

  /** Options of node:http for a request on this channel; `socket` is the finished tunnel of a CONNECT. */
  function requestOptions(request: HttpRequest, socket: Socket | null): RequestOptions {
    const absolute = route.kind === 'proxy' && !tunnel;
    const dialled =
      route.kind === 'direct' ? { host: route.address, port: portOf(origin) } : { host: route.address, port: portOf(route.url) };
    return {
      ...dialled,
      method: request.method,
      path: absolute ? `${origin.origin}${request.path}` : request.path,
      headers: {
        host: origin.host,
        ...(absolute ? proxyAuthorization(route.url) : {}),
        ...request.headers,
        ...(request.body === null ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
      ...(secure ? tlsOptions(options) : {}),
      // `agent: false` would make an agent of its own, which dials by itself.
      ...(socket === null ? { agent: agent as HttpAgent } : { createConnection: () => socket }),
    };
  }

  async function send(request: HttpRequest): Promise<HttpResponse | Failure> {
    const started = now();
    const opened = tunnel && route.kind === 'proxy' ? await openTunnel(options, route, request) : null;
    if (opened !== null && opened.kind === 'failure') return opened;
    return new Promise((resolve) => {
      // What to call a failure: the furthest stage that was reached.
      let stage: ExchangeFailure['stage'] = opened === null ? 'connect' : 'send';
      let ended: ExchangeFailure['reason'] | null = null;
      const outgoing = (secure ? https().request : httpRequest)(requestOptions(request, opened?.socket ?? null));
      open.add(outgoing);
      const end = (reason: ExchangeFailure['reason']) => {
        ended ??= reason;
        outgoing.destroy();
      };
      const cancelTimer = request.timeoutMs === null ? () => {} : after(Math.max(1, request.timeoutMs), () => end('timed-out'));
      const abort = () => end('cancelled');
      request.signal.addEventListener('abort', abort, { once: true });
      const release = () => {
        cancelTimer();
        request.signal.removeEventListener('abort', abort);
        open.delete(outgoing);
      };
      const failure = (error: NodeJS.ErrnoException | null, head: ExchangeFailure['head']): Failure => ({
        kind: 'failure',
        ...describe(error, stage, ended),
        head,
        ms: now() - started,
      });

      outgoing.on('socket', (socket) => {
        if (!socket.connecting) {
          stage = 'send';
          return;
        }
        // Only on a fresh connection: one that is used again would collect listeners, and every request with them.
        socket.once('connect', () => (stage = secure ? 'tls' : 'send'));
        if (secure) socket.once('secureConnect', () => (stage = 'send'));
      });
      outgoing.once('finish', () => {
        if (stage === 'send') stage = 'head';
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        release();
        // A kept-alive connection that the server closed in the meantime says nothing about the server: once more, freshly.
        const stale = resendStale && outgoing.reusedSocket && ended === null && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        resolve(stale ? send(request) : failure(error, null));
      });
      outgoing.once('response', (incoming: IncomingMessage) => {
        stage = 'body';
        const head = { status: incoming.statusCode ?? 0, headers: {} };
        resolve({
          kind: 'response',
          status: head.status,
          headers: incoming.headers,
          headMs: now() - started,
          read: (onChunk) =>
            new Promise((done) => {
              const finish = (result: ExchangeFailure | null) => {
                release();
                done(result);
              };
              incoming.on('data', (chunk: Buffer) => {
                if (onChunk(chunk) === 'more') return;
                incoming.removeAllListeners('data');
                outgoing.destroy();
                finish(null);
              });
              incoming.once('end', () => finish(null));
              incoming.once('error', (error: NodeJS.ErrnoException) => finish(failure(error, head)));
              incoming.once('close', () => finish(incoming.complete ? null : failure(null, head)));
            }),
          pause: () => void incoming.pause(),
          resume: () => void incoming.resume(),
          close() {
            release();
            incoming.on('error', () => {});
            outgoing.destroy();
          },
        });
      });
      if (request.signal.aborted) abort();
      outgoing.end(request.body ?? undefined);
    });
  }

  return {
    send,
    close() {
      for (const one of open) one.destroy();
      agent?.destroy();
    },
  };
}

/** TLS options that verify against the origin's name whatever address is dialled. */
function tlsOptions({ origin, ca }: ChannelOptions): object {
  const host = bareHost(origin);
  return {
    ...(isName(host) ? { servername: host } : { servername: '' }),
    checkServerIdentity: (_dialled: string, certificate: PeerCertificate) => tls().checkServerIdentity(host, certificate),
    ...(ca === undefined ? {} : { ca: [...ca] }),
  };
}

/** For a tunnel when the request itself may take as long as it likes, in milliseconds: proxies answer CONNECT or give up within this. */
const TUNNEL_MS = 30_000;

/** A tunnel through a proxy: CONNECT (RFC 9110, section 9.3.6), then for https TLS to the target inside it. */
function openTunnel(
  options: ChannelOptions,
  route: ChannelRoute & { readonly kind: 'proxy' },
  request: HttpRequest,
): Promise<Failure | { readonly kind: 'tunnel'; readonly socket: Socket }> {
  const started = now();
  const authority = `${options.origin.hostname}:${portOf(options.origin)}`;
  return new Promise((resolve) => {
    let settled = false;
    let secure: Socket | null = null;
    const outgoing = (route.url.protocol === 'https:' ? https().request : httpRequest)({
      host: route.address,
      port: portOf(route.url),
      ...(route.url.protocol === 'https:' && isName(bareHost(route.url)) ? { servername: bareHost(route.url) } : {}),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthorization(route.url) },
      agent: false,
    });
    const settle = (outcome: Failure | { readonly kind: 'tunnel'; readonly socket: Socket }) => {
      if (settled) return;
      settled = true;
      cancelTimer();
      request.signal.removeEventListener('abort', abort);
      if (outcome.kind === 'failure') {
        secure?.destroy();
        outgoing.destroy();
      }
      resolve(outcome);
    };
    const fail = (
      stage: ExchangeFailure['stage'],
      error: NodeJS.ErrnoException | null,
      ended: ExchangeFailure['reason'] | null,
      status: number | null,
      issuer: string | null = null,
    ) =>
      settle({
        kind: 'failure',
        ...describe(error, stage, ended),
        status,
        ...(issuer === null ? {} : { issuer }),
        head: null,
        ms: now() - started,
      });
    const limitMs = request.timeoutMs ?? TUNNEL_MS;
    const cancelTimer = after(Math.max(1, limitMs), () => fail(secure === null ? 'proxy' : 'tls', null, 'timed-out', null));
    const abort = () => fail('proxy', null, 'cancelled', null);
    request.signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail('proxy', error, null, null));
    // A proxy that refuses CONNECT answers like any server; some send that answer as a normal response.
    outgoing.once('response', (incoming) => {
      incoming.resume();
      fail('proxy', null, 'failed', incoming.statusCode ?? null);
    });
    outgoing.once('connect', (incoming, socket) => {
      const status = incoming.statusCode ?? 0;
      if (status !== 200) {
        socket.destroy();
        return fail('proxy', null, 'failed', status);
      }
      if (options.origin.protocol === 'http:') return settle({ kind: 'tunnel', socket });
      // Judged by Node all the same, and refused here: a socket that Node destroys shows no certificate any more.
      const inner = tls().connect({ socket, ...tlsOptions(options), rejectUnauthorized: false }, () => {
        if (inner.authorized) return settle({ kind: 'tunnel', socket: inner });
        // The type says Error; it is the code's name.
        const refused = Object.assign(new Error(), { code: String(inner.authorizationError) });
        fail('tls', refused, null, null, lastIssuer(inner.getPeerCertificate(true)));
      });
      secure = inner;
      inner.on('error', (error: NodeJS.ErrnoException) => fail('tls', error, null, null));
      inner.once('close', () => fail('tls', null, 'closed', null));
    });
    if (request.signal.aborted) abort();
    outgoing.end();
  });
}

/** Who issued the last certificate of a chain, as `CN=…, O=…`. */
function lastIssuer(leaf: DetailedPeerCertificate): string | null {
  let last = leaf;
  for (let next = leaf.issuerCertificate; next !== undefined && next !== last && next.fingerprint256 !== last.fingerprint256; ) {
    last = next;
    next = next.issuerCertificate;
  }
  // Nothing at all when the handshake broke before the certificate.
  if (last.issuer === undefined) return null;
  return Object.entries(last.issuer)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

/** Names a failure by its codes: errno, llhttp's `HPE_…`, OpenSSL's `ERR_SSL_…` and verification codes. */
function describe(
  error: NodeJS.ErrnoException | null,
  stage: ExchangeFailure['stage'],
  ended: ExchangeFailure['reason'] | null,
): Omit<ExchangeFailure, 'ms'> {
  const code = error?.code ?? null;
  const base = { stage, code: ended === null ? code : null, status: null, head: null };
  if (ended !== null) return { ...base, reason: ended };
  if (code === 'HPE_HEADER_OVERFLOW') return { ...base, reason: 'too-large' };
  if (code?.startsWith('HPE_')) return { ...base, reason: 'not-http' };
  // Node reports a connection that ended before an answer as ECONNRESET, but without a system call.
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return { ...base, reason: error?.syscall === undefined ? 'closed' : 'reset' };
  if (code === null) return { ...base, reason: 'closed' };
  const outcome = TCP_OUTCOMES[code];
  if (outcome === 'refused' || outcome === 'unreachable') return { ...base, reason: outcome };
  return { ...base, reason: outcome === 'timed-out' ? 'timed-out' : 'failed' };
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '' && proxy.password === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** The port that is dialled, with the scheme's default. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/** The host without the brackets of an IPv6 literal. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** RFC 6066 allows names only in SNI: no IP literal. */
function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}
