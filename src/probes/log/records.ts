/** Takes a log apart into what was written at one time: plain lines, JSON lines, and JSON documents. Pure. */
import { stampOf, timeOf } from './times.ts';

/** One entry of a log. */
export interface LogRecord {
  /** Milliseconds since 1970; that of the entry before where it has none itself, null where none has. */
  readonly at: number | null;
  /** Without its time; at most {@link LONGEST_LINE} characters. */
  readonly text: string;
  /** Servers that it names in a field of its own. */
  readonly servers: readonly string[];
  /** A line below another entry, which has no time while others have, or is indented: a stack or an output. */
  readonly continues: boolean;
}

const LONGEST_LINE = 2000;

/** An object over more lines than this is no entry of a log. */
const MOST_BLOCK_LINES = 40;

/** Lines of one field that are looked at. */
const MOST_LINES = 200;

// Colours, cursor movements and other terminal codes, and control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant.
const TERMINAL =
  /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The entries of a log, oldest first. `isCut`: the text begins inside a line. */
export function recordsOf(text: string, isCut: boolean, now: number): readonly LogRecord[] {
  const all = text.split(/\r\n|\n|\r/);
  const lines = (isCut ? all.slice(1) : all).map((line) => line.replace(TERMINAL, '').trimEnd());
  const records: LogRecord[] = [];
  let at: number | null = null;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const document = objectAt(lines, index);
    if (document !== null) {
      const read = fromFields(document.fields, now);
      at = read.at ?? at;
      for (const [place, part] of read.lines.entries()) records.push({ at, text: part, servers: read.servers, continues: place > 0 });
      index = document.last;
      continue;
    }
    const short = line.slice(0, LONGEST_LINE);
    const stamp = stampOf(short, now);
    const continues = stamp === null && (at !== null || /^\s/.test(short));
    at = stamp?.at ?? at;
    records.push({ at, text: (stamp?.rest ?? short).trim(), servers: [], continues });
  }
  return records;
}

type Fields = Readonly<Record<string, unknown>>;

/** A JSON object that is one line, or stands alone over several as in a list that was written with indentation. */
function objectAt(lines: readonly string[], first: number): { readonly fields: Fields; readonly last: number } | null {
  const line = lines[first] ?? '';
  const start = /^[\s[,]*(?=\{)/.exec(line);
  if (start === null) return null;
  const whole = line.slice(start[0].length).replace(/[\s,\]]+$/, '');
  if (whole !== '{') {
    const fields = parseObject(whole);
    return fields === null ? null : { fields, last: first };
  }
  if (!/^\s*"[^"]*":/.test(lines[first + 1] ?? '')) return null;
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const length = lines.slice(first, first + MOST_BLOCK_LINES).findIndex((one) => new RegExp(`^${indent}\\},?\\s*\\]?$`).test(one));
  if (length < 0) return null;
  const block = lines.slice(first, first + length + 1).join('\n');
  const fields = parseObject(block.replace(/[\s,\]]+$/, ''));
  return fields === null ? null : { fields, last: first + length };
}

function parseObject(text: string): Fields | null {
  if (!text.endsWith('}')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const TIMES = ['timestamp', 'time', 'ts', '@timestamp', 'date', 'at', 'datetime'];
const WORDS = [
  'level',
  'levelname',
  'severity',
  'msg',
  'message',
  'debug',
  'info',
  'warn',
  'text',
  'event',
  'error',
  'err',
  'exception',
  'reason',
  'cause',
  'stack',
];
const SERVERS = ['server', 'serverName', 'server_name', 'mcpServer', 'mcp_server', 'mcp_server_name', 'client', 'key', 'name', 'extension'];

function fromFields(
  fields: Fields,
  now: number,
): { readonly at: number | null; readonly lines: readonly string[]; readonly servers: readonly string[] } {
  // tracing (Rust), pino and others put the message below one more key.
  const inner = [fields['fields'], fields['data'], fields['metadata'], fields['context']].filter(isFields);
  const all: readonly Fields[] = [fields, ...inner];
  const at = TIMES.flatMap((key) => timeOf(fields[key], now) ?? [])[0] ?? null;
  const words = new Set(all.flatMap((one) => WORDS.flatMap((key) => wordOf(one[key]))));
  const servers = all.flatMap((one) => SERVERS.flatMap((key) => (typeof one[key] === 'string' ? [one[key]] : [])));
  const text = [...words].join(' ').replaceAll('\r', '');
  // An output that was caught as a whole: each of its lines is one to look at.
  const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().slice(0, LONGEST_LINE)]));
  return { at, lines: lines.slice(0, MOST_LINES), servers };
}

function wordOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!isFields(value)) return [];
  // An error object: its code says more than its message, and both may be there.
  return [value['code'], value['message'], value['errno']].flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' ? [String(one)] : [],
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
