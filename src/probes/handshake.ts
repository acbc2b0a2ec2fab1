/**
 * A whole MCP handshake over one route: first the universal probe, then what its answer calls for, then the tools.
 * Every session that comes into being is ended again; no answer is taken as proof of MCP but a JSON-RPC result.
 */
import { HEDGE_MS, SESSION_END_MS, SSE_FIRST_EVENT_MS } from '../facts/budgets.ts';
import { MODERN_REVISIONS } from '../facts/revisions.ts';
import type { AnswerMeaning, Handshake } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import { now, within } from '../system/clock.ts';
import { openChannel } from '../system/http.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { discoverRequest, endSessionHeaders, initializedNotification, initializeRequest } from '../wire/requests.ts';
import { readAuthorization } from './authorization.ts';
import { exchange, type FullExchange, madeUpSession } from './exchange.ts';
import { type Finish, type HandshakeOptions, type HandshakeRun, offersTools, serverInfo, unfinished } from './handshake-run.ts';
import { attemptSse } from './sse-handshake.ts';
import { listTools, type ToolsResult } from './tools.ts';

/** How often a same-origin 307 or 308 is followed, as the official clients do. */
const MOST_REDIRECTS = 5;

/** Answers after which another kind of request would be answered the same. */
const FINAL: ReadonlySet<AnswerMeaning> = new Set([
  'auth-required',
  'forbidden',
  'host-rejected',
  'origin-rejected',
  'proxy-auth',
  'throttled',
  'gateway-error',
  'redirect',
]);

/** Answers that an HTTP+SSE server gives to a POST on its stream's address. */
const MAYBE_SSE: ReadonlySet<AnswerMeaning> = new Set(['not-found', 'method-not-allowed', 'bad-request', 'unusable', 'server-error']);

/** Attempts the handshake; never throws for anything the network or the server does. */
export async function attemptHandshake(options: HandshakeOptions): Promise<Handshake> {
  const started = now();
  const channel = openChannel({ origin: options.url, route: options.route, ca: options.ca });
  const redirects: string[] = [];
  const run: HandshakeRun = {
    options,
    channel,
    url: options.url,
    exchanges: [],
    sessions: new Map(),
    remainingMs: () => Math.max(1, options.answerMs - (now() - started)),
    wantsTools: () => options.tools !== false && now() - started < (options.lateAfterMs ?? Number.POSITIVE_INFINITY),
    async send(request) {
      const full = await exchange(request, {
        channel,
        url: run.url,
        display: maskUrl(run.url),
        headers: options.headers,
        timeoutMs: run.remainingMs(),
        signal: options.signal,
      });
      run.exchanges.push(full);
      if (full.session !== null) run.sessions.set(full.session, null);
      return full;
    },
  };
  let finish: Finish;
  let authorization: Handshake['authorization'] = null;
  let sessionEnded = true;
  try {
    finish = options.transport === 'sse' ? await attemptSse(run, run.remainingMs()) : await attemptStreamable(run, redirects);
    const last = run.exchanges.at(-1);
    if (last?.shown.meaning === 'auth-required') authorization = await readAuthorization(run, last);
    sessionEnded = await endSessions(run);
  } finally {
    channel.close();
  }
  return {
    route: options.shownRoute,
    url: maskUrl(run.url),
    transport: finish.transport,
    result: finish.result,
    exchanges: run.exchanges.map(({ shown }) => shown),
    redirects,
    sessionEnded,
    offeredVersions: [...new Set(run.exchanges.flatMap(({ offered }) => offered))],
    authorization,
    ms: now() - started,
  };
}

async function attemptStreamable(run: HandshakeRun, redirects: string[]): Promise<Finish> {
  const session = madeUpSession();
  let discovered = await discover(run, session);
  while (follow(run, discovered, redirects)) discovered = await discover(run, session);
  if (discovered.shown.request === 'initialize') return finishLegacy(run, discovered);

  const meaning = discovered.shown.meaning;
  if (meaning === null || FINAL.has(meaning)) return { transport: 'http', result: unfinished(discovered) };
  const version = modernVersion(discovered);
  if (version !== null) return finishModern(run, discovered, version);
  if (meaning === 'other-modern-version' && !discovered.offered.some(isLegacy)) {
    const common = discovered.offered.find((one) => (MODERN_REVISIONS as readonly string[]).includes(one));
    const again = common === undefined ? null : await run.send(discoverRequest(session, common));
    const agreed = again === null ? null : modernVersion(again);
    if (again !== null && agreed !== null) return finishModern(run, again, agreed);
    return { transport: 'http', result: unfinished(again ?? discovered) };
  }
  const initialized = isWebPage(discovered) ? null : await run.send(initializeRequest());
  if (initialized?.shown.meaning === 'result') return finishLegacy(run, initialized);
  const last = initialized ?? discovered;
  if (run.options.transport === null && last.shown.meaning !== null && MAYBE_SSE.has(last.shown.meaning)) {
    const before = run.exchanges.length;
    const sse = await attemptSse(run, SSE_FIRST_EVENT_MS);
    if (sse.result.kind === 'ready' || sse.result.kind === 'tools-failed') return sse;
    // What the POST was told says more than what a GET was told.
    run.exchanges.splice(before);
  }
  return { transport: 'http', result: unfinished(last) };
}

/** Sends the universal probe; when that is not answered soon, the legacy handshake beside it: some old servers ignore methods they do not know. */
async function discover(run: HandshakeRun, session: string): Promise<FullExchange> {
  const discovering = run.send(discoverRequest(session));
  const first = await within(discovering, HEDGE_MS, null, run.options.signal);
  if (first !== null) return first;
  const decided = await firstAnswered([discovering, run.send(initializeRequest())]);
  if (decided === null) return discovering;
  // The order in which answers came is not the order of what was sent: keep the deciding one last.
  const at = run.exchanges.indexOf(decided);
  run.exchanges.push(...run.exchanges.splice(at, 1));
  return decided;
}

/** The first that got an answer; null when none did. */
function firstAnswered(all: readonly Promise<FullExchange>[]): Promise<FullExchange | null> {
  return new Promise((resolve) => {
    let left = all.length;
    for (const one of all) {
      void one.then((full) => {
        left--;
        if (full.shown.answer !== null) resolve(full);
        else if (left === 0) resolve(null);
      });
    }
  });
}

function follow(run: HandshakeRun, { shown, location }: FullExchange, redirects: string[]): boolean {
  const status = shown.answer?.status;
  if ((status !== 307 && status !== 308) || location === null || location.origin !== run.url.origin) return false;
  if (redirects.length >= MOST_REDIRECTS) return false;
  redirects.push(maskUrl(run.url));
  run.url = location;
  return true;
}

/** The version of a modern answer to `server/discover`; null when it is none. */
function modernVersion({ rpc, shown }: FullExchange): string | null {
  if (shown.meaning !== 'result' || !isRecord(rpc?.result)) return null;
  const supported = rpc.result['supportedVersions'];
  if (!Array.isArray(supported)) return null;
  const versions = supported.filter((one) => typeof one === 'string');
  return MODERN_REVISIONS.find((one) => versions.includes(one)) ?? versions[0] ?? null;
}

function isLegacy(version: string): boolean {
  return version < MODERN_REVISIONS.at(-1)!;
}

/** Pages are no MCP server that merely dislikes our first request: nothing more is sent to them. */
function isWebPage({ shown }: FullExchange): boolean {
  const status = shown.answer?.status ?? 0;
  return shown.answer?.body.kind === 'html' && (status < 300 || status === 404 || status === 405);
}

async function finishModern(run: HandshakeRun, discovered: FullExchange, version: string): Promise<Finish> {
  const result = discovered.rpc?.result;
  const server = { ...serverInfo(result), protocol: version, era: 'modern' as const };
  return finishWithTools(run, server, await listTools(run, { era: 'modern', version, session: null }, offersTools(result)));
}

async function finishLegacy(run: HandshakeRun, initialized: FullExchange): Promise<Finish> {
  const result = initialized.rpc?.result;
  const version = isRecord(result) ? result['protocolVersion'] : undefined;
  if (initialized.shown.meaning !== 'result' || typeof version !== 'string') return { transport: 'http', result: unfinished(initialized) };
  if (initialized.session !== null) run.sessions.set(initialized.session, version);
  const server = { ...serverInfo(result), protocol: version, era: 'legacy' as const };
  if (!run.wantsTools()) return { transport: 'http', result: { kind: 'ready', server, tools: null } };
  const told = await run.send(initializedNotification(initialized.session, version));
  if (told.shown.meaning !== 'result' && told.shown.answer !== null && told.shown.answer.status >= 400) {
    return { transport: 'http', result: { kind: 'tools-failed', server } };
  }
  const tools = await listTools(run, { era: 'legacy', version, session: initialized.session }, offersTools(result));
  return finishWithTools(run, server, tools);
}

function finishWithTools(run: HandshakeRun, server: Parameters<typeof ready>[0], tools: ToolsResult): Finish {
  return { transport: 'http', result: tools.kind === 'failed' ? { kind: 'tools-failed', server } : ready(server, tools) };
}

type Ready = Extract<Handshake['result'], { kind: 'ready' }>;

function ready(server: Ready['server'], tools: Exclude<ToolsResult, { kind: 'failed' }>): Ready {
  return { kind: 'ready', server, tools: tools.kind === 'listed' ? tools.tools : null };
}

/** Ends every session we were given, even when the run was interrupted; false when a server would not. */
async function endSessions(run: HandshakeRun): Promise<boolean> {
  const ended = await Promise.all(
    [...run.sessions].map(async ([session, version]) => {
      const response = await run.channel.send({
        method: 'DELETE',
        path: `${run.url.pathname}${run.url.search}`,
        headers: { ...endSessionHeaders(session, version), ...run.options.headers },
        body: null,
        timeoutMs: SESSION_END_MS,
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
