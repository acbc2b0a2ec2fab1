/** Starts `serve` inside the test, in front of real processes, and speaks to it by hand. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { openStdioLink } from '../../../src/bridge/links/stdio.ts';
import { serve, type ServeOptions, type Service } from '../../../src/bridge/serve/serve.ts';
import { createEventReader, type ServerSentEvent } from '../../../src/wire/sse.ts';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));
export const OFFICIAL = fileURLToPath(new URL('../stdio-servers/official.js', import.meta.url));

export type Json = Readonly<Record<string, unknown>>;

export interface Rig {
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly service: Service;
}

/** Serves a command until the test ends; without one, the server of this folder. */
export async function startService(t: TestContext, options: Partial<ServeOptions> = {}, args: readonly string[] = [SERVER]): Promise<Rig> {
  const started = await serve({
    open: openStdioLink({
      command: [process.execPath, ...args],
      cwd: process.cwd(),
      environment: process.env,
      mask: (text) => text,
    }),
    shared: false,
    path: '/mcp',
    ssePath: null,
    port: 0,
    guard: { host: null, allowedHosts: [], allowedOrigins: [], token: null },
    maxSessions: 1000,
    idleMs: 60_000,
    readyMs: 5_000,
    note: () => undefined,
    ...options,
  });
  if (started.kind !== 'serving') throw new Error(started.code);
  const { service } = started;
  t.after(() => service.close());
  const origin = `http://127.0.0.1:${service.port}`;
  return { url: `${origin}/mcp`, origin, port: service.port, service };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Json;
}

/** An event with its data as text. */
export type TextEvent = Omit<ServerSentEvent, 'data'> & { readonly data: string };

export interface OpenStream {
  readonly response: IncomingMessage;
  /** The next event; keep-alive comments are no events. */
  next(): Promise<TextEvent>;
  close(): void;
}

/** One request on a connection of its own. */
export function open(url: string, method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

export async function ask(url: string, method: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Answer> {
  const response = await open(url, method, headers, body);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  const type = response.headers['content-type'] ?? '';
  // On a stream of events the answer is the last one.
  const answer = type.startsWith('text/event-stream')
    ? (text
        .match(/^data: (.+)$/gm)
        ?.at(-1)
        ?.slice('data: '.length) ?? '{}')
    : text;
  const json = /^(?:application\/json|text\/event-stream)/.test(type) ? (JSON.parse(answer) as Json) : {};
  return { status: response.statusCode ?? 0, headers: response.headers, text, json };
}

export const POST = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } as const;

export function post(url: string, message: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(url, 'POST', { ...POST, ...headers }, JSON.stringify(message));
}

/** A stream of events, opened by a GET or by a POST with a message. */
export async function stream(url: string, headers: Readonly<Record<string, string>>, message?: object): Promise<OpenStream> {
  const response = await open(
    url,
    message === undefined ? 'GET' : 'POST',
    message === undefined ? { accept: 'text/event-stream', ...headers } : { ...POST, ...headers },
    message === undefined ? undefined : JSON.stringify(message),
  );
  response.on('error', () => undefined);
  const reader = createEventReader();
  const events: TextEvent[] = [];
  const waiting: (() => void)[] = [];
  response.on('data', (chunk: Buffer) => {
    events.push(...reader.feed(chunk).map((event) => ({ ...event, data: event.data.toString() })));
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    response,
    async next() {
      while (events.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const [event] = events.splice(0, 1);
      if (event === undefined) throw new Error('no event');
      return event;
    },
    close: () => void response.destroy(),
  };
}

/** Opens a session; returns the headers its requests carry. */
export async function openSession(url: string, version = '2025-11-25', capabilities: Json = {}): Promise<Readonly<Record<string, string>>> {
  const clientInfo = { name: 'rig', version: '1' };
  const { status, headers, text } = await post(url, {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: version, capabilities, clientInfo },
  });
  const id = headers['mcp-session-id'];
  if (typeof id !== 'string') throw new Error(`no session: ${status} ${text}`);
  const own = { 'mcp-session-id': id, 'mcp-protocol-version': version };
  await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, own);
  return own;
}

export function callOf(id: string | number, name: string, more: Json = {}): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, ...more } };
}

/** The text of a tool's answer. */
export function textOf(json: Json): string {
  const result = json['result'] as { readonly content?: readonly { readonly text?: string }[] } | undefined;
  return result?.content?.[0]?.text ?? `no result: ${JSON.stringify(json)}`;
}

/** Waits until a condition holds, or fails. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a process is there; a zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One figure of `/metrics`. */
export async function metric(origin: string, name: string): Promise<number> {
  const { text } = await ask(`${origin}/metrics`, 'GET');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length) ?? Number.NaN,
  );
}
