/** A client of `mcpreach connect` that speaks JSON-RPC by hand, so that a test sees every message. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export type Message = Readonly<Record<string, unknown>>;

export interface StdioClient {
  readonly child: ChildProcess;
  readonly messages: readonly Message[];
  readonly ended: Promise<{ readonly code: number | null; readonly ms: number }>;
  stderr(): string;
  send(message: object): void;
  /** Sends a request and resolves with its response. */
  request(method: string, params?: object): Promise<Message>;
  /** `initialize` and `notifications/initialized`. */
  begin(version?: string): Promise<Message>;
  /** Resolves with the first message that fits. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** Closes the input, as a client that goes. */
  end(): void;
}

/** `namespace`: the network namespace in which the program runs. */
export function startClient(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  namespace: string | null = null,
): StdioClient {
  const [file = '', ...argv] = [...(namespace === null ? [] : ['ip', 'netns', 'exec', namespace]), process.execPath, MAIN, ...args];
  const child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...variables } });
  const started = performance.now();
  const messages: Message[] = [];
  const watchers = new Set<() => void>();
  let rest = '';
  let stderr = '';
  let ids = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) messages.push(JSON.parse(line) as Message);
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ readonly code: number | null; readonly ms: number }>((resolve) => {
    child.on('close', (code) => resolve({ code, ms: performance.now() - started }));
  });
  const send = (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const next = (fits: (message: Message) => boolean) =>
    new Promise<Message>((resolve, reject) => {
      const look = () => {
        const found = messages.find(fits);
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
      void ended.then(({ code }) => reject(new Error(`ended with ${code}: ${stderr}`)));
    });
  const client: StdioClient = {
    child,
    messages,
    ended,
    stderr: () => stderr,
    send,
    next,
    request(method, params = {}) {
      const id = ids++;
      send({ id, method, params });
      return next((message) => message['id'] === id && message['method'] === undefined);
    },
    async begin(version = '2025-11-25') {
      const answer = await client.request('initialize', {
        protocolVersion: version,
        capabilities: {},
        clientInfo: { name: 'e2e', version: '1' },
      });
      send({ method: 'notifications/initialized' });
      return answer;
    },
    end: () => child.stdin.end(),
  };
  return client;
}

/** `error.data.mcpreach` of an answer. */
export function refusalIn(message: Message): { readonly cause: string; readonly executed: string } {
  const { data } = message['error'] as { readonly data: { readonly mcpreach: { readonly cause: string; readonly executed: string } } };
  return data.mcpreach;
}
