/**
 * A link that is spoken to in the client's own era, whatever era the server is of. Until the two are seen to differ every
 * message passes unchanged; when they do, a translator stands between them from then on.
 *
 *   waiting --first message that tells the client's era--> deciding
 *   deciding --server answers in that era--> plain
 *   deciding --server is of the other era--> translating
 *   deciding --no answer about eras--> waiting
 *   translating --the client begins in its other era--> deciding
 */
import type { Envelope } from '../../wire/envelope.ts';
import type { Link, LinkFailure, LinkListener, OpenLink, Outcome } from '../links/link.ts';
import type { Decision } from './decide.ts';
import { decideForLegacy } from './decide-legacy.ts';
import { decideForModern } from './decide-modern.ts';
import type { EraMemory } from './memory.ts';
import { clientEraOf, type Era } from './meta.ts';
import type { Between, Translator } from './translator.ts';
import { createUpstream } from './upstream.ts';

export interface EraOptions {
  /** Kept by the caller across links. */
  readonly memory: EraMemory;
  /** Whether the server is a child process: then silence and an early end tell its era too, and cancelling is a message. */
  readonly stdio: boolean;
  /** What we call ourselves towards a legacy server when a modern client does not say who it is. */
  readonly self: { readonly name: string; readonly version: string };
  /** Milliseconds after which a silent child is asked in the older way as well; 3000 when left out. */
  readonly probeMs?: number;
}

/** More than a started server needs to say that it does not know a method, and little for who waits. */
const PROBE_MS = 3_000;

type Stage =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'deciding' }
  | { readonly kind: 'plain' }
  | { readonly kind: 'translating'; readonly client: Era; readonly translator: Translator };

interface Held {
  readonly message: Envelope;
  readonly settle: (outcome: Promise<Outcome>) => void;
}

/** Opens links that translate between eras where that is needed. */
export function withEraTranslation(open: OpenLink, options: EraOptions): OpenLink {
  return async (listener, signal) => {
    const eras = createEraLink(open, options, listener);
    const why = await eras.open(signal);
    return why === null ? { kind: 'open', link: eras.link } : { kind: 'failed', why };
  };
}

function createEraLink(open: OpenLink, { memory, stdio, self, probeMs = PROBE_MS }: EraOptions, listener: LinkListener) {
  const ended = new AbortController();
  const unsettled = new Set<Promise<Outcome>>();
  /** Messages that came while the first exchange was under way. */
  const held: Held[] = [];
  let stage: Stage = { kind: 'waiting' };
  /** Hears the server while the first exchange comes to its end. */
  let prepared: Translator | null = null;
  let inner: Link | null = null;
  let opened = 0;
  let isPaused = false;
  let isClosed = false;
  /** The inner link is gone, and the client has not been told since another may take its place. */
  let gone: LinkFailure | null = null;

  const between: Between = {
    up: createUpstream(() => inner ?? NO_LINK),
    deliver: listener.onMessage,
    memory,
    stdio,
    signal: ended.signal,
  };

  async function openInner(signal: AbortSignal): Promise<LinkFailure | null> {
    opened += 1;
    const own = opened;
    const last = inner;
    const result = await open(
      {
        onMessage: (message, of) => {
          if (own === opened) receive(message, of);
        },
        onLost: (why) => {
          if (own === opened) lose(why);
        },
        onGap: () => {
          if (own === opened) listener.onGap?.();
        },
      },
      signal,
    );
    void last?.close();
    if (result.kind === 'failed') {
      gone = result.why;
      return result.why;
    }
    inner = result.link;
    gone = null;
    if (isPaused) inner.pause();
    if (isClosed) await inner.close();
    return null;
  }

  const renew = () => openInner(ended.signal);

  function receive(message: Envelope, of: string | null): void {
    if (stage.kind === 'plain') listener.onMessage(message, of);
    else if (between.up.take(message)) return;
    else if (stage.kind === 'translating') stage.translator.receive(message, of);
    else if (prepared !== null) prepared.receive(message, of);
    else listener.onMessage(message, of);
  }

  function lose(why: LinkFailure): void {
    gone = why;
    if (stage.kind !== 'deciding') void tellLost(why);
  }

  async function tellLost(why: LinkFailure): Promise<void> {
    gone = null;
    ended.abort();
    if (stage.kind === 'translating') stage.translator.lost(why);
    if (unsettled.size > 0) await Promise.allSettled(unsettled);
    listener.onLost(why);
  }

  function route(message: Envelope): Promise<Outcome> {
    switch (stage.kind) {
      case 'plain':
        return between.up.send(message);
      case 'translating': {
        const era = clientEraOf(message);
        const isOther = era !== null && era !== stage.client;
        return isOther || message.method === 'initialize' ? begin(message, era ?? stage.client) : stage.translator.send(message);
      }
      case 'deciding':
        // An answer to the server tells no era, and the server may wait for it.
        if (message.kind === 'response') return between.up.send(message);
        return new Promise((settle) => held.push({ message, settle }));
      case 'waiting': {
        const era = clientEraOf(message) ?? rememberedEra(message);
        return era === null ? between.up.send(message) : begin(message, era);
      }
    }
  }

  /** A session that goes on may begin with any request: what its client said in its handshake is remembered. */
  function rememberedEra({ kind }: Envelope): Era | null {
    return kind === 'request' && memory.server === 'modern' && memory.handshake !== null ? 'legacy' : null;
  }

  async function begin(message: Envelope, client: Era): Promise<Outcome> {
    const isOther = stage.kind === 'translating' && client !== stage.client;
    if (stage.kind === 'translating') stage.translator.lost(STARTED_OVER);
    const own: Stage = { kind: 'deciding' };
    stage = own;
    memory.client = client;
    // What the server was told in the name of the other era is not what this client says.
    const why = isOther ? await renew() : null;
    const outcome: Outcome = why === null ? await decide(message, client) : { kind: 'not-sent', why };
    if (stage === own) become(null);
    if (gone !== null) void tellLost(gone);
    return outcome;
  }

  function decide(message: Envelope, client: Era): Promise<Outcome> {
    return (client === 'legacy' ? decideForLegacy : decideForModern)(message, {
      between,
      self,
      probeMs,
      renew,
      become,
      prepare(translator) {
        prepared = translator;
      },
      proceed(decision) {
        enter(decision);
        const sent = route(message);
        release();
        return sent;
      },
    });
  }

  function become(decision: Decision): void {
    enter(decision);
    release();
  }

  function enter(decision: Decision): void {
    prepared = null;
    if (decision?.kind === 'translate') stage = { kind: 'translating', client: decision.client, translator: decision.translator };
    else stage = { kind: decision === null ? 'waiting' : 'plain' };
  }

  /** What waited goes before anything that comes later. */
  function release(): void {
    for (const { message, settle } of held.splice(0)) settle(route(message));
  }

  const link: Link = {
    send(message) {
      if (stage.kind === 'plain') return between.up.send(message);
      const outcome = route(message);
      unsettled.add(outcome);
      void outcome.then(() => unsettled.delete(outcome));
      return outcome;
    },
    abandon(id) {
      if (stage.kind === 'translating') stage.translator.abandon(id);
      else between.up.abandon(id);
    },
    pause() {
      isPaused = true;
      inner?.pause();
    },
    resume() {
      isPaused = false;
      inner?.resume();
    },
    async close() {
      isClosed = true;
      ended.abort();
      if (stage.kind === 'translating') stage.translator.lost(CLOSED);
      await inner?.close();
    },
  };

  return { link, open: openInner };
}

const CLOSED: LinkFailure = { kind: 'closed', code: null, status: null, detail: 'the link was closed', retryAfterMs: null, lastLines: [] };
const STARTED_OVER: LinkFailure = { ...CLOSED, detail: 'the client started over' };
const NOTHING = Promise.resolve();

/** Stands in before the first link is open: nothing is sent then. */
const NO_LINK: Link = {
  send: () => Promise.resolve({ kind: 'not-sent', why: CLOSED }),
  abandon: () => {},
  pause: () => {},
  resume: () => {},
  close: () => NOTHING,
};
