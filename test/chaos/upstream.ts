/** The server under torment, seen from the harness: a process of ours behind a port, or one that the bridge starts itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { recorded } from './state.ts';
import { isAlive, until } from './waiting.ts';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));
/** A process starts within this even on a machine that is busy with other things, in milliseconds. */
const START_MS = 30_000;

export interface Upstream {
  /** What `connect` is told. */
  readonly args: readonly string[];
  /** SIGKILL, and until it is gone. */
  kill(): Promise<void>;
  /** Until a server takes requests again. */
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Ends it for good. */
  end(): Promise<void>;
}

export function httpUpstream(flavour: string, folder: string, port: number): Upstream {
  let child: ChildProcess | null = null;
  const kill = async () => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    args: [`http://127.0.0.1:${port}/mcp`],
    kill,
    async start() {
      const next = spawn(process.execPath, [SERVER, flavour, folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
      child = next;
      await new Promise<void>((resolve, reject) => {
        next.stdout.once('data', () => resolve());
        next.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      });
    },
    signal: (name) => void child?.kill(name),
    end: kill,
  };
}

export function stdioUpstream(folder: string): Upstream {
  /** How many servers there were when the present one was killed. */
  let seen = 0;
  const newest = () => Number(recorded(folder, 'pids').at(-1) ?? 0);
  const kill = async () => {
    const pid = newest();
    seen = recorded(folder, 'pids').length;
    if (pid === 0 || !isAlive(pid)) return;
    process.kill(pid, 'SIGKILL');
    if (!(await until(START_MS, () => !isAlive(pid)))) throw new Error(`${pid} does not go, and was not reaped`);
  };
  return {
    args: ['--', process.execPath, SERVER, 'stdio', folder],
    kill,
    async start() {
      if (!(await until(START_MS, () => recorded(folder, 'pids').length > seen))) throw new Error('the bridge starts no server');
    },
    signal(name) {
      const pid = newest();
      if (isAlive(pid)) process.kill(pid, name);
    },
    end: () => Promise.resolve(),
  };
}

/** Below the ports that the system gives to outgoing connections: a bridge that looks for its server must not meet itself. */
const PORTS = { low: 18_000, high: 32_000 };

/** A port of 127.0.0.1 that nobody has. */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = PORTS.low + Math.floor(Math.random() * (PORTS.high - PORTS.low));
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
