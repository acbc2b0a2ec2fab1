/**
 * One child for many clients: every request goes to it under a number of ours, and its answer and progress come back under the
 * client's own id and token. When the child ends, it is started again, more slowly each time it does not last.
 */
import { after, now } from '../../system/clock.ts';
import {
  type Envelope,
  idOf,
  idText,
  memberAt,
  messageOf,
  messagesOf,
  readEnvelope,
  replaceRange,
  valueAt,
  withId,
} from '../../wire/envelope.ts';
import type { Link, LinkFailure, OpenLink } from '../links/link.ts';
import { lostInFlight, refusalOf } from '../refusal.ts';
import { progressTokenAt } from './affinity.ts';
import type { Metrics } from './metrics.ts';
import { notStarted } from './upstream.ts';

/** Whoever asked: gets the answer and the progress of its request. */
export interface Caller {
  deliver(message: Envelope): void;
}

export interface Asked {
  readonly number: number;
  readonly caller: Caller;
  /** The request as the client sent it. */
  readonly message: Envelope;
  /** The client's progress token as JSON text; null without one. */
  readonly token: string | null;
  readonly askedAt: number;
  sent: boolean;
}

export interface MuxOptions {
  readonly open: OpenLink;
  readonly metrics: Metrics;
  /** Makes a new child what the one before it was; requests wait meanwhile. False when the child refuses. */
  readonly greet: (direct: Direct, again: boolean) => Promise<boolean>;
  /** A message of the child that is neither an answer nor progress. */
  readonly onMessage: (message: Envelope) => void;
  readonly onLost: (why: LinkFailure) => void;
  readonly note: (line: string) => void;
}

/** The child itself, past the queue. */
export interface Direct {
  request(method: string, params: object | Envelope): Promise<Envelope | null>;
  notify(message: Envelope): void;
}

export interface Mux {
  /** Starts the child, unless it runs or is about to. */
  start(): void;
  ask(message: Envelope, caller: Caller): Asked;
  /** Nobody waits for it any more. */
  drop(asked: Asked): void;
  asked(number: number): Asked | undefined;
  /** The number of a client's request. */
  numberOf(caller: Caller, id: string): Asked | undefined;
  running(): Iterable<Asked>;
  /** A message that needs no answer; lost while there is no child. */
  send(message: Envelope): void;
  /** A request of our own. */
  request(method: string, params: object): Promise<Envelope | null>;
  lastFailure(): LinkFailure | null;
  sweep(time: number): void;
  close(): Promise<void>;
}

/** A request waits so long for a child that is being started again; less than the 60 s after which clients give up. */
const QUEUE_MS = 20_000;
const MOST_WAITING = 1_000;
/** A child that lasted so long starts again at once. */
const LASTED_MS = 10_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

export function createMux({ open, metrics, greet, onMessage, onLost, note }: MuxOptions): Mux {
  const running = new Map<number, Asked>();
  let lastNumber = 0;
  let link: Link | null = null;
  let state: 'down' | 'opening' | 'up' | 'closed' = 'down';
  let waiting: Asked[] = [];
  let failures = 0;
  let starts = 0;
  let openedAt = 0;
  let failure: LinkFailure | null = null;
  let cancelRetry: (() => void) | null = null;
  const abort = new AbortController();

  function start(): void {
    if (state !== 'down' || cancelRetry !== null) return;
    void openNow();
  }

  async function openNow(): Promise<void> {
    state = 'opening';
    openedAt = now();
    starts += 1;
    const again = starts > 1;
    const result = await open({ onMessage: receive, onLost: lose }, abort.signal);
    if (isClosed()) {
      if (result.kind === 'open') await result.link.close();
      return;
    }
    if (result.kind === 'failed') return lose(result.why);
    link = result.link;
    if (again) metrics.childRestarted();
    const greeted = await greet(direct, again);
    if (link !== result.link || isClosed()) return;
    if (!greeted) {
      await result.link.close();
      return lose({
        kind: 'ended',
        code: null,
        status: null,
        detail: 'the new process refused the handshake',
        retryAfterMs: null,
        lastLines: [],
      });
    }
    state = 'up';
    const queue = waiting;
    waiting = [];
    for (const asked of queue) pass(asked);
  }

  function isClosed(): boolean {
    return state === 'closed';
  }

  function lose(why: LinkFailure): void {
    if (isClosed()) return;
    state = 'down';
    link = null;
    failure = why;
    failures = now() - openedAt > LASTED_MS ? 0 : failures + 1;
    for (const asked of running.values()) {
      if (!asked.sent) continue;
      running.delete(asked.number);
      fail(asked, lostInFlight(asked.message.method ?? 'a request', why), 'unknown');
    }
    onLost(why);
    const delay = failures <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 2));
    note(`the command ended: ${why.detail}; it is started again${delay === 0 ? '' : ` in ${Math.round(delay / 100) / 10} s`}`);
    if (cancelRetry !== null) return;
    cancelRetry = after(delay, () => {
      cancelRetry = null;
      start();
    });
  }

  function fail(asked: Asked, refusal: Parameters<typeof refusalOf>[1], executed: 'no' | 'unknown'): void {
    asked.caller.deliver(refusalOf(idText(asked.message), refusal, executed));
  }

  function receive(message: Envelope): void {
    if (message.kind === 'batch') {
      for (const one of messagesOf(message)) receive(one);
      return;
    }
    if (message.kind === 'response') {
      const asked = message.id === null ? undefined : running.get(Number(message.id));
      if (asked === undefined) return;
      running.delete(asked.number);
      asked.caller.deliver(withId(message, idText(asked.message)));
      return;
    }
    if (message.method === 'notifications/progress') {
      const at = memberAt(message.bytes, message.paramsAt, 'progressToken');
      const asked = running.get(Number(idOf(valueAt(message, at)) ?? Number.NaN));
      if (at === null || asked === undefined || asked.token === null) return;
      asked.caller.deliver(readEnvelope(replaceRange(message.bytes, at, asked.token)));
      return;
    }
    onMessage(message);
  }

  function pass(asked: Asked): void {
    if (!running.has(asked.number)) return;
    asked.sent = true;
    const { message, number, token } = asked;
    const at = token === null ? null : progressTokenAt(message);
    const renamed = at === null ? message : readEnvelope(replaceRange(message.bytes, at, String(number)));
    void link?.send(withId(renamed, String(number)));
  }

  function next(message: Envelope, caller: Caller): Asked {
    lastNumber += 1;
    const at = progressTokenAt(message);
    const token = at === null ? null : message.bytes.toString('utf8', at.start, at.end);
    const asked: Asked = { number: lastNumber, caller, message, token, askedAt: now(), sent: false };
    running.set(asked.number, asked);
    return asked;
  }

  const direct: Direct = {
    request(method, params) {
      return new Promise((resolve) => {
        const value = 'bytes' in params ? valueAt(params, params.paramsAt) : params;
        const own = messageOf({ jsonrpc: '2.0', id: 0, method, params: value });
        const asked = next(own, { deliver: (answer) => resolve(answer.errorAt === null ? answer : null) });
        pass(asked);
      });
    },
    notify: (message) => void link?.send(message),
  };

  return {
    start,
    ask(message, caller) {
      const asked = next(message, caller);
      if (state === 'up') pass(asked);
      else if (waiting.length >= MOST_WAITING) {
        running.delete(asked.number);
        fail(asked, notStarted(failure ?? STARTING), 'no');
      } else {
        waiting.push(asked);
        start();
      }
      return asked;
    },
    drop: ({ number }) => void running.delete(number),
    asked: (number) => running.get(number),
    numberOf: (caller, id) => [...running.values()].find((one) => one.caller === caller && one.message.id === id),
    running: () => running.values(),
    send: (message) => void (state === 'up' && link?.send(message)),
    request(method, params) {
      return new Promise((resolve) => {
        const own = messageOf({ jsonrpc: '2.0', id: 0, method, params });
        const asked = next(own, { deliver: resolve });
        if (state === 'up') pass(asked);
        else waiting.push(asked);
        start();
      });
    },
    lastFailure: () => failure,
    sweep(time) {
      waiting = waiting.filter((asked) => {
        if (!running.has(asked.number)) return false;
        if (time - asked.askedAt < QUEUE_MS) return true;
        running.delete(asked.number);
        fail(asked, notStarted(failure ?? STARTING), 'no');
        return false;
      });
    },
    async close() {
      state = 'closed';
      cancelRetry?.();
      abort.abort();
      await link?.close();
    },
  };
}

const STARTING: LinkFailure = {
  kind: 'ended',
  code: null,
  status: null,
  detail: 'it is still starting',
  retryAfterMs: null,
  lastLines: [],
};
