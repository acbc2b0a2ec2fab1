/** The shape every server of the lab has: a request handler that can be put behind any listener. */
import type { RequestListener } from 'node:http';

export interface App {
  readonly handle: RequestListener;
  /** How many sessions are alive; the doctor must leave none. Absent where there are no sessions. */
  readonly sessions?: () => number;
  readonly close?: () => Promise<void> | void;
}

/** Options of the servers in the catalogue: plain data, so that they fit on a command line. */
export interface AppOptions {
  /** Where MCP is served. Default `/mcp`, for HTTP+SSE `/sse`. */
  readonly path?: string;
  /** A bearer token that every request must carry. */
  readonly token?: string;
  /** Host names that are let in. */
  readonly hosts?: readonly string[];
  /** Milliseconds before each answer. */
  readonly delay?: number;
  /** How many tools it has besides its first, each described at length. Default: none. */
  readonly moreTools?: number;
}

/** The whole body of a request as text. */
export async function readBody(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

/** The path of a request, without its query. */
export function pathOf(url: string | undefined): string {
  return new URL(url ?? '/', 'http://unused').pathname;
}
