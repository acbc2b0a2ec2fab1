/** Runs the command that was waited for, in our own place as far as that can be: same terminal, same signals, same exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { lookUp } from '../executables.ts';
import { isInForeground } from '../foreground.ts';

/** As shells have it. */
const MISSING = 127;
const NOT_EXECUTABLE = 126;

/** Signals by which somebody ends or tells a program, and that would end us instead. */
const PASSED_ON = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'] as const;

export type CommandEnd =
  | { readonly kind: 'ended'; readonly code: number }
  /** It could not be started; `code` is what a shell would end with. */
  | { readonly kind: 'not-started'; readonly code: number; readonly why: string };

/** Starts the command, at once and without a shell, and resolves when it has ended. Nobody else may listen to signals afterwards. */
export function runCommand(command: readonly [string, ...string[]]): Promise<CommandEnd> {
  const { file, args, verbatim } = programOf(command);
  return new Promise((resolve) => {
    let settled = false;
    const foreground = isInForeground();
    const settle = (end: CommandEnd) => {
      if (settled) return;
      settled = true;
      for (const signal of PASSED_ON) process.off(signal, passOn);
      resolve(end);
    };
    const child = attempt(() => spawn(file, args, { stdio: 'inherit', windowsVerbatimArguments: verbatim }));
    const passOn = (signal: NodeJS.Signals): void => {
      if (signal !== 'SIGINT' || !foreground) attempt(() => child instanceof Error || child.kill(signal));
    };
    if (child instanceof Error) return settle(notStarted(command[0], child));
    for (const signal of PASSED_ON) process.on(signal, passOn);
    // Also emitted when a signal cannot be sent; only a child without an id was never started.
    child.on('error', (error) => child.pid === undefined && settle(notStarted(command[0], error)));
    child.once('exit', (code, signal) => settle({ kind: 'ended', code: code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 0) }));
  });
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    // Node throws instead of emitting where the operating system refuses at once.
    return error instanceof Error ? error : new Error(String(error));
  }
}

function notStarted(name: string, error: NodeJS.ErrnoException): CommandEnd {
  const isMissing = error.code === 'ENOENT';
  const why = isMissing ? 'there is no such command' : `it cannot be started (${error.code ?? error.message})`;
  return { kind: 'not-started', code: isMissing ? MISSING : NOT_EXECUTABLE, why: `${name}: ${why}` };
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly verbatim: boolean;
}

/** On Windows many commands are `.cmd` files, which only `cmd` can run. */
function programOf([file, ...args]: readonly [string, ...string[]]): Program {
  const plain = { file, args, verbatim: false };
  if (process.platform !== 'win32') return plain;
  const { PATH: path, PATHEXT: pathExtensions } = process.env;
  const found = lookUp(file, { path, pathExtensions, cwd: process.cwd() });
  if (found.kind !== 'found' || (found.shim !== 'cmd' && found.shim !== 'bat')) return plain;
  const line = [found.path, ...args].map((word) => (/[\s&|<>^"()%!]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join(' ');
  return { file: process.env['ComSpec'] ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}
