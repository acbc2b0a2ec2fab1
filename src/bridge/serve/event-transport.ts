/** The older HTTP+SSE transport (2024-11-05): a stream whose first event names the address to post to. Its end is the end of the session. */
import { now } from '../../system/clock.ts';
import type { ServerResponse } from '../../system/http-server.ts';
import { type Envelope } from '../../wire/envelope.ts';
import { startEvents } from './answer.ts';
import type { Metrics, SessionEnd } from './metrics.ts';
import type { OpenUpstream } from './upstream.ts';

export interface EventSession {
  readonly id: string;
  post(message: Envelope, response: ServerResponse): void;
  end(reason: SessionEnd): Promise<void>;
  sweep(time: number): void;
  running(): number;
}

const KEEP_ALIVE_MS = 15_000;
const BEHIND_BYTES = 4 * 1024 * 1024;

export interface EventSessionOptions {
  readonly id: string;
  readonly open: OpenUpstream;
  readonly metrics: Metrics;
  readonly response: ServerResponse;
  /** Where the client posts to, relative to our origin. */
  readonly endpoint: string;
  readonly onEnd: () => void;
}

export function createEventSession({ id, open, metrics, response, endpoint, onEnd }: EventSessionOptions): EventSession {
  const started = new Map<string, { readonly method: string; readonly at: number }>();
  let writtenAt = now();
  let isPaused = false;
  let ending: Promise<void> | null = null;

  startEvents(response);
  response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
  const upstream = open({
    onMessage(message, of) {
      metrics.bytes('out', message.bytes.length);
      const asked = message.kind === 'response' && of !== null ? started.get(of) : undefined;
      if (asked !== undefined && of !== null) {
        started.delete(of);
        metrics.request(asked.method, message.errorAt === null ? 'result' : 'error', (now() - asked.at) / 1000);
      }
      response.write(Buffer.concat([Buffer.from('event: message\ndata: '), message.bytes, Buffer.from('\n\n')]));
      writtenAt = now();
      if (isPaused || response.writableLength <= BEHIND_BYTES) return;
      isPaused = true;
      upstream.pause();
      response.once('drain', () => {
        isPaused = false;
        upstream.resume();
      });
    },
    onLost: () => void end('child-ended'),
  });
  response.once('close', () => void end('client-gone'));

  async function close(reason: SessionEnd): Promise<void> {
    metrics.sessionEnded(reason);
    for (const { method, at } of started.values()) metrics.request(method, 'abandoned', (now() - at) / 1000);
    onEnd();
    response.end();
    await upstream.close();
  }

  function end(reason: SessionEnd): Promise<void> {
    return (ending ??= close(reason));
  }

  return {
    id,
    running: () => started.size,
    post(message, answer) {
      metrics.bytes('in', message.bytes.length);
      answer.writeHead(202, { 'content-type': 'text/plain' });
      answer.end('Accepted');
      if (message.kind === 'request' && message.id !== null) started.set(message.id, { method: message.method ?? '', at: now() });
      upstream.send(message);
    },
    end,
    sweep(time) {
      if (ending !== null || time - writtenAt <= KEEP_ALIVE_MS) return;
      response.write(': keep-alive\n\n');
      writtenAt = time;
    },
  };
}
