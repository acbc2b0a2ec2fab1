import { maskForeign } from '../model/redact.ts';
import type { HttpResponse } from '../system/http.ts';
import { parseJson, type RpcResponse, readRpcResponse } from '../wire/json-rpc.ts';
import { createEventReader } from '../wire/sse.ts';
import { LARGEST_BODY } from './exchange.ts';

/** How the stream of an HTTP+SSE server began. */
export type StreamOpening =
  /** Where messages are posted. */
  | { readonly kind: 'endpoint'; readonly url: URL }
  /** The endpoint is on another origin, which the transport forbids. */
  | { readonly kind: 'elsewhere'; readonly url: URL }
  /** The first event was something else. */
  | { readonly kind: 'other'; readonly excerpt: string }
  /** The stream ended, or was closed, before its first event. */
  | { readonly kind: 'ended' };

/** The open stream of an HTTP+SSE server. */
export interface Stream {
  readonly opened: Promise<StreamOpening>;
  /** The response with this id, as soon as the stream brings it; null when the stream ends first. */
  response(id: string): Promise<RpcResponse | null>;
  close(): void;
}

export function readStream(response: HttpResponse, base: URL): Stream {
  const events = createEventReader();
  const waiting = new Map<string, (rpc: RpcResponse | null) => void>();
  const early = new Map<string, RpcResponse>();
  let bytes = 0;
  let ended = false;
  let first = true;
  let settle: (opening: StreamOpening) => void = () => {};
  const opened = new Promise<StreamOpening>((resolve) => {
    settle = resolve;
  });
  const end = () => {
    ended = true;
    settle({ kind: 'ended' });
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  };

  function take(data: string): void {
    const rpc = readRpcResponse(parseJson(data), '');
    if (rpc === null || typeof rpc.id !== 'string') return;
    const answer = waiting.get(rpc.id);
    waiting.delete(rpc.id);
    if (answer === undefined) early.set(rpc.id, rpc);
    else answer(rpc);
  }

  void response
    .read((chunk) => {
      bytes += chunk.length;
      for (const { event, data } of events.feed(chunk)) {
        if (first) settle(readOpening(event, data.toString(), base));
        else take(data.toString());
        first = false;
      }
      return bytes > LARGEST_BODY ? 'enough' : 'more';
    })
    .then(end);
  return {
    opened,
    response(id) {
      const known = early.get(id);
      if (known !== undefined || ended) return Promise.resolve(known ?? null);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    close() {
      response.close();
      end();
    },
  };
}

function readOpening(event: string, data: string, base: URL): StreamOpening {
  if (event !== 'endpoint' || !URL.canParse(data, base.href))
    return { kind: 'other', excerpt: maskForeign(`${event}: ${data}`).slice(0, 200) };
  const url = new URL(data, base.href);
  return url.origin === base.origin ? { kind: 'endpoint', url } : { kind: 'elsewhere', url };
}
