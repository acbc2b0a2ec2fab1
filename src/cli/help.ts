import { VERSION } from '../model/version.gen.ts';
import type { Command, Parsed } from './command.ts';
import { COMMANDS, DEFAULT_COMMAND, findCommand } from './commands.ts';
import { createParser, unknownCommand } from './parse.ts';
import type { Session } from './session.ts';

/** Prints the overview, or one command's own help. */
export async function runHelp({ words }: Parsed, session: Session): Promise<number> {
  const [name] = words;
  const text = name === undefined ? overview() : commandHelp(find(name), session.columns);
  session.result({ schema: 'mcpreach.help/1', version: VERSION, text }, text);
  return 0;
}

function find(name: string): Command {
  const command = findCommand(name);
  if (command === undefined) throw unknownCommand(name, COMMANDS);
  return command;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 2;
  const lines = [
    'mcpreach finds out why an MCP server cannot be reached, proves it, and says how to mend it.',
    '',
    'Usage:',
    '  mcpreach [doctor] TARGET...',
    '  mcpreach [doctor] -- COMMAND ARGS...',
    '  mcpreach COMMAND [options]',
    '',
    'Commands:',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'Examples:',
    ...DEFAULT_COMMAND.examples.map((example) => `  ${example}`),
    '',
    'Exit codes:',
    '  0  all well, warnings allowed',
    '  1  a target failed',
    '  2  wrong usage, unreadable input, or a fault of mcpreach itself',
    '',
    "A command's options: mcpreach help COMMAND",
    '',
  ];
  return lines.join('\n');
}

function commandHelp(command: Command, columns: number): string {
  const parser = createParser(command);
  parser.configureHelp({ helpWidth: Math.min(columns, 100) }).name(`mcpreach ${command.name}`);
  if (command.commandLine !== undefined) parser.usage(`${parser.usage()} [${command.commandLine.flags}]`);
  const examples = command.examples.length === 0 ? [] : ['Examples:', ...command.examples.map((example) => `  ${example}`), ''];
  return `${parser.helpInformation()}${['', ...examples].join('\n')}`;
}
