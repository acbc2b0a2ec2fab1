/** The transport of an official client that speaks over a link, and a link to a server in this process. */
import { cancelledId } from '../../../src/bridge/eras/listening.ts';
import type { Link, LinkFailure, OpenLink, Outcome } from '../../../src/bridge/links/link.ts';
import { type Envelope, idOf, messageOf } from '../../../src/wire/envelope.ts';
import { failure } from './scripted-link.ts';

/** What the transports of both SDKs have in common. */
export interface PlainTransport {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  start(): Promise<void>;
  send(message: object): Promise<void>;
  close(): Promise<void>;
}

/** A transport for an official client. */
export function transportOver(open: OpenLink): PlainTransport {
  let link: Link | null = null;
  const transport: PlainTransport = {
    async start() {
      const opened = await open(
        {
          // One turn each: the SDKs lose a progress notice whose answer comes in the same one.
          onMessage: ({ bytes }) => void setImmediate(() => transport.onmessage?.(JSON.parse(bytes.toString()) as never)),
          onLost: () => transport.onclose?.(),
        },
        new AbortController().signal,
      );
      if (opened.kind === 'failed') throw new Error(opened.why.detail);
      link = opened.link;
    },
    send(message) {
      const envelope = messageOf(message);
      void link?.send(envelope).then((outcome) => settle(envelope, outcome));
      // As the bridge's session does.
      const cancelled = envelope.method === 'notifications/cancelled' ? idOf(cancelledId(envelope)) : null;
      if (cancelled !== null) link?.abandon(cancelled);
      return Promise.resolve();
    },
    async close() {
      await link?.close();
      transport.onclose?.();
    },
  };

  /** The bridge's session does this: each request gets an answer. */
  function settle(request: Envelope, outcome: Outcome): void {
    if (outcome.kind === 'done' || request.kind !== 'request') return;
    const error = { code: -31000, message: outcome.why.detail };
    transport.onmessage?.({ jsonrpc: '2.0', id: JSON.parse(request.id ?? 'null') as unknown, error } as never);
  }

  return transport;
}

/** Links to a server in this process, as over stdio: `connect` gives the server its end of the pipe. */
export function memoryLinks(connect: (end: PlainTransport) => Promise<unknown>): OpenLink {
  return async (listener) => {
    const waiting = new Map<string, (outcome: Outcome) => void>();
    let isOpen = true;
    const settleAll = (why: LinkFailure) => {
      isOpen = false;
      for (const settle of waiting.values()) settle({ kind: 'unknown', why });
      waiting.clear();
    };
    const end: PlainTransport = {
      start: () => Promise.resolve(),
      async send(value) {
        const message = messageOf(value);
        await Promise.resolve();
        if (!isOpen) return;
        listener.onMessage(message, null);
        if (message.kind !== 'response') return;
        waiting.get(message.id ?? '')?.({ kind: 'done' });
        waiting.delete(message.id ?? '');
      },
      close() {
        if (isOpen) {
          settleAll(failure('ended'));
          listener.onLost(failure('ended'));
        }
        end.onclose?.();
        return Promise.resolve();
      },
    };
    await connect(end);
    const link: Link = {
      send(message) {
        if (!isOpen) return Promise.resolve({ kind: 'not-sent', why: failure('closed') });
        queueMicrotask(() => end.onmessage?.(JSON.parse(message.bytes.toString()) as never));
        if (message.kind !== 'request' || message.id === null) return Promise.resolve({ kind: 'done' });
        return new Promise((settle) => waiting.set(message.id ?? '', settle));
      },
      abandon: () => {},
      pause: () => {},
      resume: () => {},
      close() {
        settleAll(failure('closed'));
        end.onclose?.();
        return Promise.resolve();
      },
    };
    return { kind: 'open', link };
  };
}
