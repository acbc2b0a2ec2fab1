/**
 * A whole MCP handshake over one route: first the universal probe, then what its answer calls for, then the tools.
 * Every session that comes into being is ended again; no answer is taken as proof of MCP but a JSON-RPC result.
 */
import { SESSION_END_MS } from '../facts/budgets.ts';
import type { Handshake } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import { now, within } from '../system/clock.ts';
import { openChannel } from '../system/http.ts';
import { endSessionHeaders, type McpRequest } from '../wire/requests.ts';
import { readAuthorization } from './authorization.ts';
import { exchange, type FullExchange } from './exchange.ts';
import type { Finish, HandshakeOptions, HandshakeRun } from './handshake-run.ts';
import { attemptSse } from './sse-handshake.ts';
import { attemptStreamable } from './streamable-handshake.ts';

/** A server that is slow to answer is as slow to end a session: it gets this many times its slowest answer. */
const END_FACTOR = 2;

/** Attempts the handshake; never throws for anything the network or the server does. */
export async function attemptHandshake(options: HandshakeOptions): Promise<Handshake> {
  const started = now();
  const channel = openChannel({ origin: options.url, route: options.route, ca: options.ca });
  const sessions = new Map<string, string | null>();
  const asides = new Set<Promise<FullExchange>>();
  let readyMs: number | null = null;

  async function send(request: McpRequest): Promise<FullExchange> {
    const full = await exchange(request, run.sending());
    if (full.session !== null && !sessions.has(full.session)) sessions.set(full.session, null);
    return full;
  }

  const run: HandshakeRun = {
    options,
    channel,
    url: options.url,
    exchanges: [],
    redirects: [],
    stream: null,
    sending: () => ({
      channel,
      url: run.url,
      display: maskUrl(run.url),
      headers: options.headers,
      timeoutMs: run.remainingMs(),
      signal: options.signal,
    }),
    async send(request) {
      const full = await send(request);
      run.exchanges.push(full);
      return full;
    },
    sendAside(request) {
      const sent = send(request);
      asides.add(sent);
      return sent;
    },
    holdSession: (session, version) => void sessions.set(session, version),
    markReady: () => void (readyMs ??= now() - started),
    remainingMs: () => Math.max(1, options.answerMs - (now() - started)),
    wantsTools: () => options.tools !== false && now() - started < (options.lateAfterMs ?? Number.POSITIVE_INFINITY),
  };

  let finish: Finish;
  let authorization: Handshake['authorization'] = null;
  let sessionEnded = true;
  try {
    finish = options.transport === 'sse' ? await attemptSse(run) : await attemptStreamable(run);
    const last = run.exchanges.at(-1);
    if (last?.shown.meaning === 'auth-required') authorization = await readAuthorization(run, last);
    // A request that was overtaken may still be handed a session.
    const slowest = Math.max(0, ...run.exchanges.map(({ shown }) => shown.answer?.headMs ?? 0));
    const endMs = Math.max(SESSION_END_MS, END_FACTOR * slowest);
    await within(Promise.all(asides), endMs, null);
    sessionEnded = await endSessions(run, sessions, endMs);
  } finally {
    channel.close();
  }
  return {
    route: options.shownRoute,
    url: maskUrl(run.url),
    transport: finish.transport,
    result: finish.result,
    exchanges: run.exchanges.map(({ shown }) => shown),
    redirects: run.redirects,
    stream: run.stream,
    sessionEnded,
    offeredVersions: [...new Set(run.exchanges.flatMap(({ offered }) => offered))],
    authorization,
    readyMs,
    ms: now() - started,
  };
}

/** Ends every session we were given, even when the run was interrupted; false when a server would not. */
async function endSessions(
  { channel, url, options }: HandshakeRun,
  sessions: ReadonlyMap<string, string | null>,
  timeoutMs: number,
): Promise<boolean> {
  const ended = await Promise.all(
    [...sessions].map(async ([session, version]) => {
      const response = await channel.send({
        method: 'DELETE',
        path: `${url.pathname}${url.search}`,
        headers: { ...endSessionHeaders(session, version), ...options.headers },
        body: null,
        timeoutMs,
        // Not the run's own signal: an interrupted diagnosis must not leave a session behind either.
        signal: new AbortController().signal,
      });
      if (response.kind === 'failure') return false;
      response.close();
      // 404: the server has forgotten it already, or handed it out without keeping it.
      return response.status < 300 || response.status === 404;
    }),
  );
  return ended.every(Boolean);
}
