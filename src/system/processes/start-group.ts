import { ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { within } from '../clock.ts';
import { endTree, endTreeNow } from './end-tree.ts';
import { endWithUs } from './on-our-end.ts';
import { createTail } from './tail.ts';
import { MARK, watchTree } from './tree.ts';

export interface GroupOptions {
  /** A line for the system's shell (`sh -c`, on Windows `cmd /d /s /c`), or a program with its arguments, started without one. */
  readonly command: string | readonly [file: string, ...args: string[]];
  /** All variables the command gets; nothing of ours is added but the mark that lets us find its descendants. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Hears each line of standard output as it comes. */
  readonly onStdoutLine?: (line: string) => void;
  /** Whether standard output is kept as lines for {@link ProcessGroup.stdout}; default: yes. A relay has no use for them. */
  readonly keepStdout?: boolean;
  /** Hears standard output byte for byte; null at its end. */
  readonly onStdout?: (chunk: Uint8Array | null) => void;
  /** Hears each line of standard error as it comes. */
  readonly onStderrLine?: (line: string) => void;
  /** Whether a signal to us ends it at once; default: yes. Who lets it finish first says no; the end of our process ends it in any case. */
  readonly endOnSignal?: boolean;
}

export interface GroupExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** errno name when the shell or program itself could not be started; null otherwise. */
  readonly startError: string | null;
}

/** A running command with all its descendants. */
export interface ProcessGroup {
  /** Resolves when the shell or program has ended and its output is read; descendants may live on. */
  readonly exit: Promise<GroupExit>;
  /** What {@link ProcessGroup.exit} resolved with; null while it runs. */
  ended(): GroupExit | null;
  /** Ids of all living processes of the tree. Empty on Windows, where only the end knows the tree. */
  pids(): readonly number[];
  /** The last 200 lines. */
  stdout(): readonly string[];
  stderr(): readonly string[];
  /** Writes to standard input; silently nothing when it is closed already. */
  writeStdin(data: string | Uint8Array): void;
  /** Stops, and goes on, reading standard output: the command's writes block meanwhile. */
  pauseStdout(): void;
  resumeStdout(): void;
  /** Closes standard input, by which a client tells a server to end. */
  closeStdin(): void;
  /** Ends the whole tree for sure, daemons included; may be called any number of times. */
  end(): Promise<void>;
}

/** Enough for a traceback with its cause; more is noise. */
const LINES = { lines: 200, lineLength: 2_000 } as const;

/** A daemon may hold the output pipes open for ever, so the end of the shell waits for them only this long. */
const DRAIN_MS = 200;

/** Starts a command as the leader of its own process group. Never throws: a shell that cannot be started is an exit. */
export function startGroup(options: GroupOptions): ProcessGroup {
  const mark = randomUUID();
  const child = spawnCommand(options, { ...options.environment, [MARK]: mark });
  const stdout = createTail({ ...LINES, ...(options.onStdoutLine && { onLine: options.onStdoutLine }) });
  const stderr = createTail({ ...LINES, ...(options.onStderrLine && { onLine: options.onStderrLine }) });
  if (options.keepStdout !== false) child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk)).on('end', () => stdout.end());
  if (options.onStdout !== undefined) {
    const { onStdout } = options;
    child.stdout?.on('data', (chunk: Buffer) => onStdout(chunk)).on('end', () => onStdout(null));
  }
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk)).on('end', () => stderr.end());
  // EPIPE: the command closed its input or ended. Its end is reported by itself.
  child.stdin?.on('error', () => {});

  const root = child.pid;
  const tree = root === undefined ? null : watchTree(root, mark);
  let settled: GroupExit | null = null;
  const exit = exitOf(child).then((result) => (settled = result));
  let ending: Promise<void> | null = null;

  async function end(): Promise<void> {
    if (root !== undefined && tree !== null) {
      // On Windows a tree whose root is gone cannot be found any more, and its id may be another's by now.
      if (process.platform !== 'win32' || settled === null) await endTree(root, tree);
    }
    child.stdin?.destroy();
    await within(exit, DRAIN_MS * 2, null);
    child.stdout?.destroy();
    child.stderr?.destroy();
    release();
  }

  const group: ProcessGroup = {
    exit,
    ended: () => settled,
    pids: () => (process.platform === 'win32' ? [] : (tree?.members().map((one) => one.pid) ?? [])),
    stdout: stdout.lines,
    stderr: stderr.lines,
    writeStdin(data) {
      if (child.stdin?.writable) child.stdin.write(data);
    },
    pauseStdout: () => void child.stdout?.pause(),
    resumeStdout: () => void child.stdout?.resume(),
    closeStdin: () => child.stdin?.end(),
    end: () => (ending ??= end()),
  };
  const release = endWithUs({
    end: options.endOnSignal === false ? () => Promise.resolve() : group.end,
    endNow: () => root !== undefined && tree !== null && endTreeNow(root, tree),
  });
  return group;
}

function spawnCommand({ command, cwd }: GroupOptions, env: NodeJS.ProcessEnv): ChildProcess {
  const common = { env, ...(cwd !== undefined && { cwd }), stdio: 'pipe' } as const;
  if (typeof command !== 'string') return spawnProgram(command, common);
  if (process.platform !== 'win32') return spawn('/bin/sh', ['-c', command], { ...common, detached: true });
  // cmd has quoting rules of its own: /s takes everything between the first and the last quote as it stands.
  const shell = process.env['ComSpec'] ?? 'cmd.exe';
  return spawn(shell, ['/d', '/s', '/c', `"${command}"`], { ...common, windowsVerbatimArguments: true, windowsHide: true });
}

type Common = { readonly env: NodeJS.ProcessEnv; readonly cwd?: string; readonly stdio: 'pipe' };

/** Windows' tree is found by parents, not by group; a detached child would get a console window of its own there. */
function spawnProgram([file, ...args]: readonly [string, ...string[]], common: Common): ChildProcess {
  const where = process.platform === 'win32' ? { windowsHide: true } : { detached: true };
  try {
    return spawn(file, args, { ...common, ...where });
  } catch (error) {
    // Node throws instead of emitting where the operating system refuses at once (EINVAL for .cmd files, E2BIG, a NUL byte).
    return failedChild(error);
  }
}

/** Stands for a child that was never there, so that the failure takes the usual way. */
function failedChild(error: unknown): ChildProcess {
  const child = new ChildProcess();
  process.nextTick(() => child.emit('error', error));
  return child;
}

function exitOf(child: ChildProcess): Promise<GroupExit> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // Also emitted when a signal cannot be sent; only a child without id was never started.
      if (child.pid === undefined) resolve({ code: null, signal: null, startError: error.code ?? 'UNKNOWN' });
    });
    child.once('exit', (code, signal) => {
      const closed = new Promise<void>((done) => child.once('close', () => done()));
      void within(closed, DRAIN_MS, undefined).then(() => resolve({ code, signal, startError: null }));
    });
  });
}
