import { Command as Commander, CommanderError, Option } from 'commander';
import { UsageError } from '../model/errors.ts';
import type { Command, Parsed } from './command.ts';

/** Our stable codes for what commander complains about. */
const CODES: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'unknown-option',
  'commander.unknownCommand': 'unknown-command',
  'commander.optionMissingArgument': 'missing-value',
  'commander.invalidArgument': 'invalid-value',
  'commander.missingArgument': 'missing-argument',
  'commander.excessArguments': 'too-many-arguments',
};

/** Reads a command's arguments. Throws UsageError. */
export function parse(command: Command, argv: readonly string[]): Parsed {
  const parser = quiet(createParser(command));
  const end = command.commandLine === undefined ? -1 : argv.indexOf('--');
  complainAsUsage(() => parser.parse(end === -1 ? argv : argv.slice(0, end), { from: 'user' }));
  const parsed: Parsed = { words: parser.args, commandLine: end === -1 ? [] : argv.slice(end + 1), options: parser.opts() };
  if (end !== -1 && parsed.commandLine.length === 0) throw new UsageError('missing-argument', 'There is no command after --.');
  refuseOptionsAsValues(command, parsed);
  return parsed;
}

/** `--timeout --json`: a value was forgotten, and the next option must not be taken for it. */
function refuseOptionsAsValues({ options }: Command, parsed: Parsed): void {
  const names = new Set(options.map(({ flags }) => flags.replace(/ .*/, '')));
  for (const { flags } of options.filter((option) => option.flags.includes('<'))) {
    const values = Object.entries(parsed.options).find(([name]) => flags.startsWith(`--${name} `))?.[1];
    if ([values].flat().some((value) => typeof value === 'string' && names.has(value))) {
      throw new UsageError('missing-value', `option '${flags}' argument missing`);
    }
  }
}

/** The error for a command that does not exist, with the nearest one that does. */
export function unknownCommand(name: string, commands: readonly Command[]): UsageError {
  const program = quiet(new Commander('mcpreach'));
  for (const command of commands) program.addCommand(quiet(createParser(command)));
  try {
    complainAsUsage(() => program.parse([name], { from: 'user' }));
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  return new UsageError('unknown-command', `unknown command '${name}'`);
}

/** A commander command made from our record. */
export function createParser(command: Command): Commander {
  const parser = new Commander(command.name).description(command.summary).allowExcessArguments(false).helpOption('-h, --help', 'this help');
  if (command.words !== null) parser.argument(command.words.flags, command.words.summary);
  for (const { flags, summary, choices, repeatable } of command.options) {
    const option = new Option(flags, summary);
    if (choices !== undefined) option.choices(choices);
    if (repeatable === true) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    parser.addOption(option);
  }
  return parser;
}

/** Makes commander throw instead of printing and exiting. */
function quiet(parser: Commander): Commander {
  return parser.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
}

function complainAsUsage(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(CODES[error.code] ?? 'usage', withoutValue(error.message.replace(/^error: /, '')));
  }
}

/** What was written behind `=` of an unknown option may be a secret. */
function withoutValue(message: string): string {
  return message.replace(/(unknown option '--?[\w-]+)=[\s\S]*?'(?=$|\n)/, "$1'");
}
