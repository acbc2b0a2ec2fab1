/** Which entries of a log are about one server. Pure. */
import type { LogLink } from '../../model/logs.ts';
import type { LogRecord } from './records.ts';

/** What a log may know a server by. */
export interface LogSubject {
  /** Its name in the config; null without one. */
  readonly name: string | null;
  /** A short form of it that the client writes before its lines; null without one. */
  readonly alias: string | null;
  /** Null for stdio servers. */
  readonly address: { readonly host: string; readonly port: number; readonly isUsualPort: boolean; readonly path: string } | null;
  /** The command line word by word; empty for HTTP servers. */
  readonly command: readonly string[];
}

/** How a client tells what it starts for a short name. */
const STARTED = /\bprocess with command: (.+)/;

type Test = (record: LogRecord) => LogLink | null;

/** A test for entries about this server. Those of servers with a similar name, port or path do not pass. */
export function belongsTo(subject: LogSubject): Test {
  const named = subject.name === null ? null : nameTest(subject.name);
  const tagged = subject.alias === null ? null : new RegExp(`^(?:\\[\\w+\\] )?${escaped(subject.alias)}: `);
  const addressed = subject.address === null ? null : addressTest(subject.address);
  const started = subject.command.length === 0 ? null : commandTest(subject.command);
  let isOthersTag = false;
  return ({ text, servers }) => {
    if (subject.name !== null && servers.includes(subject.name)) return 'name';
    if (named?.test(text) === true) return 'name';
    if (tagged?.test(text) === true) {
      // Several servers may have the same short form; which of them it is now, its command line says.
      const [, line] = STARTED.exec(text) ?? [];
      if (line !== undefined) isOthersTag = subject.command.some((word) => !word.includes('***') && !line.includes(word));
      return isOthersTag ? null : 'name';
    }
    if (addressed?.(text) === true) return 'address';
    return started?.(text) === true ? 'command' : null;
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const LEVELS = /^(?:trace|debug|info|notice|warn|warning|error|fatal|mcp|client|server|stderr)$/i;

/** A name counts where logs put names: in quotes or brackets, or after a word for what it is. A plain word in a sentence may be anything. */
function nameTest(name: string): RegExp {
  const it = escaped(name);
  // What stands in every line of a log is a name only in quotes.
  if (LEVELS.test(name)) return new RegExp(String.raw`["'\x60]${it}["'\x60]`);
  const words = String.raw`(?:servers?|mcp|client|extension|serverName|server_name|name|key|id|✗|✘|×)`;
  return new RegExp(
    [
      String.raw`["'\x60\[(‘“«<]${it}["'\x60\])’”»>]`,
      String.raw`(?:^|[^\w.-])${words}(?:[ :=]{1,3}|: ?["'\x60]?)["'\x60]?${it}(?![\w.@/-]*\w)`,
      String.raw`(?:^|[\s\]])${it}(?=: |\] | context server\b| has failed to load\b| loaded in )`,
    ].join('|'),
    'i',
  );
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]', '0.0.0.0'];

function addressTest({ host, port, isUsualPort, path }: NonNullable<LogSubject['address']>): (text: string) => boolean {
  const hosts = (LOOPBACK.includes(host) ? LOOPBACK : [host, `[${host}]`]).map(escaped).join('|');
  const withPort = new RegExp(String.raw`(?<![\w.-])(?:${hosts})[:']?(?:,? ?(?:port[ =:]*)?)${port}(?!\d)(\/[^\s"'\x60)\]?#,]*)?`, 'i');
  const alone = new RegExp(String.raw`:\/\/(?:[^\s/@]*@)?(?:${hosts})(?::${port})?(?![\w.:-])(\/[^\s"'\x60)\]?#,]*)?`, 'i');
  return (text) => {
    const found = withPort.exec(text) ?? (isUsualPort ? alone.exec(text) : null);
    // The same origin may have several servers, each at a path of its own.
    return found !== null && (found[1] === undefined || found[1] === '/' || trimmed(found[1]) === trimmed(path) || !isUsualPort);
  };
}

function trimmed(path: string): string {
  return path.replace(/[/.]+$/, '');
}

/** The program that was not started, or the whole of what tells this command line from others. */
function commandTest([program = '', ...args]: readonly string[]): (text: string) => boolean {
  const spawned = new RegExp(String.raw`\bspawn (?:\S*[\\/])?${escaped(program)} E[A-Z]+`);
  const telling = args.filter((word) => word.length >= 6 && /[@/\\.-]/.test(word) && !word.startsWith('-') && !word.includes('***'));
  const base = program.split(/[\\/]/).at(-1) ?? '';
  const isGeneral = /^(?:npx|npm|node|uvx?|python[\d.]*|docker|bunx?|deno|cmd|sh|bash|pnpm|yarn)(?:\.\w+)?$/i.test(base);
  return (text) => {
    if (spawned.test(text)) return true;
    if (telling.length > 0) return telling.every((word) => text.includes(word));
    return !isGeneral && base.length >= 6 && new RegExp(String.raw`(?<![\w.-])${escaped(base)}(?![\w.-])`).test(text);
  };
}
