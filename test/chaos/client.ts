/** A client of `mcpreach connect` that writes down every request and every answer it gets to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from './waiting.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export type Message = Readonly<Record<string, unknown>>;

/** One request, from the moment it was written. */
export interface Entry {
  readonly id: number;
  readonly method: string;
  /** What the call writes down when it runs; null for other requests. */
  readonly key: string | null;
  readonly sentAt: number;
  readonly answers: Message[];
  answeredAt: number | null;
  cancelled: boolean;
  /** Resolves with the first answer; null when it was cancelled, or the bridge ended. */
  readonly answered: Promise<Message | null>;
}

export interface ChaosClient {
  readonly child: ChildProcess;
  readonly entries: ReadonlyMap<number, Entry>;
  /** Lines that are no message, and answers to nothing that was asked. */
  readonly strays: readonly string[];
  /** Notifications by method. */
  count(method: string): number;
  request(method: string, params?: object, key?: string): Entry;
  notify(method: string, params?: object): void;
  /** Opens a subscription, the only way of being told of changes since 2026-07-28; what was not asked for is a stray line then. */
  subscribe(notifications: object): void;
  cancel(entry: Entry): void;
  /** Resolves when everything that was not cancelled is answered, or with what is not answered after so long. */
  settled(limitMs: number): Promise<readonly Entry[]>;
  readonly ended: Promise<number | null>;
  hasEnded(): boolean;
  stderr(): string;
  /** Closes the input, as a client that goes. */
  end(): void;
}

/** Id of the one subscription that a client opens. */
const SUBSCRIPTION = 'changes';

function subscriptionOf(params: unknown): unknown {
  return (params as { readonly _meta?: Readonly<Record<string, unknown>> } | undefined)?._meta?.['io.modelcontextprotocol/subscriptionId'];
}

export interface ClientOptions {
  readonly variables: Readonly<Record<string, string>>;
  /** What every request since 2026-07-28 says; null before. */
  readonly meta: object | null;
  /** Answers a question of the server. */
  readonly answer: (method: string, params: unknown) => object;
}

export function startClient(args: readonly string[], { variables, meta, answer }: ClientOptions): ChaosClient {
  const child = spawn(process.execPath, [MAIN, 'connect', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  const entries = new Map<number, Entry>();
  const resolvers = new Map<number, (message: Message | null) => void>();
  const strays: string[] = [];
  const counts = new Map<string, number>();
  let rest = '';
  let stderr = '';
  let isOver = false;

  const write = (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const withMeta = (params: object) => (meta === null ? params : { ...params, _meta: meta });

  /** Whether a notice of changed lists came in the way in which this client may be told. */
  const isMeant = (method: string, { params }: Message) =>
    meta === null || !method.endsWith('/list_changed') || subscriptionOf(params) === SUBSCRIPTION;

  function receive(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      strays.push(line);
      return;
    }
    const { id, method } = message;
    if (typeof method === 'string') {
      if (!isMeant(method, message)) strays.push(line);
      else if (id === undefined) counts.set(method, (counts.get(method) ?? 0) + 1);
      else write({ id, result: answer(method, message['params']) });
      return;
    }
    const entry = typeof id === 'number' ? entries.get(id) : undefined;
    if (entry === undefined) {
      strays.push(line);
      return;
    }
    entry.answers.push(message);
    entry.answeredAt ??= performance.now();
    resolvers.get(entry.id)?.(message);
    resolvers.delete(entry.id);
  }

  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) receive(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      isOver = true;
      for (const settle of resolvers.values()) settle(null);
      resolve(code);
    });
  });

  return {
    child,
    entries,
    strays,
    ended,
    hasEnded: () => isOver,
    stderr: () => stderr,
    count: (method) => counts.get(method) ?? 0,
    request(method, params = {}, key) {
      const id = entries.size;
      const answered = new Promise<Message | null>((resolve) => resolvers.set(id, resolve));
      const entry: Entry = {
        id,
        method,
        key: key ?? null,
        sentAt: performance.now(),
        answers: [],
        answeredAt: null,
        cancelled: false,
        answered,
      };
      entries.set(id, entry);
      write({ id, method, params: withMeta(params) });
      return entry;
    },
    notify: (method, params = {}) => write({ method, params: withMeta(params) }),
    subscribe: (notifications) => write({ id: SUBSCRIPTION, method: 'subscriptions/listen', params: withMeta({ notifications }) }),
    cancel(entry) {
      entry.cancelled = true;
      write({ method: 'notifications/cancelled', params: { requestId: entry.id, reason: 'chaos' } });
      resolvers.get(entry.id)?.(null);
      resolvers.delete(entry.id);
    },
    async settled(limitMs) {
      const open = () => [...entries.values()].filter(({ answers, cancelled }) => answers.length === 0 && !cancelled);
      await within(limitMs, Promise.all(open().map(({ answered }) => answered)));
      return open();
    },
    end: () => void child.stdin.end(),
  };
}
