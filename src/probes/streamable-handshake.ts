/** The handshake over Streamable HTTP: the universal probe, then per-request metadata or `initialize`, whichever the server speaks. */
import { HEDGE_MS, SSE_FIRST_EVENT_MS } from '../facts/budgets.ts';
import { isKnownRevision, MODERN_REVISIONS } from '../facts/revisions.ts';
import type { AnswerMeaning, Handshake } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import { within } from '../system/clock.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { discoverRequest, initializedNotification, initializeRequest } from '../wire/requests.ts';
import { type FullExchange, madeUpSession } from './exchange.ts';
import { decide, type Finish, type HandshakeRun, isRefused, offersTools, serverInfo, unfinished } from './handshake-run.ts';
import { attemptSse } from './sse-handshake.ts';
import { listTools, type ToolsResult } from './tools.ts';

/** How often a same-origin 307 or 308 is followed, as the official clients do. */
const MOST_REDIRECTS = 5;

/** A stream may take this many times as long as the slowest answer before. */
const STREAM_FACTOR = 3;

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

export async function attemptStreamable(run: HandshakeRun): Promise<Finish> {
  const session = madeUpSession();
  let opening = await open(run, session);
  while (follow(run, opening.discovered)) opening = await open(run, session);
  const { discovered } = opening;
  const { meaning } = discovered.shown;
  if (meaning !== null && FINAL.has(meaning)) return end(discovered);
  if (!opening.hedged && run.options.mayGoOn?.(discovered.shown) === false) return end(discovered);

  const supported = supportedVersions(discovered);
  if (supported !== null && !supported.some(isLegacy)) return finishModern(run, discovered, supported);
  if (meaning === 'other-modern-version' && discovered.offered.length > 0 && !discovered.offered.some(isLegacy)) {
    const common = MODERN_REVISIONS.find((one) => discovered.offered.includes(one));
    const again = common === undefined ? discovered : await run.send(discoverRequest(session, common));
    const agreed = supportedVersions(again);
    return agreed === null ? end(again) : finishModern(run, again, agreed);
  }

  const initialized = await opening.initialize();
  if (initialized === null) return await tryStream(run, discovered);
  run.exchanges.push(initialized);
  if (initialized.shown.meaning === 'result') return finishLegacy(run, initialized);
  // A modern server that dislikes our request says so only to the modern request; to `initialize` it says no on principle.
  const modern = initialized.shown.meaning === 'other-modern-version' && meaning === 'modern-request-fault';
  return tryStream(run, modern ? decide(run, discovered) : initialized);
}

function end(last: FullExchange): Finish {
  return { transport: 'http', result: unfinished(last) };
}

interface Opening {
  readonly discovered: FullExchange;
  /** Whether `initialize` was sent already. */
  readonly hedged: boolean;
  /** The answer to `initialize`, sent now unless it was sent already; null when it is not worth sending. */
  initialize(): Promise<FullExchange | null>;
}

/** Sends the universal probe; when that is not answered soon, the legacy handshake beside it: some old servers ignore methods they do not know. */
async function open(run: HandshakeRun, session: string): Promise<Opening> {
  const discovering = run.sendAside(discoverRequest(session));
  let soon = await within(discovering, HEDGE_MS, null, run.options.signal);
  if (soon === null && run.options.mayGoOn?.(null) === false) soon = await discovering;
  if (soon !== null) {
    run.exchanges.push(soon);
    const worthwhile = soon.shown.answer === null ? isCut(soon) : !isWebPage(soon);
    return { discovered: soon, hedged: false, initialize: async () => (worthwhile ? run.sendAside(initializeRequest()) : null) };
  }
  const initializing = run.sendAside(initializeRequest());
  const first = await Promise.race([discovering, initializing.then((full) => (decidesAlone(full) ? full : discovering))]);
  if (first.shown.request === 'initialize' && first.shown.meaning !== 'result') {
    run.exchanges.push(first);
    return { discovered: first, hedged: true, initialize: async () => null };
  }
  // The probe is still on its way while `initialize` was answered well: it counts as unanswered.
  const discovered = first.shown.request === 'initialize' ? unanswered(first) : first;
  if (discovered === first) run.exchanges.push(first);
  return { discovered, hedged: true, initialize: () => initializing };
}

/** Stands for a universal probe that nobody waits for any more. */
function unanswered({ shown }: FullExchange): FullExchange {
  return {
    shown: { request: 'server/discover', url: shown.url, answer: null, failure: null, meaning: null },
    rpc: null,
    session: null,
    location: null,
    offered: [],
  };
}

/** Whether an answer to `initialize` makes waiting for the universal probe needless: it is good, or every request would get it. */
function decidesAlone({ shown: { meaning } }: FullExchange): boolean {
  return meaning === 'result' || (meaning !== null && FINAL.has(meaning));
}

/** A connection that was cut instead of answered: the server may have stumbled over a method it does not know. */
function isCut({ shown: { failure } }: FullExchange): boolean {
  return failure?.stage === 'head' && (failure.reason === 'closed' || failure.reason === 'reset');
}

function follow(run: HandshakeRun, { shown, location }: FullExchange): boolean {
  const status = shown.answer?.status;
  if ((status !== 307 && status !== 308) || location === null || location.origin !== run.url.origin) return false;
  if (run.redirects.length >= MOST_REDIRECTS) return false;
  run.redirects.push(maskUrl(run.url));
  run.url = location;
  return true;
}

/** The versions in a modern answer to `server/discover`; null when it is none. */
function supportedVersions({ rpc, shown }: FullExchange): readonly string[] | null {
  if (shown.meaning !== 'result' || !isRecord(rpc?.result)) return null;
  const supported = rpc.result['supportedVersions'];
  return Array.isArray(supported) ? supported.filter((one) => typeof one === 'string') : null;
}

function isLegacy(version: string): boolean {
  return version < MODERN_REVISIONS.at(-1)!;
}

/** Pages are no MCP server that merely dislikes our first request: nothing more is posted to them. */
function isWebPage({ shown }: FullExchange): boolean {
  const status = shown.answer?.status ?? 0;
  return shown.answer?.body.kind === 'html' && (status < 300 || status === 404 || status === 405);
}

/** For an address without a type: the older event stream on the same URL, where the answer to the POST leaves room for it. */
async function tryStream(run: HandshakeRun, last: FullExchange): Promise<Finish> {
  const { meaning } = last.shown;
  if (run.options.transport !== null || meaning === null || !MAYBE_SSE.has(meaning)) return end(last);
  const before = run.exchanges.length;
  const slowest = Math.max(...run.exchanges.map(({ shown }) => shown.answer?.headMs ?? 0));
  const finish = await attemptSse(run, Math.max(SSE_FIRST_EVENT_MS, STREAM_FACTOR * slowest));
  const asked = run.exchanges.slice(before);
  const opened = asked.some(
    ({ shown }) => shown.request === 'sse' && (shown.meaning === 'result' || FINAL.has(shown.meaning ?? 'unusable')),
  );
  if (opened) return finish;
  // What the POST was told says more than what a GET was told.
  run.exchanges.splice(before);
  run.stream = asked.at(-1)?.shown ?? null;
  return end(last);
}

async function finishModern(run: HandshakeRun, discovered: FullExchange, supported: readonly string[]): Promise<Finish> {
  const version = MODERN_REVISIONS.find((one) => supported.includes(one));
  if (version === undefined) return refuseVersion(run, discovered, supported);
  run.markReady();
  const result = discovered.rpc?.result;
  const server = { ...serverInfo(result), protocol: version, era: 'modern' as const };
  return finishWithTools(server, await listTools(run, { era: 'modern', version, session: null }, offersTools(result)));
}

async function finishLegacy(run: HandshakeRun, initialized: FullExchange): Promise<Finish> {
  const result = initialized.rpc?.result;
  const version = isRecord(result) ? result['protocolVersion'] : undefined;
  if (typeof version !== 'string') return end(decide(run, initialized, { meaning: 'unusable' }));
  if (initialized.session !== null) run.holdSession(initialized.session, version);
  if (!isKnownRevision(version)) return refuseVersion(run, initialized, [version]);
  run.markReady();
  const server = { ...serverInfo(result), protocol: version, era: 'legacy' as const };
  if (!run.wantsTools()) return { transport: 'http', result: { kind: 'ready', server, tools: null } };
  const told = await run.send(initializedNotification(initialized.session, version));
  if (isRefused(told)) return { transport: 'http', result: { kind: 'tools-failed', server } };
  const tools = await listTools(run, { era: 'legacy', version, session: initialized.session }, offersTools(result));
  return finishWithTools(server, tools);
}

/** A good result in a revision that no client knows is refused by every client, so also here. */
function refuseVersion(run: HandshakeRun, answered: FullExchange, versions: readonly string[]): Finish {
  return end(decide(run, answered, { meaning: 'version-unsupported', offered: versions }));
}

type Ready = Extract<Handshake['result'], { kind: 'ready' }>;

function finishWithTools(server: Ready['server'], tools: ToolsResult): Finish {
  const result =
    tools.kind === 'failed'
      ? { kind: 'tools-failed' as const, server }
      : { kind: 'ready' as const, server, tools: tools.kind === 'listed' ? tools.tools : null };
  return { transport: 'http', result };
}
