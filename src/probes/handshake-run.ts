import type { Handshake, Route } from '../model/evidence.ts';
import type { Channel, ChannelRoute } from '../system/http.ts';
import { isRecord } from '../wire/json-rpc.ts';
import type { McpRequest } from '../wire/requests.ts';
import type { FullExchange } from './exchange.ts';

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
  readonly signal: AbortSignal;
}

/** Everything the steps of one handshake share. */
export interface HandshakeRun {
  readonly options: HandshakeOptions;
  readonly channel: Channel;
  url: URL;
  readonly exchanges: FullExchange[];
  /** Sessions handed out to us, to be ended. */
  readonly sessions: Map<string, string | null>;
  send(request: McpRequest): Promise<FullExchange>;
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

/** Name and version of a handshake result, both null where the server did not say. */
export function serverInfo(result: unknown): { name: string | null; version: string | null } {
  const info = isRecord(result) ? result['serverInfo'] : undefined;
  const text = (key: string) => (isRecord(info) && typeof info[key] === 'string' ? info[key].slice(0, 100) : null);
  return { name: text('name'), version: text('version') };
}

/** Whether the server said that it has tools at all. */
export function offersTools(result: unknown): boolean {
  const capabilities = isRecord(result) ? result['capabilities'] : undefined;
  return isRecord(capabilities) && capabilities['tools'] !== undefined;
}
