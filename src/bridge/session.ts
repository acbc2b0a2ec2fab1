/**
 * One client's session, which outlives any number of servers. The client is answered exactly once for each request, by the
 * server where that is possible; what cannot be sent is held; what may have run is never sent again unless that is harmless.
 */
import { after, now, sleep, within } from '../system/clock.ts';
import { type Envelope, idOf, idText, messageOf, readEnvelope, valueAt } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';
import { type Asked, createAsked } from './asked.ts';
import type { BackoffPlan } from './backoff.ts';
import { type Connection, type ConnectionEvent, START, step } from './connection.ts';
import { greetLegacy, greetModern, mayHeal, type Reply } from './greeting.ts';
import { askedVersion, clientName, createKnown, type Known, type Recall } from './known.ts';
import { createLedger, type Ledger, type Owed } from './ledger.ts';
import type { Link, LinkFailure, OpenLink, Outcome } from './links/link.ts';
import { changedLists, cursorOf, isListMethod } from './lists.ts';
import { lostInFlight, type Refusal, refusalOf } from './refusal.ts';
import { failureRefusal } from './failure-words.ts';
import { requestOf, responseTo } from './own-messages.ts';
import { MOST_TRIES, mayRepeat } from './resend.ts';

export interface SessionOptions {
  readonly open: OpenLink;
  readonly backoff: BackoffPlan;
  /** Gives the client a message. */
  readonly deliver: (message: Envelope) => void;
  /** Finds out why there is no server; null when nothing is wrong any more, or nothing could be found out. */
  readonly diagnose: (signal: AbortSignal) => Promise<Refusal | null>;
  /** How long `initialize` is held for a client of this name, in milliseconds. */
  readonly holdMs: (client: string | null) => number | Promise<number>;
  /** How long other requests are held, in milliseconds. */
  readonly queueMs: number;
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

/** What we may still find out after a request's time is up, in milliseconds; its time is shortened by as much. */
const DIAGNOSIS_MS = 3_000;
/** A handshake that is not through by then is slow enough to look up how long the client waits, in milliseconds. */
const LOOK_UP_AFTER_MS = 200;
/** A server that starts within this time answers the handshake itself, in milliseconds; later ones are answered for from memory. */
const RECALL_AFTER_MS = 1_000;
/** Before a server that is too busy is asked again, where it does not say when, in milliseconds. */
const BUSY_MS = 500;
/** A server that refuses the same request twice, with a new session in between, will refuse it again. */
const MOST_REFUSALS = 2;

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
  let recall: Promise<Recall | null> | null = null;
  /** The client was told something by us instead of a server. */
  let isRecalled = false;
  let paused = false;
  let stopRetry = () => {};
  let why: Promise<Refusal> | null = null;
  let checking = false;
  /** What is sent again when the server has shown that it is still there. */
  const again = new Set<Owed>();
  let comparing = false;
  let mayDiffer = false;
  let asks = 0;
  /** The epoch whose server knows that the client is ready. */
  let initializedIn = 0;

  // --- the connection ----------------------------------------------------------------------------

  function happen(event: ConnectionEvent): void {
    const [next, effects] = step(state, event, options.backoff, Math.random());
    const before = state;
    state = next;
    if (before.kind !== next.kind && (next.kind === 'up' || next.kind === 'opening')) why = next.kind === 'up' ? null : why;
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
          release();
          break;
        case 'turn-away':
          for (const owed of ledger.held()) void turnAway(owed);
          break;
      }
    }
    if (next.kind === 'down') void recallHandshake();
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
        if (epoch > 1 || isRecalled) void tellChanges();
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
      for (const method of changed) options.deliver(messageOf({ jsonrpc: '2.0', method }));
      for (const uri of known.subscribed())
        options.deliver(messageOf({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }));
    }
    comparing = false;
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
        if (message.method === 'notifications/subscriptions/acknowledged' && of !== null && (ledger.find(of)?.tries ?? 0) > 1) return;
        return options.deliver(message);
      case 'batch':
        // Only 2025-03-26 has batches; to the client each message is one by itself.
        for (const part of partsOf(message)) fromServer(part, of);
        return;
      case 'invalid':
        return;
    }
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

  function release(): void {
    for (const owed of ledger.held()) void dispatch(owed);
  }

  /** Sends a request, and decides what its outcome means. */
  async function dispatch(owed: Owed): Promise<void> {
    const { epoch } = state;
    const mine = link;
    if (state.kind !== 'up' || mine === null) return hold(owed);
    owed.sentIn = epoch;
    owed.tries += 1;
    owed.stopClock();
    const outcome = await mine.send(owed.message);
    if (ledger.find(owed.id) !== owed) return;
    owed.sentIn = null;
    if (owed.cancelled) {
      ledger.settle(owed);
      return;
    }
    // An answer that reached the link in the moment in which it was given up was passed on to nobody.
    const why = outcome.kind === 'done' ? { ...GONE, detail: 'its answer was lost' } : outcome.why;
    if (outcome.kind === 'not-sent') {
      owed.tries -= 1;
      return notSent(owed, mine, why);
    }
    if (mayRepeat(owed.method, options.trustHints ? known.hintsOf(owed.message) : null) && owed.tries < MOST_TRIES) {
      hold(owed);
      if (mine !== link) return void (state.kind === 'up' && dispatch(owed));
      again.add(owed);
      return check(mine);
    }
    finishWith(owed, lostInFlight(owed.method, why), 'unknown');
    check(mine);
  }

  function notSent(owed: Owed, mine: Link, failure: LinkFailure): void {
    if (!mayHeal(failure)) {
      hold(owed);
      if (mine === link) happen({ kind: 'refused', why: failure });
      else void turnAway(owed);
      return;
    }
    if (failure.kind === 'http' && isBusy(failure.status)) {
      hold(owed);
      after(failure.retryAfterMs ?? BUSY_MS, () => {
        if (ledger.find(owed.id) === owed && owed.sentIn === null && state.kind === 'up') void dispatch(owed);
      });
      return;
    }
    if (failure.kind === 'http' || failure.kind === 'not-mcp' || failure.kind === 'session-lost') {
      owed.refusals += 1;
      if (owed.refusals >= MOST_REFUSALS) return finishWith(owed, failureRefusal(failure), 'no');
    }
    hold(owed);
    if (mine === link) happen({ kind: 'lost', why: failure, at: now() });
    else if (state.kind === 'up') void dispatch(owed);
  }

  /** After a stream broke: is the server still there? Asked once for any number of broken streams. */
  function check(mine: Link): void {
    if (checking || mine !== link || state.kind !== 'up') return;
    checking = true;
    const request = era === 'modern' ? ['server/discover', JSON.stringify({ _meta: meta })] : ['ping', '{}'];
    void ask(requestOf(newId(), request[0] ?? '', request[1] ?? '')).then((reply) => {
      checking = false;
      const waiting = [...again];
      again.clear();
      if (reply.kind === 'failed') {
        if (mine === link) happen({ kind: 'lost', why: reply.why, at: now() });
        return;
      }
      for (const owed of waiting) if (ledger.find(owed.id) === owed && owed.sentIn === null) void dispatch(owed);
    });
  }

  /** Keeps a request until there is a server, or its time is up. */
  function hold(owed: Owed): void {
    if (state.kind === 'refused') return void turnAway(owed);
    owed.stopClock();
    // Nobody waits for an answer any more.
    if (state.kind === 'closed') return void ledger.settle(owed);
    if (owed.method !== 'initialize') return startClock(owed, options.queueMs);
    // Whose client it is need not be known while all goes well.
    owed.stopClock = after(LOOK_UP_AFTER_MS, () => {
      void Promise.resolve(options.holdMs(clientName(owed.message))).then((limit) => {
        if (ledger.find(owed.id) === owed) startClock(owed, limit);
      });
    });
  }

  function startClock(owed: Owed, limitMs: number): void {
    const left = limitMs - Math.min(DIAGNOSIS_MS, limitMs / 2) - (now() - owed.receivedAt);
    owed.stopClock = after(Math.max(0, left), () => void turnAway(owed));
  }

  /** Answers a held request with why there is no server, unless one comes while we find out. */
  async function turnAway(owed: Owed): Promise<void> {
    owed.stopClock();
    const reason = await reasonOf();
    if (owed.sentIn !== null) return;
    finishWith(owed, reason, owed.tries > 0 ? 'unknown' : 'no');
  }

  function finishWith(owed: Owed, reason: Refusal, executed: 'no' | 'unknown'): void {
    if (ledger.settle(owed) && !owed.cancelled) options.deliver(refusalOf(idText(owed.message), reason, executed));
  }

  /** Why there is no server, found out once for all that ask at the same time. */
  function reasonOf(): Promise<Refusal> {
    if (state.kind === 'refused' && 'cause' in state.refusal) return Promise.resolve(state.refusal);
    const failure = state.kind === 'refused' ? (state.refusal as LinkFailure) : 'why' in state ? state.why : null;
    why ??= within(options.diagnose(stopped.signal), DIAGNOSIS_MS, null).then((found) => found ?? failureRefusal(failure));
    const mine = why;
    // What was found out holds for those who ask now, not for those who ask a minute later.
    after(DIAGNOSIS_MS, () => {
      if (why === mine) why = null;
    });
    return mine;
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
      void dispatch(owed);
      if (state.kind !== 'up' && state.epoch === 0) void answerFromMemory(owed);
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
    hold(owed);
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
      void recallHandshake();
    }
    after(RECALL_AFTER_MS, () => void recallHandshake(true));
  }

  /** Answers the handshake from memory when there is no server, or when it takes long (`late`). */
  async function recallHandshake(late = false): Promise<void> {
    const owed = unansweredInitialize();
    const isAway = () => state.kind !== 'up' && state.epoch <= (late ? 1 : 0);
    if (owed === null || !isAway()) return;
    const found = await (recall ??= options.recall());
    // A client that asks for another version than the one before needs an answer of its own.
    if (found === null || found.asked === null || found.asked !== askedVersion(owed.message)) return;
    if (!isAway() || !ledger.settle(owed)) return;
    isRecalled = true;
    known.take(found);
    options.deliver(responseTo(owed.message, found.handshake));
    options.note('the server is not there yet; its handshake was answered from memory');
  }

  /** Answers a request for what was remembered while no server has been there yet. */
  async function answerFromMemory(owed: Owed): Promise<void> {
    if (!isListMethod(owed.method) && owed.method !== 'server/discover') return;
    const found = await (recall ??= options.recall());
    if (found === null || (era === 'modern') !== (found.asked === null)) return;
    if (era === 'modern' && known.told === null) known.take(found);
    if (era === 'legacy' && !isRecalled) return;
    const result = isListMethod(owed.method) ? known.pages(owed.method)?.get(cursorOf(owed.message)) : known.told;
    if (typeof result !== 'string' || state.kind === 'up' || owed.sentIn !== null || !ledger.settle(owed)) return;
    isRecalled = true;
    options.deliver(responseTo(owed.message, result));
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

const GONE: LinkFailure = {
  kind: 'closed',
  code: null,
  status: null,
  detail: 'the connection was given up',
  retryAfterMs: null,
  lastLines: [],
};

function isBusy(status: number | null): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function partsOf({ bytes }: Envelope): readonly Envelope[] {
  try {
    const parts = JSON.parse(bytes.toString('utf8')) as unknown;
    return Array.isArray(parts) ? parts.map((part) => readEnvelope(Buffer.from(JSON.stringify(part)))) : [];
  } catch {
    return [];
  }
}

function protocolError(id: string, code: number, message: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`));
}
