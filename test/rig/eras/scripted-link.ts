/** A link whose server is a function, and a client that keeps what it gets. */
import type { TestContext } from 'node:test';
import { createEraMemory, type EraMemory } from '../../../src/bridge/eras/memory.ts';
import { withEraTranslation } from '../../../src/bridge/eras/eras.ts';
import type { Link, LinkFailure, LinkListener, OpenLink, Outcome } from '../../../src/bridge/links/link.ts';
import { type Envelope, idOf, messageOf, readEnvelope } from '../../../src/wire/envelope.ts';

/** A message, as far as tests look into it. */
export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Readonly<Record<string, unknown>> };
}

/** What a scripted server does with a message: answer it, end the link, refuse it by an outcome, or keep silent. */
export type Reaction = { readonly result: unknown } | { readonly error: object } | { readonly outcome: Outcome } | 'silent' | undefined;

export type Script = (message: Message, server: ScriptedServer) => Reaction | Promise<Reaction>;

export interface ScriptedServer {
  /** Everything it got, as it came. */
  readonly got: readonly Envelope[];
  readonly abandoned: readonly string[];
  readonly opens: () => number;
  say(message: object | string, of?: string | number | null): void;
  end(why?: Partial<LinkFailure>): void;
}

/** What a refusal of ours says besides its message. */
export function refusalIn(message: Message | undefined): { readonly cause: unknown; readonly executed: unknown } {
  const { cause, executed } = (message?.error?.data?.['mcpreach'] ?? {}) as Record<string, unknown>;
  return { cause, executed };
}

/** Why a link failed, with nothing else in it. */
export function failure(kind: LinkFailure['kind'], status: number | null = null): LinkFailure {
  return { kind, code: null, status, detail: kind, retryAfterMs: null, lastLines: [] };
}

/** Opens links to a server that is a script. */
export function scriptedServer(script: Script): { readonly open: OpenLink; readonly server: ScriptedServer } {
  const got: Envelope[] = [];
  const abandoned: string[] = [];
  let opens = 0;
  let now: { listener: LinkListener; end: (why: LinkFailure) => void } | null = null;
  const server: ScriptedServer = {
    got,
    abandoned,
    opens: () => opens,
    say(message, of = null) {
      now?.listener.onMessage(typeof message === 'string' ? readEnvelope(Buffer.from(message)) : messageOf(message), idOf(of));
    },
    end: (why) => now?.end({ ...failure('ended'), ...why }),
  };
  const open: OpenLink = (listener) => {
    opens += 1;
    const ends = new Set<(why: LinkFailure) => void>();
    const current = {
      listener,
      end(why: LinkFailure) {
        if (now === current) now = null;
        for (const end of ends) end(why);
        listener.onLost(why);
      },
    };
    now = current;
    const link: Link = {
      send(envelope) {
        if (now !== current) return Promise.resolve({ kind: 'not-sent', why: failure('closed') });
        got.push(envelope);
        const message = JSON.parse(envelope.bytes.toString()) as Message;
        return new Promise((resolve) => {
          const lost = (why: LinkFailure) => resolve({ kind: 'unknown', why });
          ends.add(lost);
          void Promise.resolve(script(message, server)).then((reaction) => {
            if (reaction === 'silent') return;
            if (now !== current) return;
            ends.delete(lost);
            if (reaction !== undefined && 'outcome' in reaction) return resolve(reaction.outcome);
            if (reaction !== undefined && envelope.kind === 'request') {
              listener.onMessage(messageOf({ jsonrpc: '2.0', id: message.id, ...reaction }), envelope.id);
            }
            resolve({ kind: 'done' });
          });
        });
      },
      abandon: (id) => void abandoned.push(id),
      pause: () => {},
      resume: () => {},
      close() {
        if (now === current) now = null;
        for (const end of ends) end(failure('closed'));
        return Promise.resolve();
      },
    };
    return Promise.resolve({ kind: 'open', link });
  };
  return { open, server };
}

export interface TestClient {
  readonly link: Link;
  readonly memory: EraMemory;
  readonly got: readonly { readonly message: Message; readonly envelope: Envelope; readonly of: string | null }[];
  readonly lost: () => LinkFailure | null;
  send(message: object | string): Promise<Outcome>;
  /** The first message that fits, now or later. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** Sends a request and returns its answer. */
  ask(message: Message): Promise<Message>;
}

/** Connects a client through the translation; the link is closed with the test. */
export async function connectClient(
  t: TestContext,
  open: OpenLink,
  { stdio = false, memory = createEraMemory(), probeMs = 20_000 }: { stdio?: boolean; memory?: EraMemory; probeMs?: number } = {},
): Promise<TestClient> {
  const got: { message: Message; envelope: Envelope; of: string | null }[] = [];
  const waiting = new Set<() => void>();
  let lost: LinkFailure | null = null;
  const opened = await withEraTranslation(open, { memory, stdio, self: { name: 'bridge', version: '1' }, probeMs })(
    {
      onMessage(envelope, of) {
        got.push({ message: JSON.parse(envelope.bytes.toString()) as Message, envelope, of });
        for (const look of waiting) look();
      },
      onLost(why) {
        lost = why;
      },
    },
    new AbortController().signal,
  );
  if (opened.kind === 'failed') throw new Error(opened.why.detail);
  const { link } = opened;
  t.after(() => link.close());
  const client: TestClient = {
    link,
    memory,
    got,
    lost: () => lost,
    send: (message) =>
      link.send(typeof message === 'string' ? readEnvelope(Buffer.from(message)) : messageOf({ jsonrpc: '2.0', ...message })),
    next(fits) {
      return new Promise((resolve) => {
        const look = () => {
          const found = got.find(({ message }) => fits(message));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found.message);
        };
        waiting.add(look);
        look();
      });
    },
    async ask(message) {
      const outcome = client.send(message);
      const answer = client.next((one) => one.id === message.id && one.method === undefined);
      const came = await Promise.race([answer, outcome.then(() => null)]);
      return came ?? answer;
    },
  };
  return client;
}
