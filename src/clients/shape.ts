/** What one server's entry looks like in a client's file, as data: `readEntry` and `writeEntry` follow it both ways. */
import type { Transport } from '../model/target.ts';

/** What a type word means; `http-or-sse` tries Streamable HTTP first, `other` is a transport that MCP does not define. */
export type WordMeaning = Transport | 'http-or-sse' | 'other';

export interface TypeRule {
  /** Null when the client reads no type at all. */
  readonly field: string | null;
  /** Every word the client takes. */
  readonly words: Readonly<Record<string, WordMeaning>>;
  /** What a URL without a type means. */
  readonly missingWithUrl: 'http' | 'sse' | 'http-or-sse' | 'error' | 'unknown';
  /** Whether a command needs the type as well. */
  readonly missingWithCommand: 'stdio' | 'error';
  /** The word to write; null when none is needed. */
  readonly write: Readonly<Record<Transport, string | null>>;
}

export interface UrlField {
  readonly field: string;
  /** The transport this field stands for, or null when the type says it. */
  readonly transport: 'http' | 'sse' | null;
}

export interface TimeoutRule {
  readonly field: string;
  readonly unit: 'ms' | 's';
  readonly of: 'startup' | 'tool' | 'both';
  /** Values above are clamped or refused, in the field's unit. */
  readonly max?: number;
}

export interface EntryShape {
  readonly type: TypeRule;
  readonly command: string;
  /** Null when the command field is an array that holds the arguments too. */
  readonly args: string | null;
  readonly env: string;
  readonly cwd: string | null;
  readonly envFile: string | null;
  /** In the order in which they win; empty when the file takes no remote servers. */
  readonly urls: readonly UrlField[];
  /** Keys down to the headers; null when there are none. */
  readonly headers: readonly string[] | null;
  /** An object from header name to variable name. */
  readonly headerVariables?: string;
  /** A field that names the variable with the bearer token. */
  readonly bearerVariable?: string;
  /** A list of variables handed on to the server. */
  readonly passedVariables?: string;
  readonly disabled: { readonly field: string; readonly when: boolean } | null;
  readonly timeouts: readonly TimeoutRule[];
  /** Further fields the client reads. */
  readonly others: readonly string[];
  /** An object inside the entry that may hold its fields (an older form). */
  readonly inner?: string;
  /** The command may be an object `{ path, args, env }` (an older form). */
  readonly commandObject?: true;
  /** What happens when an entry has both a command and a URL. */
  readonly both: 'error' | 'command' | 'url' | 'unknown';
}

/** No type field: a URL is remote, a command is local. */
export function untyped(missingWithUrl: TypeRule['missingWithUrl']): TypeRule {
  return { field: null, words: {}, missingWithUrl, missingWithCommand: 'stdio', write: { stdio: null, http: null, sse: null } };
}

/** The form that most clients share; each names what it has otherwise. */
export const COMMON_SHAPE: EntryShape = {
  type: {
    field: 'type',
    words: { stdio: 'stdio', http: 'http', sse: 'sse' },
    missingWithUrl: 'http',
    missingWithCommand: 'stdio',
    write: { stdio: null, http: 'http', sse: 'sse' },
  },
  command: 'command',
  args: 'args',
  env: 'env',
  cwd: null,
  envFile: null,
  urls: [{ field: 'url', transport: null }],
  headers: ['headers'],
  disabled: null,
  timeouts: [],
  others: [],
  both: 'unknown',
};

/** Every field the client looks at. */
export function knownFields(shape: EntryShape): ReadonlySet<string> {
  const fields = [
    shape.type.field,
    shape.command,
    shape.args,
    shape.env,
    shape.cwd,
    shape.envFile,
    shape.headers?.[0],
    shape.headerVariables,
    shape.bearerVariable,
    shape.passedVariables,
    shape.disabled?.field,
    shape.inner,
    ...shape.urls.map(({ field }) => field),
    ...shape.timeouts.map(({ field }) => field),
    ...shape.others,
  ];
  return new Set(fields.filter((field): field is string => typeof field === 'string'));
}
