import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { within } from '../clock.ts';
import { endTree, endTreeNow } from './end-tree.ts';
import { endWithUs } from './on-our-end.ts';
import { createTail } from './tail.ts';
import { MARK, watchTree } from './tree.ts';

export interface GroupOptions {
  /** A line for the system's shell: `sh -c`, on Windows `cmd /d /s /c`. */
  readonly command: string;
  /** All variables the command gets; nothing of ours is added but the mark that lets us find its descendants. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Hears each line of standard output as it comes. */
  readonly onStdoutLine?: (line: string) => void;
}

export interface GroupExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** errno name when the shell itself could not be started; null otherwise. */
  readonly startError: string | null;
}

/** A running shell command with all its descendants. */
export interface ProcessGroup {
  /** Resolves when the shell has ended and its output is read; descendants may live on. */
  readonly exit: Promise<GroupExit>;
  /** What {@link ProcessGroup.exit} resolved with; null while it runs. */
  ended(): GroupExit | null;
  /** Ids of all living processes of the tree. Empty on Windows, where only the end knows the tree. */
  pids(): readonly number[];
  /** The last 200 lines. */
  stdout(): readonly string[];
  stderr(): readonly string[];
  /** Writes to standard input; silently nothing when it is closed already. */
  writeStdin(text: string): void;
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
  const child = spawnShell(options, { ...options.environment, [MARK]: mark });
  const stdout = createTail({ ...LINES, ...(options.onStdoutLine && { onLine: options.onStdoutLine }) });
  const stderr = createTail(LINES);
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk)).on('end', () => stdout.end());
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
    writeStdin(text) {
      if (child.stdin?.writable) child.stdin.write(text);
    },
    end: () => (ending ??= end()),
  };
  const release = endWithUs({ end: group.end, endNow: () => root !== undefined && tree !== null && endTreeNow(root, tree) });
  return group;
}

function spawnShell(options: GroupOptions, env: NodeJS.ProcessEnv): ChildProcess {
  const common = { env, ...(options.cwd !== undefined && { cwd: options.cwd }), stdio: 'pipe' } as const;
  if (process.platform !== 'win32') return spawn('/bin/sh', ['-c', options.command], { ...common, detached: true });
  // cmd has quoting rules of its own: /s takes everything between the first and the last quote as it stands.
  const shell = process.env['ComSpec'] ?? 'cmd.exe';
  return spawn(shell, ['/d', '/s', '/c', `"${options.command}"`], { ...common, windowsVerbatimArguments: true, windowsHide: true });
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
