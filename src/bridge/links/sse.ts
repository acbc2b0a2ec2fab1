/** The older HTTP+SSE transport (2024-11-05): one stream for everything the server says, POSTs for everything the client says. */
import { within } from '../../system/clock.ts';
import type { Channel, HttpResponse } from '../../system/http.ts';
import { type Envelope, readEnvelope } from '../../wire/envelope.ts';
import { createEventReader } from '../../wire/sse.ts';
import { BROKEN, CLOSED, failureOf, HTTP, notSent, refusalOf, unknown } from './http-outcome.ts';
import type { Link, LinkFailure, LinkListener, OpenedLink, OpenLink, Outcome } from './link.ts';
import { openWay, type WayOptions } from './route.ts';

/** The stream's first event names where to send to, and comes at once; a stream that is silent for longer is something else, in milliseconds. */
const ENDPOINT_MS = 5_000;

/** Opens the stream, and waits for the address to send to. */
export function openSseLink(options: WayOptions): OpenLink {
  return async (listener, signal): Promise<OpenedLink> => {
    const way = await openWay(options, signal);
    if (way.kind === 'failed') return way;
    const { channel } = way;
    const closing = new AbortController();
    const response = await channel.send({
      method: 'GET',
      path: `${options.url.pathname}${options.url.search}`,
      headers: { accept: 'text/event-stream', ...options.headers },
      body: null,
      timeoutMs: null,
      signal: AbortSignal.any([signal, closing.signal]),
    });
    const why = response.kind === 'failure' ? failureOf(response, options.url).why : noStream(response, options.url);
    if (why !== null || response.kind === 'failure') {
      channel.close();
      return { kind: 'failed', why: why ?? BROKEN };
    }
    const opened = createSseLink(options, channel, closing, response, listener);
    const endpoint = await within(opened.endpoint, ENDPOINT_MS, null, signal);
    if (endpoint !== null) return { kind: 'open', link: opened.link };
    void opened.link.close();
    return {
      kind: 'failed',
      why: { ...BROKEN, kind: 'not-mcp', detail: `${options.url.host} names no address to send to on its event stream` },
    };
  };
}

function noStream(response: HttpResponse, url: URL): LinkFailure | null {
  const { status, headers } = response;
  if (status === 200 && (headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')) return null;
  response.close();
  const kind = status === 401 || status === 403 ? 'unauthorized' : status === 200 ? 'not-mcp' : 'http';
  return { ...HTTP, kind, status, detail: `${url.host} opens no event stream (HTTP ${status})` };
}

function createSseLink(
  { url, headers }: WayOptions,
  channel: Channel,
  closing: AbortController,
  stream: HttpResponse,
  listener: LinkListener,
): { readonly link: Link; readonly endpoint: Promise<URL | null> } {
  const open = new Map<string, (outcome: Outcome) => void>();
  let target: URL | null = null;
  let over: LinkFailure | null = null;
  let tellEndpoint: (found: URL | null) => void = () => {};
  const endpoint = new Promise<URL | null>((resolve) => (tellEndpoint = resolve));

  function end(why: LinkFailure): void {
    if (over !== null) return;
    over = why;
    tellEndpoint(null);
    for (const settle of open.values()) settle({ kind: 'unknown', why });
    open.clear();
    if (why.kind !== 'closed') listener.onLost(why);
  }

  function receive(message: Envelope): void {
    if (over !== null || message.kind === 'invalid') return;
    if (message.kind !== 'response' || message.id === null) return listener.onMessage(message, null);
    listener.onMessage(message, message.id);
    const settle = open.get(message.id);
    open.delete(message.id);
    settle?.({ kind: 'done' });
  }

  async function read(): Promise<void> {
    const events = createEventReader();
    const failure = await stream.read((chunk) => {
      for (const { event, data } of events.feed(chunk)) {
        if (event === 'endpoint') {
          // Messages carry credentials: they go to the stream's own origin only.
          const named = URL.canParse(data.toString(), url.href) ? new URL(data.toString(), url.href) : null;
          target ??= named?.origin === url.origin ? named : null;
          tellEndpoint(target);
        } else receive(readEnvelope(data));
      }
      return 'more';
    });
    end({ ...BROKEN, code: failure?.code ?? null, detail: `${url.host} ended its event stream` });
  }

  async function post(message: Envelope): Promise<Outcome> {
    if (target === null || over !== null) return notSent(over ?? CLOSED);
    const response = await channel.send({
      method: 'POST',
      path: `${target.pathname}${target.search}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: message.bytes,
      timeoutMs: null,
      signal: closing.signal,
    });
    if (response.kind === 'failure') return failureOf(response, url);
    const { status } = response;
    if (status < 300) {
      // What it says is of no interest; that it is whole means that the server took the message.
      const cut = await response.read(() => 'more');
      return cut === null ? { kind: 'done' } : unknown({ ...BROKEN, code: cut.code, detail: `${url.host} broke off its answer` });
    }
    response.close();
    // The session is a part of the address; a server that has forgotten it does not find it.
    if (status === 404 || status === 400)
      return notSent({ ...HTTP, kind: 'session-lost', status, detail: `${url.host} does not know this session (HTTP ${status})` });
    return refusalOf(response, url);
  }

  void read();
  const link: Link = {
    async send(message) {
      const { id, kind } = message;
      if (kind !== 'request' || id === null) return post(message);
      const answered = new Promise<Outcome>((resolve) => open.set(id, resolve));
      const posted = await post(message);
      if (posted.kind === 'done') return answered;
      // The answer may have come on the stream before the POST failed.
      return open.delete(id) ? posted : answered;
    },
    abandon: () => undefined,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    close() {
      end(CLOSED);
      closing.abort();
      stream.close();
      channel.close();
      return Promise.resolve();
    },
  };
  return { link, endpoint };
}
