/** What a fault is built with. Whatever a bench hands out it takes back, also after a failure or a signal. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerOptions as TlsOptions } from 'node:https';
import { PROGRAMS } from './places.ts';
import type { App, AppOptions } from './servers/app.ts';

/** A daemon that is not up by then will not come up. */
const START_LIMIT_MS = 20_000;
/** How long the doctor's closed connections and ended sessions may take to be noticed by a server. */
const SETTLE_LIMIT_MS = 1500;
const POLL_MS = 10;
/** How long a program may take to end when asked. */
const STOP_LIMIT_MS = 400;

export interface Place {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** `http(s)://HOST:PORT` + path; the host is the bound one unless another is given. */
  url(path?: string, host?: string): string;
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs on the peer's side of the veth pair. */
  readonly there?: boolean;
  /** Waits until the output matches. */
  readonly until?: RegExp;
  /** Waits until this address accepts connections (on the side where the program runs). */
  readonly accepts?: { readonly host?: string; readonly port: number };
}

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): string;
}

export interface Bench {
  /** An empty folder. */
  folder(): Promise<string>;
  /** A file in a folder of its own; its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** The same, to be run. */
  executable(name: string, content: string): Promise<string>;
  /** A TCP port nobody holds. */
  freePort(host?: string): Promise<number>;
  /** An app of this process behind a listener, HTTPS when `tls` is given. */
  listen(app: App | Promise<App>, place?: Place & { readonly tls?: TlsOptions }): Promise<Listening>;
  /** A bare TCP server. */
  tcp(onSocket: (socket: Socket) => void, place?: Place): Promise<Listening>;
  /** A foreign program. */
  program(command: string, args: readonly string[], options?: ProgramOptions): Promise<Program>;
  /** An app of the catalogue in a process of its own; on the peer when `there`. */
  serve(app: string, place: Place & { readonly there?: boolean; readonly options?: AppOptions }): Promise<Listening & Program>;
  /** The command line that serves an app of the catalogue, for `--start`. */
  serveCommand(app: string, place: Place, options?: AppOptions): string;
  /** Runs a program to its end. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** The same on the peer. */
  runThere(command: string, ...args: readonly string[]): Promise<string>;
  /** A session counter that has to be back at zero when the doctor is done. */
  countSessions(count: () => number | Promise<number>): void;
  /** Runs when the case is over. */
  later(release: () => Promise<void> | void): void;
}

export interface OwnedBench extends Bench {
  /** What the doctor left at the servers: connections and sessions. */
  leftovers(): Promise<string[]>;
  release(): Promise<void>;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function urlMaker(scheme: string, host: string, port: number): Listening['url'] {
  return (path = '/mcp', otherHost = host) => `${scheme}://${bracketed(otherHost)}:${port}${path}`;
}

async function bind(server: Server, place: Place): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: place.host ?? '127.0.0.1', port: place.port ?? 0 }, resolve);
  });
  return server.address() as AddressInfo;
}

/** A bench whose temporary files lie under `home` and whose peer is the namespace `there`. */
export function createBench(home: string, there: string | null): OwnedBench {
  const releases: (() => Promise<void> | void)[] = [];
  const counters: (() => number | Promise<number>)[] = [];
  const listeners: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

  function track(server: Server): () => Promise<void> {
    const sockets = new Set<Socket>();
    listeners.push({ server, sockets });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    });
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    };
    releases.push(close);
    return close;
  }

  function onPeer(command: string, args: readonly string[]): [string, readonly string[]] {
    if (there === null) throw new Error('this case has no peer: give it network: { peer: true }');
    return ['ip', ['netns', 'exec', there, command, ...args]];
  }

  async function program(command: string, args: readonly string[], options: ProgramOptions = {}): Promise<Program> {
    const [file, argv] = options.there === true ? onPeer(command, args) : [command, args];
    const child = spawn(file, argv, {
      cwd: options.cwd ?? home,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let failure: Error | null = null;
    child.on('error', (error) => (failure = error));
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    releases.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // Asked first, so that daemons remove what they keep outside their folder.
      child.kill('SIGTERM');
      await Promise.race([gone, sleep(STOP_LIMIT_MS)]);
      child.kill('SIGKILL');
      await gone;
    });

    const limit = performance.now() + START_LIMIT_MS;
    const isUp = async (): Promise<boolean> => {
      if (options.until !== undefined && !options.until.test(output)) return false;
      return (
        options.accepts === undefined || (await accepts(options.accepts.host ?? '127.0.0.1', options.accepts.port, options.there === true))
      );
    };
    while ((options.until !== undefined || options.accepts !== undefined) && !(await isUp())) {
      const ended = failure !== null || child.exitCode !== null || child.signalCode !== null;
      if (ended || performance.now() > limit) throw new Error(`${command} did not come up: ${failure ?? output.trim().slice(-400)}`);
      await sleep(POLL_MS);
    }
    return { child, pid: child.pid ?? 0, output: () => output };
  }

  /** The peer's loopback is out of our reach: there the kernel's table is asked. */
  async function accepts(host: string, port: number, isThere: boolean): Promise<boolean> {
    if (isThere) {
      const [file, argv] = onPeer('ss', ['-Hltn', `sport = :${port}`]);
      return (await run(file, ...argv)).trim() !== '';
    }
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }

  async function run(command: string, ...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(command, args, { cwd: home }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${command} ${args.join(' ')}: ${stderr.trim() || error.message}`)),
      );
    });
  }

  async function folder(): Promise<string> {
    return mkdtemp(join(home, 'case-'));
  }

  function serveArguments(app: string, place: Place, options: AppOptions): string[] {
    const shown = [join(PROGRAMS, 'servers', 'serve.js'), app, '--host', place.host ?? '127.0.0.1', '--port', String(place.port ?? 0)];
    return Object.keys(options).length === 0 ? shown : [...shown, '--options', JSON.stringify(options)];
  }

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(await folder(), name);
    await writeFile(path, content);
    return path;
  }

  return {
    folder,
    file,
    async executable(name, content) {
      const path = await file(name, content);
      await chmod(path, 0o755);
      return path;
    },
    async freePort(host = '127.0.0.1') {
      const server = createTcpServer();
      const { port } = await bind(server, { host });
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
    async listen(pending, place = {}) {
      const app = await pending;
      const server = place.tls === undefined ? createHttpServer(app.handle) : createHttpsServer(place.tls, app.handle);
      server.on('tlsClientError', () => {});
      const close = track(server);
      if (app.sessions !== undefined) counters.push(app.sessions);
      if (app.close !== undefined) releases.push(app.close);
      const { port } = await bind(server, place);
      const host = place.host ?? '127.0.0.1';
      return { host, port, url: urlMaker(place.tls === undefined ? 'http' : 'https', host, port), close };
    },
    async tcp(onSocket, place = {}) {
      const server = createTcpServer({ allowHalfOpen: false }, onSocket);
      const close = track(server);
      const { port } = await bind(server, place);
      const host = place.host ?? '127.0.0.1';
      return { host, port, url: urlMaker('http', host, port), close };
    },
    program,
    async serve(app, place) {
      const started = await program(process.execPath, serveArguments(app, place, place.options ?? {}), {
        until: /^listening (\d+)$/m,
        ...(place.there === undefined ? {} : { there: place.there }),
      });
      const port = Number(/^listening (\d+)$/m.exec(started.output())?.[1]);
      const host = place.host ?? '127.0.0.1';
      const close = async (): Promise<void> => void started.child.kill('SIGKILL');
      return { ...started, host, port, url: urlMaker('http', host, port), close };
    },
    serveCommand(app, place, options = {}) {
      return [process.execPath, ...serveArguments(app, place, options)].map(quote).join(' ');
    },
    run,
    runThere(command, ...args) {
      const [file, argv] = onPeer(command, args);
      return run(file, ...argv);
    },
    countSessions: (count) => void counters.push(count),
    later: (release) => void releases.push(release),
    async leftovers() {
      const limit = performance.now() + SETTLE_LIMIT_MS;
      const count = async (): Promise<string[]> => {
        const sessions = (await Promise.all(counters.map(async (counter) => counter()))).reduce((sum, each) => sum + each, 0);
        const sockets = listeners.reduce((sum, { sockets: open }) => sum + open.size, 0);
        return [...(sessions > 0 ? [`left ${sessions} sessions`] : []), ...(sockets > 0 ? [`left ${sockets} connections`] : [])];
      };
      let left = await count();
      while (left.length > 0 && performance.now() < limit) {
        await sleep(POLL_MS);
        left = await count();
      }
      return left;
    },
    async release() {
      for (const release of releases.splice(0).reverse()) await release();
    },
  };
}

/** A word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
