/**
 * One client's session, which outlives any number of servers. The client is answered exactly once for each request, by the
 * server where that is possible; what cannot be sent is held; what may have run is never sent again unless that is harmless.
 */
import { after, now, sleep } from '../system/clock.ts';
import { type Envelope, idOf, idText, messageOf, valueAt } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { type Asked, createAsked } from './asked.ts';
import type { BackoffPlan } from './backoff.ts';
import { type Connection, type ConnectionEvent, START, step } from './connection.ts';
import { BUSY_MS, createDeliveries, type DeliveryOptions } from './deliveries.ts';
import { failureRefusal } from './failure-words.ts';
import { greetLegacy, greetModern, mayHeal, type Reply } from './greeting.ts';
import { createKnown, type Known, type Recall } from './known.ts';
import { createLedger, type Ledger, type Owed } from './ledger.ts';
import { GONE, isBusy, type Link, type LinkFailure, type OpenLink, type Outcome } from './links/link.ts';
import { changedLists, isListMethod, onSubscription, subscriptionOf } from './lists.ts';
import { partsOf, protocolError, requestOf } from './own-messages.ts';
import { createRecollection } from './recollection.ts';
import { refusalOf } from './refusal.ts';
import { MOST_TRIES } from './resend.ts';

export interface SessionOptions extends DeliveryOptions {
  readonly open: OpenLink;
  readonly backoff: BackoffPlan;
  /** Whether what a server says of its tools decides about a second try. */
  readonly trustHints: boolean;
  /** Reads what was remembered of this target; null when that is nothing. Asked only when the server is not there. */
  readonly recall: () => Promise<Recall | null>;
  /** Told when there is more worth remembering. */
  readonly remember: (recall: Recall) => void;
  /** Lines for a log. */
  readonly note: (text: string) => void;
  /** Told when the client has to begin anew. */
  readonly over: () => void;
}

export interface BridgeSession {
  /** A message of the client. */
  receive(message: Envelope): void;
  /** Back-pressure from the client: stops and goes on reading from the server. */
  pause(): void;
  resume(): void;
  /** Bytes of all requests that are not answered yet. */
  owedBytes(): number;
  /** No more comes from the client: finishes what runs, for so many milliseconds at most, and ends the link. */
  finish(graceMs: number): Promise<void>;
}

/** A server that starts within this time answers the handshake itself, in milliseconds; later ones are answered for from memory. */
const RECALL_AFTER_MS = 1_000;

/** `modern`: every request says what `initialize` said before 2026-07-28. `plain`: requests before any handshake, such as a ping. */
type Era = 'unknown' | 'legacy' | 'modern' | 'plain';

export function createSession(options: SessionOptions): BridgeSession {
  const ledger: Ledger = createLedger();
  const asked: Asked = createAsked();
  const known: Known = createKnown();
  /** Requests of the bridge's own, and the client's first `initialize`, by id. */
  const own = new Map<string, (reply: Reply) => void>();
  const stopped = new AbortController();
  let state: Connection = START;
  let link: Link | null = null;
  let era: Era = 'unknown';
  let meta: object = {};
  let paused = false;
  let stopRetry = () => {};
  let comparing = false;
  let mayDiffer = false;
  let asks = 0;
  /** The epoch whose server knows that the client is ready. */
  let initializedIn = 0;
  const deliveries = createDeliveries({
    ...options,
    ledger,
    state: () => state,
    link: () => link,
    happen: (event) => happen(event),
    hintsOf: (request) => (options.trustHints ? known.hintsOf(request) : null),
    probe: () =>
      ask(era === 'modern' ? requestOf(newId(), 'server/discover', JSON.stringify({ _meta: meta })) : requestOf(newId(), 'ping', '{}')),
    signal: stopped.signal,
  });
  const recollection = createRecollection({ ...options, ledger, known, state: () => state, unansweredInitialize });

  // --- the connection ----------------------------------------------------------------------------

  function happen(event: ConnectionEvent): void {
    const [next, effects] = step(state, event, options.backoff, Math.random());
    const before = state;
    state = next;
    if (before.kind !== next.kind && next.kind === 'up') deliveries.forgetReason();
    for (const effect of effects) {
      switch (effect.kind) {
        case 'open':
          void openLink();
          break;
        case 'greet':
          void greet(effect.epoch);
          break;
        case 'wait':
          stopRetry();
          stopRetry = after(effect.ms, () => happen({ kind: 'retry-due' }));
          break;
        case 'drop':
          dropLink();
          break;
        case 'release':
          for (const owed of ledger.held()) void deliveries.dispatch(owed);
          break;
        case 'turn-away':
          for (const owed of ledger.held()) void deliveries.turnAway(owed);
          break;
      }
    }
    if (next.kind === 'down') void recollection.handshake();
    noteChange(before, next);
  }

  function noteChange(before: Connection, next: Connection): void {
    if (before.kind === 'up' && next.kind === 'down')
      options.note(`lost the server: ${next.why?.detail ?? 'no reason known'}; connecting again`);
    if (next.kind === 'refused' && before.kind !== 'refused')
      options.note('summary' in next.refusal ? next.refusal.summary : `the server refuses: ${next.refusal.detail}`);
    if (before.kind !== 'up' && next.kind === 'up' && next.epoch > 1) options.note('connected again');
  }

  async function openLink(): Promise<void> {
    // Each link's own: a late message of a link that was given up must not count for the next.
    let mine: Link | null = null;
    let failure: LinkFailure | null = null;
    const isMine = () => mine === null || mine === link;
    const opened = await options.open(
      {
        onMessage: (message, of) => {
          if (isMine()) fromServer(message, of);
        },
        onLost: (lost) => {
          failure = lost;
          if (mine !== null && mine === link) loseLink(lost);
        },
        onGap: () => {
          if (mine !== null && mine === link) void tellChanges();
        },
      },
      stopped.signal,
    );
    if (opened.kind === 'failed') {
      happen(mayHeal(opened.why) ? { kind: 'failed', why: opened.why } : { kind: 'refused', why: opened.why });
      return;
    }
    mine = opened.link;
    if (state.kind !== 'opening') {
      void mine.close();
      return;
    }
    link = mine;
    if (paused) mine.pause();
    happen({ kind: 'opened' });
    if (failure !== null) loseLink(failure);
  }

  function loseLink(why: LinkFailure): void {
    happen(mayHeal(why) ? { kind: 'lost', why, at: now() } : { kind: 'refused', why });
  }

  function dropLink(): void {
    const old = link;
    link = null;
    for (const resolve of own.values()) resolve({ kind: 'failed', why: GONE });
    own.clear();
    if (old !== null) void old.close();
    for (const notice of asked.forget(state.epoch + 1)) options.deliver(notice);
  }

  /** Makes the handshake, unless the client has not said anything yet. */
  async function greet(epoch: number): Promise<void> {
    if (era === 'unknown') return;
    const context = { known, epoch, ask, tellInitialized };
    const greeting =
      era === 'legacy' && known.initialize !== null
        ? await greetLegacy(context, known.initialize, () => unansweredInitialize() !== null)
        : era === 'modern'
          ? await greetModern(context, meta)
          : { kind: 'greeted' as const, response: null, notes: [] };
    if (state.kind !== 'greeting' || state.epoch !== epoch) return;
    const first = unansweredInitialize();
    switch (greeting.kind) {
      case 'greeted':
        for (const note of greeting.notes) options.note(note);
        if (greeting.response !== null && first !== null && ledger.settle(first)) options.deliver(greeting.response);
        else void tellInitialized();
        happen({ kind: 'greeted', at: now() });
        saveMemory();
        if (epoch > 1 || recollection.isUsed()) void tellChanges();
        return;
      case 'declined':
        if (first !== null && ledger.settle(first)) options.deliver(greeting.response);
        era = 'unknown';
        known.initialize = null;
        return;
      case 'over':
        options.note(`the session ends: ${greeting.why}`);
        options.over();
        return;
      case 'failed':
      case 'refused':
        happen(greeting);
    }
  }

  /** Tells this epoch's server, once, that the client is ready; the client says it only once in its life. */
  async function tellInitialized(): Promise<LinkFailure | null> {
    if (known.initialized === null || initializedIn === state.epoch) return null;
    initializedIn = state.epoch;
    const outcome = await sendOn(known.initialized);
    return outcome.kind === 'done' ? null : outcome.why;
  }

  function unansweredInitialize(): Owed | null {
    const id = known.initialize?.id ?? null;
    const owed = id === null ? undefined : ledger.find(id);
    return owed !== undefined && owed.message === known.initialize ? owed : null;
  }

  /** Tells the client which lists differ from those it was given, and that its resources may have changed. */
  async function tellChanges(): Promise<void> {
    mayDiffer = true;
    if (comparing) return;
    comparing = true;
    while (mayDiffer && state.kind === 'up') {
      mayDiffer = false;
      const { epoch } = state;
      const changed = await changedLists((method) => known.pages(method), { newId, meta: era === 'modern' ? meta : null, ask });
      // The next server is looked at when it is there.
      if (!isUpIn(epoch)) continue;
      for (const method of changed) announce(method);
      for (const uri of known.subscribed())
        options.deliver(messageOf({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }));
    }
    comparing = false;
  }

  function announce(method: string): void {
    if (era !== 'modern') return options.deliver(messageOf({ jsonrpc: '2.0', method }));
    for (const owed of ledger.lasting()) {
      const notice = onSubscription(owed.message, method);
      if (notice !== null) options.deliver(messageOf(notice));
    }
  }

  const isUpIn = (epoch: number) => state.kind === 'up' && state.epoch === epoch;

  /** The id of a request of the bridge's own. */
  const newId = () => `mcpreach:${state.epoch}:${(asks += 1)}`;

  // --- from the server ---------------------------------------------------------------------------

  function fromServer(message: Envelope, of: string | null): void {
    switch (message.kind) {
      case 'response':
        return answered(message);
      case 'request':
        return options.deliver(asked.pass(message, state.epoch));
      case 'notification':
        if (message.method === 'notifications/cancelled') return options.deliver(asked.about(message, state.epoch));
        if (message.method === 'notifications/subscriptions/acknowledged' && isRepeated(message, of)) return;
        return options.deliver(message);
      case 'batch':
        // Only 2025-03-26 has batches; to the client each message is one by itself.
        for (const part of partsOf(message)) fromServer(part, of);
        return;
      case 'invalid':
        return;
    }
  }

  /** Whether the client has been told before that its subscription is open; from now on it has. */
  function isRepeated(acknowledgement: Envelope, of: string | null): boolean {
    const id = of ?? subscriptionOf(acknowledgement);
    const owed = id === null ? undefined : ledger.find(id);
    if (owed === undefined) return false;
    const before = owed.lasting;
    owed.lasting = true;
    return before;
  }

  function answered(response: Envelope): void {
    const { id } = response;
    const waiting = id === null ? undefined : own.get(id);
    if (id !== null && waiting !== undefined) {
      own.delete(id);
      waiting({ kind: 'response', response });
      return;
    }
    const owed = id === null ? undefined : ledger.find(id);
    // Answers to what was answered before, or was sent to another server, are nobody's.
    if (owed === undefined || owed.sentIn !== state.epoch || !ledger.settle(owed)) return;
    options.deliver(response);
    known.observe(owed, response);
    if (isListMethod(owed.method) || owed.method === 'server/discover') saveMemory();
  }

  // --- to the server -----------------------------------------------------------------------------

  function sendOn(message: Envelope): Promise<Outcome> {
    return link === null ? Promise.resolve({ kind: 'not-sent', why: GONE }) : link.send(message);
  }

  function ask(request: Envelope): Promise<Reply> {
    const { id } = request;
    return new Promise((resolve) => {
      if (id !== null) own.set(id, resolve);
      void sendOn(request).then((outcome) => {
        if (outcome.kind === 'done') return;
        if (id !== null) own.delete(id);
        resolve({ kind: 'failed', why: outcome.why });
      });
    });
  }

  /**
   * Brings the client's answer to the server that asked. A second one to the same question means nothing to it, but without
   * one the call it belongs to would stand still: a server that takes none is given up, and its calls are answered.
   */
  async function sendReply(reply: Envelope): Promise<void> {
    const mine = link;
    for (let tries = 1; mine !== null && mine === link; tries += 1) {
      const outcome = await mine.send(reply);
      if (outcome.kind === 'done' || mine !== link) return;
      const { why } = outcome;
      const mayPass = outcome.kind === 'unknown' || (why.kind === 'http' && isBusy(why.status));
      if (!mayPass || tries >= MOST_TRIES) return loseLink(why);
      await sleep(why.retryAfterMs ?? BUSY_MS, stopped.signal);
    }
  }

  // --- from the client ---------------------------------------------------------------------------

  function request(message: Envelope): void {
    const method = message.method ?? '';
    if (message.id === null) return options.deliver(protocolError('null', -32600, 'A request needs an id that is a string or a number.'));
    if (era === 'unknown' || method === 'initialize') begin(message, method);
    const owed = ledger.enter(message, message.id, method, now());
    if (owed === 'duplicate') {
      options.deliver(protocolError(idText(message), -32600, 'This id belongs to a request that is not answered yet.'));
    } else if (owed === 'full') {
      options.deliver(refusalOf(idText(message), { ...failureRefusal(null), summary: 'Too many requests wait for the server.' }, 'no'));
    } else if (method === 'initialize') {
      opening(owed);
    } else {
      if (state.kind === 'greeting' && era !== 'legacy') void greet(state.epoch);
      void deliveries.dispatch(owed);
      if (state.kind !== 'up' && state.epoch === 0) void recollection.answer(owed, era === 'modern');
    }
  }

  /** The first message of a client says which era it speaks. */
  function begin(message: Envelope, method: string): void {
    const params = method === 'initialize' ? undefined : valueAt(message, message.paramsAt);
    const own = isRecord(params) && isRecord(params['_meta']) ? params['_meta'] : {};
    if (method === 'initialize') {
      era = 'legacy';
      known.initialize = message;
      known.initialized = null;
    } else if (typeof own['io.modelcontextprotocol/protocolVersion'] === 'string') {
      era = 'modern';
      meta = Object.fromEntries(Object.entries(own).filter(([key]) => /^io\.modelcontextprotocol\/(?:protocolVersion|client)/.test(key)));
    } else {
      era = 'plain';
    }
  }

  /** The client opens a session: with the server that is there, or with the one that comes. */
  function opening(owed: Owed): void {
    deliveries.hold(owed);
    if (state.kind === 'up') {
      // A client that begins anew gets a session of its own.
      known.told = null;
      happen({ kind: 'lost', why: { ...GONE, detail: 'the client began a new session' }, at: 0 });
    } else if (state.kind === 'greeting') {
      void greet(state.epoch);
    } else if (state.kind === 'refused') {
      stopRetry();
      happen({ kind: 'retry-due' });
    } else if (state.kind === 'down' && state.why !== null) {
      void recollection.handshake();
    }
    after(RECALL_AFTER_MS, () => void recollection.handshake(true));
  }

  function notification(message: Envelope): void {
    switch (message.method) {
      case 'notifications/cancelled':
        return cancel(message);
      case 'notifications/initialized':
        known.initialized = message;
        // A server that is not there yet is told by the handshake.
        if (state.kind === 'up') void tellInitialized();
        return;
      default:
        // For the server that is there; one that comes later knows nothing of what it is about.
        if (state.kind === 'up') void sendOn(message);
    }
  }

  function cancel(message: Envelope): void {
    const params = valueAt(message, message.paramsAt);
    const id = isRecord(params) ? idOf(params['requestId']) : null;
    const owed = id === null ? undefined : ledger.find(id);
    if (id === null || owed === undefined || owed.method === 'initialize') return;
    owed.cancelled = true;
    if (owed.sentIn === null) {
      ledger.settle(owed);
    } else if (owed.sentIn === state.epoch) {
      void sendOn(message);
      link?.abandon(id);
    }
  }

  function saveMemory(): void {
    const fresh = known.recall();
    if (fresh !== null) options.remember(fresh);
  }

  function receive(message: Envelope): void {
    switch (message.kind) {
      case 'request':
        return request(message);
      case 'notification':
        return notification(message);
      case 'response': {
        const back = asked.comeBack(message, state.epoch);
        if (back !== null) void sendReply(back);
        return;
      }
      case 'batch':
        for (const part of partsOf(message)) receive(part);
        return;
      case 'invalid':
        options.deliver(protocolError('null', -32700, 'This line is no JSON-RPC message.'));
    }
  }

  happen({ kind: 'retry-due' });

  return {
    receive,
    pause() {
      paused = true;
      link?.pause();
    },
    resume() {
      paused = false;
      link?.resume();
    },
    owedBytes: () => ledger.bytes(),
    async finish(graceMs) {
      const ended = now() + graceMs;
      while (ledger.running().some(({ method }) => method !== 'subscriptions/listen') && now() < ended)
        await new Promise<void>((resolve) => after(10, resolve));
      stopRetry();
      for (const owed of ledger.held()) owed.stopClock();
      const old = link;
      link = null;
      stopped.abort();
      happen({ kind: 'close' });
      await old?.close();
    },
  };
}
