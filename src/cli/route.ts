import type { Command } from './command.ts';
import { COMMANDS, DEFAULT_COMMAND, findCommand } from './commands.ts';

/** Where an invocation goes. `words` are its arguments without the command's name. */
export type Route =
  | { readonly kind: 'command'; readonly command: Command; readonly words: readonly string[] }
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'unknown-command'; readonly name: string };

/** Options of any command that take the next argument as their value. */
const TAKES_VALUE = new Set(
  COMMANDS.flatMap(({ options }) => options.flatMap(({ flags }) => (flags.includes('<') ? [flags.replace(/ .*/, '')] : []))),
);

/**
 * Finds the command word, which may come after options. Without one the default command runs; its arguments are addresses,
 * so that a first word which is neither an address nor a command is a mistyped command.
 */
export function route(argv: readonly string[]): Route {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  if (own.some((word) => word === '--version' || word === '-v')) return { kind: 'version' };
  const at = own.findIndex((word, index) => !word.startsWith('-') && !TAKES_VALUE.has(own[index - 1] ?? ''));
  const first = own[at];
  const wantsHelp = own.some((word) => word === '--help' || word === '-h');
  if (first === undefined) return wantsHelp ? { kind: 'help', words: [] } : { kind: 'command', command: DEFAULT_COMMAND, words: argv };
  const command = findCommand(first);
  if (command !== undefined) {
    return wantsHelp ? { kind: 'help', words: [command.name] } : { kind: 'command', command, words: argv.toSpliced(at, 1) };
  }
  if (!isAddressLike(first)) return { kind: 'unknown-command', name: first };
  return wantsHelp ? { kind: 'help', words: [DEFAULT_COMMAND.name] } : { kind: 'command', command: DEFAULT_COMMAND, words: argv };
}

/** No command's name has such a character, every address has. */
function isAddressLike(word: string): boolean {
  return /[:/.[\]]/.test(word);
}
