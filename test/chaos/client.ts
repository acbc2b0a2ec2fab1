/** A client that speaks JSON-RPC over the pipes of `connect` and keeps book of every request and of all its answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

export interface Answer {
  readonly at: number;
  readonly result?: Record<string, unknown>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly mcpreach?: { readonly executed?: string } };
  };
}

export interface Entry {
  readonly id: number;
  readonly method: string;
  /** What the tool writes to the ledger; null for other requests. */
  readonly key: string | null;
  readonly sentAt: number;
  readonly answers: Answer[];
  cancelled: boolean;
  /** Called with the first answer. */
  readonly settle: () => void;
  readonly settled: Promise<void>;
}

export interface Client {
  readonly child: ChildProcess;
  readonly entries: readonly Entry[];
  readonly stray: readonly string[];
  readonly notes: ReadonlyMap<string, number>;
  readonly exited: Promise<number | null>;
  readonly stderr: () => string;
  request(method: string, params?: Record<string, unknown>, key?: string): Entry;
  notify(method: string, params?: Record<string, unknown>): void;
  cancel(entry: Entry): void;
  open(): readonly Entry[];
  /** Speaks the handshake of its era; resolves when it is through. */
  greet(): Promise<void>;
}

const CLIENT_INFO = { name: 'chaos-client', version: '0' };
const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
  'io.modelcontextprotocol/clientCapabilities': {},
};

export function startClient(command: readonly string[], env: NodeJS.ProcessEnv, era: 'legacy' | 'modern'): Client {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], env });
  const entries: Entry[] = [];
  const unanswered = new Map<number, Entry>();
  const stray: string[] = [];
  const notes = new Map<string, number>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  child.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));

  const write = (message: Record<string, unknown>): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const inEra = (params: Record<string, unknown>): Record<string, unknown> =>
    era === 'modern' ? { ...params, _meta: MODERN_META } : params;

  createInterface({ input: child.stdout }).on('line', (line) => {
    const at = performance.now();
    let message: Answer & { id?: unknown; method?: string };
    try {
      message = JSON.parse(line) as typeof message;
    } catch {
      stray.push(line);
      return;
    }
    if (message.method !== undefined) {
      notes.set(message.method, (notes.get(message.method) ?? 0) + 1);
      if (message.id !== undefined) write({ id: message.id, result: {} });
      return;
    }
    const entry = entries[Number(message.id)];
    if (entry === undefined || entry.id !== message.id) return void stray.push(line);
    entry.answers.push({ ...message, at });
    unanswered.delete(entry.id);
    entry.settle();
  });

  const request: Client['request'] = (method, params = {}, key) => {
    const { promise, resolve } = withResolvers();
    const entry: Entry = {
      id: entries.length,
      method,
      key: key ?? null,
      sentAt: performance.now(),
      answers: [],
      cancelled: false,
      settle: resolve,
      settled: promise,
    };
    entries.push(entry);
    unanswered.set(entry.id, entry);
    write({ id: entry.id, method, params: inEra(params) });
    return entry;
  };
  const notify: Client['notify'] = (method, params = {}) => write({ method, params: inEra(params) });

  return {
    child,
    entries,
    stray,
    notes,
    exited,
    stderr: () => errors,
    request,
    notify,
    cancel(entry) {
      entry.cancelled = true;
      notify('notifications/cancelled', { requestId: entry.id });
    },
    open: () => [...unanswered.values()].filter(({ cancelled }) => !cancelled),
    async greet() {
      if (era === 'modern') return request('server/discover').settled;
      await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT_INFO }).settled;
      notify('notifications/initialized');
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
