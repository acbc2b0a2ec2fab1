/**
 * What becomes of each request of the client: it is sent, and what came of that decides whether it is answered, held, or sent
 * again. Protocol of safety: what was never sent may be sent; what may have run is sent again only where that is harmless.
 */
import { after, now, within } from '../system/clock.ts';
import { type Envelope, idText } from '../wire/envelope.ts';
import type { Connection, ConnectionEvent } from './connection.ts';
import { failureRefusal } from './failure-words.ts';
import { mayHeal, type Reply } from './greeting.ts';
import { clientName } from './known.ts';
import type { Ledger, Owed } from './ledger.ts';
import { GONE, isBusy, type Link, type LinkFailure } from './links/link.ts';
import { lostInFlight, type Refusal, refusalOf } from './refusal.ts';
import { MOST_TRIES, mayRepeat, type ToolHints } from './resend.ts';

export interface DeliveryOptions {
  /** Gives the client a message. */
  readonly deliver: (message: Envelope) => void;
  /** Finds out why there is no server; null when nothing is wrong any more, or nothing could be found out. */
  readonly diagnose: (signal: AbortSignal) => Promise<Refusal | null>;
  /** How long `initialize` is held for a client of this name, in milliseconds. */
  readonly holdMs: (client: string | null) => number | Promise<number>;
  /** How long other requests are held, in milliseconds. */
  readonly queueMs: number;
}

export interface DeliveryContext extends DeliveryOptions {
  readonly ledger: Ledger;
  readonly state: () => Connection;
  readonly link: () => Link | null;
  readonly happen: (event: ConnectionEvent) => void;
  /** What a server says of the tool that a request calls; null where that is not known, or does not count. */
  readonly hintsOf: (request: Envelope) => ToolHints | null;
  /** Asks the server something harmless. */
  readonly probe: () => Promise<Reply>;
  readonly signal: AbortSignal;
}

export interface Deliveries {
  /** Sends a request, or holds it while there is no server. */
  dispatch(owed: Owed): Promise<void>;
  /** Keeps a request until there is a server, or its time is up. */
  hold(owed: Owed): void;
  /** Answers a held request with why there is no server, unless one comes while we find out. */
  turnAway(owed: Owed): Promise<void>;
  /** There is a new server, or a new try: what was found out about the one before does not hold. */
  forgetReason(): void;
}

/** What we may still find out after a request's time is up, in milliseconds; its time is shortened by as much. */
const DIAGNOSIS_MS = 3_000;
/** A handshake that is not through by then is slow enough to look up how long the client waits, in milliseconds. */
const LOOK_UP_AFTER_MS = 200;
/** A server that refuses the same request twice, with a new session in between, will refuse it again. */
const MOST_REFUSALS = 2;
/** Before a server that is too busy is asked again, where it does not say when, in milliseconds. */
export const BUSY_MS = 500;

export function createDeliveries(context: DeliveryContext): Deliveries {
  const { ledger, state, link, happen, hintsOf, probe, deliver, diagnose, holdMs, queueMs, signal } = context;
  let why: Promise<Refusal> | null = null;
  let checking = false;
  /** What is sent again when the server has shown that it is still there. */
  const again = new Set<Owed>();

  /** Sends a request, and decides what its outcome means. */
  async function dispatch(owed: Owed): Promise<void> {
    const { kind, epoch } = state();
    const mine = link();
    if (kind !== 'up' || mine === null) return hold(owed);
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
    if (owed.lasting || (mayRepeat(owed.method, hintsOf(owed.message)) && owed.tries < MOST_TRIES)) {
      hold(owed);
      if (mine !== link()) return void (state().kind === 'up' && dispatch(owed));
      again.add(owed);
      return check(mine);
    }
    finishWith(owed, lostInFlight(owed.method, why), 'unknown');
    check(mine);
  }

  function notSent(owed: Owed, mine: Link, failure: LinkFailure): void {
    if (!mayHeal(failure)) {
      hold(owed);
      if (mine === link()) happen({ kind: 'refused', why: failure });
      else void turnAway(owed);
      return;
    }
    if (failure.kind === 'http' && isBusy(failure.status)) {
      hold(owed);
      after(failure.retryAfterMs ?? BUSY_MS, () => {
        if (ledger.find(owed.id) === owed && owed.sentIn === null && state().kind === 'up') void dispatch(owed);
      });
      return;
    }
    if (failure.kind === 'http' || failure.kind === 'not-mcp' || failure.kind === 'session-lost') {
      owed.refusals += 1;
      if (owed.refusals >= MOST_REFUSALS) return finishWith(owed, failureRefusal(failure), 'no');
    }
    hold(owed);
    if (mine === link()) happen({ kind: 'lost', why: failure, at: now() });
    else if (state().kind === 'up') void dispatch(owed);
  }

  /** After a stream broke: is the server still there? Asked once for any number of broken streams. */
  function check(mine: Link): void {
    if (checking || mine !== link() || state().kind !== 'up') return;
    checking = true;
    void probe().then((reply) => {
      checking = false;
      const waiting = [...again];
      again.clear();
      if (reply.kind === 'failed') {
        if (mine === link()) happen({ kind: 'lost', why: reply.why, at: now() });
        return;
      }
      for (const owed of waiting) if (ledger.find(owed.id) === owed && owed.sentIn === null) void dispatch(owed);
    });
  }

  /** Keeps a request until there is a server, or its time is up. */
  function hold(owed: Owed): void {
    owed.stopClock();
    // Nobody waits for an answer any more.
    if (state().kind === 'closed') return void ledger.settle(owed);
    if (owed.lasting) return;
    if (state().kind === 'refused') return void turnAway(owed);
    if (owed.method !== 'initialize') return startClock(owed, queueMs);
    // Whose client it is need not be known while all goes well.
    owed.stopClock = after(LOOK_UP_AFTER_MS, () => {
      void Promise.resolve(holdMs(clientName(owed.message))).then((limit) => {
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
    if (owed.lasting) return;
    const reason = await reasonOf();
    if (owed.sentIn !== null) return;
    finishWith(owed, reason, owed.tries > 0 ? 'unknown' : 'no');
  }

  function finishWith(owed: Owed, reason: Refusal, executed: 'no' | 'unknown'): void {
    if (ledger.settle(owed) && !owed.cancelled) deliver(refusalOf(idText(owed.message), reason, executed));
  }

  /** Why there is no server, found out once for all that ask at the same time. */
  function reasonOf(): Promise<Refusal> {
    const now = state();
    if (now.kind === 'refused' && 'cause' in now.refusal) return Promise.resolve(now.refusal);
    const failure = now.kind === 'refused' ? (now.refusal as LinkFailure) : 'why' in now ? now.why : null;
    why ??= within(diagnose(signal), DIAGNOSIS_MS, null).then((found) => found ?? failureRefusal(failure));
    const mine = why;
    // What was found out holds for those who ask now, not for those who ask a minute later.
    after(DIAGNOSIS_MS, () => {
      if (why === mine) why = null;
    });
    return mine;
  }

  return {
    dispatch,
    hold,
    turnAway,
    forgetReason() {
      why = null;
    },
  };
}
