import { type IncomingHttpHeaders, request } from 'node:http';
import { after } from '../clock.ts';
import { codeOf } from '../error-code.ts';

/** Where an engine listens. */
export type EngineDoor =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

export type EngineAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  /** No answer; `code` is the system's, or says what else happened. */
  | { readonly kind: 'failed'; readonly code: string };

/** An engine answers within milliseconds; one that is just being started by systemd takes longer. */
const LONGEST_MS = 2_000;

/** A list of a thousand containers takes about two megabytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** One GET of the engine's API. Never throws; the connection is closed afterwards. */
export function getFromEngine(door: EngineDoor, path: string, signal: AbortSignal): Promise<EngineAnswer> {
  return ask(door, 'GET', path, null, signal);
}

/** One POST of it: this makes the engine do something, so only with the user's consent. */
export function postToEngine(door: EngineDoor, path: string, body: object, signal: AbortSignal): Promise<EngineAnswer> {
  return ask(door, 'POST', path, JSON.stringify(body), signal);
}

function ask(door: EngineDoor, method: string, path: string, body: string | null, signal: AbortSignal): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const way = door.kind === 'unix' ? { socketPath: door.path } : { host: door.host, port: door.port };
    // Both engines take a request without a version as one of their newest.
    const typed = body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ ...way, path, method, headers: { host: 'engine', ...typed }, agent: false });
    const settle = (answer: EngineAnswer) => {
      cancel();
      signal.removeEventListener('abort', abort);
      outgoing.destroy();
      resolve(answer);
    };
    const abort = () => settle({ kind: 'failed', code: 'ABORTED' });
    const cancel = after(LONGEST_MS, () => settle({ kind: 'failed', code: 'ETIMEDOUT' }));
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', (error) => settle({ kind: 'failed', code: codeOf(error) ?? 'ECONNRESET' }));
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MOST_BYTES) settle({ kind: 'failed', code: 'EMSGSIZE' });
      });
      incoming.once('end', () =>
        settle({ kind: 'answer', status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
      incoming.once('error', (error) => settle({ kind: 'failed', code: codeOf(error) ?? 'ECONNRESET' }));
    });
    if (signal.aborted) abort();
    outgoing.end(body ?? undefined);
  });
}
