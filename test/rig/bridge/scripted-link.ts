/** A server whose every move is the test's: links open, answer, break and refuse as told. */
import type { Link, LinkFailure, LinkListener, OpenedLink, OpenLink, Outcome } from '../../../src/bridge/links/link.ts';
import { type Envelope, idText, readEnvelope } from '../../../src/wire/envelope.ts';

export function failure(kind: LinkFailure['kind'], more: Partial<LinkFailure> = {}): LinkFailure {
  return { kind, code: null, status: null, detail: kind, retryAfterMs: null, lastLines: [], ...more };
}

/** One link as the test holds it. */
export interface ScriptedLink {
  /** Everything sent on it, as text, in order. */
  readonly sent: string[];
  readonly closed: () => boolean;
  /** Answers the request that has this method, oldest first. */
  answer(method: string, result: unknown): void;
  /** Says what became of a request that has this method, without an answer. */
  settle(method: string, outcome: Outcome): void;
  /** A message of the server's own accord. */
  say(message: object, of?: string | null): void;
  /** Its own stream was interrupted. */
  gap(): void;
  /** Everything open is settled as `unknown`, then the link is lost. */
  lose(why: LinkFailure): void;
}

export interface ScriptedServer {
  readonly open: OpenLink;
  readonly links: ScriptedLink[];
  /** What the next attempts to open come to; `open` when nothing is planned. */
  readonly plan: (LinkFailure | 'open' | Promise<unknown>)[];
  /** What comes of the next answers to questions of the server; `done` when nothing is planned. */
  readonly replies: Outcome[];
  attempts(): number;
}

/** `react` is asked for each request; what it returns is the result, undefined leaves the request open. */
export function scriptedServer(react: (message: Envelope, link: number) => unknown = () => undefined): ScriptedServer {
  const links: ScriptedLink[] = [];
  const plan: ScriptedServer['plan'] = [];
  const replies: Outcome[] = [];
  let attempts = 0;

  function createLink(listener: LinkListener): Link {
    const index = links.length;
    const open = new Map<Envelope, (outcome: Outcome) => void>();
    const sent: string[] = [];
    let closed = false;
    const find = (method: string) => {
      const found = [...open.keys()].find((message) => message.method === method);
      if (found === undefined) throw new Error(`no open ${method}; sent: ${sent.join('\n')}`);
      return found;
    };
    const respond = (message: Envelope, result: unknown) => {
      const body = result instanceof Error ? `"error":{"code":-32000,"message":"${result.message}"}` : `"result":${JSON.stringify(result)}`;
      listener.onMessage(readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText(message)},${body}}`)), message.id);
      open.get(message)?.({ kind: 'done' });
      open.delete(message);
    };
    const settleAll = (outcome: Outcome) => {
      for (const resolve of open.values()) resolve(outcome);
      open.clear();
    };
    links.push({
      sent,
      closed: () => closed,
      answer: (method, result) => respond(find(method), result),
      settle(method, outcome) {
        const message = find(method);
        open.get(message)?.(outcome);
        open.delete(message);
      },
      say: (message, of = null) => listener.onMessage(readEnvelope(Buffer.from(JSON.stringify(message))), of),
      gap: () => listener.onGap?.(),
      lose(why) {
        closed = true;
        settleAll({ kind: 'unknown', why });
        listener.onLost(why);
      },
    });
    return {
      send(message) {
        if (closed) return Promise.resolve({ kind: 'not-sent', why: failure('closed') });
        sent.push(message.bytes.toString());
        if (message.kind === 'response') return Promise.resolve(replies.shift() ?? { kind: 'done' });
        if (message.kind !== 'request') return Promise.resolve({ kind: 'done' });
        return new Promise((resolve) => {
          open.set(message, resolve);
          const result = react(message, index);
          if (result !== undefined) respond(message, result);
        });
      },
      abandon: (id) => void sent.push(`abandon ${id}`),
      pause: () => void sent.push('pause'),
      resume: () => void sent.push('resume'),
      close() {
        closed = true;
        settleAll({ kind: 'unknown', why: failure('closed') });
        return Promise.resolve();
      },
    };
  }

  return {
    links,
    plan,
    replies,
    attempts: () => attempts,
    async open(listener, signal): Promise<OpenedLink> {
      attempts += 1;
      const next = plan.shift() ?? 'open';
      if (next instanceof Promise) await next;
      else if (next !== 'open') return { kind: 'failed', why: next };
      if (signal.aborted) return { kind: 'failed', why: failure('closed') };
      return { kind: 'open', link: createLink(listener) };
    },
  };
}
