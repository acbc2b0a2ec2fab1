/** The server that a chaos run breaks: started, killed, stopped, replaced, always at the same port or by the same command. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Identity, Order } from './orders.ts';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));

export interface Upstream {
  /** What `connect` is to be pointed at. */
  readonly target: readonly string[];
  /** Starts it as this program; for stdio the next start is the client's. */
  start(identity: Identity): Promise<void>;
  /** kill -9; resolves when it is gone. False when nothing runs. */
  kill(): Promise<boolean>;
  signal(signal: NodeJS.Signals): void;
  order(order: Order): Promise<void>;
  readonly pids: () => readonly number[];
  close(): Promise<void>;
}

export async function httpUpstream(kind: 'json' | 'sse' | 'modern', ledger: string): Promise<Upstream> {
  const port = await freePort();
  const pids: number[] = [];
  const launch = (): ChildProcess => {
    const child = fork(SERVER, [kind, ledger], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    pids.push(child.pid!);
    return child;
  };
  // One is always loaded and waiting, so that a new server is up a moment after the old one is gone.
  let spare = launch();
  let spareReady = done(spare);
  let running: ChildProcess | null = null;
  const order: Upstream['order'] = async (what) => {
    if (running === null) return;
    const obeyed = done(running);
    running.send(what);
    await obeyed;
  };
  return {
    target: [`http://127.0.0.1:${port}/mcp`],
    async start(identity) {
      const child = spare;
      await spareReady;
      running = child;
      spare = launch();
      spareReady = done(spare);
      await order({ kind: 'listen', port, identity });
    },
    async kill() {
      const child = running;
      running = null;
      return child !== null && end(child);
    },
    signal: (name) => void running?.kill(name),
    order,
    pids: () => pids,
    async close() {
      await Promise.all([spare, ...(running === null ? [] : [running])].map(end));
    },
  };
}

export function stdioUpstream(ledger: string): Upstream {
  const read = (): number[] =>
    existsSync(`${ledger}.pids`) ? readFileSync(`${ledger}.pids`, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  let killed = 0;
  const latest = (): number | undefined => read().slice(killed).at(-1);
  const signal = (name: NodeJS.Signals): boolean => {
    const pid = latest();
    try {
      return pid !== undefined && process.kill(pid, name);
    } catch {
      return false;
    }
  };
  return {
    target: ['--', process.execPath, SERVER, 'stdio', ledger],
    start(identity) {
      writeFileSync(`${ledger}.identity`, JSON.stringify(identity));
      return Promise.resolve();
    },
    kill() {
      const hit = signal('SIGKILL');
      killed = read().length;
      return Promise.resolve(hit);
    },
    signal,
    order: () => Promise.resolve(),
    pids: read,
    close: () => Promise.resolve(),
  };
}

/** Resolves with the server's next word, or when it ends: then there is nothing to wait for. */
function done(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('message', () => resolve());
    child.once('exit', () => resolve());
  });
}

function end(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(false);
  const gone = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  child.kill('SIGKILL');
  return gone;
}

/** Below the ports that systems give out by themselves, so that nobody is given it while the server is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) =>
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
    );
    if (free) {
      const found = (probe.address() as AddressInfo).port;
      await new Promise((resolve) => probe.close(resolve));
      return found;
    }
  }
}
