import type { ConfigScope } from '../model/config.ts';
import type { DocumentFormat } from '../model/document.ts';
import type { ClientId } from '../model/ids.gen.ts';
import type { EntryShape } from './shape.ts';

/** Systems that the catalogue tells apart; other Unix systems count as Linux. */
export type System = 'linux' | 'darwin' | 'win32';

/** One path for all systems, or one for each that has it. See locate.ts for the placeholders. */
export type PathRule = string | Partial<Record<System, string>>;

/** Where a file is while a variable is set: `$VALUE` stands for the variable's value. The first variable that is set counts. */
export interface PathOverride {
  readonly variable: string;
  readonly path: string;
}

/** What a JSON reader lets pass beyond RFC 8259. */
export interface Tolerance {
  readonly comments: boolean;
  readonly trailingCommas: boolean;
  readonly bom: boolean;
}

/** A file a client reads, or one that it does not read although people write to it. */
export interface FileRule {
  readonly scope: ConfigScope;
  readonly path: PathRule;
  readonly overrides?: readonly PathOverride[];
  readonly format: DocumentFormat;
  /** Default: strict for `json`, everything allowed for the others. */
  readonly tolerates?: Tolerance;
  /** Where the servers are, best first; `<project>` stands for the project's folder. An empty path is the document itself. */
  readonly keys: readonly (readonly string[])[];
  /** The servers are a list whose items carry a `name`. */
  readonly list?: true;
  /** `older`: superseded, still read by old versions. `never`: people write there in vain. */
  readonly read?: 'older' | 'never';
  /** The file is not read where this path exists. */
  readonly notReadIf?: PathRule;
  /** Several clients read this very file; only those that are installed count. */
  readonly shared?: true;
  /** While this file exists, no other is read. */
  readonly exclusive?: true;
  /** When this file's entries look other than the client's usual. */
  readonly shape?: EntryShape;
  /** A sentence for the documentation. */
  readonly note?: string;
}

/** What a reference looks like; `{}` stands for the name. */
export type ExpansionForm =
  | '${}'
  | '${:-}'
  | '$'
  | '${env:}'
  | '{env:}'
  | '%%'
  | '${{ secrets. }}'
  | '${input:}'
  | '{file:}'
  | '${file:}'
  | '$()'
  | '{{}}';

/** Fields of an entry in which references are replaced. */
export type ExpandedField = 'command' | 'args' | 'env' | 'cwd' | 'url' | 'headers';

export interface Expansion {
  /** Forms it knows; the first that names a variable is the one to write. */
  readonly forms: readonly ExpansionForm[];
  readonly fields: readonly ExpandedField[];
  /** References that the client fills in by itself, such as `workspaceFolder`. */
  readonly predefined: readonly string[];
  readonly from: 'process' | 'approved-variables' | 'own-store' | 'nothing';
  readonly whenUnset: 'literal' | 'empty' | 'error' | 'unknown';
}

/** A list in one of the client's own files that says what was approved or switched off. */
export interface StateList {
  readonly path: PathRule;
  readonly overrides?: readonly PathOverride[];
  readonly format: 'json' | 'jsonc';
  readonly key: readonly string[];
  /** `all` is a boolean that approves everything; `only`, if it is there, names all that are not switched off. */
  readonly means: 'approved' | 'rejected' | 'all' | 'off' | 'only';
}

/** A log of the client, or a place in it that only a person can look at (then without a path). */
export interface LogRule {
  /** `<server>` stands for the server's name: such a file is about this server alone. `*` as in config files. */
  readonly path: PathRule;
  readonly overrides?: readonly PathOverride[];
  readonly note?: string;
}

/** Everything known about one MCP client. What no source tells is `'unknown'`, never left out. */
export interface Client {
  /** Equals the file name. */
  readonly id: ClientId;
  readonly title: string;
  /** How it looks up commands: a graphical program does not see the PATH of the user's shell on macOS and Linux. */
  readonly kind: 'cli' | 'gui' | 'server';
  /** Paths whose existence shows that the client is installed. */
  readonly footprints: readonly PathRule[];
  readonly files: readonly FileRule[];
  /** Scopes, strongest first: the definition of the first one counts. */
  readonly precedence: readonly ConfigScope[];
  /** Whether the winning definition replaces the others as a whole, or is laid over them. */
  readonly merge: 'replace' | 'deep' | 'side-by-side' | 'unknown';
  readonly shape: EntryShape;
  /** What one unusable entry takes with it. */
  readonly badEntry: 'entry' | 'file' | 'unknown';
  readonly expansion: Expansion;
  /** The limit for the handshake. `none`: it waits for ever. */
  readonly startup: {
    readonly defaultMs: number | 'none' | 'unknown';
    /** Variable that sets it, in milliseconds. */
    readonly variable: string | null;
  };
  /** Scopes whose entries it uses only after a question, and where the answers are. */
  readonly approval: { readonly scopes: readonly ConfigScope[]; readonly how: string; readonly lists: readonly StateList[] };
  /** Where servers are switched off, when it is not in the entry. */
  readonly switchedOff: string;
  /** Whether a started server inherits the client's environment, or only what the entry and a short list name. */
  readonly environment: 'inherited' | 'restricted' | 'unknown';
  /** `.cmd` shims such as `npx` need `cmd /c` before them on Windows. */
  readonly needsCmdWrapper: 'yes' | 'no' | 'sometimes' | 'unknown';
  readonly proxyVariables: 'read' | 'ignored' | 'unknown';
  /** Without a variable, its connections to servers are known to follow the proxy settings of the operating system. */
  readonly followsSystemProxy?: true;
  readonly logs: readonly LogRule[];
  /** How many last letters of a server's name stand for it in the logs; absent where they have the whole name. */
  readonly logTag?: number;
  readonly reconnects: { readonly remote: 'yes' | 'no' | 'partly' | 'unknown'; readonly stdio: 'yes' | 'no' | 'unknown' };
  /** The exact step after which one changed entry is read again; `{name}` stands for the server. */
  readonly reload: string;
  /** Names it accepts, or null when no rule is known. */
  readonly names: { readonly pattern: RegExp; readonly reserved: readonly string[]; readonly rule: string } | null;
  /** Sentences for the documentation. */
  readonly notes: readonly string[];
  /** Where the facts come from. */
  readonly refs: readonly string[];
}

/** Gives a client its type. */
export function defineClient(client: Client): Client {
  return client;
}

/** For JSON with `//` and `/* *\/` comments and trailing commas, as VS Code reads it. */
export const LENIENT: Tolerance = { comments: true, trailingCommas: true, bom: true };

/** RFC 8259 to the letter, as `JSON.parse` reads it. */
export const STRICT: Tolerance = { comments: false, trailingCommas: false, bom: false };

/** Comments are stripped before `JSON.parse`: trailing commas stay an error. */
export const COMMENTS_ONLY: Tolerance = { comments: true, trailingCommas: false, bom: false };

/** For clients without any variable references. */
export const NO_EXPANSION: Expansion = { forms: [], fields: [], predefined: [], from: 'nothing', whenUnset: 'literal' };

/** All fields of an entry that hold text. */
export const ALL_FIELDS: readonly ExpandedField[] = ['command', 'args', 'env', 'cwd', 'url', 'headers'];

/** For clients that ask nothing, as far as is known. */
export const NO_APPROVAL: Client['approval'] = { scopes: [], how: 'Nothing is asked.', lists: [] };
