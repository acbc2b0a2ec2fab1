/** The MCP handshake over standard streams (basic/transports, stdio), for servers of both eras. */
import { LEGACY_REVISIONS, MODERN_REVISIONS, RPC_CODES, isKnownRevision } from '../../facts/revisions.ts';
import type { ServerFacts, ToolsFacts } from '../../model/evidence.ts';
import type { StdioExchange, StdioHandshake } from '../../model/stdio.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import {
  discoverRequest,
  initializedNotification,
  initializeRequest,
  legacyToolsRequest,
  modernToolsRequest,
} from '../../wire/requests.ts';
import { offersTools, serverInfo } from '../handshake-run.ts';
import type { Reply, StdioServer } from './server.ts';

/** More pages than any server has; ends a server whose cursor never does. */
const MOST_PAGES = 100;
const MOST_NAMES = 500;

export interface StdioHandshakeOptions {
  /** For everything, in milliseconds after the start. */
  readonly answerMs: number;
  /** From here on the answer is too late for the client; the tools are not asked for any more. */
  readonly lateAfterMs: number;
}

/** Offers the newest revision with a handshake, as every client does that knows nothing of the server. */
export async function legacyHandshake(server: StdioServer, options: StdioHandshakeOptions): Promise<StdioHandshake> {
  const first = await server.request('initialize', initializeRequest(LEGACY_REVISIONS[0]), options.answerMs);
  const version = isRecord(first.result) ? first.result['protocolVersion'] : undefined;
  if (first.exchange.outcome.kind !== 'result') return unfinished(server, first);
  if (typeof version !== 'string') return unfinished(server, malformed(first));
  if (!isKnownRevision(version)) return { ...unfinished(server, first), unknownVersion: version.slice(0, 40) };
  server.notify(initializedNotification(null, version).body ?? '');
  return finished(server, first, { ...serverInfo(first.result), protocol: version, era: 'legacy' }, options);
}

/** Speaks as clients do since 2026-07-28: no handshake, every request says its revision. */
export async function modernHandshake(server: StdioServer, options: StdioHandshakeOptions): Promise<StdioHandshake> {
  const first = await server.request('server/discover', discoverRequest(''), options.answerMs);
  if (first.exchange.outcome.kind !== 'result') return unfinished(server, first);
  const offered = isRecord(first.result) ? first.result['supportedVersions'] : undefined;
  const versions = Array.isArray(offered) ? offered.filter((one) => typeof one === 'string') : [];
  const version = MODERN_REVISIONS.find((one) => versions.includes(one));
  if (version === undefined)
    return versions.length > 0 ? { ...unfinished(server, first), offeredVersions: versions } : unfinished(server, malformed(first));
  return finished(server, first, { ...serverInfo(first.result), protocol: version, era: 'modern' }, options);
}

/** Whether a refused `initialize` is what a server answers that knows only revisions without it. */
export function asksForModern({ exchanges, offeredVersions }: StdioHandshake): boolean {
  const outcome = exchanges[0]?.outcome;
  if (outcome?.kind !== 'error') return false;
  if (offeredVersions.length > 0) return offeredVersions.some((one) => (MODERN_REVISIONS as readonly string[]).includes(one));
  // A modern server requires _meta of every request, and does not know `initialize`.
  return [RPC_CODES.unsupportedProtocolVersion, RPC_CODES.methodNotFound, RPC_CODES.invalidParams].some(
    (code) => code === outcome.error.code,
  );
}

async function finished(server: StdioServer, first: Reply, facts: ServerFacts, options: StdioHandshakeOptions): Promise<StdioHandshake> {
  const readyMs = server.elapsed();
  const exchanges: StdioExchange[] = [first.exchange];
  const done = (result: StdioHandshake['result']): StdioHandshake => ({
    result,
    exchanges,
    offeredVersions: [],
    unknownVersion: null,
    readyMs,
    ms: server.elapsed(),
  });
  if (!offersTools(first.result) || readyMs > options.lateAfterMs) return done({ kind: 'ready', server: facts, tools: null });
  const tools = await listTools(server, facts, options, exchanges);
  return done(tools === null ? { kind: 'tools-failed', server: facts } : { kind: 'ready', server: facts, tools });
}

/** The whole tool list, page by page; null when a page failed, which is then the last exchange. */
async function listTools(
  server: StdioServer,
  facts: ServerFacts,
  options: StdioHandshakeOptions,
  exchanges: StdioExchange[],
): Promise<ToolsFacts | null> {
  const names: string[] = [];
  const seen = new Set<string>();
  let count = 0;
  let cursor: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const request =
      facts.era === 'modern' ? modernToolsRequest(facts.protocol, page, cursor) : legacyToolsRequest(null, facts.protocol, page, cursor);
    const reply = await server.request('tools/list', request, Math.max(1, options.answerMs - server.elapsed()));
    const list: unknown = isRecord(reply.result) ? reply.result['tools'] : undefined;
    const good = reply.exchange.outcome.kind === 'result' && Array.isArray(list);
    exchanges.push(reply.exchange.outcome.kind === 'result' && !good ? malformed(reply).exchange : reply.exchange);
    if (!good) return null;
    count += list.length;
    for (const tool of list) if (isRecord(tool) && typeof tool['name'] === 'string' && names.length < MOST_NAMES) names.push(tool['name']);
    const next: unknown = isRecord(reply.result) ? reply.result['nextCursor'] : undefined;
    if (typeof next !== 'string' || next === '' || seen.has(next)) break;
    seen.add(next);
    cursor = next;
  }
  return { count, names };
}

function malformed(reply: Reply): Reply {
  return { ...reply, exchange: { ...reply.exchange, outcome: { kind: 'malformed' } } };
}

function unfinished(server: StdioServer, { exchange }: Reply): StdioHandshake {
  return {
    result: { kind: 'failed' },
    exchanges: [exchange],
    offeredVersions: exchange.outcome.kind === 'error' ? offeredIn(exchange.outcome.error.data) : [],
    unknownVersion: null,
    readyMs: null,
    ms: server.elapsed(),
  };
}

function offeredIn(data: unknown): readonly string[] {
  const supported = isRecord(data) ? data['supported'] : undefined;
  return Array.isArray(supported) ? supported.filter((one) => typeof one === 'string').slice(0, 10) : [];
}
