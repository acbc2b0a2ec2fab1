import { renderDuration } from '../formats/words.ts';
import type { DiagnosisEvent } from '../model/events.ts';
import type { EvidenceKind } from '../model/evidence.ts';
import { now, sleep } from '../system/clock.ts';

/** Shorter waits are over before anybody could read the line. */
const PATIENCE_MS = 300;
const FRAME_MS = 100;

/** Back to the first column, and everything from there erased. */
const ERASE = '\r\u001b[2K';

const UNICODE_FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ASCII_FRAMES = ['-', '\\', '|', '/'];

type Waiting = EvidenceKind | 'launch';

/** What is waited for while a probe runs. */
const WAITING_FOR = {
  dns: 'the name to resolve',
  clientCertificate: 'a request with the client certificate',
  resolver: 'the name servers',
  tcp: 'the connection',
  tls: 'the TLS handshake',
  proxy: 'the proxy rules',
  direct: 'the MCP handshake',
  proxied: 'the MCP handshake through the proxy',
  peek: 'what the port says by itself',
  siblings: 'other addresses of the server',
  hostGuard: 'the server under another Host header',
  paths: 'other usual paths',
  otherTransport: 'the other transport',
  otherScheme: 'the other scheme',
  machine: 'the list of listening sockets',
  holder: "the port's owner",
  containers: 'asking container engines',
  ports: 'MCP servers on other ports',
  start: 'the server that was started',
  routes: 'the way to the address',
  wsl: 'asking the other side of WSL',
  filters: 'reading the packet filters of this machine',
  patience: 'the port to open',
  sandbox: 'what confines this program',
  systemProxy: "the system's proxy settings",
  log: 'the logs',
  launch: 'the server to start and answer',
} satisfies Record<Waiting, string>;

/** Probes that outlast those which are started after them. */
const LONG: readonly Waiting[] = ['start', 'patience'];

export interface Progress {
  event(event: DiagnosisEvent): void;
  /** Erases the line; it comes back when there is still something to wait for. */
  clear(): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly unicode: boolean;
}

/** One line that says what is being waited for and for how long, once it takes longer than a moment. */
export function createProgress({ write, columns, unicode }: ProgressOptions): Progress {
  const frames = unicode ? UNICODE_FRAMES : ASCII_FRAMES;
  const stopped = new AbortController();
  const waiting = new Map<number, Waiting>();
  let started = 0;
  let finished = 0;
  let since = now();
  let shown = false;
  let running = false;

  function clear(): void {
    if (shown) write(ERASE);
    shown = false;
  }

  async function animate(): Promise<void> {
    running = true;
    for (let frame = 0; waiting.size > 0 && !stopped.signal.aborted; frame++) {
      if (now() - since >= PATIENCE_MS) draw(frames[frame % frames.length] ?? '');
      await sleep(FRAME_MS, stopped.signal);
    }
    running = false;
    clear();
  }

  function draw(frame: string): void {
    const [kind] = waiting.values();
    if (kind === undefined) return;
    const counted = started > 1 ? `${finished} of ${started} done, ` : '';
    const line = `${frame} ${counted}waiting for ${WAITING_FOR[kind]} … ${renderDuration(now() - since)}`;
    // A line that wraps could not be erased.
    write(ERASE + (unicode ? line : line.replace('…', '...')).slice(0, columns() - 1));
    shown = true;
  }

  return {
    event(event) {
      since = now();
      if (event.kind === 'target-started') started++;
      if (event.kind === 'target-finished') {
        finished++;
        waiting.delete(event.index);
      }
      if (event.kind === 'probing') {
        const before = waiting.get(event.index);
        const kind = LONG.find((long) => long === before || event.probes.includes(long)) ?? event.probes[0];
        if (kind === undefined) return;
        waiting.set(event.index, kind);
        if (!running) void animate();
      }
    },
    clear,
    stop() {
      stopped.abort();
      clear();
    },
  };
}
