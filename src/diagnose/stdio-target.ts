import { resolve } from 'node:path';
import { ASSUMED_CLIENT_LIMIT_MS } from '../facts/budgets.ts';
import { quoted } from '../facts/commands.ts';
import { GUI_PATH, SDK_VARIABLES } from '../facts/launch.ts';
import { UsageError } from '../model/errors.ts';
import { MASK, maskForeign } from '../model/redact.ts';
import type { StdioTarget } from '../model/stdio.ts';
import type { LaunchContext } from '../probes/stdio/context.ts';
import { readSessionPath } from '../system/processes/session-path.ts';
import type { DiagnoseOptions, StdioInput } from './options.ts';

/** A launch command with the parts that are run and never shown. */
export interface ParsedStdio {
  readonly target: StdioTarget;
  readonly launch: LaunchContext;
  readonly secrets: readonly string[];
}

/** Inherited values that are shorter are ordinary words (`XDG_SESSION_TYPE=wayland`). */
const SHORTEST_INHERITED_SECRET = 12;

/**
 * Everything about a launch command that is known before any probe.
 * @throws UsageError `empty-command`.
 */
export function readStdioTarget(input: StdioInput, options: DiagnoseOptions): ParsedStdio {
  const { command, args = [], client = null, env = {} } = input;
  if (command.trim() === '') throw new UsageError('empty-command', 'The command of the stdio server is empty.');
  const shell = { ...(options.environment ?? process.env) };
  const cwd = resolve(input.cwd ?? '.');
  const masked = maskArguments(args);
  const limitMs = client?.startupLimitMs ?? ASSUMED_CLIENT_LIMIT_MS;
  return {
    target: {
      display: [maskForeign(command), ...masked].map(shownWord).join(' '),
      command: maskForeign(command),
      args: masked,
      name: input.name ?? null,
      client,
      limitMs,
      cwd,
      variables: Object.keys(env),
    },
    launch: { file: command, args, cwd, environment: environmentOf(input, shell), shell, ownPath: Object.keys(env).some(isPath) },
    secrets: [...secretsOfEnvironment(env, shell), ...args.flatMap((word, index) => secretsOfArgument(word, masked[index] ?? ''))],
  };
}

/** A word as one would type it; what needs no quotes gets none. */
function shownWord(word: string): string {
  return /^[\w.:/@%+=,*~-]+$/.test(word) ? word : quoted(process.platform, word);
}

/** What the server gets: what its client passes on, then the entry's own variables. */
function environmentOf({ client, inherits = 'all', env = {} }: StdioInput, shell: LaunchContext['shell']): LaunchContext['environment'] {
  const names = inherits === 'sdk' ? SDK_VARIABLES[process.platform === 'win32' ? 'win32' : 'posix'] : inherits;
  const passed: Record<string, string | undefined> = names === 'all' ? { ...shell } : pick(shell, names);
  const system = client?.gui === true ? (readSessionPath() ?? GUI_PATH[process.platform]) : undefined;
  if (system !== undefined && Object.keys(passed).some(isPath)) passed['PATH'] = system;
  for (const [name, value] of Object.entries(env)) {
    // Windows takes `Path` and `PATH` for one variable, and which of two it picks is chance.
    if (process.platform === 'win32')
      for (const other of Object.keys(passed)) if (other.toUpperCase() === name.toUpperCase()) delete passed[other];
    passed[name] = value;
  }
  return passed;
}

function pick(shell: LaunchContext['shell'], names: readonly string[]): Record<string, string | undefined> {
  const wanted = new Set(names.map((name) => name.toUpperCase()));
  const same = (name: string) => (process.platform === 'win32' ? wanted.has(name.toUpperCase()) : names.includes(name));
  return Object.fromEntries(Object.entries(shell).filter(([name]) => same(name)));
}

function isPath(name: string): boolean {
  return process.platform === 'win32' ? name.toUpperCase() === 'PATH' : name === 'PATH';
}

/** Arguments as they may be shown; the value of a flag may be an argument of its own. */
function maskArguments(args: readonly string[]): readonly string[] {
  return args.map((word, index) => {
    const before = args[index - 1] ?? '';
    const isValue = /^--?[\w-]+$/.test(before) && !word.startsWith('-') && maskForeign(`${before} value`).endsWith(MASK);
    return isValue ? MASK : maskForeign(word);
  });
}

/** The hidden parts of an argument: what follows `=`, and a URL's credentials and query values. */
function secretsOfArgument(word: string, masked: string): readonly string[] {
  if (word === masked) return [];
  const parts = word.split(/[\s="']+/).filter((part) => part !== '' && !masked.includes(part));
  const url = /[a-z][a-z0-9+.-]*:\/\/\S+/i.exec(word)?.[0];
  if (url === undefined || !URL.canParse(url)) return [word, ...parts];
  const { username, password, searchParams } = new URL(url);
  return [word, username, password, ...searchParams.values()].filter((part) => part !== '');
}

/** Every value of the entry's own variables, and inherited ones by the sound of their names. PATH is shown nowhere as a whole. */
function secretsOfEnvironment(env: Readonly<Record<string, string>>, shell: LaunchContext['shell']): readonly string[] {
  const own = Object.entries(env).flatMap(([name, value]) => (isPath(name) ? [] : [value]));
  const inherited = Object.entries(shell).flatMap(([name, value]) => {
    const isSecret = value !== undefined && value.length >= SHORTEST_INHERITED_SECRET && maskForeign(`${name}=value`).endsWith(MASK);
    return isSecret && !value.startsWith('/') ? [value] : [];
  });
  return [...own, ...inherited];
}
