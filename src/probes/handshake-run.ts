import type { AnswerMeaning, Exchange, Handshake, Route } from '../model/evidence.ts';
import type { Channel, ChannelRoute } from '../system/http.ts';
import { isRecord } from '../wire/json-rpc.ts';
import type { McpRequest } from '../wire/requests.ts';
import type { FullExchange, SendOptions } from './exchange.ts';

export interface HandshakeOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly route: ChannelRoute;
  /** How the route is shown. */
  readonly shownRoute: Route;
  /** The configured transport; null tries Streamable HTTP, then HTTP+SSE. */
  readonly transport: 'http' | 'sse' | null;
  readonly ca?: readonly string[] | undefined;
  /** How long the whole handshake may take, in milliseconds. */
  readonly answerMs: number;
  /** False where only "is this MCP?" is asked. */
  readonly tools?: boolean;
  /** From here on the answer is too late for the client, in milliseconds: the tools are not asked for any more. */
  readonly lateAfterMs?: number;
  /**
   * Asked once before more than the universal probe is sent, with its answer, or null while there is none yet. Where it says
   * no, the probe is all: so a server can be asked again and again without a session ever coming into being.
   */
  readonly mayGoOn?: (probe: Exchange | null) => boolean;
  readonly signal: AbortSignal;
}

/** Everything the steps of one handshake share. */
export interface HandshakeRun {
  readonly options: HandshakeOptions;
  readonly channel: Channel;
  /** Where requests go now: the configured URL, or where it redirects to on the same origin. */
  url: URL;
  /** What was asked and answered, the deciding exchange last. */
  readonly exchanges: FullExchange[];
  /** URLs redirected through, shown form. */
  readonly redirects: string[];
  /** See {@link Handshake.stream}. */
  stream: Exchange | null;
  /** Sends a request and records the exchange. */
  send(request: McpRequest): Promise<FullExchange>;
  /** Sends a request whose exchange is recorded only if it turns out to decide. */
  sendAside(request: McpRequest): Promise<FullExchange>;
  /** What a request is sent with, now. */
  sending(): SendOptions;
  /** The session of an initialize result lives on until the end, under this protocol version. */
  holdSession(session: string, version: string): void;
  /** The server's handshake answer is there. */
  markReady(): void;
  /** What is left of the handshake's time, in milliseconds; at least 1. */
  remainingMs(): number;
  /** Whether the tools are worth asking for. */
  wantsTools(): boolean;
}

/** How a transport's part of the handshake ended. */
export interface Finish {
  readonly transport: 'http' | 'sse';
  readonly result: Handshake['result'];
}

/** The result for an exchange that ended the handshake without success. */
export function unfinished(last: FullExchange | undefined): Handshake['result'] {
  return last?.shown.answer ? { kind: 'answered', server: null } : { kind: 'broken', server: null };
}

interface Reading {
  readonly meaning?: AnswerMeaning;
  readonly offered?: readonly string[];
}

/** Replaces a recorded exchange by a better reading of it, and makes it the deciding one. */
export function decide(run: HandshakeRun, exchange: FullExchange, reading: Reading = {}): FullExchange {
  const { meaning = exchange.shown.meaning, offered = exchange.offered } = reading;
  const decided = { ...exchange, offered, shown: { ...exchange.shown, meaning } };
  const at = run.exchanges.indexOf(exchange);
  if (at >= 0) run.exchanges.splice(at, 1);
  run.exchanges.push(decided);
  return decided;
}

/** Whether an exchange failed in a way that ends the handshake: no answer, or one that refuses. */
export function isRefused({ shown }: FullExchange): boolean {
  return shown.answer === null || (shown.meaning !== 'result' && shown.answer.status >= 400);
}

/** Name and version of a handshake result (since 2026-07-28 in its `_meta`), both null where the server did not say. */
export function serverInfo(result: unknown): { name: string | null; version: string | null } {
  const meta = isRecord(result) ? result['_meta'] : undefined;
  const info =
    (isRecord(meta) ? meta['io.modelcontextprotocol/serverInfo'] : undefined) ?? (isRecord(result) ? result['serverInfo'] : undefined);
  const text = (key: string) => (isRecord(info) && typeof info[key] === 'string' ? info[key].slice(0, 100) : null);
  return { name: text('name'), version: text('version') };
}

/** Whether the server said that it has tools at all. */
export function offersTools(result: unknown): boolean {
  const capabilities = isRecord(result) ? result['capabilities'] : undefined;
  return isRecord(capabilities) && capabilities['tools'] !== undefined;
}
