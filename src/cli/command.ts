import type { Session } from './session.ts';

export interface OptionRecord {
  /** As in the help: `--ca <file>`, `--strict`. */
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  /** May be given several times; the values are collected. */
  readonly repeatable?: boolean;
}

/** What commander made of the arguments. */
export interface Parsed {
  readonly words: readonly string[];
  /** What follows `--`, for commands that take a command line there. */
  readonly commandLine: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** One command: help, parsing and running all come from its record. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as in the help, for example `[target...]`. */
  readonly words: { readonly flags: string; readonly summary: string } | null;
  /** What may follow `--`, as in the help; absent for commands that take no command line. */
  readonly commandLine?: { readonly flags: string; readonly summary: string };
  readonly options: readonly OptionRecord[];
  readonly examples: readonly string[];
  /** Loads what it needs, does it, and says the exit code. */
  run(parsed: Parsed, session: Session): Promise<number>;
}

/** The value of an option that takes one. */
export function valueOf({ options }: Parsed, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** All values of an option that may be repeated. */
export function valuesOf({ options }: Parsed, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

/** Whether a switch was given. */
export function hasFlag({ options }: Parsed, name: string): boolean {
  return options[name] === true;
}
