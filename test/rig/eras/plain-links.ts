/** The least that is a link: a child process, and Streamable HTTP by `fetch`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Link, LinkFailure, OpenLink, Outcome } from '../../../src/bridge/links/link.ts';
import { type Envelope, readEnvelope } from '../../../src/wire/envelope.ts';
import { createEventReader } from '../../../src/wire/sse.ts';
import { failure } from './scripted-link.ts';

const DONE: Outcome = { kind: 'done' };

export function stdioLinks(args: readonly string[]): OpenLink {
  return (listener) => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const waiting = new Map<string, (outcome: Outcome) => void>();
    let isClosed = false;
    const settleAll = (why: LinkFailure) => {
      for (const settle of waiting.values()) settle({ kind: 'unknown', why });
      waiting.clear();
    };
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = readEnvelope(Buffer.from(line));
      if (isClosed) return;
      listener.onMessage(message, null);
      if (message.kind === 'response') waiting.get(message.id ?? '')?.(DONE);
    });
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        resolve();
        settleAll(failure(isClosed ? 'closed' : 'ended'));
        if (!isClosed) listener.onLost(failure('ended'));
        isClosed = true;
      });
    });
    const link: Link = {
      send(message) {
        if (isClosed) return Promise.resolve({ kind: 'not-sent', why: failure('ended') });
        child.stdin.write(Buffer.concat([message.bytes, Buffer.from('\n')]));
        if (message.kind !== 'request') return Promise.resolve(DONE);
        return new Promise((settle) => waiting.set(message.id ?? '', settle));
      },
      abandon: () => {},
      pause: () => {},
      resume: () => {},
      async close() {
        isClosed = true;
        child.kill('SIGKILL');
        await ended;
      },
    };
    return Promise.resolve({ kind: 'open', link });
  };
}

export function httpLinks(url: string): OpenLink {
  return (listener) => {
    const all = new AbortController();
    const posts = new Map<string, AbortController>();
    let session: string | null = null;

    async function read(response: Response, of: Envelope | null): Promise<boolean> {
      let isAnswered = false;
      const take = (text: string) => {
        const message = readEnvelope(Buffer.from(text));
        if (message.kind === 'response') isAnswered = true;
        listener.onMessage(message, of?.id ?? null);
      };
      if (response.headers.get('content-type')?.startsWith('application/json')) {
        const text = await response.text();
        const message = readEnvelope(Buffer.from(text));
        if (message.kind === 'response' && (response.ok || message.id !== null)) take(text);
        return isAnswered;
      }
      const reader = createEventReader();
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        for (const { data } of reader.feed(chunk)) if (data !== '') take(data);
      }
      return isAnswered;
    }

    function headersOf(message: Envelope | null): Record<string, string> {
      const parsed = message === null ? {} : (JSON.parse(message.bytes.toString()) as { params?: Record<string, unknown> });
      const meta = parsed.params?.['_meta'] as Record<string, unknown> | undefined;
      const version = meta?.['io.modelcontextprotocol/protocolVersion'];
      const name = parsed.params?.['name'] ?? parsed.params?.['uri'];
      return {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...(session === null ? {} : { 'mcp-session-id': session }),
        ...(typeof version === 'string' ? { 'mcp-protocol-version': version, 'mcp-method': message?.method ?? '' } : {}),
        ...(typeof version === 'string' && typeof name === 'string' ? { 'mcp-name': name } : {}),
      };
    }

    async function post(message: Envelope): Promise<Outcome> {
      const own = new AbortController();
      if (message.kind === 'request' && message.id !== null) posts.set(message.id, own);
      try {
        const signal = AbortSignal.any([own.signal, all.signal]);
        const response = await fetch(url, { method: 'POST', headers: headersOf(message), body: new Uint8Array(message.bytes), signal });
        if (message.method === 'initialize') session = response.headers.get('mcp-session-id');
        const isAnswered = await read(response, message);
        if (message.method === 'notifications/initialized' && session !== null) void listen();
        if (isAnswered || (message.kind !== 'request' && response.ok)) return DONE;
        return { kind: 'not-sent', why: failure(session !== null && response.status === 404 ? 'session-lost' : 'http', response.status) };
      } catch {
        return { kind: 'unknown', why: failure('broken') };
      }
    }

    async function listen(): Promise<void> {
      try {
        const response = await fetch(url, { headers: { ...headersOf(null), accept: 'text/event-stream' }, signal: all.signal });
        if (response.ok) await read(response, null);
      } catch {
        // Closed.
      }
    }

    const link: Link = {
      send: post,
      abandon: (id) => posts.get(id)?.abort(),
      pause: () => {},
      resume: () => {},
      async close() {
        all.abort();
        if (session !== null) await fetch(url, { method: 'DELETE', headers: headersOf(null) }).catch(() => null);
      },
    };
    return Promise.resolve({ kind: 'open', link });
  };
}
