import { randomUUID } from 'node:crypto';
import type { AnswerMeaning, BodyKind, Exchange, ExchangeFailure, HttpAnswer } from '../model/evidence.ts';
import { maskForeign } from '../model/redact.ts';
import { now } from '../system/clock.ts';
import type { Channel, HttpResponse } from '../system/http.ts';
import { meaningOf, offeredVersions } from '../wire/answer.ts';
import { shownHeaders } from '../wire/headers.ts';
import { parseJson, type RpcResponse, readRpcResponse } from '../wire/json-rpc.ts';
import { type McpRequest, SESSION_HEADER } from '../wire/requests.ts';
import { createEventReader } from '../wire/sse.ts';

/** Handshake answers are a few kilobytes; tool lists of large servers stay below a few megabytes. */
export const LARGEST_BODY = 8 * 1024 * 1024;

const LONGEST_EXCERPT = 200;

/** An exchange with the parts that never reach the evidence: the parsed message and the session id. */
export interface FullExchange {
  readonly shown: Exchange;
  readonly rpc: RpcResponse | null;
  readonly session: string | null;
  /** `Location` resolved against the request's URL, for redirects. */
  readonly location: URL | null;
  readonly offered: readonly string[];
}

export interface SendOptions {
  readonly channel: Channel;
  readonly url: URL;
  /** Shown form of the URL. */
  readonly display: string;
  /** The user's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A session id no server has handed out. */
export function madeUpSession(): string {
  return `mcpreach-probe-${randomUUID()}`;
}

/** Sends one MCP request and reads its answer, JSON or event stream, up to the response to this request. */
export async function exchange(request: McpRequest, options: SendOptions): Promise<FullExchange> {
  const started = now();
  const response = await options.channel.send({
    method: request.method,
    path: `${options.url.pathname}${options.url.search}`,
    headers: { ...request.headers, ...options.headers },
    body: request.body,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  });
  return response.kind === 'failure' ? failed(request, options, response) : readAnswer(request, options, response, started);
}

/** Reads the rest of an answer whose head has arrived; `started` is when the request was sent. */
export async function readAnswer(
  request: McpRequest,
  options: SendOptions,
  response: HttpResponse,
  started: number,
): Promise<FullExchange> {
  const body = await readBody(response, request.id);
  if (body.failure !== null) {
    const head = { status: response.status, headers: shownHeaders(response.headers) };
    return failed(request, options, { ...body.failure, head, ms: now() - started }, sessionOf(response));
  }
  return answered(request, options, response, body, now() - started);
}

/** The exchange of a request that got no complete answer. */
export function failed(request: McpRequest, options: SendOptions, failure: ExchangeFailure, session: string | null = null): FullExchange {
  const { stage, reason, code, status, issuer, head, ms } = failure;
  const told = issuer === undefined ? { stage, reason, code, status, head, ms } : { stage, reason, code, status, issuer, head, ms };
  return {
    shown: { request: request.name, url: options.display, answer: null, failure: told, meaning: null },
    rpc: null,
    session,
    location: null,
    offered: [],
  };
}

function answered(request: McpRequest, options: SendOptions, response: HttpResponse, body: Body, ms: number): FullExchange {
  const headers = shownHeaders(response.headers);
  const session = sessionOf(response);
  const meaning: AnswerMeaning = meaningOf({
    request: request.name,
    status: response.status,
    headers,
    bodyKind: body.kind,
    excerpt: body.excerpt,
    rpc: body.rpc,
  });
  const answer: HttpAnswer = {
    status: response.status,
    headers,
    body: { kind: body.kind, bytes: body.bytes, truncated: body.truncated, excerpt: body.excerpt },
    rpc: body.rpc === null ? null : { hasResult: body.rpc.error === null, error: shownError(body.rpc) },
    mintedSession: session !== null && request.name !== 'initialize' && session !== request.headers[SESSION_HEADER],
    headMs: response.headMs,
    ms,
  };
  return {
    shown: { request: request.name, url: options.display, answer, failure: null, meaning },
    rpc: body.rpc,
    session,
    location: locationOf(response, options.url),
    offered: offeredVersions(body.rpc),
  };
}

/** A JSON-RPC error as it may be shown. */
export function shownError({ error }: RpcResponse): { code: number; message: string } | null {
  return error === null ? null : { code: error.code, message: maskForeign(error.message).slice(0, LONGEST_EXCERPT) };
}

function sessionOf(response: HttpResponse): string | null {
  const value = response.headers[SESSION_HEADER];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Where a redirect leads. */
export function locationOf(response: HttpResponse, base: URL): URL | null {
  const { location } = response.headers;
  return location !== undefined && URL.canParse(location, base.href) ? new URL(location, base.href) : null;
}

interface Body {
  readonly kind: BodyKind;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly excerpt: string;
  readonly rpc: RpcResponse | null;
  readonly failure: ExchangeFailure | null;
}

async function readBody(response: HttpResponse, id: string | null): Promise<Body> {
  const type = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const streamed = type === 'text/event-stream';
  const events = createEventReader();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let found: RpcResponse | null = null;
  let truncated = false;
  const failure = await response.read((chunk) => {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY) {
      truncated = true;
      return 'enough';
    }
    if (!streamed) {
      chunks.push(chunk);
      return 'more';
    }
    if (chunks.length === 0) chunks.push(chunk);
    for (const event of events.feed(chunk)) {
      const rpc = id === null ? null : readRpcResponse(parseJson(event.data.toString()), id);
      if (rpc !== null && (rpc.id === id || rpc.error !== null)) found = rpc;
    }
    return found === null ? 'more' : 'enough';
  });
  // Not Buffer's own decoding: clients drop a byte order mark.
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  const rpc = streamed || id === null || truncated ? found : readRpcResponse(parseJson(text), id);
  return {
    kind: bodyKind(type, text, rpc, bytes),
    bytes,
    truncated,
    excerpt: excerptOf(text),
    rpc,
    failure: truncated ? { stage: 'body', reason: 'too-large', code: null, status: null, head: null, ms: 0 } : failure,
  };
}

function bodyKind(type: string, text: string, rpc: RpcResponse | null, bytes: number): BodyKind {
  if (type === 'text/event-stream') return 'event-stream';
  if (rpc !== null) return 'json-rpc';
  if (bytes === 0) return 'empty';
  if (type === 'text/html' || /^\s*(?:<!doctype html|<html)/i.test(text)) return 'html';
  if (parseJson(text) !== undefined) return 'json';
  // U+FFFD stands where bytes were no UTF-8; control characters are no text either.
  return /[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(text.slice(0, 1000)) ? 'binary' : 'text';
}

/** The first readable characters on one line; HTML without its markup. */
function excerptOf(text: string): string {
  const head = text.slice(0, 20_000);
  const plain = /^\s*</.test(head) ? head.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ') : head;
  return maskForeign(plain.replace(/[\u0000-\u001F\u007F-\u009F\s]+/g, ' ').trim()).slice(0, LONGEST_EXCERPT);
}
